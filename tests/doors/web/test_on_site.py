"""现场: who is let in, what the page may do, what goes to the phone, and how a film taken within an act comes to it by itself."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liuhen.adapters.packfiles.custom import shipped_custom
from liuhen.adapters.packfiles.shelf import shipped_shelf
from liuhen.core.events.case import RecordingLinked
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import SHANGHAI, render_instant
from liuhen.core.rules.announcing import fill, opening_of
from liuhen.core.rules.asking import ask
from liuhen.core.rules.checklist import checklist
from liuhen.core.rules.stricter import strictest
from liuhen.doors.cli.main import main
from liuhen.doors.web.cards.on_site import asked_of
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import register_case
from liuhen.flows.prepare_act import Preparation
from liuhen.flows.reading import _agency_name
from liuhen.records.index.models import RecordingRow
from tests.adapters.media.specimens import Recipe, encode
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
PAGES = ("on-site", "on-site-data", "on-site-worker", "on-site-manifest")
PIECE = "application/offset+octet-stream"
NEW_ACT = "f" * 32


def pages(case: str, act: str) -> list[str]:
    return [*(reverse(name, args=[case]) for name in PAGES), reverse("on-site-act", args=[case, act])]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """Give films that play and that nobody has brought in yet: each ends in its own words."""
    plain = encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe()).read_bytes()

    def make(words: str) -> bytes:
        tail = words.encode()
        return plain + (len(tail) + 8).to_bytes(4, "big") + b"free" + tail

    return make


def upload(client: Client, data: bytes, **said: str) -> Any:
    """Send a file in one request, as the page does, and give the server's report."""
    words = {"filename": "现场检查-录像.mp4", "sha256": hashlib.sha256(data).hexdigest(), **said}
    text = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in words.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Metadata": text}
    answer = client.generic("POST", "/uploads/", data, content_type=PIECE, headers=headers)
    if answer.status_code != 201:
        return answer
    return client.get(answer.headers["Location"]).json()


def taken(world: World, **more: str) -> dict[str, str]:
    started = datetime.now(SHANGHAI) - timedelta(minutes=2)
    said = {"case": world.cases["open"], "act": world.act, "officer": PEOPLE["officer"].uid}
    return said | {"started": render_instant(started), "ended": render_instant(started + timedelta(seconds=1))} | more


def linked_events(case: str, recording: str) -> int:
    found = [event.content for event in ground_of(case, HERE).events]
    return sum(isinstance(one, RecordingLinked) and one.recording == recording for one in found)


# --- who may not ------------------------------------------------------------------------------------------------------


def test_an_officer_is_let_in(visit: Visit, world: World) -> None:
    for page in pages(world.cases["open"], world.act):
        assert visit("web-officer").get(page).status_code == 200


@pytest.mark.parametrize("name", ["head", "archivist", "system", "security", "audit"])
def test_whoever_does_not_handle_cases_gets_nothing(visit: Visit, world: World, name: str) -> None:
    for page in pages(world.cases["open"], world.act):
        assert visit(f"web-{name}").get(page).status_code == 403
    place = reverse("on-site-link", args=[world.cases["open"], world.act, world.recording])
    assert visit(f"web-{name}").post(place).status_code == 403


def test_a_case_of_another_agency_does_not_exist(visit: Visit, world: World) -> None:
    stranger = visit("web-stranger")
    for page in pages(world.cases["open"], world.act):
        assert stranger.get(page).status_code == 404
    assert stranger.post(reverse("on-site-link", args=[world.cases["open"], world.act, "x"])).status_code == 404
    for page in pages(world.cases["elsewhere"], "x"):
        assert visit("web-officer").get(page).status_code == 404


def test_strangers_are_sent_to_sign_in_and_forgeries_are_refused(visit: Visit, world: World) -> None:
    for page in pages(world.cases["open"], world.act):
        assert visit(None).get(page).status_code == 302
    careful = Client(enforce_csrf_checks=True)
    place = reverse("on-site-link", args=[world.cases["open"], world.act, world.recording])
    assert careful.post(place).status_code == 403


def test_the_way_there_is_shown_to_those_who_may_go(visit: Visit, world: World) -> None:
    way = f'href="{reverse("on-site", args=[world.cases["open"]])}"'
    for name in ("case", "before"):
        page = reverse(name, args=[world.cases["open"]])
        assert way in visit("web-officer").get(page).content.decode()
        assert way not in visit("web-head").get(page).content.decode()


def test_an_archived_case_shows_no_way_to_acts_that_can_no_longer_be(visit: Visit, world: World) -> None:
    case = world.cases["archived"]
    page = visit("web-officer").get(reverse("case", args=[case])).content.decode()
    assert reverse("filming", args=[case]) in page
    assert reverse("on-site", args=[case]) not in page and reverse("before", args=[case]) not in page
    before = visit("web-officer").get(reverse("before", args=[case])).content.decode()
    assert reverse("on-site", args=[case]) not in before


# --- what the page may do ---------------------------------------------------------------------------------------------


def test_the_camera_is_allowed_to_this_page_alone(visit: Visit, world: World) -> None:
    client = visit("web-officer")
    page = client.get(reverse("on-site", args=[world.cases["open"]]))
    assert "camera=(self), microphone=(self)" in page.headers["Permissions-Policy"]
    rules = page.headers["Content-Security-Policy"]
    assert "unsafe" not in rules and "script-src 'self';" in rules and "media-src 'self' blob:" in rules
    for other in (reverse("case", args=[world.cases["open"]]), "/", reverse("before", args=[world.cases["open"]])):
        assert "camera=()" in client.get(other).headers["Permissions-Policy"]


def test_the_worker_reaches_one_case_and_names_what_exists(visit: Visit, world: World) -> None:
    client, case = visit("web-officer"), world.cases["open"]
    worker = client.get(reverse("on-site-worker", args=[case]))
    assert worker.headers["Service-Worker-Allowed"] == f"/cases/{case}/"
    assert worker.headers["Content-Type"].startswith("text/javascript")
    text = worker.content.decode()
    for other in set(world.cases.values()) - {case}:
        assert other not in text
    static = Path(__file__).parents[3] / "src" / "liuhen" / "doors" / "web" / "static"
    shell = re.findall(r'"(/static/[^"]+)"', text)
    imported = {
        name for file in static.glob("on_site*.js") for name in re.findall(r'from "\./([^"]+)"', file.read_text())
    }
    assert shell and all((static / one.removeprefix("/static/")).is_file() for one in shell)
    assert {f"/static/{name}" for name in imported} <= set(shell), "what the page imports opens without network"


def test_the_manifest_names_nobody(visit: Visit, world: World) -> None:
    answer = visit("web-officer").get(reverse("on-site-manifest", args=[world.cases["open"]]))
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert "恒达" not in answer.content.decode() and answer.json()["scope"] == f"/cases/{world.cases['open']}/"


# --- what goes to the phone -------------------------------------------------------------------------------------------


def test_the_data_is_of_this_case_and_says_what_the_law_asks(visit: Visit, world: World) -> None:
    said = visit("web-officer").get(reverse("on-site-data", args=[world.cases["open"]])).json()
    assert abs(datetime.fromisoformat(said["now"]) - datetime.now(SHANGHAI)) < timedelta(seconds=30)
    assert (said["person"], said["enrolled"], said["may_film"]) == ("web-officer", True, True)
    assert [one["name"] for one in said["officers"]] == ["张officer", "张second"]
    inspection = next(one for one in said["kinds"] if one["kind"] == "现场检查")["asked"]
    assert {section["title"] for section in inspection["sections"]} >= {"带上", "拍摄", "做文书", "请签名"}
    assert {"现场环境", "现场人员", "重要物品"} <= set(inspection["scenes"])
    assert len(inspection["opening"]) == 7 and inspection["opening_demanded"] is False
    act = next(one for one in said["acts"] if one["uid"] == world.act)
    assert (act["uid"], act["kind"], act["shown"]) == (world.act, "现场检查", True)
    assert act["told"] == ["音像记录"] and "重要物品" in act["marked"] and len(act["filmed"]) == 1
    text = json.dumps(said, ensure_ascii=False)
    assert "宏远" not in text and all(uid not in text for name, uid in world.cases.items() if name != "open")


@pytest.mark.parametrize(
    ("pack", "kind", "opening", "whole"),
    [
        ("lingchuan", "查封扣押", 7, True),
        ("changzhi", "现场检查", 7, False),
        ("pengyang", "现场检查", 5, True),
        ("zhuhui", "现场检查", 0, True),
        ("hebei", "现场检查", 0, False),
    ],
)
def test_each_pack_says_what_is_read_aloud_and_whether_all_is_filmed(
    pack: str, kind: str, opening: int, whole: bool
) -> None:
    found = shipped_shelf().named(pack, date(2026, 3, 2)).pack
    rulings = tuple(strictest(ask((found,), act=kind)))
    spoken = opening_of((found,), shipped_custom(), act=kind)
    prepared = Preparation(kind, (), (kind,), (), (found,), tuple(checklist(rulings)), rulings, spoken)
    said = asked_of((found,), prepared)
    assert all(bool(one.clauses) is bool(opening) for one in said.opening)
    assert said.opening_demanded is bool(opening) and len(said.opening) == (opening or 7)
    assert said.whole is whole and "现场环境" in said.scenes
    assert not {one.topic for one in said.opening} & set(said.scenes)


def test_what_a_sentence_and_a_cause_come_from_goes_along(visit: Visit, world: World) -> None:
    said = visit("web-officer").get(reverse("on-site-data", args=[world.cases["open"]])).json()
    causes = {one["cause"]: [clause["text"] for clause in one["clauses"]] for one in said["causes"]}
    assert causes["天气恶劣"] == ["河北 23"] and causes["来电占用设备"] == []
    inspection = next(one for one in said["kinds"] if one["kind"] == "现场检查")["asked"]
    assert inspection["opening"][0] == {"topic": "告知时间", "sentence": "现在是{时间}。", "clauses": []}


def test_the_phone_the_page_before_an_act_and_the_command_say_the_same_opening(
    visit: Visit, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(SHANGHAI)
    county = {"name": "陵川县财政局", "short_name": "陵川财政", "number_prefix": "陵财", "region": "140000"}
    establish_agency(Occasion(PEOPLE["system"], now, now), **county, packs=("pengyang", "lingchuan"))
    uid = register_case(
        Occasion(PEOPLE["officer"], now, now),
        kind="行政处罚",
        matter="涉嫌虚开票据",
        source=Source("依职权", "巡查", "巡查"),
        party=Party("南关商行", "企业"),
    )
    # Names are remembered by the version of the agency's stream, and another test may have rolled its own one back.
    _agency_name.cache_clear()
    client = visit("web-officer")
    said = client.get(reverse("on-site-data", args=[uid])).json()
    asked = next(one for one in said["kinds"] if one["kind"] == "现场检查")["asked"]
    assert asked["opening_demanded"] and len(asked["opening"]) == 8 and "告知执法行为" not in asked["scenes"]
    assert [clause["text"] for clause in asked["opening"][0]["clauses"]] == ["陵川 16", "彭阳 9.0"]
    assert main(["ask", "--pack", "pengyang", "--pack", "lingchuan", "--act", "现场检查"]) == 0
    printed = capsys.readouterr().out.partition("开场告知\n")[2].partition("\n\n")[0].splitlines()
    assert [line.partition("（")[0].strip(" ·") for line in printed] == [
        fill(one["sentence"], {}) for one in asked["opening"]
    ]
    assert printed[0].endswith("（lingchuan/16、pengyang/9.0）")
    before = client.get(reverse("before", args=[uid]), {"act": "现场检查"}).content.decode()
    known = {"机关": "陵川县财政局", "事由": "涉嫌虚开票据", "当事人": "南关商行", "活动": "现场检查"}
    places = [before.index(fill(one["sentence"], known)) for one in asked["opening"]]
    assert places == sorted(places) and "没有要求开场说明" not in before


def test_where_no_clause_asks_the_page_before_an_act_says_that_the_opening_is_custom(
    visit: Visit, world: World
) -> None:
    page = visit("web-officer").get(reverse("before", args=[world.cases["open"]])).content.decode()
    assert "没有要求开场说明" in page and "现在是〔时间〕。" in page


def test_an_act_that_no_pack_knows_still_gets_the_customary_opening(visit: Visit, world: World) -> None:
    officers = [{"officer": "web-officer", "name": "张officer", "certificate": "03110226001"}]
    content = {"act": NEW_ACT, "kind": "走访", "place": "西街", "officers": officers}
    batch = {"events": [{"id": "d" * 32, "type": "case.act-begun", "content": content}]}
    batch["events"][0]["at"] = (datetime.now(SHANGHAI) - timedelta(minutes=3)).isoformat()
    client, case = visit("web-officer"), world.cases["open"]
    assert client.post(f"/api/v1/cases/{case}/events", batch, content_type="application/json").status_code == 200
    said = client.get(reverse("on-site-data", args=[case])).json()
    act = next(one for one in said["acts"] if one["uid"] == NEW_ACT)
    assert act["asked"]["sections"] == [] and len(act["asked"]["opening"]) == 7


# --- what was taken within an act -------------------------------------------------------------------------------------


def test_a_film_comes_to_its_act_by_itself(visit: Visit, world: World, films: Callable[[str], bytes]) -> None:
    client, data, said = visit("web-officer"), films("自己来"), taken(world)
    report = upload(client, data, **said)
    row = RecordingRow.objects.get(uid=report["recording"])
    assert (row.way, row.officer, row.case_uid, row.act_uid) == ("手机", "web-officer", world.cases["open"], world.act)
    assert row.started_at == datetime.fromisoformat(said["started"]) and row.clock_doubt == ""
    assert row.ended_at == datetime.fromisoformat(said["ended"])
    assert linked_events(world.cases["open"], row.uid) == 1
    place = reverse("on-site-link", args=[world.cases["open"], world.act, row.uid])
    for _ in range(2):
        answer = client.post(place).json()
        assert answer["linked"] is True and answer["act"] == world.act and answer["length_ms"] > 0
    again = upload(client, data, **said)
    assert (again["status"], again["recording"]) == ("known", row.uid)
    assert (
        linked_events(world.cases["open"], row.uid) == 1 and RecordingRow.objects.filter(sha256=row.sha256).count() == 1
    )


def test_a_film_that_is_there_before_its_act_is_linked_when_the_act_is_known(
    visit: Visit, world: World, films: Callable[[str], bytes]
) -> None:
    client, case = visit("web-officer"), world.cases["open"]
    report = upload(client, films("早到"), **taken(world, act=NEW_ACT))
    assert report["status"] == "stored" and RecordingRow.objects.get(uid=report["recording"]).case_uid == ""
    place = reverse("on-site-link", args=[case, NEW_ACT, report["recording"]])
    early = client.post(place).json()
    assert early["linked"] is False and "没有这项执法活动" in early["reason"]
    officers = [{"officer": "web-officer", "name": "张officer", "certificate": "03110226001"}]
    content = {"act": NEW_ACT, "kind": "现场检查", "place": "西街", "officers": officers}
    at = (datetime.now(SHANGHAI) - timedelta(minutes=3)).isoformat()
    batch = {"events": [{"id": "e" * 32, "type": "case.act-begun", "at": at, "content": content}]}
    sent = client.post(f"/api/v1/cases/{case}/events", batch, content_type="application/json")
    assert sent.status_code == 200, sent.content.decode()
    assert client.post(place).json()["linked"] is True
    assert RecordingRow.objects.get(uid=report["recording"]).act_uid == NEW_ACT


def test_what_a_person_linked_elsewhere_stays_there(visit: Visit, world: World, films: Callable[[str], bytes]) -> None:
    client, case = visit("web-officer"), world.cases["open"]
    report = upload(client, films("别处"), **taken(world))
    answer = client.post(reverse("on-site-link", args=[case, NEW_ACT, report["recording"]])).json()
    assert (answer["linked"], answer["act"]) == (False, world.act) and "其他执法活动" in answer["reason"]
    assert linked_events(case, report["recording"]) == 1


def test_a_film_for_a_case_of_others_is_kept_and_linked_nowhere(
    visit: Visit, world: World, films: Callable[[str], bytes]
) -> None:
    report = upload(visit("web-officer"), films("别家的案"), **taken(world, case=world.cases["elsewhere"]))
    row = RecordingRow.objects.get(uid=report["recording"])
    assert (report["status"], row.agency, row.case_uid) == ("stored", HERE, "")
    archived = upload(visit("web-archivist"), films("档案管理员"), **taken(world))
    assert archived["status"] == "stored" and RecordingRow.objects.get(uid=archived["recording"]).case_uid == ""


@pytest.mark.parametrize(
    ("word", "value"),
    [("act", ""), ("case", "../x"), ("act", "x" * 65), ("started", "昨天"), ("started", "2026-03-02T09:10:00")],
)
def test_words_that_cannot_be_are_refused(
    visit: Visit, world: World, films: Callable[[str], bytes], word: str, value: str
) -> None:
    answer = upload(visit("web-officer"), films(f"坏话 {word}"), **taken(world, **{word: value}))
    assert answer.status_code == 400 and word in answer.content.decode()


def test_an_end_before_the_beginning_is_refused(visit: Visit, world: World, films: Callable[[str], bytes]) -> None:
    said = taken(world)
    answer = upload(
        visit("web-officer"), films("倒着"), **(said | {"started": said["ended"], "ended": said["started"]})
    )
    assert answer.status_code == 400 and "结束时间早于开始时间" in answer.content.decode()


def test_another_case_of_the_agency_gives_its_own_data(visit: Visit, world: World) -> None:
    now = datetime.now(SHANGHAI)
    occasion = Occasion(PEOPLE["officer"], now, now)
    uid = register_case(
        occasion,
        kind="行政处罚",
        matter="另一件",
        source=Source("依职权", "巡查", "巡查"),
        party=Party("另一家", "企业"),
    )
    said = visit("web-officer").get(reverse("on-site-data", args=[uid])).json()
    assert said["acts"] == [] and said["case"]["party"] == "另一家" and world.act not in json.dumps(said)
