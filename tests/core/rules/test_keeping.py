"""保存期限: the longest word wins, years run from the archive, and what is open stays open."""

from datetime import date
from typing import Any

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.facts.model import Facts
from liuhen.core.rules.keeping import KeptUntil, kept_until
from tests.core.facts.story import facts_of, filmed, inspection, registered, told


def until(*events: dict[str, Any], pack: str = "lingchuan", archived: bool = True, media: str = "video") -> KeptUntil:
    """Give the term of recording r1 of a case that was filmed, concluded and, if told, archived for 30 years."""
    course = [registered(), *inspection(), *filmed("r1", 0, 60, media=media), *events]
    if archived:
        course.append(
            told(800, "case.archived", archive_number="1", archivist="周", retention="30 年", documents=1, recordings=1)
        )
    facts: Facts = facts_of(*sorted(course, key=lambda event: event["at"]))
    return kept_until([shipped_pack(pack)], facts, "r1")


def evidence(**said: str) -> dict[str, Any]:
    return told(100, "case.evidence-listed", evidence={"evidence": "v1", "purpose": "现场情况", **said})


def kept(period: str, *situations: str) -> dict[str, Any]:
    return told(100, "recording.kept", recording="r1", period=period, situations=list(situations), ground="现场认定")


def agency(period: str, kind: str = "video") -> dict[str, Any]:
    return told(-90, "agency.retention-set", kind=kind, period=period, way="服务器")


def test_two_years_of_the_regulation_where_nothing_else_is_said() -> None:
    found = until()
    assert (found.last_day, found.decided_by and found.decided_by.clause) == (date(2028, 3, 2), "lingchuan/26.0")
    assert found.say() == "保存至 2028-03-02（陵川·音像资料保存不少于 2 年：2 年）"


def test_the_agencys_longer_term_outweighs_and_its_shorter_one_does_not() -> None:
    assert until(agency("10 年")).last_day == date(2036, 3, 2)
    assert until(agency("1 年")).last_day == date(2028, 3, 2)
    assert until(agency("10 年", "photo")).last_day == date(2028, 3, 2)
    assert until(agency("10 年", "全部")).last_day == date(2036, 3, 2)


def test_evidence_of_a_punishment_is_kept_for_ever() -> None:
    found = until(evidence(kind="视听资料", recording="r1"))
    assert found.last_day is None and found.decided_by is not None
    assert (found.decided_by.length, found.decided_by.clause) == ("永久", "lingchuan/26.1")
    assert found.say() == "永久保存（陵川·作为处罚证据的音像永久保存：永久）"


def test_a_situation_is_an_event_and_wins_by_its_length() -> None:
    assert until(kept("永久", "阻碍执法")).say().startswith("永久保存（")
    assert until(kept("10 年", "信访")).last_day == date(2036, 3, 2)


def test_what_another_law_says_lifts_the_rule() -> None:
    found = until(told(50, "case.situation-arose", situations=["保存期限另有规定"], ground="专门规定"))
    assert found.decided_by is None
    assert "没有规定保存期限" in found.say()


def test_years_run_from_the_archive_and_nothing_is_dated_before() -> None:
    assert until(archived=False).say() == "案件尚未归档，自归档之日起算（陵川·音像资料保存不少于 2 年：2 年）"


def test_as_long_as_the_file_where_the_agency_or_the_regulation_says_so() -> None:
    assert until(agency("与案卷保管期限一致")).last_day == date(2056, 3, 2)
    found = until(pack="pengyang")
    assert (found.last_day, found.decided_by and found.decided_by.years) == (date(2056, 3, 2), 30)


def test_where_a_regulation_leaves_it_to_the_agency_the_agency_decides() -> None:
    assert until(pack="hebei").decided_by is None
    assert until(agency("3 年"), pack="hebei").last_day == date(2029, 3, 2)


def test_a_hold_is_told_until_it_is_released() -> None:
    hold = told(200, "recording.held", recording="r1", hold="h1", ground="行政复议")
    assert until(hold).say().endswith("；暂缓处置：行政复议")
    released = told(300, "recording.released", recording="r1", hold="h1", reason="复议终结")
    assert until(hold, released).holds == ()


def test_one_that_no_case_has_counts_from_its_storage() -> None:
    course = [registered(), told(90, "recording.stored", recording="r1", file="r1.mp4", media="video")]
    found = kept_until([shipped_pack("lingchuan")], facts_of(*course), "r1")
    assert found.last_day == date(2028, 3, 2)


@pytest.mark.parametrize("pack", ["lingchuan", "changzhi"])
def test_all_words_are_told_the_longest_first(pack: str) -> None:
    found = until(agency("10 年"), kept("永久", "突发事件"), pack=pack)
    years = [term.years for term in found.terms]
    assert years == sorted(years, reverse=True) and len(years) >= 3
