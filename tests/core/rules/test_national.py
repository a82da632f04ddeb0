"""The national base pack: whom it binds, that it answers its register, what is left to be confirmed, and two packs at once."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.adapters.packfiles.packs import shipped_ids, shipped_pack
from liuhen.core.events.scenario import read_scenario
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.asking import ask
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.lint import cited
from liuhen.core.rules.scope import OutsideScope, require_scope
from liuhen.core.rules.settings import named_in
from liuhen.core.rules.stricter import strictest
from liuhen.core.rules.trial import try_scenario
from tests.core.calendar.known import CALENDAR
from tests.core.events.generated import interleavings, streams
from tests.core.facts.story import at, inspection, registered, told
from tests.core.rules.register import mission_ids, register_rows

NATIONAL, HEBEI = shipped_pack("national"), shipped_pack("hebei")
JUDGED = parse_instant("2026-06-01T00:00:00+08:00")


@pytest.mark.parametrize("kind", ["行政处罚", "行政强制", "行政许可", "行政检查"])
def test_it_binds_four_kinds_of_enforcement(kind: str) -> None:
    require_scope(NATIONAL, kind=kind, day=date(2026, 3, 2))
    with pytest.raises(OutsideScope, match="2024-01-01"):
        require_scope(NATIONAL, kind=kind, day=date(2023, 12, 31))


def test_it_binds_nothing_else() -> None:
    with pytest.raises(OutsideScope, match="适用于"):
        require_scope(NATIONAL, kind="行政给付", day=date(2026, 3, 2))


def test_it_is_the_only_base_and_the_mission_is_the_others() -> None:
    packs = [shipped_pack(pack_id) for pack_id in shipped_ids()]
    assert [pack.id for pack in packs if pack.layer == "base"] == ["national"]
    others = [clause.id for pack in packs if pack.layer is None for clause in pack.clauses]
    assert len(others) == len(set(others)) == len(mission_ids()) == 321
    assert set(others) == mission_ids()


@pytest.mark.parametrize("row", register_rows("national"), ids=lambda row: row[0])
def test_every_row_of_its_register_names_law_article_source_and_confidence(row: list[str]) -> None:
    clause, _, law, article, source, confidence = row
    assert law in ("行政处罚法", "行政强制法", "行政许可法", "民事诉讼法")
    assert article.startswith("第")
    assert source
    # Whatever is of medium or low confidence is a setting with that note, never a fixed value.
    rules = [rule for rule in NATIONAL.rules if clause in cited(rule)]
    used = {name for rule in rules for name in named_in(rule)}
    unsure = {setting.id for setting in NATIONAL.settings if setting.confidence != "high"}
    assert confidence.startswith("H")
    assert ("M" in confidence or "L" in confidence) <= bool(used & unsure)


def test_every_setting_says_what_is_to_be_confirmed_and_where_it_is_from() -> None:
    for setting in NATIONAL.settings:
        assert setting.note, setting.id
        assert "法第" in setting.source, setting.id


def test_a_case_under_two_packs_shows_the_verdicts_of_both() -> None:
    events = [
        registered(),
        *inspection(),
        told(61, "case.certificates-shown", act="x1", officers=["o1"], shown_to="某"),
    ]
    scenario = read_scenario({"packs": [], "at": at(90), "events": events})
    found = try_scenario(scenario, [HEBEI, NATIONAL], calendar=CALENDAR).verdicts
    shown = {item.rule: item for item in found if "certificates" in item.rule}
    assert shown["act.officers-show-certificates"].clause == "hebei/9.1"
    assert shown["penalty.certificates-shown"].clause == "national/处罚55"
    assert {item.verdict for item in shown.values()} == {"unmet"}
    # One is met where the other is not: hebei wants the officers named, the law wants two.
    alone = [{"officer": "o1", "name": "张敏", "certificate": "冀01"}]
    roll = told(-90, "agency.officer-enrolled", officer="o1", name="张敏", title="执法员", certificate="冀01")
    shows = told(1, "case.certificates-shown", act="x1", officers=["o1"], shown_to="某")
    story = [roll, registered(), *inspection(ended=None, officers=alone), shows, told(60, "case.act-ended", act="x1")]
    scenario = read_scenario({"packs": [], "at": at(90), "events": story})
    both = {item.rule: item.verdict for item in try_scenario(scenario, [HEBEI, NATIONAL], calendar=CALENDAR).verdicts}
    assert both["act.officers-show-certificates"] == "met"
    assert both["penalty.two-qualified"] == "unmet"


def test_the_stricter_of_two_packs_is_visible_and_says_why() -> None:
    rulings = strictest(ask([HEBEI, NATIONAL], act="现场检查"))
    weighed = [item for ruling in rulings for item in ruling.weighed if item.standing == "stricter"]
    two = [item for item in weighed if item.one.rule.id == "penalty.two-qualified"]
    assert {(item.other.pack, item.other.clause, item.why) for item in two} == {("hebei", "hebei/9.1", "要求更具体")}


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_it_judges_every_valid_stream_without_raising_in_whatever_order_streams_are_read(data: st.DataObject) -> None:
    lines = data.draw(streams(most=60))
    one, other = (
        assess([NATIONAL], fold(data.draw(interleavings(lines))), calendar=CALENDAR, at=JUDGED) for _ in range(2)
    )
    assert one == other
    assert {verdict.rule for verdict in one} == {rule.id for rule in NATIONAL.rules}
    assert all(verdict.because for verdict in one)
