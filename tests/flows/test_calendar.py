"""节假日安排: who may enter it, two people at once, and what becomes of terms that were provisional."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from liuhen.core.calendar.entry import Typed, TypedNotice, TypedSpan
from liuhen.core.events.terms import TermRecomputed
from liuhen.core.rules.verdict import Verdict
from liuhen.flows import recompute_terms as sweeping
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.calendars import CalendarMissing, calendar_of, published_version, version_of
from liuhen.flows.check_index import check_index, rebuild_index
from liuhen.flows.conclude import archive_case
from liuhen.flows.ground import ground_of
from liuhen.flows.keep_calendar import (
    CalendarMoved,
    CalendarRefused,
    NothingChanged,
    adopt,
    propose,
    read_calendar,
)
from liuhen.flows.occasion import SYSTEM, Actor
from liuhen.flows.office import office
from liuhen.flows.package import build_package
from liuhen.flows.read_case import read_case
from liuhen.flows.recompute_terms import TermsNotRecomputed, recompute_case, recompute_terms
from liuhen.records.index.models import CaseRow
from tests.flows.calendar_story import (
    ADMIN,
    AGENCY,
    ARCHIVIST,
    OFFICER,
    PROVISIONAL_DUE,
    SECOND_ADMIN,
    SETTLED_DUE,
    SOURCE_2027,
    Clock,
    adopt_2027,
    concluded_case,
    found,
    notice_2027,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path) -> Iterator[None]:
    """A vault and keys of its own for every test."""
    with override_settings(DATA=tmp_path, VAULT=str(tmp_path / "vault")):
        (tmp_path / "demonstration").touch()  # test witnesses and a test authority, named as such
        yield


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    found(clock)
    return clock


def archiving(case: str, clock: Clock) -> Verdict:
    """Give the verdict on the archiving term, the one that ends in January."""
    verdicts = ground_of(case, AGENCY).judge(clock.now)
    return next(verdict for verdict in verdicts if verdict.due in (PROVISIONAL_DUE, SETTLED_DUE))


def recomputed(case: str) -> list[TermRecomputed]:
    return [one.said for one in ground_of(case, AGENCY).facts.case.recomputed if one.said]


def test_before_anything_was_adopted_the_published_calendar_counts(clock: Clock) -> None:
    reading = read_calendar(ADMIN)
    assert reading.calendar == office().calendar == calendar_of(None)
    assert (reading.version, reading.adoptions) == (published_version(), ())


def test_a_provisional_term_is_counted_anew_when_the_notice_is_entered_and_the_trace_keeps_both(clock: Clock) -> None:
    case = concluded_case(clock)
    before = archiving(case, clock)
    assert (before.due, before.provisional) == (PROVISIONAL_DUE, True)
    adopt_2027(clock)
    version = read_calendar(ADMIN).version
    assert recompute_terms(clock.by(ADMIN).at) == 1
    after = archiving(case, clock)
    assert (after.due, after.provisional) == (SETTLED_DUE, False)
    (said,) = [one for one in recomputed(case) if one.rule == before.rule]
    assert (said.was, said.was_provisional) == (PROVISIONAL_DUE, True)
    assert (said.now, said.now_provisional) == (SETTLED_DUE, False)
    assert (said.clause, said.calendar, said.basis) == (before.clause, version, SOURCE_2027)
    row = CaseRow.objects.get(uid=case)
    assert row.calendar == version
    assert row.next_due is not None and row.next_due <= SETTLED_DUE
    assert recompute_terms(clock.by(ADMIN).at) == 0
    assert len(recomputed(case)) == len({(one.rule, one.subject_kind, one.subject_id) for one in recomputed(case)})


def test_a_term_that_neither_moved_nor_was_settled_is_not_written(clock: Clock) -> None:
    """Retention ends in decades, in a year without a notice before and after: it stays provisional and silent."""
    case = concluded_case(clock)
    adopt_2027(clock)
    recompute_terms(clock.by(ADMIN).at)
    written = {(one.rule, one.subject_kind, one.subject_id) for one in recomputed(case)}
    for verdict in ground_of(case, AGENCY).judge(clock.now):
        if verdict.due and verdict.due.year > 2027:
            assert (verdict.rule, verdict.subject.kind, verdict.subject.id) not in written
    assert all(one.now.year <= 2027 for one in recomputed(case))


def test_who_recomputed_is_the_program_and_the_page_can_name_it(clock: Clock) -> None:
    case = concluded_case(clock)
    adopt_2027(clock)
    recompute_terms(clock.by(ADMIN).at)
    events = [one for one in ground_of(case, AGENCY).events if one.header.type == "case.term-recomputed"]
    assert {event.header.actor for event in events} == {SYSTEM}
    assert read_case(OFFICER, case, at=clock.now).names[SYSTEM] == "留痕系统"


def test_a_correction_of_the_notice_is_traced_again_also_where_the_term_was_settled(clock: Clock) -> None:
    case = concluded_case(clock)
    adopt_2027(clock)
    recompute_terms(clock.by(ADMIN).at)
    first = recomputed(case)
    adopt_2027(clock, notice_2027(make_up=("2027-02-20",), source=f"{SOURCE_2027}的更正"))
    recompute_terms(clock.by(ADMIN).at)
    (said,) = recomputed(case)[len(first) :]
    assert (said.was, said.was_provisional, said.now) == (SETTLED_DUE, False, PROVISIONAL_DUE)
    assert said.basis.endswith("的更正")


def test_two_calendars_between_two_sweeps_leave_a_trace_each(clock: Clock) -> None:
    case = concluded_case(clock)
    adopt_2027(clock)
    adopt_2027(clock, notice_2027(make_up=("2027-02-20",)))
    recompute_terms(clock.by(ADMIN).at)
    rule = archiving(case, clock).rule
    told = [(one.was, one.now) for one in recomputed(case) if one.rule == rule]
    assert told == [(PROVISIONAL_DUE, SETTLED_DUE), (SETTLED_DUE, PROVISIONAL_DUE)]


def test_what_happened_between_the_notice_and_the_sweep_hides_no_change(clock: Clock) -> None:
    """An event on the case judges its row by the new calendar; the trace must still tell what stood there before."""
    case = concluded_case(clock)
    adopt_2027(clock)
    archive_case(case, clock.by(ARCHIVIST), archive_number="A1", retention="30 年")
    assert CaseRow.objects.get(uid=case).calendar == read_calendar(ADMIN).version
    assert recomputed(case) == []
    recompute_terms(clock.by(ADMIN).at)
    assert (PROVISIONAL_DUE, SETTLED_DUE) in {(one.was, one.now) for one in recomputed(case)}


def test_a_case_archived_before_and_a_case_opened_after_have_nothing_to_tell(clock: Clock) -> None:
    archived = concluded_case(clock)
    archive_case(archived, clock.by(ARCHIVIST), archive_number="A1", retention="30 年")
    adopt_2027(clock)
    later = concluded_case(clock, "后来的当事人")
    recompute_terms(clock.by(ADMIN).at)
    assert recomputed(archived) == recomputed(later) == []
    newest = read_calendar(ADMIN).adoptions[0].seq
    assert {row.reckoned for row in CaseRow.objects.all()} == {newest}


def test_the_sweep_goes_page_by_page(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [concluded_case(clock, f"当事人{number}") for number in range(5)]
    adopt_2027(clock)
    monkeypatch.setattr(sweeping, "_SLICE", 2)
    assert [recompute_terms(clock.by(ADMIN).at) for _ in range(4)] == [2, 2, 1, 0]
    assert all(recomputed(case) for case in cases)


def test_a_sweep_cut_short_goes_on_where_it_stopped_and_writes_nothing_twice(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [concluded_case(clock, f"当事人{number}") for number in range(4)]
    adopt_2027(clock)
    left = [2]
    whole = recompute_case

    def cut(uid: str, agency: str, at: object) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return whole(uid, agency, at)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(sweeping, "recompute_case", cut)
        recompute_terms(clock.by(ADMIN).at)
    assert sorted(len(recomputed(case)) > 0 for case in cases) == [False, False, True, True]
    assert recompute_terms(clock.by(ADMIN).at) == 2
    counts = [len(recomputed(case)) for case in cases]
    assert len(set(counts)) == 1 and counts[0] > 0
    # Even where the mark that a case is done was lost, nothing is written a second time.
    CaseRow.objects.update(reckoned=0)
    recompute_terms(clock.by(ADMIN).at)
    assert [len(recomputed(case)) for case in cases] == counts


def test_one_case_that_fails_does_not_hold_up_the_others(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = concluded_case(clock), concluded_case(clock, "另一当事人")
    adopt_2027(clock)
    whole = recompute_case

    def fail(uid: str, agency: str, at: object) -> int:
        if uid == broken:
            raise CalendarMissing("sha256:00")
        return whole(uid, agency, at)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "recompute_case", fail)
        with pytest.raises(TermsNotRecomputed, match=f"1 件案件.*{broken}"):
            recompute_terms(clock.by(ADMIN).at)
    assert recomputed(sound) and not recomputed(broken)
    assert recompute_terms(clock.by(ADMIN).at) == 1
    assert recomputed(broken)


def test_the_index_is_sound_before_and_after_the_sweep_and_when_it_is_made_anew(clock: Clock) -> None:
    case = concluded_case(clock)
    assert list(check_index()) == []
    adopt_2027(clock)
    assert list(check_index()) == [], "the row was judged by the calendar of its day"
    recompute_terms(clock.by(ADMIN).at)
    assert list(check_index()) == []
    count = len(recomputed(case))
    rebuild_index()
    assert list(check_index()) == []
    recompute_terms(clock.by(ADMIN).at)
    assert len(recomputed(case)) == count
    CaseRow.objects.filter(uid=case).update(calendar="sha256:" + "0" * 64)
    assert [finding.code for finding in check_index()] == ["LEDGER-030"]


def test_the_package_carries_the_adopted_calendar_and_both_terms_and_verifies(clock: Clock, tmp_path: Path) -> None:
    """Built before the sweep came: what the sweep would write is in the package all the same."""
    case = concluded_case(clock)
    adopt_2027(clock)
    package = build_package(case, clock.by(ARCHIVIST), tmp_path / "out")
    assert (package.verification.verdict, package.image_verification.verdict) == ("passed", "passed")
    carried = (package.folder / "data/法律/工作日历.json").read_text()
    assert SOURCE_2027 in carried
    events = (package.folder / "data/记录/events.jsonl").read_text()
    assert "case.term-recomputed" in events
    assert recompute_terms(clock.by(ADMIN).at) == 0
    assert SETTLED_DUE in {verdict.due for verdict in package.verdicts}


def test_an_agency_that_adopted_nothing_adopts_the_published_calendar_with_its_first_package(
    clock: Clock, tmp_path: Path
) -> None:
    case = concluded_case(clock)
    package = build_package(case, clock.by(ARCHIVIST), tmp_path / "out")
    assert package.verification.verdict == "passed"
    assert read_calendar(ADMIN).version == published_version()
    assert recompute_terms(clock.by(ADMIN).at) == 0
    assert recomputed(case) == []


def test_every_calendar_ever_adopted_can_still_be_read(clock: Clock) -> None:
    adopt_2027(clock)
    adopt_2027(clock, notice_2027(make_up=("2027-02-20",)))
    reading = read_calendar(ADMIN)
    assert [adoption.actor for adoption in reading.adoptions] == [ADMIN.uid, ADMIN.uid]
    for adoption in reading.adoptions:
        assert version_of(calendar_of(adoption.version)) == adoption.version
        assert adoption.years[-1] == 2027
    with pytest.raises(CalendarMissing):
        calendar_of("sha256:" + "0" * 64)


@pytest.mark.parametrize("role", ["执法人员", "机关负责人", "法制审核人员", "档案管理员", "安全管理员", "审计管理员"])
def test_only_the_administrator_of_the_agency_enters(clock: Clock, role: str) -> None:
    other = Actor("cal-other", "旁人", AGENCY, frozenset({role}))
    with pytest.raises(NotAllowed):
        adopt(clock.by(other), notice_2027(), base=published_version())
    with pytest.raises(NotAllowed):
        propose(other, notice_2027())
    assert read_calendar(ADMIN).adoptions == ()


def test_who_has_no_part_in_cases_or_no_agency_does_not_read() -> None:
    with pytest.raises(NotAllowed):
        read_calendar(Actor("x", "审计", AGENCY, frozenset({"审计管理员"})))
    with pytest.raises(NotFound):
        read_calendar(Actor("x", "无机关", "", frozenset({"系统管理员"})))


def test_of_two_people_the_second_is_told_and_the_first_stands(clock: Clock) -> None:
    base = read_calendar(ADMIN).version
    assert read_calendar(SECOND_ADMIN).version == base
    adopt(clock.by(ADMIN), notice_2027(), base=base)
    with pytest.raises(CalendarMoved, match="已由他人更新"):
        adopt(clock.by(SECOND_ADMIN), notice_2027(make_up=("2027-02-20",)), base=base)
    (only,) = read_calendar(ADMIN).adoptions
    assert only.actor == ADMIN.uid


def test_mistakes_are_refused_whole_and_sameness_is_no_adoption(clock: Clock) -> None:
    base = read_calendar(ADMIN).version
    with pytest.raises(CalendarRefused) as refusal:
        adopt(clock.by(ADMIN), notice_2027(make_up=("2027-01-15", "2027-01-14"), source=""), base=base)
    assert len(refusal.value.mistakes) == 3
    adopt(clock.by(ADMIN), notice_2027(), base=base)
    with pytest.raises(NothingChanged):
        adopt(clock.by(ADMIN), notice_2027(), base=read_calendar(ADMIN).version)
    assert len(read_calendar(ADMIN).adoptions) == 1


def test_two_notices_that_contradict_each_other_are_a_mistake_of_the_entry(clock: Clock) -> None:
    adopt_2027(clock)
    off = notice_2027().notices[0]
    next_year = TypedNotice("2028 年", "2028", "虚构", (TypedSpan("元旦", "2027-12-31", "2028-01-01", "元旦"),), ())
    with_make_up = TypedNotice(
        "2027 年", "2027", off.source, off.days_off, (*off.make_up_days, TypedSpan("x", "2027-12-25"))
    )
    assert propose(ADMIN, Typed((with_make_up, next_year))).entry.mistakes == ()
    clash = TypedNotice("2028 年", "2028", "虚构", (TypedSpan("元旦", "2027-12-25", "2028-01-01", "元旦"),), ())
    (mistake,) = propose(ADMIN, Typed((with_make_up, clash))).entry.mistakes
    assert "2027-12-25 的安排相反" in mistake.sentence


def test_nothing_is_recorded_ahead_of_the_clock_of_the_story(clock: Clock) -> None:
    """The events of a sweep stand at the moment of the sweep, not of the adoption."""
    case = concluded_case(clock)
    adopt_2027(clock)
    swept = clock.now + timedelta(hours=3)
    recompute_terms(swept)
    assert {one.at for one in ground_of(case, AGENCY).facts.case.recomputed} == {swept}
