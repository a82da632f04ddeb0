"""Checking a log's checkpoints: who signed them, when they were seen to exist, and that each extends the one before."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from liuhen.core.crypto.rfc3161 import verify_timestamp
from liuhen.core.crypto.x509 import Certificate
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.tlog.keys import PURE, KeyKind, Primitives
from liuhen.core.tlog.merkle import verify_consistency
from liuhen.core.tlog.note import GoodSignature
from liuhen.core.tlog.policy import Policy, judge_checkpoint
from liuhen.core.tlog.refusals import Code, Unproven
from liuhen.core.verifier.logs import SeriesEntry
from liuhen.core.verifier.report import Finding, finding

# Clocks of servers, witnesses and authorities differ a little.
SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint that holds: its size and root, and the span of time at which it was seen to exist."""

    size: int
    root: bytes
    earliest: datetime | None
    latest: datetime | None


def check_series(
    entries: Sequence[SeriesEntry],
    policy: Policy,
    roots: Sequence[Certificate],
    path: str,
    primitives: Primitives = PURE,
) -> tuple[str, list[Anchor], list[Finding]]:
    """Check the checkpoints of one log: signatures, witnesses, time stamps, and that each extends the one before."""
    anchors: list[Anchor] = []
    findings: list[Finding] = []
    origin = ""
    for entry in entries:
        try:
            verdict = judge_checkpoint(entry.note, policy, primitives)
            verdict.require_quorum()
            require_all_kinds(verdict.opened.log_signatures, policy, verdict.opened.checkpoint.origin)
        except LiuhenError as fault:
            findings.append(finding("LOG-003", path, size="?", why=str(fault)))
            continue
        head = verdict.opened.checkpoint
        if origin and head.origin != origin:
            findings.append(finding("LOG-003", path, size=head.size, why=f"来自另一日志 {head.origin}"))
            continue
        origin = head.origin
        moments = [at for good in verdict.witnessed.values() if (at := good.signed_at) is not None]
        stamped, wrong = _stamped_at(entry, verdict.opened.note.text, roots, head.size, path)
        findings.extend(wrong)
        moments.extend(stamped)
        anchor = Anchor(head.size, head.root, min(moments, default=None), max(moments, default=None))
        findings.extend(_check_step(anchors[-1] if anchors else None, anchor, entry.consistency, path))
        anchors.append(anchor)
    return origin, anchors, findings


def require_all_kinds(good: Sequence[GoodSignature], policy: Policy, name: str) -> None:
    """Require a good signature of each kind of key that the policy knows for a log; raises Unproven.

    A log that signs with SM2 beside Ed25519 is believed only with both, or whoever breaks one could strip the other.
    """
    wanted = {line.key.kind for line in policy.logs if line.key.name == name and line.key.kind is not KeyKind.ML_DSA}
    found = {item.key.kind for item in good if item.key.name == name}
    if missing := sorted(kind.name for kind in wanted - found):
        raise Unproven(Code.SIGNATURE_MISSING, f"缺少日志 {name} 的 {'、'.join(missing)} 签名")


def _stamped_at(
    entry: SeriesEntry, text: str, roots: Sequence[Certificate], size: int, path: str
) -> tuple[list[datetime], list[Finding]]:
    if entry.timestamp is None:
        return [], [finding("TIME-002", path, size=size)]
    try:
        digest = hashlib.sha256(text.encode()).digest()
        verified = verify_timestamp(entry.timestamp, digest, roots)
    except LiuhenError as fault:
        return [], [finding("TIME-001", path, size=size, why=str(fault))]
    return [verified.timestamp.generated_at], []


def _check_step(before: Anchor | None, now: Anchor, proof: tuple[bytes, ...], path: str) -> Iterator[Finding]:
    if before is None:
        if proof:
            yield finding("LOG-004", path, old=0, new=now.size, why="第一个检查点之前不应有证明")
        return
    try:
        if now.size <= before.size:
            raise BadInput("检查点", "条数没有增加")
        verify_consistency(before.size, now.size, proof, before.root, now.root)
    except LiuhenError as fault:
        yield finding("LOG-004", path, old=before.size, new=now.size, why=str(fault))
    if before.latest and now.earliest and now.earliest < before.latest - SKEW:
        yield finding("TIME-005", path, size=now.size)
