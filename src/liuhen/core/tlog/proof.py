"""The tlog-proof file: one entry's inclusion proof with the signed checkpoint it leads to (C2SP tlog-proof, draft).

Invariant: a proof holds only as a chain: entry, inclusion, checkpoint, log signature, policy. No link is checked alone.
"""

from dataclasses import dataclass

from liuhen.core.tlog.keys import PURE, Primitives
from liuhen.core.tlog.merkle import leaf_hash, verify_inclusion
from liuhen.core.tlog.policy import Policy, PolicyVerdict, judge_checkpoint
from liuhen.core.tlog.refusals import Code, Malformed
from liuhen.core.tlog.spelling import read_base64, read_decimal, read_hash, render_base64

HEADER = "c2sp.org/tlog-proof@v1"
LARGEST_PROOF = 2_000_000
LONGEST_EXTRA = 64_000
MOST_HASHES = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """What a .tlog-proof file says; nothing authenticates `extra`; `checkpoint` is the signed note verbatim."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def render(self) -> bytes:
        """Write the file. Raises Malformed when it would not read back."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {render_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(render_base64(item) for item in self.hashes)
        data = "".join(f"{line}\n" for line in lines).encode("ascii") + b"\n" + self.checkpoint
        if parse_proof(data) != self:
            raise Malformed(Code.PROOF_FORM, "tlog-proof", "index, hashes or extra data are out of range")
        return data


@dataclass(frozen=True, slots=True)
class ProofVerdict:
    """A proof that holds: the entry's index, the checkpoint's size and root, and what the policy said."""

    index: int
    size: int
    root: bytes
    policy: PolicyVerdict


def parse_proof(data: bytes, place: str = "tlog-proof") -> LogProof:
    """Read a proof file; the checkpoint is kept as it is and not looked into. Raises Malformed."""
    if len(data) > LARGEST_PROOF:
        raise Malformed(Code.PROOF_FORM, place, f"a proof has at most {LARGEST_PROOF} bytes")
    head, empty_line, checkpoint = data.partition(b"\n\n")
    if not empty_line or not checkpoint or not head.isascii():
        raise Malformed(
            Code.PROOF_FORM, place, "expected proof lines in ASCII, an empty line and the signed checkpoint"
        )
    lines = head.decode("ascii").split("\n")
    if lines.pop(0) != HEADER:
        raise Malformed(Code.PROOF_FORM, f"{place}, line 1", f"a proof begins with {HEADER}")
    extra = _take_extra(lines, place)
    if not lines or not lines[0].startswith("index "):
        raise Malformed(Code.PROOF_FORM, place, "the line “index <number>” is missing")
    index = read_decimal(lines.pop(0).removeprefix("index "), Code.PROOF_FORM, f"{place}, index")
    if len(lines) > MOST_HASHES:
        raise Malformed(Code.PROOF_FORM, place, f"a proof has at most {MOST_HASHES} hashes")
    return LogProof(index, tuple(read_hash(line, Code.PROOF_FORM, place) for line in lines), checkpoint, extra)


def _take_extra(lines: list[str], place: str) -> bytes | None:
    if not lines or not lines[0].startswith("extra "):
        return None
    text = lines.pop(0).removeprefix("extra ")
    if len(text) > LONGEST_EXTRA:
        raise Malformed(Code.PROOF_FORM, f"{place}, extra", f"extra data has at most {LONGEST_EXTRA} characters")
    return read_base64(text, Code.PROOF_FORM, f"{place}, extra")


def verify_proof(entry: bytes, proof: LogProof, policy: Policy, primitives: Primitives = PURE) -> ProofVerdict:
    """Require that the entry is in a log the policy knows, under a checkpoint the policy accepts.

    Raises Malformed, Unproven. Spec: C2SP tlog-proof, and the binding that sigstore#248 lacked.
    """
    verdict = judge_checkpoint(proof.checkpoint, policy, primitives)
    verdict.require_quorum()
    checkpoint = verdict.opened.checkpoint
    verify_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return ProofVerdict(proof.index, checkpoint.size, checkpoint.root, verdict)
