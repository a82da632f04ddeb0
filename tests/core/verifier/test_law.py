"""Law in a package: the pinned edition, the adopted calendar, the statement and the catalogue that follow from events."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from liuhen.core.calendar.calendar import WorkCalendar, YearNotice
from liuhen.core.calendar.calendar_data import to_data, version_of
from liuhen.core.events.parts import Edition
from liuhen.core.facts.model import Facts
from liuhen.core.kernel import canonical
from liuhen.core.rules.model import Pack, digest_of, render_pack
from liuhen.core.verifier.catalogue import catalogue_of
from liuhen.core.verifier.law import Law, check_catalogue, check_law, check_statement, judge, say_statement
from liuhen.core.verifier.layout import CALENDAR, EDITION
from liuhen.core.verifier.statement import clause_table, statement_of
from tests.core.facts.story import facts_of, inspection, registered, told
from tests.core.rules.writing import rule
from tests.core.verifier.making import seal

PACK = Pack(
    id="t",
    edition="2026-01-01",
    title="试行办法",
    short_title="试行",
    issuer="某县",
    number="1号",
    in_force_from=date(2026, 1, 1),
    kinds=("行政处罚",),
    stages=(),
    clauses=(),
    rules=(
        rule(id="t.filmed", each="act", kind="av", by="ended", filmed={"extent": "some"}),
        rule(id="t.filmed-whole", each="act", kind="av", by="ended", filmed={"extent": "whole"}),
    ),
)
IN_USE = WorkCalendar((YearNotice(2026, "通知", (), ()),))
PINNED = EDITION.format(id="t", edition="2026-01-01")
FILES = {PINNED: render_pack(PACK), CALENDAR: canonical.render(to_data(IN_USE))}


def facts(calendar: str | None = version_of(IN_USE)) -> Facts:
    made = told(5, "case.document-made", document="d1", form="询问笔录", title="询问笔录", facing="取证")
    found = facts_of(registered(), *inspection(), made)
    found.case.packs = (Edition("t", "2026-01-01", digest_of(PACK)),)
    found.agency.calendar = calendar
    return found


def law_codes(files: dict[str, bytes], calendar: str | None = version_of(IN_USE)) -> list[str]:
    return [item.code for item in check_law(facts(calendar), files).findings]


def test_pinned_law_is_read() -> None:
    law = check_law(facts(), FILES)
    assert (law.packs, law.calendar, law.findings) == ((PACK,), IN_USE, [])


@pytest.mark.parametrize(
    ("expected", "files", "calendar"),
    [
        (["LAW-001"], {CALENDAR: FILES[CALENDAR]}, version_of(IN_USE)),
        (["LAW-001"], FILES | {PINNED: FILES[PINNED].replace(b"1", b"2", 1)}, version_of(IN_USE)),
        (["LAW-002"], FILES, "sha256:" + "0" * 64),
        (["LAW-003"], FILES, None),
        (["PKG-002"], FILES | {CALENDAR: b"{}"}, version_of(IN_USE)),
    ],
)
def test_other_law_has_its_code(expected: list[str], files: dict[str, bytes], calendar: str | None) -> None:
    assert law_codes(files, calendar) == expected


def test_without_law_nothing_is_judged() -> None:
    assert judge(facts(), Law(), seal()) is None
    assert judge(facts(), check_law(facts(), {CALENDAR: FILES[CALENDAR]}), seal()) is None


def statement(change: Callable[[dict[str, Any]], dict[str, Any]]) -> list[str]:
    law = check_law(facts(), FILES)
    verdicts = judge(facts(), law, seal())
    assert verdicts is not None
    said = change(statement_of(facts().case, verdicts, at=seal().packed_at, calendar=version_of(IN_USE)))
    found = check_statement(facts(), law, verdicts, canonical.render(said), seal())
    return [item.code for item in found]


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ([], dict),
        (["STMT-001"], lambda it: it | {"verdicts": [it["verdicts"][0] | {"verdict": "met"}, *it["verdicts"][1:]]}),
        (["STMT-001", "STMT-001"], lambda it: it | {"verdicts": it["verdicts"][::-1]}),
        (["STMT-002"], lambda it: it | {"verdicts": it["verdicts"][1:]}),
        (["STMT-002"], lambda it: it | {"verdicts": "all met"}),
        (["STMT-001"], lambda it: it | {"at": "2026-03-02T10:00:01+08:00"}),
        (["STMT-001"], lambda it: it | {"at": "2026-03-02T02:00:00+00:00"}),
        (["STMT-001"], lambda it: it | {"remark": "x"}),
        (["STMT-001"], lambda it: {"verdicts": it["verdicts"]}),
        (["STMT-001"], lambda it: it | {"editions": []}),
    ],
)
def test_the_statement_is_what_the_events_give(
    expected: list[str], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    assert statement(change) == expected


def test_a_statement_that_cannot_be_read() -> None:
    law = check_law(facts(), FILES)
    verdicts = judge(facts(), law, seal())
    assert verdicts is not None
    for data in (b"", b"{", b"[" * 100_000, b'{"a": 1}'):
        assert [item.code for item in check_statement(facts(), law, verdicts, data, seal())] == ["PKG-002"]
    assert [item.code for item in check_statement(facts(), law, verdicts, b"[]", seal())] == ["STMT-001"]


def test_verdicts_are_counted_for_print() -> None:
    verdicts = judge(facts(), check_law(facts(), FILES), seal())
    assert verdicts is not None
    assert say_statement(verdicts) == "不符合 2 项"
    said = statement_of(facts().case, verdicts, at=seal().packed_at, calendar=version_of(IN_USE))
    assert clause_table(said["verdicts"]) == {"t/1": {"unmet": 2}}


def test_the_catalogue_is_what_the_events_give_to_the_byte() -> None:
    expected = catalogue_of(facts())
    assert list(check_catalogue(facts(), canonical.render(expected))) == []
    first = expected["documents"][0] if expected["documents"] else None
    assert first is not None
    for other in (expected | {"documents": []}, expected | {"documents": [first | {"order": True}]}):
        assert [item.code for item in check_catalogue(facts(), canonical.render(other))] == ["CAT-001"]
