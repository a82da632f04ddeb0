"""The scope of the Hebei order (articles 2 and 33): what it binds, since when, and that the product obeys it."""

from datetime import date

import pytest

from liuhen.adapters.packfiles.packs import shipped_pack
from liuhen.core.events.scenario import read_scenario
from liuhen.core.rules.scope import OutsideScope, require_scope
from liuhen.core.rules.trial import try_scenario
from tests.core.calendar.known import CALENDAR
from tests.core.facts.story import at, registered

PACK = shipped_pack("hebei")


@pytest.mark.parametrize("kind", ["行政处罚", "行政许可", "行政强制", "行政检查", "行政征收征用"])
def test_it_binds_the_five_kinds_of_enforcement(kind: str) -> None:
    require_scope(PACK, kind=kind, day=date(2026, 3, 2))


def test_it_covers_the_four_stages() -> None:
    assert PACK.stages == ("启动", "调查取证", "审查决定", "送达执行")


@pytest.mark.parametrize("kind", ["行政给付", "民事调解", ""])
def test_it_does_not_judge_what_it_does_not_bind(kind: str) -> None:
    with pytest.raises(OutsideScope, match="适用于"):
        require_scope(PACK, kind=kind, day=date(2026, 3, 2))


def test_it_is_in_force_from_its_first_day() -> None:
    require_scope(PACK, kind="行政处罚", day=date(2019, 12, 1))
    with pytest.raises(OutsideScope, match="2019-12-01"):
        require_scope(PACK, kind="行政处罚", day=date(2019, 11, 30))


def test_a_case_registered_before_it_is_not_judged_by_it() -> None:
    early = {**registered(), "at": "2019-11-30T23:59:59+08:00"}
    with pytest.raises(OutsideScope):
        try_scenario(read_scenario({"packs": [], "at": at(0), "events": [early]}), [PACK], calendar=CALENDAR)
    in_time = {**early, "at": "2019-12-01T00:00:00+08:00"}
    scenario = read_scenario({"packs": [], "at": at(0), "events": [in_time]})
    assert try_scenario(scenario, [PACK], calendar=CALENDAR).verdicts
