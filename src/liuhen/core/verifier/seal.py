"""封签: a signed note over both manifests, the tag files and the length of every stream, by the keys of the log.

Whoever changes a byte of the payload must rewrite a manifest, and then this signature no longer holds; whoever drops
events from the end must change the lengths, with the same effect; the guide and the verifier stand here by their own
digests, for no signed manifest can list them. Frozen format `liuhen-package/1`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant, render_instant

FORMAT = "liuhen-package/1"
_FIELDS = ("agency", "case", "packed", "manifest-sha256", "manifest-sm3")
_TAG = re.compile(r"([0-9a-f]{64}) ([0-9a-f]{64}) (.+)")
_STREAM = re.compile(r"(.+) ([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class PackageSeal:
    """What the seal says: whose package, of which case, packed when; digests of the manifests; both digests of each
    further tag file by name; the length of each stream by name."""

    agency: str
    case: str
    packed_at: datetime
    manifest_sha256: str
    manifest_sm3: str
    tags: Mapping[str, tuple[str, str]]
    streams: Mapping[str, int]

    def render(self) -> str:
        """Write the text that is signed."""
        lines = [
            FORMAT,
            f"agency {self.agency}",
            f"case {self.case}",
            f"packed {render_instant(self.packed_at)}",
            f"manifest-sha256 {self.manifest_sha256}",
            f"manifest-sm3 {self.manifest_sm3}",
            *(f"tag {' '.join(self.tags[name])} {name}" for name in sorted(self.tags)),
            *(f"stream {name} {self.streams[name]}" for name in sorted(self.streams)),
        ]
        return "".join(f"{line}\n" for line in lines)


def parse_seal(text: str) -> PackageSeal:
    """Read the text of a seal; raises BadInput for anything that would not be written the same."""
    lines = text.split("\n")
    if lines[0] != FORMAT or lines[-1] != "":
        raise BadInput("封签", f"首行应为 {FORMAT}，末行应以换行结束")
    values: dict[str, str] = {}
    tags: dict[str, tuple[str, str]] = {}
    streams: dict[str, int] = {}
    for line in lines[1:-1]:
        word, _, rest = line.partition(" ")
        if word == "tag":
            sha256, sm3, name = _match(_TAG, rest, "tag SHA-256 SM3 文件名")
            tags[name] = (sha256, sm3)
        elif word == "stream":
            name, length = _match(_STREAM, rest, "stream 记录流 条数")
            streams[name] = int(length)
        elif word in _FIELDS:
            values[word] = rest
        else:
            raise BadInput("封签", f"不认识“{word}”")
    if set(values) != set(_FIELDS):
        raise BadInput("封签", f"缺少 {'、'.join(sorted(set(_FIELDS) - set(values)))}")
    seal = PackageSeal(
        values["agency"],
        values["case"],
        parse_instant(values["packed"], "封签.packed"),
        values["manifest-sha256"],
        values["manifest-sm3"],
        tags,
        streams,
    )
    if seal.render() != text:
        raise BadInput("封签", "写法不规范")
    return seal


def _match(pattern: re.Pattern[str], text: str, expected: str) -> tuple[str, ...]:
    found = pattern.fullmatch(text)
    if found is None:
        raise BadInput("封签", f"“{text[:80]}”应写作 {expected}")
    return tuple(found.groups())
