"""音像入库台: what is proposed, confirmed, settled and set aside; who may not; and the lists that never leave their agency."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from liuhen.core.events.parts import FileRef, MediaSummary
from liuhen.core.events.recording import RecordingClassified, RecordingStored
from liuhen.core.kernel.digests import digests_of
from liuhen.flows.ingest import set_aside
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import CaseRow, QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from tests.doors.web.world import PEOPLE, STRANGER, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
HTMX = {"HX-Request": "true"}
_SERIAL = iter(range(10**6, 2 * 10**6))


def film(
    world: World,
    *,
    minute: float | None = 4.6,
    officer: str | None = "officer",
    actor: Actor = PEOPLE["officer"],
    name: str = "到场.mp4",
    doubt: str | None = None,
    occasion: Occasion | None = None,
) -> str:
    """Store a recording of ten seconds, made of events alone; give its uid."""
    digest = f"{next(_SERIAL):064x}"
    started = world.on(actor, minute).at if minute is not None else None
    stored = RecordingStored(
        FileRef(digest, digest, 1_500_000, name, "video/mp4"),
        MediaSummary("video", "mp4", duration_ms=10_000),
        started_at=started,
        ended_at=started + timedelta(seconds=10) if started else None,
        officer=PEOPLE[officer].uid if officer else None,
        original_name=name,
        clock_doubt=doubt,
    )
    uid = digest[-32:]
    write_recording(uid, occasion or world.on(actor, 90), stored)
    return uid


def aside(world: World, tmp_path: Path, actor: Actor = PEOPLE["officer"]) -> str:
    """Set a file aside; give its SHA-256."""
    path = tmp_path / "打不开.mp4"
    path.write_bytes(b"nothing that plays %d" % next(_SERIAL))
    digests = digests_of(path.read_bytes())
    set_aside(path, world.on(actor, 90), digests, "文件已损坏，无法播放；请从原设备重新导出")
    return digests.sha256


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u2009", "")


def test_a_certain_match_is_proposed_with_its_reasons_and_confirmed(visit: Visit, world: World) -> None:
    uid = film(world)
    client = visit("web-officer")
    page = client.get("/import/")
    assert "时间重合 100%" in words(page) and "拍摄人是本次活动的执法人员" in words(page)
    assert "确认全部 1 段确定的匹配" in words(page) and "恒达烟花爆竹经营部" in words(page)
    choice = f"{world.cases['open']}/{world.act}"
    answer = client.post(f"/import/{uid}/link/", {"act": choice}, headers=HTMX)
    assert answer.status_code == 200 and "已关联到所选的执法活动" in words(answer)
    row = RecordingRow.objects.get(uid=uid)
    assert (row.case_uid, row.act_uid) == (world.cases["open"], world.act)
    assert Event.objects.filter(type="case.recording-linked", stream=f"case:{world.cases['open']}").count() == 2


def test_all_that_is_certain_is_accepted_at_once_and_nothing_else(visit: Visit, world: World) -> None:
    sure, unsure, far = film(world), film(world, officer=None), film(world, minute=1000)
    answer = visit("web-officer").post("/import/certain/", {"recording": [sure, unsure, far]}, headers=HTMX)
    assert "已关联 1 段音像" in words(answer)
    linked = RecordingRow.objects.exclude(case_uid="").filter(uid__in=[sure, unsure, far])
    assert [row.uid for row in linked] == [sure]


def test_an_act_is_chosen_by_the_number_of_its_case(visit: Visit, world: World) -> None:
    uid = film(world, minute=1000)
    client = visit("web-officer")
    assert "这段时间前后，本机关没有执法活动" in words(client.get("/import/"))
    number = CaseRow.objects.get(uid=world.cases["open"]).number
    found = client.get("/import/lists/", {"find": uid, "number": number}, headers=HTMX)
    assert f"{world.cases['open']}/{world.act}" in found.content.decode()
    nothing = client.get("/import/lists/", {"find": uid, "number": "没有这个号"}, headers=HTMX)
    assert nothing.status_code == 200 and "没有找到该案件" in words(nothing)
    answer = client.post(f"/import/{uid}/link/", {"act": f"{world.cases['open']}/nonsense"}, headers=HTMX)
    assert answer.status_code == 400 and "本案没有这项执法活动" in words(answer)
    assert client.post(f"/import/{uid}/link/", {"act": "x"}, headers=HTMX).status_code == 400


def test_a_doubtful_time_is_settled_and_leaves_the_list(visit: Visit, world: World) -> None:
    uid = film(world, minute=None, doubt="文件没有可信的拍摄时间，请人工核对后补录")
    client = visit("web-officer")
    assert "请人工核对后补录" in words(client.get("/import/"))
    said = {"started": f"{world.on(PEOPLE['officer'], 4.6).at:%Y-%m-%dT%H:%M:%S}", "basis": "与检查笔录核对"}
    for missing in ("started", "basis"):
        part = {key: value for key, value in said.items() if key != missing}
        assert client.post(f"/import/{uid}/time/", part, headers=HTMX).status_code == 400
    answer = client.post(f"/import/{uid}/time/", said, headers=HTMX)
    assert answer.status_code == 200 and "已记下核定的拍摄时间" in words(answer)
    row = RecordingRow.objects.get(uid=uid)
    assert row.started_at and row.ended_at and row.ended_at - row.started_at == timedelta(seconds=10)
    assert "没有时间可疑的音像" in words(answer) and "确定" in words(answer)
    assert Event.objects.filter(stream=f"recording:{uid}", type="recording.timed").count() == 1


def test_what_was_set_aside_is_shown_with_its_reason_and_dealt_with(visit: Visit, world: World, tmp_path: Path) -> None:
    digest = aside(world, tmp_path)
    client = visit("web-archivist")
    assert "文件已损坏，无法播放" in words(client.get("/import/"))
    assert client.post(f"/import/aside/{digest}/", {"outcome": " "}, headers=HTMX).status_code == 400
    answer = client.post(f"/import/aside/{digest}/", {"outcome": "已重新导出并入库"}, headers=HTMX)
    assert answer.status_code == 200 and "隔离区是空的" in words(answer)
    assert QuarantineRow.objects.get(sha256=digest).outcome == "已重新导出并入库"
    again = client.post(f"/import/aside/{digest}/", {"outcome": "再来一次"}, headers=HTMX)
    assert again.status_code == 400 and "已经处理" in words(again)
    assert client.post(f"/import/aside/{'0' * 64}/", {"outcome": "没有的"}, headers=HTMX).status_code == 400


def test_the_archivist_sees_proposals_but_confirms_nothing(visit: Visit, world: World) -> None:
    uid = film(world)
    client = visit("web-archivist")
    page = client.get("/import/")
    assert "时间重合 100%" in words(page) and "由承办人确认" in words(page)
    assert "确认全部" not in words(page) and f"/import/{uid}/link/" not in page.content.decode()
    choice = {"act": f"{world.cases['open']}/{world.act}"}
    assert client.post(f"/import/{uid}/link/", choice).status_code == 403
    assert client.post("/import/certain/", {"recording": [uid]}).status_code == 403
    assert client.post(f"/import/{uid}/time/", {"started": "2026-03-02 10:05", "basis": "笔录"}).status_code == 403
    assert RecordingRow.objects.get(uid=uid).case_uid == ""


@pytest.mark.parametrize("name", ["head", "system", "security", "audit"])
def test_who_may_not_bring_recordings_in_sees_no_desk(visit: Visit, world: World, name: str) -> None:
    client = visit(f"web-{name}")
    for path in ("/import/", "/import/digests.js"):
        assert client.get(path).status_code == 403
    assert client.get("/import/lists/", headers=HTMX).status_code == 403
    assert "入库</a>" not in client.get("/").content.decode()


def test_strangers_are_sent_to_sign_in(visit: Visit, world: World) -> None:
    client = visit(None)
    for path in ("/import/", "/import/digests.js"):
        assert client.get(path).status_code == 302
    for path in ("/import/certain/", "/import/x/link/", "/import/x/time/", f"/import/aside/{'0' * 64}/"):
        assert client.post(path).status_code == 302
        assert Client(enforce_csrf_checks=True).post(path).status_code == 403


def test_another_agency_sees_and_moves_nothing(visit: Visit, world: World, tmp_path: Path) -> None:
    uid, digest = film(world, name="本县的.mp4"), aside(world, tmp_path)
    client = visit("web-stranger")
    text = words(client.get("/import/"))
    assert "本县的" not in text and "打不开.mp4" not in text and "没有等待匹配的音像" in text
    number = client.get("/import/lists/", {"find": uid, "number": world.cases["open"]}, headers=HTMX)
    assert "没有找到该案件" in words(number)
    choice = {"act": f"{world.cases['open']}/{world.act}"}
    assert client.post(f"/import/{uid}/link/", choice, headers=HTMX).status_code == 400
    assert client.post("/import/certain/", {"recording": [uid]}, headers=HTMX).status_code == 200
    time = {"started": "2026-03-02 10:05", "basis": "笔录"}
    assert client.post(f"/import/{uid}/time/", time, headers=HTMX).status_code == 400
    assert client.post(f"/import/aside/{digest}/", {"outcome": "x"}, headers=HTMX).status_code == 400
    row = RecordingRow.objects.get(uid=uid)
    assert row.case_uid == "" and QuarantineRow.objects.get(sha256=digest).outcome == ""
    assert film(world, actor=STRANGER, officer=None) and "没有等待匹配" not in words(client.get("/import/"))


def test_a_closed_recording_is_listed_only_for_who_may_know(visit: Visit, world: World) -> None:
    uid = film(world, name="密谈.mp4")
    write_recording(uid, world.on(PEOPLE["officer"], 91), RecordingClassified("个人隐私"))
    assert "密谈" in words(visit("web-officer").get("/import/")), "whoever filmed it knows"
    assert "密谈" in words(visit("web-archivist").get("/import/"))
    assert "密谈" not in words(visit("web-second").get("/import/"))


def test_lists_have_pages(visit: Visit, world: World) -> None:
    for number in range(25):
        film(world, minute=None, doubt="时钟没有校准", name=f"第{number:02}段.mp4")
    client = visit("web-officer")
    first = client.get("/import/lists/", headers=HTMX)
    following = re.search(r"unmatched=(\d+)", first.content.decode())
    assert following and "待匹配 25" in words(first)
    second = client.get("/import/lists/", {"unmatched": following[1]}, headers=HTMX)
    shown = [set(re.findall(r'id="match-([0-9a-f]+)"', page.content.decode())) for page in (first, second)]
    assert len(shown[0]) == 20 and len(shown[1]) == 5 and not shown[0] & shown[1]
    for cursor in ("-1", "x", "9" * 30, "999999999"):
        assert client.get("/import/lists/", {"unmatched": cursor}, headers=HTMX).status_code == 200


def test_the_digester_may_use_webassembly_and_the_page_may_not(visit: Visit, world: World) -> None:
    client = visit("web-officer")
    script = client.get("/import/digests.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "wasm-unsafe-eval" in script.headers["Content-Security-Policy"]
    assert "wasm-unsafe-eval" not in client.get("/import/").headers["Content-Security-Policy"]


def test_without_scripts_a_decision_returns_to_the_desk(visit: Visit, world: World) -> None:
    uid = film(world)
    client = visit("web-officer")
    assert client.get("/import/lists/").status_code == 302
    wrong = client.post(f"/import/{uid}/link/", {"act": ""})
    assert wrong.status_code == 400 and "请选择一项执法活动" in words(wrong)
    answer = client.post(f"/import/{uid}/link/", {"act": f"{world.cases['open']}/{world.act}"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/import/"
