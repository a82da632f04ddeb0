"""docs/tamper.md: the table of a run, and which operation on which artefact no attack needs to cover, with the reason.

Invariant: nothing in it depends on the clock, on keys or on chance, so a fresh run writes the same bytes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from liuhen.doors.tamper.attack import OPERATIONS
from liuhen.doors.tamper.run import Outcome, Row

OUTCOMES: dict[Outcome, str] = {
    "refused": "refused (不一致)",
    "undetermined": "undetermined (无法判断)",
    "told": "told in a notice",
    "not found": "**not found offline**",
}
_NO_ORDER, _NO_TIME, _ONE_VERSION = "holds one thing", "states no time that is believed", "has one version"
_INK = {"reorder": _NO_ORDER, "back-date": _NO_TIME, "replay": _ONE_VERSION}
_WHOLE = "done to its parts, above"
_SHAPE = {"reorder": "order means nothing", "back-date": "its dates are not believed", "replay": "carries any package"}
# Why an operation on an artefact has no row.
NOT_APPLICABLE: dict[str, dict[str, str]] = {
    "trust.json": {"reorder": "the keys are a set", "back-date": _NO_TIME, "replay": "carries the same keys"},
    "whole package": dict.fromkeys(("edit", "delete", "insert", "reorder", "back-date", "cut"), _WHOLE),
    "sealed document": {"reorder": _NO_ORDER},
    "SM2 signature": {"reorder": _NO_ORDER},
    "signed document": {"back-date": "bears no time; its events do"},
    "合规说明书.pdf": {"reorder": _NO_ORDER},
    "strokes of a signature": _INK,
    "picture of a signature": _INK,
    "recording": {"reorder": _NO_ORDER, "replay": _ONE_VERSION},
    "still from a recording": {"back-date": "bears no time; its events do", "replay": _ONE_VERSION},
    "clip from a recording": {"replay": _ONE_VERSION},
    "companion of a recording": {"back-date": "bears no time; its events do", "replay": _ONE_VERSION},
    "printed volume (cover, contents, remarks)": {"reorder": _NO_ORDER},
    **{
        f"{kind}-{algorithm}.txt": {"back-date": _NO_TIME}
        for kind in ("manifest", "tagmanifest")
        for algorithm in ("sha256", "sm3")
    },
    "阅读说明.txt (guide)": _INK,
    "核验程序.pyz (verifier)": _INK,
    "hostile bytes": {"reorder": "aims at no content", "replay": "aims at no content"},
    "names of files": dict.fromkeys(
        ("delete", "reorder", "swap", "back-date", "replay", "cut"), "done to files, above"
    ),
    "folder": _SHAPE,
    "zip file": _SHAPE,
    ".iso image": {"delete": "a name is in three trees", **_SHAPE},
    "log entries": dict.fromkeys(("swap", "back-date", "replay"), "the checkpoint fixes every byte"),
    "log tile": dict.fromkeys(("swap", "back-date", "replay"), "the checkpoint fixes every byte"),
}

_HEAD = """# What the verifier says when someone lies

Written by `liuhen tamper --out docs/tamper.md`; a test compares this file with a fresh run. One small real case goes through
the real flows; then each row takes a fresh copy of its package, tells one lie, and puts the package together again as well
as the attacker can:

- **passer-by**: changes files, nothing else.
- **forger**: also writes every manifest anew, so that the bag is whole again; has no keys.
- **insider**: also has the agency's log keys and its seal, signs and seals everything anew, and can record events in the real
  log at any time. Does not have the keys of the witnesses and of the time-stamping authority, who attest the present only.
- **stranger**: makes everything anew with keys of their own.

Each row is told by the strongest attacker for whom it is still caught, or is the row that shows where catching ends. Each has
a **twin**: the same hands put the same package together without the lie, and it passes, so nothing is caught by accident.
The verifier runs without a trust file from elsewhere, except in rows marked `--trust`. Codes are explained in
[formats/package.md](formats/package.md); `TLOG` codes in [formats/checkpoint.md](formats/checkpoint.md). Codes that the row
must show are **bold**.
"""


def render(rows: Sequence[Row]) -> str:
    """Write the whole document."""
    parts = [_HEAD, "\n".join(_summary(rows)), "\n".join(_open_ends(rows)), "\n".join(_matrix(rows))]
    for artefact in dict.fromkeys(row.attack.artefact for row in rows):
        parts.append("\n".join(_section(artefact, [row for row in rows if row.attack.artefact == artefact])))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _summary(rows: Sequence[Row]) -> Iterator[str]:
    counts = Counter(row.outcome for row in rows)
    yield "## Count"
    yield ""
    yield "| outcome | attacks |"
    yield "|---|---:|"
    for outcome, label in OUTCOMES.items():
        yield f"| {label} | {counts[outcome]} |"
    yield f"| all | {len(rows)} |"
    yield f"| twins that pass | {sum(row.twin_passes for row in rows)} |"


def _open_ends(rows: Sequence[Row]) -> Iterator[str]:
    yield "## What is not found offline, and who finds it"
    yield ""
    for row in rows:
        if row.outcome == "not found":
            yield f"- `{row.attack.name}` ({row.attack.attacker.value}): {row.attack.does}. {row.attack.remark}."


def _matrix(rows: Iterable[Row]) -> Iterator[str]:
    counts = Counter((row.attack.artefact, row.attack.operation) for row in rows)
    yield "## Artefacts and operations"
    yield ""
    yield "Number of attacks; where there is none, why."
    yield ""
    yield f"| artefact | {' | '.join(OPERATIONS)} |"
    yield f"|---|{'---|' * len(OPERATIONS)}"
    for artefact in dict.fromkeys(artefact for artefact, _ in counts):
        cells = [str(counts[artefact, operation] or why_not(artefact, operation)) for operation in OPERATIONS]
        yield f"| {artefact} | {' | '.join(cells)} |"


def why_not(artefact: str, operation: str) -> str:
    """Say why an operation on an artefact has no attack; empty where nothing was said."""
    return NOT_APPLICABLE.get(artefact, {}).get(operation, "")


def _section(artefact: str, rows: Iterable[Row]) -> Iterator[str]:
    yield f"## {artefact}"
    yield ""
    yield "| attack | operation | attacker | what is done | codes | outcome | twin |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        attack = row.attack
        codes = " ".join(f"**{code}**" if code in attack.expects else code for code in row.found)
        does = f"{attack.does}{' (`--trust`)' if attack.trusted else ''}"
        if attack.remark and row.outcome != "not found":
            does += f". {attack.remark}"
        cells = (
            attack.name,
            attack.operation,
            attack.attacker.value,
            does,
            codes or "none",
            OUTCOMES[row.outcome],
            "passes" if row.twin_passes else "FAILS",
        )
        yield f"| {' | '.join(cells)} |"


def to_json(rows: Sequence[Row]) -> dict[str, object]:
    """Give the shape of `liuhen tamper --json`."""
    counts = Counter(row.outcome for row in rows)
    return {
        "attacks": len(rows),
        "outcomes": {outcome: counts[outcome] for outcome in OUTCOMES},
        "as_expected": all(row.as_expected for row in rows),
        "rows": [_row(row) for row in rows],
    }


def _row(row: Row) -> dict[str, object]:
    attack = row.attack
    return {
        "name": attack.name,
        "artefact": attack.artefact,
        "operation": attack.operation,
        "attacker": attack.attacker.value,
        "does": attack.does,
        "expects": list(attack.expects),
        "found": list(row.found),
        "outcome": row.outcome,
        "twin_passes": row.twin_passes,
        "as_expected": row.as_expected,
        "remark": attack.remark,
    }
