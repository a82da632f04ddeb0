"""Where things lie in a package. Frozen with the format `liuhen-package/1`; see docs/formats/package.md."""

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
CATALOGUE = "data/卷宗/卷内目录.json"

# Made at packing from facts that are checked by themselves; covered by the manifests and the seal.
GENERATED = (
    "data/卷宗/卷宗封面.pdf",
    "data/卷宗/卷内目录.pdf",
    "data/卷宗/备考表.pdf",
    "data/合规/合规说明书.pdf",
)
DOCUMENTS = "data/文书/"
RECORDINGS = "data/音像/"
SIGNATURES = "data/签名/"
REQUIRED = (SEAL, EVENTS, PROOFS, TRUST, CALENDAR, STATEMENT, CATALOGUE)


def is_checkpoints(name: str) -> bool:
    """Say whether a payload file is a log's series of checkpoints."""
    return name.startswith("data/证明/checkpoints-") and name.endswith(".jsonl")


def is_edition(name: str) -> bool:
    """Say whether a payload file is a pack's edition."""
    return name.startswith("data/法律/") and "@" in name and name.endswith(".json")
