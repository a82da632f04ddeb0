"""What a verifier trusts: the policy of logs and witnesses, and the roots of seals and time stamps.

A package carries its own; a careful verifier brings one obtained elsewhere and has the two compared.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Any

from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput
from liuhen.core.tlog.policy import Policy, parse_policy
from liuhen.core.verifier.layout import TRUST
from liuhen.core.verifier.report import Finding, finding

FORMAT = "liuhen-trust/1"


@dataclass(frozen=True, slots=True)
class Trust:
    """A tlog policy, and root certificates (DER) for seals and time stamps."""

    policy: Policy
    roots: tuple[bytes, ...]

    def render(self) -> bytes:
        """Write the trust file."""
        return canonical.render(
            {
                "format": FORMAT,
                "policy": self.policy.render().decode(),
                "roots": [base64.b64encode(root).decode() for root in self.roots],
            }
        )

    @property
    def fingerprint(self) -> str:
        """Give sixteen hexadecimal digits by which people compare trust over the telephone or on paper."""
        return hashlib.sha256(self.render()).hexdigest()[:16]


def parse_trust(data: bytes, place: str = "trust.json") -> Trust:
    """Read a trust file; raises BadInput."""
    value: Any = canonical.parse(data, place)
    if not isinstance(value, dict) or set(value) != {"format", "policy", "roots"} or value["format"] != FORMAT:
        raise BadInput(place, f"不是格式为 {FORMAT} 的信任文件")
    if not isinstance(value["policy"], str) or not isinstance(value["roots"], list):
        raise BadInput(place, "policy 应为文本，roots 应为列表")
    try:
        roots = tuple(base64.b64decode(str(root), validate=True) for root in value["roots"])
    except binascii.Error:
        raise BadInput(place, "根证书不是 base64") from None
    return Trust(parse_policy(value["policy"].encode(), place), roots)


def compare_trust(own: Trust, given: Trust | None) -> list[Finding]:
    """Hold the trust that a package carries against the one obtained elsewhere; without that, a notice says so."""
    if given is None:
        return [finding("TRUST-001", TRUST, fingerprint=own.fingerprint)]
    strangers = (
        ("日志密钥不同", {line.key for line in own.policy.logs} - {line.key for line in given.policy.logs}),
        ("见证方密钥不同", {line.key for line in own.policy.witnesses} - {line.key for line in given.policy.witnesses}),
        ("印章或时间戳的根证书不同", set(own.roots) - set(given.roots)),
    )
    return [finding("TRUST-002", TRUST, what=what) for what, keys in strangers if keys]
