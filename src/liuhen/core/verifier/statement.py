"""合规说明: the verdicts of a case at a moment, with the editions and the calendar they rest on. Format `liuhen-statement/1`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.codec import encode
from liuhen.core.kernel.moments import render_instant
from liuhen.core.rules.verdict import Verdict, to_json

FORMAT = "liuhen-statement/1"


def statement_of(case: CaseFacts, verdicts: Iterable[Verdict], *, at: datetime, calendar: str) -> dict[str, Any]:
    """Give the statement as plain data."""
    return {
        "format": FORMAT,
        "case": case.uid,
        "number": case.number or case.register_number,
        "at": render_instant(at),
        "calendar": calendar,
        "editions": [encode(edition) for edition in case.packs],
        "verdicts": [to_json(verdict) for verdict in verdicts],
    }


def clause_table(verdicts: Iterable[dict[str, Any]]) -> dict[str, dict[str, int]]:
    """Count verdicts by clause, in the order in which clauses first appear."""
    table: dict[str, dict[str, int]] = {}
    for verdict in verdicts:
        row = table.setdefault(verdict["clause"], {})
        row[verdict["verdict"]] = row.get(verdict["verdict"], 0) + 1
    return table
