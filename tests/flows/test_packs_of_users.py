"""A site with packs of its own: the edition of the day is pinned when a case is opened, and kept; both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.main import main
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.ground import ground_of
from liuhen.flows.law import packs_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import register_case
from liuhen.site.environment import read_environment

FIRST, SECOND = "2026-01-01", "2026-03-01"
ADMIN = Actor("pu-admin", "管理", "packs-of-users", frozenset({"系统管理员"}))
OFFICER = Actor("pu-officer", "办案", "packs-of-users", frozenset({"执法人员"}))


@pytest.fixture
def shelf(tmp_path: Path, settings: Any) -> Iterator[Path]:
    for day in (FIRST, SECOND):
        words = ["--id", "chengguan", "--title", "某市城管局办法", "--in-force-from", day]
        assert main(["packs", "new", str(tmp_path / "packs" / f"chengguan@{day}"), *words]) == 0
    settings.PACKS = (tmp_path / "packs",)
    yield tmp_path / "packs"


def on(actor: Actor, day: str) -> Occasion:
    at = datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=SHANGHAI)
    return Occasion(actor, at, at + timedelta(seconds=1))


def opened(day: str) -> str:
    source, party = Source("依职权", "巡查", "巡查发现"), Party("某商贸", "法人")
    return register_case(on(OFFICER, day), kind="行政处罚", matter="试", source=source, party=party)


@pytest.mark.django_db
def test_a_case_is_opened_under_the_edition_of_its_day_and_keeps_it(shelf: Path) -> None:
    establish_agency(
        on(ADMIN, "2026-01-05"), name="某局", short_name="某", number_prefix="某", region="130100", packs=("chengguan",)
    )
    early, late = opened("2026-02-10"), opened("2026-03-10")
    # whatever becomes of the files afterwards
    rules = shelf / f"chengguan@{FIRST}" / "rules" / "art-01.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("24 小时}", "1 小时}"), encoding="utf-8")
    for case, edition in ((early, FIRST), (late, SECOND)):
        pinned = ground_of(case, ADMIN.agency).facts.case.packs
        assert [(item.id, item.edition) for item in pinned] == [("chengguan", edition)]
        (pack,) = packs_of(pinned)
        assert pack.edition == edition
        assert [rule.time.within for rule in pack.rules if rule.time] == ["24 小时"]


def test_a_running_site_keeps_the_law_it_was_started_with(shelf: Path) -> None:
    before = office().shelf.named("chengguan").pack
    file = shelf / f"chengguan@{SECOND}" / "pack.yaml"
    file.write_text("broken: [", encoding="utf-8")
    assert office().shelf.named("chengguan").pack == before
    assert office().shelf.named("hebei").pack.id == "hebei"


def test_a_faulty_pack_stops_the_start_with_file_and_line(shelf: Path) -> None:
    file = shelf / f"chengguan@{SECOND}" / "rules" / "art-01.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("each: act", "each: person"), encoding="utf-8")
    with pytest.raises(BadInput, match=r"LIUHEN_PACKS: chengguan@2026-03-01/rules/art-01\.yaml:\d+: .*each"):
        read_environment({"LIUHEN_PACKS": str(shelf)})
    with pytest.raises(BadInput, match=r"LIUHEN_PACKS: .*holds no pack"):
        read_environment({"LIUHEN_PACKS": str(shelf / "nowhere")})
    assert read_environment({}).packs == ()
