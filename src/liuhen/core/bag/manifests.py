"""Manifests and other tag files of a bag, read and written.

Invariant: `parse_manifest(render_manifest(x))` gives x back; a line that cannot be understood is reported, never skipped.
Spec: RFC 8493 sections 2.1.1, 2.1.3, 2.2.1, 2.2.2.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liuhen.core.bag.names import decode_name, encode_name, is_payload, is_safe
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.errors import BadInput

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
OXUM = "Payload-Oxum"
VERSIONS = ("1.0", "0.97")
DIGEST_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sm3": 64, "sha384": 96, "sha512": 128}

_MANIFEST_NAME = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)", re.DOTALL)
_LABEL = re.compile(r"([^\s:][^:]*?)[ \t]*:[ \t]*(.*)", re.DOTALL)
_DECLARATION_LINES = (
    re.compile(r"BagIt-Version: ([0-9]+\.[0-9]+)"),
    re.compile(r"Tag-File-Character-Encoding: (.+)"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest: a file and its digest in lower-case hexadecimal."""

    path: str
    digest: str
    line: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be taken as it stands; `kind` is one of "malformed", "unsafe", "twice"."""

    kind: str
    line: int
    detail: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read: what it lists, and the lines that were refused."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]


def manifest_name(algorithm: str, *, tags: bool = False) -> str:
    """Give the file name of a manifest: manifest-sha256.txt, tagmanifest-sm3.txt."""
    return f"{'tag' if tags else ''}manifest-{algorithm}.txt"


def algorithm_of(name: str, *, tags: bool = False) -> str | None:
    """Give the algorithm of a payload (or tag) manifest by its file name; None for any other file."""
    found = _MANIFEST_NAME.fullmatch(name)
    return found[2] if found and bool(found[1]) is tags else None


def parse_manifest(data: bytes, algorithm: str, *, tags: bool = False, version: str = "1.0") -> Manifest:
    """Read a manifest; lines that are malformed, unsafe or repeated come back as faults with their numbers."""
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    for number, line in enumerate(split_lines(data), 1):
        item = _parse_line(line, number, DIGEST_LENGTHS[algorithm], version)
        if isinstance(item, Entry) and (not is_safe(item.path) or is_payload(item.path) is tags):
            item = Fault("unsafe", number, item.path)
        if isinstance(item, Entry) and item.path in entries:
            item = Fault("twice", number, item.path)
        if isinstance(item, Fault):
            faults.append(item)
        else:
            entries[item.path] = item
    return Manifest(tuple(entries.values()), tuple(faults))


def render_manifest(digests: Iterable[tuple[str, str]], *, tags: bool = False) -> bytes:
    """Write a manifest, sorted by name; an unsafe, misplaced or repeated name raises BadInput."""
    lines: dict[str, str] = {}
    for path, digest in digests:
        name = encode_name(path)
        if not is_safe(normal(path)) or is_payload(path) is tags or name.startswith(("*", " ", "\t")):
            raise BadInput(path, "不能写入档案包清单；载荷文件应在 data/ 之下，路径中不能有 .. 或反斜杠")
        if name in lines:
            raise BadInput(path, "在清单中出现了两次；每个文件只能列一次")
        lines[name] = f"{digest}  {name}\n"
    return "".join(lines[name] for name in sorted(lines)).encode("utf-8")


def parse_declaration(data: bytes) -> str | Fault:
    """Read bagit.txt and give the BagIt version, or the fault that stops us."""
    lines = split_lines(data)
    if len(lines) != 2:
        return Fault("malformed", len(lines), "应恰好两行")
    values = []
    for number, (line, pattern) in enumerate(zip(lines, _DECLARATION_LINES, strict=True), 1):
        found = pattern.fullmatch(line) if line is not None else None
        if found is None:
            return Fault("malformed", number, f"应为“{pattern.pattern.split(':')[0]}: …”")
        values.append(found[1])
    if values[0] not in VERSIONS:
        return Fault("malformed", 1, f"不支持 BagIt {values[0]} 版，应为 {' 或 '.join(VERSIONS)}")
    if values[1].upper() != "UTF-8":
        return Fault("malformed", 2, f"不支持编码 {values[1]}，应为 UTF-8")
    return values[0]


def render_declaration() -> bytes:
    """Write bagit.txt for BagIt 1.0."""
    return b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def parse_info(data: bytes) -> tuple[tuple[tuple[str, str], ...], tuple[Fault, ...]]:
    """Read bag-info.txt: (label, value) pairs in order, folded lines joined by a space, and the faulty lines."""
    pairs: list[tuple[str, str]] = []
    faults: list[Fault] = []
    for number, line in enumerate(split_lines(data), 1):
        found = _LABEL.fullmatch(line) if line is not None else None
        if found:
            pairs.append((found[1], found[2].strip(" \t")))
        elif line is not None and pairs and line[:1] in (" ", "\t"):
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}".strip())
        else:
            faults.append(Fault("malformed", number, "应为“名称: 值”"))
    return tuple(pairs), tuple(faults)


def render_info(pairs: Sequence[tuple[str, str]]) -> bytes:
    """Write bag-info.txt; a label or value that would break its line raises BadInput."""
    for label, value in pairs:
        found = _LABEL.fullmatch(f"{label}: ")
        if found is None or found[1] != label or any(char in label + value for char in "\r\n"):
            raise BadInput(f"bag-info.txt 的 {label!r}", "名称不能为空或含冒号，名称和值都不能换行")
    return "".join(f"{normal(label)}: {normal(value)}\n" for label, value in pairs).encode("utf-8")


def parse_oxum(value: str) -> tuple[int, int] | None:
    """Read a Payload-Oxum "octets.count"; None when it is not one."""
    found = re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,18})", value)
    return (int(found[1]), int(found[2])) if found else None


def split_lines(data: bytes) -> list[str | None]:
    """Split a tag file at LF, CR or CRLF only; a line that is not UTF-8 (or begins with a BOM) is None."""
    lines = re.split(rb"\r\n|\n|\r", data)
    if lines and not lines[-1]:
        lines.pop()
    return [_decode(line) for line in lines]


def _decode(line: bytes) -> str | None:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if text.startswith("\ufeff") else text


def _parse_line(line: str | None, number: int, length: int, version: str) -> Entry | Fault:
    if line is None:
        return Fault("malformed", number, "不是 UTF-8 文字")
    found = _LINE.fullmatch(line)
    if found is None:
        return Fault("malformed", number, "应为“摘要  路径”")
    if len(found[1]) != length:
        return Fault("malformed", number, f"摘要应有 {length} 位十六进制数字，实有 {len(found[1])} 位")
    return Entry(decode_name(found[2], version=version), found[1].lower(), number)
