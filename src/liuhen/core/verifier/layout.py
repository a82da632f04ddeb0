"""Where things lie in a package. Frozen with the format `liuhen-package/1`; see docs/formats/package.md."""

import re

from liuhen.core.bag.manifests import DECLARATION, INFO, manifest_name

SEAL = "封签.note"
GUIDE = "阅读说明.txt"
VERIFIER = "核验程序.pyz"

EVENTS = "data/记录/events.jsonl"
PROOFS = "data/证明/proofs.jsonl"
TRUST = "data/证明/trust.json"
CHECKPOINTS = "data/证明/checkpoints-{number}.jsonl"
CALENDAR = "data/法律/工作日历.json"
EDITION = "data/法律/{id}@{edition}.json"
STATEMENT = "data/合规/合规说明.json"
STATEMENT_PDF = "data/合规/合规说明书.pdf"
CATALOGUE = "data/卷宗/卷内目录.json"

# Made at packing from facts that are checked by themselves; covered by the manifests and the seal.
GENERATED = (
    "data/卷宗/卷宗封面.pdf",
    "data/卷宗/卷内目录.pdf",
    "data/卷宗/备考表.pdf",
    STATEMENT_PDF,
)
DOCUMENTS = "data/文书/"
RECORDINGS = "data/音像/"
COMPANIONS = "data/音像附件/"
SIGNATURES = "data/签名/"

ALGORITHMS = ("sha256", "sm3")
MANIFESTS = tuple(manifest_name(algorithm) for algorithm in ALGORITHMS)
TAG_MANIFESTS = tuple(manifest_name(algorithm, tags=True) for algorithm in ALGORITHMS)
# Tag files that the seal names with their digests: no manifest that the seal signs could list them.
SEALED_TAGS = tuple(sorted((DECLARATION, INFO, GUIDE, VERIFIER)))
TOP = (*SEALED_TAGS, *MANIFESTS, *TAG_MANIFESTS, SEAL)
REQUIRED = (SEAL, GUIDE, VERIFIER, EVENTS, PROOFS, TRUST, CALENDAR, STATEMENT, CATALOGUE, *GENERATED)

_CHECKPOINTS = re.compile(r"data/证明/checkpoints-[1-9][0-9]{0,3}\.jsonl")


def is_checkpoints(name: str) -> bool:
    """Say whether a payload file is a log's series of checkpoints."""
    return _CHECKPOINTS.fullmatch(name) is not None


def is_edition(name: str) -> bool:
    """Say whether a payload file is a pack's edition."""
    return name.startswith("data/法律/") and "@" in name and name.endswith(".json")
