"""Paging by cursor: every case once, in both directions, while others are being added; and what the desk counts."""

from datetime import datetime, timedelta

import pytest

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotAllowed
from liuhen.flows.occasion import Actor
from liuhen.flows.reading import CaseQuery, end_of_day, list_cases, workbench
from liuhen.records.index.models import CaseRow, FindingRow
from liuhen.records.index.search import index_case

pytestmark = pytest.mark.django_db

CLERK = Actor("clerk", "王某", "page-here", frozenset({"执法人员"}))
NOW = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def _case(number: int, *, agency: str = "page-here", minutes: int | None = None, **more: object) -> CaseRow:
    at = NOW - timedelta(minutes=number if minutes is None else minutes)
    row = CaseRow.objects.create(
        **{
            "uid": f"{agency}-{number}",
            "agency": agency,
            "register_number": f"源{number}号",
            "kind": "行政处罚",
            "matter": "事由",
            "party": f"当事人{number}",
            "stage": "启动",
            "registered_at": at,
            "changed_at": at,
            "judged_at": at,
            "version": 1,
            "packs": "hebei",
        }
        | more
        # No recording is closed here: everybody is told the same.
        | {f"open_{name}": said for name, said in more.items() if name in ("unmet", "next_due")}
    )
    index_case(row.pk, [row.party])
    return row


def _walk(query: CaseQuery) -> list[str]:
    found, cursor = [], ""
    while True:
        page = list_cases(CLERK, CaseQuery(query.words, query.stages, query.sort, cursor=cursor), limit=3)
        found += [line.uid for line in page.lines]
        if page.next is None:
            return found
        cursor = page.next


def test_every_case_once_even_within_one_moment() -> None:
    rows = [_case(number, minutes=number // 4) for number in range(11)]
    expected = [row.uid for row in sorted(rows, key=lambda row: (row.registered_at, row.pk), reverse=True)]
    assert _walk(CaseQuery()) == expected


def test_back_leads_to_the_page_before() -> None:
    for number in range(8):
        _case(number)
    first = list_cases(CLERK, CaseQuery(), limit=3)
    second = list_cases(CLERK, CaseQuery(cursor=first.next or ""), limit=3)
    third = list_cases(CLERK, CaseQuery(cursor=second.next or ""), limit=3)
    again = list_cases(CLERK, CaseQuery(cursor=third.previous or ""), limit=3)
    assert (first.previous, third.next, again.lines) == (None, None, second.lines)
    assert list_cases(CLERK, CaseQuery(cursor=again.previous or ""), limit=3).lines == first.lines


def test_a_case_added_meanwhile_shifts_nothing() -> None:
    for number in range(6):
        _case(number)
    first = list_cases(CLERK, CaseQuery(), limit=3)
    _case(99, minutes=-5)
    second = list_cases(CLERK, CaseQuery(cursor=first.next or ""), limit=3)
    assert [line.uid for line in second.lines] == ["page-here-3", "page-here-4", "page-here-5"]


def test_sorted_by_term_leaves_out_cases_without_one() -> None:
    _case(1, next_due=NOW + timedelta(days=2))
    _case(2)
    _case(3, next_due=NOW + timedelta(days=1))
    assert _walk(CaseQuery(sort="due")) == ["page-here-3", "page-here-1"]


def test_search_stays_within_the_agency() -> None:
    _case(1)
    _case(2, agency="page-there")
    assert _walk(CaseQuery(words="当事")) == ["page-here-1"]
    assert _walk(CaseQuery(words="？！")) == []


def test_stages_and_breaches() -> None:
    _case(1, stage="结案", unmet=2)
    _case(2, stage="归档")
    _case(3)
    assert _walk(CaseQuery(stages=("结案", "归档"))) == ["page-here-1", "page-here-2"]
    assert [line.uid for line in list_cases(CLERK, CaseQuery(unmet=True)).lines] == ["page-here-1"]


@pytest.mark.parametrize("cursor", ["x", "!!!!", "ZiAxIDIwMjY", "ZiBhIDIwMjYtMDMtMDI"])
def test_a_cursor_that_nobody_gave_out_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput):
        list_cases(CLERK, CaseQuery(cursor=cursor))


def test_totals_are_capped() -> None:
    CaseRow.objects.bulk_create(
        CaseRow(
            uid=f"many-{number}",
            agency="page-here",
            register_number="源",
            registered_at=NOW,
            changed_at=NOW,
            judged_at=NOW,
            version=1,
        )
        for number in range(1005)
    )
    page = list_cases(CLERK, CaseQuery())
    assert (page.total, page.capped, len(page.lines)) == (1000, True, 30)


def _duty(row: CaseRow, due: datetime, verdict: str = "pending") -> None:
    FindingRow.objects.create(
        case=row, agency=row.agency, clause="hebei/24.1", rule="r", title="入库", verdict=verdict, level="must",
        subject_kind="case", subject_label="案件", due=due,
    )  # fmt: skip


def test_the_desk_shows_what_ends_today_and_the_next_after() -> None:
    row, other = _case(1), _case(2, agency="page-there")
    _duty(row, NOW + timedelta(hours=2))
    _duty(row, end_of_day(NOW))
    _duty(row, end_of_day(NOW) + timedelta(seconds=1))
    _duty(row, NOW, "unmet")
    _duty(other, NOW)
    bench = workbench(CLERK, at=NOW)
    assert (bench.due_total, len(bench.due)) == (2, 2)
    assert bench.upcoming is not None and bench.upcoming.due > end_of_day(NOW)


def test_the_desk_shows_cases_whose_turn_it_is() -> None:
    _case(1, stage="结案")
    _case(2, stage="启动")
    archivist = Actor("a", "吴", "page-here", frozenset({"档案管理员"}))
    assert [line.uid for line in workbench(archivist, at=NOW).mine] == ["page-here-1"]
    assert [line.uid for line in workbench(CLERK, at=NOW).mine] == ["page-here-2"]


def test_administrators_read_no_list() -> None:
    administrator = Actor("x", "许", "page-here", frozenset({"系统管理员"}))
    with pytest.raises(NotAllowed):
        list_cases(administrator, CaseQuery())
    with pytest.raises(NotAllowed):
        workbench(administrator, at=NOW)
