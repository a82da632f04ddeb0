"""The register of clauses, as the mission gives it: the tests' own copy, whole."""

from pathlib import Path

REGISTER = Path(__file__).parents[2] / "data" / "clauses.tsv"


def register_ids(pack_id: str) -> frozenset[str]:
    """Give the ids of the clauses that a pack must answer."""
    lines = REGISTER.read_text(encoding="utf-8").splitlines()
    ids = (line.split("\t")[0] for line in lines if line and not line.startswith("#"))
    return frozenset(clause for clause in ids if clause.partition("/")[0] == pack_id)


def register_kinds(pack_id: str) -> dict[str, str]:
    """Give the kind of every clause of a pack."""
    lines = REGISTER.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows if row[0].partition("/")[0] == pack_id}
