"""An agency under several packs: all that speak of the kind judge, and where a value is left open the agency adopts its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.test import override_settings

from liuhen.core.events.case import ActBegun
from liuhen.core.events.measures import MeasureEnded
from liuhen.core.events.parts import Party, Source, WorkingOfficer
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.scope import OutsideScope
from liuhen.core.rules.verdict import Verdict
from liuhen.doors.web.cards.compliance import find_verdict, finding_line
from liuhen.flows.access import NotAllowed
from liuhen.flows.adopt_setting import SettingRefused, adopt_setting
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.open_case import register_case
from liuhen.flows.prepare_act import prepare_act
from liuhen.flows.read_case import read_case
from liuhen.flows.writing import write_case

pytestmark = pytest.mark.django_db

AGENCY = "two-packs"
ADMIN = Actor("two-admin", "许管理", AGENCY, frozenset({"系统管理员"}))
OFFICER = Actor("two-officer", "李承办", AGENCY, frozenset({"执法人员"}))
START = datetime(2026, 1, 20, 9, tzinfo=SHANGHAI)
LATE = datetime(2026, 4, 1, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path) -> Iterator[None]:
    with override_settings(DATA=tmp_path, VAULT=str(tmp_path / "vault")):
        (tmp_path / "demonstration").touch()  # test witnesses and a test authority, named as such
        yield


def by(actor: Actor, minute: float = 0) -> Occasion:
    moment = START + timedelta(minutes=minute)
    return Occasion(actor, moment, moment)


@pytest.fixture
def agency() -> str:
    name = {"name": "安禾县局", "short_name": "安禾", "number_prefix": "安", "region": "130000"}
    establish_agency(by(ADMIN), **name, packs=("hebei", "national"))
    return AGENCY


def case_of(kind: str) -> str:
    source, party = Source("依职权", "举报", "群众举报"), Party("恒达经营部", "企业")
    return register_case(by(OFFICER, 10), kind=kind, matter="涉嫌超量储存", source=source, party=party)


def seizure(case: str) -> None:
    officers = (WorkingOfficer("o1", "张敏", "冀01"), WorkingOfficer("o2", "李强", "冀02"))
    begun = ActBegun("x1", "查封扣押", "后院库房", officers, party_present=True)
    version = ground_of(case, AGENCY).facts.case.version
    write_case(case, by(OFFICER, 20), begun, after=version)
    released = Occasion(OFFICER, datetime(2026, 2, 24, 10, tzinfo=SHANGHAI), LATE)
    write_case(case, released, MeasureEnded("x1", "解除"), after=version + 1)


def verdict(case: str, rule: str) -> Verdict:
    found = ground_of(case, AGENCY).judge(LATE)
    (only,) = [item for item in found if item.rule == rule]
    return only


def pinned(case: str) -> list[str]:
    return [edition.id for edition in ground_of(case, AGENCY).facts.case.packs]


def test_a_case_pins_and_is_judged_by_every_pack_of_its_agency(agency: str) -> None:
    case = case_of("行政处罚")
    seizure(case)
    assert pinned(case) == ["hebei", "national"]
    packs = {item.clause.partition("/")[0] for item in ground_of(case, agency).judge(LATE)}
    assert packs == {"hebei", "national"}
    assert verdict(case, "record.coercive-list").clause == "hebei/9.8"
    assert verdict(case, "seizure.list").clause == "national/强制24"


def test_every_finding_has_an_address_of_its_own(agency: str) -> None:
    # Packs name rules alike: 集体讨论 is `decision.discussed` in both.
    reading = read_case(OFFICER, case_of("行政处罚"), at=LATE)
    assert len([one for one in reading.verdicts if one.rule == "decision.discussed"]) == 2
    for one in reading.verdicts:
        key = unquote(finding_line(reading, one).url.rstrip("/").rpartition("/")[2])
        assert find_verdict(reading, key) is one


def test_a_pack_that_does_not_speak_of_the_kind_is_left_out_and_none_at_all_is_refused(agency: str) -> None:
    assert pinned(case_of("行政征收征用")) == ["hebei"]
    with pytest.raises(OutsideScope, match="行政给付"):
        case_of("行政给付")


def test_before_an_act_the_stricter_is_asked_for_and_says_why(agency: str) -> None:
    case = case_of("行政处罚")
    prepared = prepare_act(read_case(OFFICER, case, at=LATE), act="查封扣押", traits=())
    weighed = [item for ruling in prepared.rulings for item in ruling.weighed]
    papers = [item for item in weighed if {item.one.rule.id, item.other.rule.id} & {"seizure.papers"}]
    # Both want the 查封（扣押）决定书; the law also says what must stand on it.
    assert any(item.standing == "stricter" and item.one.pack == "national" for item in papers)
    assert any("要填写的项目更多" in item.why for item in papers)
    bring = [item.text for section in prepared.sections for item in section.items if section.heading == "bring"]
    assert any("2 名执法人员" in text for text in bring)


def test_the_agency_adopts_a_value_and_is_judged_by_it_with_its_reason(agency: str) -> None:
    case = case_of("行政处罚")
    seizure(case)
    before = verdict(case, "seizure.term")
    assert (before.verdict, before.due) == ("unmet", datetime(2026, 2, 20, tzinfo=SHANGHAI))
    assert any("待确认" in line for line in before.because)
    occasion = Occasion(ADMIN, LATE, LATE + timedelta(minutes=1))
    adopt_setting(occasion, pack="national", setting="seizure-term", value="30 日", basis="法制科意见 3 号")
    after = verdict(case, "seizure.term")
    assert (after.verdict, after.due) == ("met", datetime(2026, 2, 25, tzinfo=SHANGHAI))
    assert any("法制科意见 3 号" in line for line in after.because)
    assert len(after.evidence) > len(before.evidence)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pack": "zhuhui"}, "本机关不适用规则包"),
        ({"setting": "mercy"}, "没有设置“mercy”"),
        ({"value": "一个月"}, "应为期限"),
        ({"setting": "surcharge-base", "value": "随便"}, "全额、未缴余额之一"),
        ({"basis": "  "}, "没有写明依据"),
    ],
)
def test_what_cannot_stand_is_refused(agency: str, changes: dict[str, str], said: str) -> None:
    wanted = {"pack": "national", "setting": "seizure-term", "value": "30 日", "basis": "意见"}
    with pytest.raises(SettingRefused, match=said):
        adopt_setting(by(ADMIN, 30), **{**wanted, **changes})


def test_who_does_not_manage_the_agency_adopts_nothing(agency: str) -> None:
    with pytest.raises(NotAllowed):
        adopt_setting(by(OFFICER, 30), pack="national", setting="seizure-term", value="30 日", basis="意见")
