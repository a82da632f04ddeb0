"""A witness: it reads a request, judges it, remembers, and only then cosigns (C2SP tlog-witness add-checkpoint).

Invariant: no cosignature leaves before the tree head it speaks of is on disk.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from liuhen.adapters.witnesses.state import Verdict, WitnessState
from liuhen.core.tlog.checkpoint import TreeHead
from liuhen.core.tlog.cosignature import cosign
from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey
from liuhen.core.tlog.note import NoteSignature, Signer
from liuhen.core.tlog.refusals import Malformed
from liuhen.core.tlog.witness import (
    AddCheckpoint,
    Decision,
    accept,
    answer_malformed,
    judge_growth,
    judge_request,
    parse_request,
)


class Witness:
    """A witness with its cosigning keys (one, or Ed25519 beside SM2) and its memory."""

    def __init__(self, signers: Sequence[Signer], state: WitnessState, primitives: Primitives = PURE) -> None:
        self._signers = tuple(signers)
        self._state = state
        self._primitives = primitives

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """The keys that check this witness's cosignatures."""
        return tuple(signer.key for signer in self._signers)

    def trust(self, key: VerifierKey) -> None:
        """Know a log by its key; raises NotALogKey."""
        self._state.trust(key, origin_sha256(key.name))

    def answer(self, body: bytes, at: datetime) -> Decision:
        """Answer an add-checkpoint request at an aware time. Whatever the body holds, the answer is a decision."""
        try:
            request = parse_request(body)
        except Malformed as error:
            return answer_malformed(error)
        origin = request.checkpoint.origin
        refusal = judge_request(request, self._state.keys_of(origin), self._primitives)
        return refusal or self._grow(request, at)

    def latest(self, origin: str) -> bytes | None:
        """Give the latest checkpoint cosigned for a log, with the log's and the witness's signatures."""
        return self._state.latest(origin_sha256(origin))

    def latest_by_digest(self, digest: str) -> bytes | None:
        """Give the same by the SHA-256 of the origin, as the monitoring address names it."""
        return self._state.latest(digest)

    def _grow(self, request: AddCheckpoint, at: datetime) -> Decision:
        answers: list[Decision] = []
        lines: list[NoteSignature] = []

        def judge(stored: TreeHead | None) -> Verdict:
            decision = judge_growth(request, stored)
            answers.append(decision)
            if decision.record is not None:
                lines.extend(cosign(request.note, signer, at) for signer in self._signers)
            return Verdict(decision.record, request.note.with_signatures(lines).render())

        self._state.advance(request.checkpoint.origin, judge)
        (decision,) = answers
        return accept(decision, lines) if decision.record is not None else decision


def origin_sha256(origin: str) -> str:
    """Give the SHA-256 of an origin in lower-case hexadecimal, which names a log in monitoring addresses."""
    return hashlib.sha256(origin.encode()).hexdigest()
