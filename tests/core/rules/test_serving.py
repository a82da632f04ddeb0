"""Serving documents: the day from which one counts as served, what a service cannot stand without, how a document stands."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.agency_model import AgencyFacts, Setting
from liuhen.core.facts.model import Attempt, Document, Facts, Service, Signature
from liuhen.core.kernel.moments import SHANGHAI, day_end, local_day, parse_instant
from liuhen.core.rules.lint import lint
from liuhen.core.rules.model import Pack, Paper, Serving
from liuhen.core.rules.serving import (
    FIELDS,
    effect_of,
    first_instant,
    lacking,
    manners_of,
    paper_faults,
    standing_of,
    wanted_of,
)
from liuhen.core.rules.vocabulary.services import SERVICE
from tests.core.calendar.known import CALENDAR

NATIONAL = shipped_pack("national")
MANNERS = manners_of([NATIONAL], AgencyFacts())
FILE = FileRef("ab" * 32, "cd" * 32, 12, "决定书.pdf", "application/pdf")
POSTED = parse_instant("2026-04-02T09:00:00+08:00", "")
START = datetime(2024, 1, 1, tzinfo=SHANGHAI)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1030)).map(lambda since: START + since)


def document(**changes: Any) -> Document:
    made = parse_instant("2026-03-03T09:00:00+08:00", "")
    start = {
        "uid": "d1",
        "form": "行政处罚决定书",
        "title": "行政处罚决定书",
        "facing": "出具",
        "file": FILE,
        "made": made,
    }
    return Document(**{**start, **changes})


def facts(*documents: Document) -> Facts:
    found = Facts()
    for one in documents:
        found.case.enter_document(one)
    return found


def at(text: str) -> datetime:
    return parse_instant(text, "")


@pytest.mark.parametrize("manner", ["直接", "留置", "邮寄", "委托", "转交", "电子"])
def test_what_is_received_counts_on_that_very_day(manner: str) -> None:
    """民事诉讼法 art. 87, 89, 90, 91: the day of signing, of leaving, on the receipt, of reaching the system."""
    moment = at("2026-03-04T15:30:00+08:00")
    found = effect_of(MANNERS[manner], moment, CALENDAR)
    assert (found.at, found.day) == (moment, date(2026, 3, 4))
    assert MANNERS[manner].serving.day in found.steps[0] and "2026-03-04" in found.steps[0]
    assert found.cites[0].startswith("national/民诉")


def test_a_public_notice_counts_when_its_thirty_days_have_run_out() -> None:
    """民事诉讼法 art. 95: 30 days from posting; the last day, 2026-05-02, is a holiday and rolls to 05-06."""
    found = effect_of(MANNERS["公告"], POSTED, CALENDAR)
    assert found.at == at("2026-05-07T00:00:00+08:00") and found.day == date(2026, 5, 7)
    assert any("第 30 日为" in step for step in found.steps) and any("顺延" in step for step in found.steps)
    assert found.cites == ("national/民诉95.1", "national/民诉95.2")
    assert not found.provisional


def test_a_notice_that_ends_in_a_year_without_a_calendar_is_provisional() -> None:
    assert effect_of(MANNERS["公告"], at("2026-12-10T09:00:00+08:00"), CALENDAR).provisional


@given(MOMENTS)
def test_a_notice_never_counts_before_thirty_full_days(posted: datetime) -> None:
    found = effect_of(MANNERS["公告"], posted, CALENDAR)
    assert found.at >= day_end(local_day(posted) + timedelta(days=30))
    assert found.at <= day_end(local_day(posted) + timedelta(days=30 + 12))  # the longest rest there was
    assert found.at == effect_of(MANNERS["公告"], posted, CALENDAR).at


@given(MOMENTS, st.sampled_from(sorted(MANNERS)))
def test_no_manner_counts_before_what_it_counts_from(moment: datetime, manner: str) -> None:
    assert effect_of(MANNERS[manner], moment, CALENDAR).at >= moment


def test_an_agency_that_adopted_a_longer_notice_waits_longer_and_it_is_said() -> None:
    adopted = Setting(["e9"], "60 日", "公安机关办理行政案件程序规定", POSTED)
    agency = AgencyFacts(settings={("national", "public-notice-term"): adopted})
    found = effect_of(manners_of([NATIONAL], agency)["公告"], POSTED, CALENDAR)
    assert found.day == date(2026, 6, 2)
    assert any("采用 60 日" in step for step in found.steps)


def test_every_manner_says_what_it_lacks() -> None:
    for manner in MANNERS.values():
        asked = {*manner.serving.must, *(name for way in manner.serving.ways[:1] for name in way)}
        said = dict.fromkeys(asked, "x")
        assert list(lacking(manner, said)) == []
        for name in asked:
            without = {key: text for key, text in said.items() if key != name}
            found = list(lacking(manner, without))
            assert found and FIELDS[name] in found[0][1], (manner.serving.manner, name)


def test_leaving_has_a_witness_or_a_film() -> None:
    """民事诉讼法 art. 89: a witness who signs, or photographs and film of the course."""
    left = {"reason": "拒收", "left_at": "住所"}
    assert [place for place, _ in lacking(MANNERS["留置"], left)] == ["receipt"]
    assert list(lacking(MANNERS["留置"], {**left, "act": "x1"})) == []
    assert list(lacking(MANNERS["留置"], {**left, "receipt": "d2", "witness": "何某"})) == []
    assert list(lacking(MANNERS["留置"], {**left, "witness": "何某"}))


def consent(**changes: Any) -> dict[str, Document]:
    signed = Signature("当事人", "刘某", None, "ab" * 32, "cd" * 32, POSTED, "e1")
    start = {"uid": "d7", "form": "送达地址确认书", "title": "送达地址确认书", "signatures": [signed]}
    return {"d7": document(**{**start, "fields": {"是否同意电子送达": "同意"}, **changes})}


def test_electronic_service_rests_on_a_signed_consent() -> None:
    said = {"consent": "d7"}
    assert list(paper_faults(MANNERS["电子"], consent(), said)) == []
    for wrong, words in (
        (consent(signatures=[]), "还没有人签名"),
        (consent(fields={"是否同意电子送达": "不同意"}), "没有写明“同意”"),
        (consent(form="现场检查笔录", title="现场检查笔录"), "应当是《送达地址确认书》"),
    ):
        ((place, sentence),) = paper_faults(MANNERS["电子"], wrong, said)
        assert place == "consent" and words in sentence


NOW = at("2026-04-20T09:00:00+08:00")


def standing(found: Facts, moment: datetime = NOW, calendar: WorkCalendar = CALENDAR) -> Any:
    return standing_of(found, found.case.documents["d1"], MANNERS, calendar, moment)


def test_a_document_goes_from_nothing_to_served() -> None:
    assert standing(facts(document())).state == "none"
    tried = facts(document())
    tried.case.attempts["t1"] = Attempt(
        ["e2"], "t1", "d1", "直接", "某公司", "住所", "未送达", "住所无人", tried=POSTED
    )
    assert standing(tried).state == "tried"
    tried.case.attempts["t2"] = Attempt(["e3"], "t2", "d1", "邮寄", "某公司", "住所", "待回执", tried=POSTED)
    assert standing(tried).state == "waiting"
    tried.case.attempts["t2"].settled = "s1"
    assert standing(tried).state == "tried"
    tried.case.services["s1"] = Service(["e4"], "s1", "d1", "邮寄", "某公司", "住所", served=POSTED)
    found = standing(tried)
    assert found.state == "served" and found.effect.day == date(2026, 4, 2) and "没有推算" in found.effect.steps[0]
    assert standing(tried, POSTED - timedelta(days=1)).state == "tried"  # it was not served yet on that day


def test_a_posted_notice_runs_out_by_itself() -> None:
    found = facts(document(posted=POSTED, posted_because="下落不明"))
    end = at("2026-05-07T00:00:00+08:00")
    assert standing(found, end - timedelta(milliseconds=1)).state == "posted"
    assert standing(found, end).state == "ran-out"
    found.case.services["s1"] = Service(["e4"], "s1", "d1", "直接", "某公司", "住所", served=NOW)
    assert standing(found, end).state == "served"


def test_a_day_without_an_hour_counts_from_its_first_instant_but_never_before_the_document() -> None:
    assert first_instant(date(2026, 3, 4), document()) == at("2026-03-04T00:00:00+08:00")
    assert first_instant(date(2026, 3, 3), document()) == at("2026-03-03T09:00:00+08:00")


def test_packs_say_what_they_want_of_a_manner() -> None:
    zhuhui = shipped_pack("zhuhui")
    left = {one.rule.id for one in wanted_of([zhuhui], "留置")}
    assert {"service.left", "service.left-filmed", "service.left-has-video"} <= left
    assert "service.posted" not in left and "service.announced" not in left
    assert "service.posted" in {one.rule.id for one in wanted_of([zhuhui], "邮寄")}
    assert "service.left-filmed" not in {one.rule.id for one in wanted_of([zhuhui], "邮寄")}


def faults(*serving: Serving) -> list[str]:
    pack: Pack = replace(NATIONAL, serving=serving)
    return [
        fault.path for fault in lint(pack, frozenset(clause.id for clause in pack.clauses)) if "serving" in fault.path
    ]


GOOD = Serving("直接", "签收之日", ("national/民诉87",), fields=("receipt",), must=("receipt",))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (replace(GOOD, cites=()), "serving[0].cites"),
        (replace(GOOD, cites=("national/民诉99",)), "serving[0].cites[0]"),
        (replace(GOOD, within="三十日"), "serving[0].within"),
        (replace(GOOD, within="$no-such"), "serving[0].within"),
        (replace(GOOD, fields=("receipt", "horse")), "serving[0].fields[1]"),
        (replace(GOOD, must=("witness",)), "serving[0].must[0]"),
        (replace(GOOD, ways=(("act",),)), "serving[0].ways[0]"),
        (replace(GOOD, papers=(Paper("consent", ("送达地址确认书",)),)), "serving[0].papers[0].entry"),
    ],
)
def test_a_faulty_manner_is_found(wrong: Serving, path: str) -> None:
    assert faults(GOOD) == []
    assert path in faults(wrong)


def test_a_manner_stands_once() -> None:
    assert "serving[1].manner" in faults(GOOD, GOOD)


def test_who_signed_on_paper_signed_the_receipt_where_there_is_its_scan() -> None:
    role = SERVICE.attributes["receipt_signed_by"][1]
    served = Service(["e4"], "s1", "d1", "直接", "某公司", "住所", receipt="d2", paper_signers=("受送达人",))
    assert role(facts(document()), served) == frozenset()
    assert role(facts(document(uid="d2", form="送达回证")), served) == frozenset({"受送达人"})
