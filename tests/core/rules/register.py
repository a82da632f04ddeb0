"""The registers of clauses: that of the five regulations, as the mission gives it, and the one beside the national pack.

The mission's is the tests' own copy, whole; a pack that is none of the five brings its register in its folder.
"""

from pathlib import Path

from liuhen.adapters.packfiles.packs import shipped_folder

MISSION = Path(__file__).parents[2] / "data" / "clauses.tsv"


def _register(pack_id: str) -> Path:
    own = shipped_folder() / pack_id / "register.tsv"
    return own if own.is_file() else MISSION


def _rows(file: Path) -> list[list[str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def mission_ids() -> frozenset[str]:
    """Give the ids of the clauses of the five regulations."""
    return frozenset(row[0] for row in _rows(MISSION))


def register_ids(pack_id: str) -> frozenset[str]:
    """Give the ids of the clauses that a pack must answer."""
    return frozenset(register_kinds(pack_id))


def register_kinds(pack_id: str) -> dict[str, str]:
    """Give the kind of every clause of a pack."""
    return {row[0]: row[1] for row in _rows(_register(pack_id)) if row[0].partition("/")[0] == pack_id}


def register_rows(pack_id: str) -> list[list[str]]:
    """Give the register that lies beside a pack, column by column."""
    return _rows(_register(pack_id))
