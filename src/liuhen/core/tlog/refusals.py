"""Refusals of the log, each with a code that never changes its meaning.

Invariant: a code is never reused and never renumbered; the sentence may improve, the code is what programs compare.
"""

from enum import StrEnum

from liuhen.core.kernel.errors import BadInput, LiuhenError


class Code(StrEnum):
    """What went wrong: 1xx form, 2xx signatures, 3xx proofs, 4xx the writer, 5xx the audit of stored files."""

    NOTE_FORM = "TLOG-101"
    KEY_FORM = "TLOG-102"
    KEY_ID = "TLOG-103"
    CHECKPOINT_FORM = "TLOG-104"
    COSIGNATURE_FORM = "TLOG-105"
    PROOF_FORM = "TLOG-106"
    POLICY_FORM = "TLOG-107"
    PATH_FORM = "TLOG-108"
    TILE_FORM = "TLOG-109"
    BUNDLE_FORM = "TLOG-110"
    REQUEST_FORM = "TLOG-111"
    RESPONSE_FORM = "TLOG-112"

    SIGNATURE_BAD = "TLOG-201"
    SIGNATURE_MISSING = "TLOG-202"
    ORIGIN_UNKNOWN = "TLOG-203"
    QUORUM_MISSED = "TLOG-204"

    INCLUSION_FALSE = "TLOG-301"
    CONSISTENCY_FALSE = "TLOG-302"
    RANGE_FALSE = "TLOG-303"

    TREE_BEHIND = "TLOG-401"
    TREE_INCONSISTENT = "TLOG-402"
    TREE_REWRITTEN = "TLOG-403"
    TREE_UNSTABLE = "TLOG-404"
    ENTRY_REFUSED = "TLOG-405"
    HEAD_REFUSED = "TLOG-406"

    FILE_MISSING = "TLOG-501"
    FILE_MALFORMED = "TLOG-502"
    BUNDLE_DIFFERS = "TLOG-503"
    TILE_DIFFERS = "TLOG-504"
    ROOT_DIFFERS = "TLOG-505"


class LogRefusal(LiuhenError):
    """Any refusal of the log; `code` is stable, the sentence is not."""

    code: Code


class Malformed(LogRefusal, BadInput):
    """Bytes or words that are not of the log's formats; `code` says which format."""

    def __init__(self, code: Code, place: str, sentence: str) -> None:
        BadInput.__init__(self, place, sentence)
        self.code = code


class Unproven(LogRefusal):
    """A signature, a proof or a policy that does not hold; `code` says which."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class TreeRefused(LogRefusal):
    """The writer will not go on, because signing would contradict what was signed before; `code` says why."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
