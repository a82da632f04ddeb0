"""The player's pages: the bar, the script, gaps and their explanations, recordings of no case; and who may not."""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.custody import RecordingAccompanied, RecordingConsulted
from liuhen.core.events.parts import FileRef, Party, Source
from liuhen.core.events.recording import RecordingClassified, RecordingMarked, RecordingStored
from liuhen.core.facts.coverage import coverage_of
from liuhen.core.kernel.moments import SHANGHAI, parse_instant, render_instant
from liuhen.flows.claims import Claims
from liuhen.flows.conduct_act import begin_act, end_act
from liuhen.flows.derive import derive
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.ground import ground_of
from liuhen.flows.ingest import ingest_file, link_recording
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import register_case
from liuhen.flows.proxies import folder_of
from liuhen.flows.study_recording import record_study
from liuhen.flows.write_document import Content, make_document
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.models import Event
from liuhen.records.ledger.read import sealed_events
from liuhen.records.people.models import User
from tests.adapters.media.faults import Fault, film
from tests.adapters.media.specimens import field_exif, heic_photograph
from tests.doors.web.world import PASSWORD, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
HTMX = {"HX-Request": "true"}
_SERIAL = itertools.count(1)
_TAILS = itertools.count(1)
FIRST, SECOND = 20.0, 12.0


@dataclass(slots=True)
class Story:
    """An inspection of two minutes, filmed by one camera in two files: an MP4, and an AVI after a break of ten seconds.

    `loose` was filmed by the same officer during the act and is linked to nothing.
    """

    tag: str
    begun: datetime
    case: str = ""
    act: str = ""
    first: str = ""
    second: str = ""
    loose: str = ""
    document: str = ""
    people: dict[str, Actor] = field(default_factory=dict)

    def on(self, name: str, seconds: float) -> Occasion:
        at = self.begun + timedelta(seconds=seconds)
        return Occasion(self.people[name], at, at)

    def now(self, name: str) -> Occasion:
        at = datetime.now(SHANGHAI)
        return Occasion(self.people[name], at, at)

    def account(self, name: str) -> str:
        return f"web-{self.tag}-{name}"


ROLES = {
    "officer": "执法人员",
    "archivist": "档案管理员",
    "head": "机关负责人",
    "system": "系统管理员",
    "audit": "审计管理员",
}


def tell_story(folder: Path) -> Story:
    """Tell it to an agency of its own, so that no other test sees it."""
    tag = f"player{next(_SERIAL)}"
    story = Story(tag, (datetime.now(SHANGHAI) - timedelta(hours=5)).replace(microsecond=0))
    for name, role in ROLES.items():
        story.people[name] = Actor(f"{tag}-{name}", f"赵{name}", f"agency-{tag}", frozenset({role}))
        user = User(
            username=story.account(name), display_name=f"赵{name}", agency=f"agency-{tag}", actor=f"{tag}-{name}"
        )
        user.set_password(PASSWORD)
        user.save()
        user.groups.set([Group.objects.get_or_create(name=role)[0]])
    establish_agency(
        story.on("system", -600),
        name="陵川县试播局",
        short_name="试播局",
        number_prefix="试播",
        region="140000",
        packs=("lingchuan", "hebei"),
    )
    enrol_officer(
        story.on("system", -590),
        officer=f"{tag}-officer",
        name="赵officer",
        title="执法人员",
        certificate="04110226001",
    )
    _open(story)
    _film(story, folder)
    return story


def _open(story: Story) -> None:
    story.case = register_case(
        story.on("officer", -100),
        kind="行政处罚",
        matter="涉嫌超范围经营",
        source=Source("依职权", "巡查", "巡查发现"),
        party=Party("四海商行", "企业"),
    )
    story.act = begin_act(
        story.case,
        story.on("officer", 0),
        kind="现场检查",
        place="北街 6 号",
        officers=(f"{story.tag}-officer",),
        traits=("直接涉及重大财产权益",),
    )
    end_act(story.case, story.on("officer", 120), act=story.act)
    content = Content(fields={"中断原因": "电量耗尽"}, body=("更换电池。",))
    story.document = make_document(
        story.case, story.on("officer", 400), form="音像记录中断情况说明", content=content, act=story.act
    )


def _film(story: Story, folder: Path) -> None:
    clips = (
        ("第一段.mp4", Fault(seconds=FIRST, silent=(6, 10)), 20.0, 1),
        ("第二段.avi", Fault(seconds=SECOND, codec="mpeg4", sound="pcm_s16le"), 50.0, 2),
        ("落单.mp4", Fault(seconds=6), 90.0, None),
    )
    uids = []
    for name, fault, seconds, part in clips:
        path = film(folder / f"{story.tag}-{name}", fault)
        with path.open("ab") as file:  # no other story has the same bytes
            file.write(b"\0\0\0\x18free" + f"{next(_TAILS):016d}".encode())
        claims = Claims(
            officer=f"{story.tag}-officer",
            started_at=story.begun + timedelta(seconds=seconds),
            whole=f"whole-{story.tag}" if part else None,
            part=part,
            original_name=name,
        )
        taken = ingest_file(path, story.on("officer", 300), claims)
        assert taken.recording, taken.reason
        uids.append(taken.recording)
    story.first, story.second, story.loose = uids
    for uid in uids[:2]:
        link_recording(story.case, story.on("officer", 310), recording=uid, act=story.act)


def study(uid: str, at: datetime) -> None:
    """Make what the worker makes of a recording, here and now."""
    row = RecordingRow.objects.get(uid=uid)
    with office().vault.open(row.sha256) as source:
        path = folder_of(row.sha256).parent / f"{row.sha256}.source"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read())
    derive(path, folder_of(row.sha256))
    path.unlink()
    record_study(uid, at)


def lay_track(story: Story, uid: str, entries: list[dict[str, Any]]) -> None:
    data = json.dumps({"CoordinateEntries": entries}).encode()
    digests = office().vault.store(BytesIO(data)).digests
    file = FileRef(digests.sha256, digests.sm3, digests.size, "gnss.json", "application/json")
    write_recording(uid, story.now("officer"), RecordingAccompanied("轨迹", file))


def places(longitude: float = 113.2806, latitude: float = 35.7756) -> list[dict[str, Any]]:
    """A hundred metres to the north in ten seconds, then fifty to the east in ten."""
    return [
        {
            "LocationWKT": f"POINT({longitude + max(0, n - 10) * 0.0000554:.7f} {latitude + min(n, 10) * 0.0000898:.7f})",
            "SecondsFromStart": float(n),
        }
        for n in range(21)
    ]


@pytest.fixture(scope="module")
def told(world: World, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The story, told before the transaction of any test begins."""
    yield tell_story(tmp_path_factory.mktemp("player"))


@pytest.fixture
def story(told: Story, db: None) -> Story:
    return told


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u2009", "")


def page_of(visit: Visit, story: Story, uid: str, name: str = "officer") -> Any:
    return visit(story.account(name)).get(reverse("play", args=[story.case, uid]))


def wire_of(response: Any) -> dict[str, Any]:
    found = re.search(r'<script id="wire" type="application/json">(.*?)</script>', response.content.decode())
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def events_of(uid: str, kind: str) -> int:
    return Event.objects.filter(stream=f"recording:{uid}", type=kind).count()


def test_two_files_are_one_reel_on_the_clock_of_the_act(visit: Visit, story: Story) -> None:
    wire = wire_of(page_of(visit, story, story.second))
    assert [one["title"] for one in wire["pieces"]] == ["第一段.mp4", "第二段.avi"] and wire["at"] == 1
    assert [one["offset"] for one in wire["pieces"]] == [20.0, 50.0]
    assert wire["whole"] == 120.0 and wire["pieces"][1]["source"] == ""
    gaps = [(start, end) for start, end, kind, *_ in wire["stretches"] if kind == "gap"]
    assert [start for start, _ in gaps] == pytest.approx([0, 40, 62], abs=0.2)
    assert [end for _, end in gaps] == pytest.approx([20, 50, 120], abs=0.2)


def test_what_browsers_cannot_play_waits_for_its_copy_and_then_plays_it(visit: Visit, story: Story) -> None:
    page = page_of(visit, story, story.second)
    assert "正在生成播放副本" in words(page) and 'id="media"' not in page.content.decode()
    client, address = visit(story.account("officer")), reverse("play", args=[story.case, story.second])
    waiting = client.get(f"{address}?waiting", headers=HTMX)
    assert (waiting.status_code, waiting.headers.get("HX-Refresh")) == (204, None)
    copy = reverse("recording-copy", args=[story.case, story.second])
    assert client.get(copy).status_code == 404
    study(story.second, story.now("officer").at)
    assert client.get(f"{address}?waiting", headers=HTMX).headers["HX-Refresh"] == "true"
    page = page_of(visit, story, story.second)
    assert f'src="{copy}"' in page.content.decode() and "播放副本，原件未改动" in words(page)
    before = Event.objects.filter(stream=f"case:{story.case}", type="case.consulted").count()
    answer = client.get(copy, headers={"Range": "bytes=4-11"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (206, "video/mp4")
    assert b"".join(answer.streaming_content).startswith(b"ftyp")  # type: ignore[attr-defined]
    assert Event.objects.filter(stream=f"case:{story.case}", type="case.consulted").count() == before + 1


def test_what_failed_says_why(visit: Visit, story: Story) -> None:
    folder = folder_of(RecordingRow.objects.get(uid=story.second).sha256)
    folder.mkdir(parents=True, exist_ok=True)
    kept = (folder / "study.json").read_bytes() if (folder / "study.json").exists() else None
    proxy = folder / "proxy.mp4"
    held = proxy.read_bytes() if proxy.exists() else None
    proxy.unlink(missing_ok=True)
    (folder / "study.json").write_text(json.dumps({"tool": "x", "failures": {"proxy": "画面编码无法识别。"}}), "utf-8")
    assert "无法生成播放副本：画面编码无法识别" in words(page_of(visit, story, story.second))
    (folder / "study.json").unlink()
    if kept is not None:
        (folder / "study.json").write_bytes(kept)
    if held is not None:
        proxy.write_bytes(held)


def test_spans_waveform_and_preview(visit: Visit, story: Story) -> None:
    study(story.first, story.now("officer").at)
    page = page_of(visit, story, story.first)
    wire = wire_of(page)
    silent = next(one for one in wire["stretches"] if one[2] == "found-silent")
    assert silent[0] == pytest.approx(26, abs=0.3) and silent[1] == pytest.approx(30, abs=0.3)
    assert "检测结果" in words(page) and "静音" in words(page)
    client, sprite = visit(story.account("officer")), wire["pieces"][0]["sprite"]
    assert sprite["interval"] == 1 and client.get(sprite["url"]).content[:2] == b"\xff\xd8"
    peaks = client.get(wire["pieces"][0]["waveform"]).content
    assert 100 < len(peaks) <= 4000 and max(peaks) > 0


def test_the_script_lists_what_the_law_asks_and_is_ticked_by_one_post(visit: Visit, story: Story) -> None:
    page = page_of(visit, story, story.first)
    body = words(page)
    assert "开拍时说明 0/7" in body and "重点拍到" in body and "告知音像记录" in body and "陵川 16" in body
    client = visit(story.account("officer"))
    address = reverse("mark", args=[story.case, story.first])
    said = {"reel": story.second, "topic": "告知地点", "second": "3.2"}
    answer = client.post(address, said, headers=HTMX)
    assert answer.status_code == 200 and "开拍时说明 1/7" in words(answer)
    assert 'data-second="3.2" data-piece="0"' in answer.content.decode()
    assert "其他标记 没有其他标记" in words(answer)
    wrong = client.post(address, {**said, "second": ""}, headers=HTMX)
    assert wrong.status_code == 400 and "没有收到时间点" in words(wrong)
    assert client.post(address, said).status_code == 302


def test_a_tick_in_another_recording_of_the_act_counts_and_leads_there(visit: Visit, story: Story) -> None:
    link_recording(story.case, story.now("officer"), recording=story.loose, act=story.act)
    write_recording(story.loose, story.now("officer"), RecordingMarked(Decimal("2.5"), "现场环境"))
    page = page_of(visit, story, story.first)
    assert f"{reverse('play', args=[story.case, story.loose])}#t=2.5" in page.content.decode()
    others = [one for one in wire_of(page)["stretches"] if one[2] == "filmed"]
    assert others[0][4] == reverse("play", args=[story.case, story.loose])


def gap_of(story: Story, number: int) -> str:
    facts = ground_of(story.case, story.people["officer"].agency).facts
    return render_instant(coverage_of(facts, facts.case.acts[story.act]).gaps[number].interval.start)


def explain(visit: Visit, story: Story, name: str = "officer", **said: str) -> Any:
    address = reverse("explain-gap", args=[story.case, story.act])
    return visit(story.account(name)).post(
        address, {"stopped": gap_of(story, 1), "cause": "换电池", **said}, headers=HTMX
    )


def test_a_gap_is_explained_by_voice_and_jumped_to(visit: Visit, story: Story) -> None:
    page = words(page_of(visit, story, story.first))
    assert "缺 10.0 秒" in page and "没有说明" in page
    answer = explain(visit, story, manner="语音", recording=story.second, second="1.5", back=story.first)
    assert answer.headers["HX-Redirect"] == reverse("play", args=[story.case, story.first])
    page_after = page_of(visit, story, story.first)
    assert "已说明：换电池（语音）" in words(page_after)
    assert f"{reverse('play', args=[story.case, story.second])}#t=1.5" in page_after.content.decode()
    assert Event.objects.filter(stream=f"case:{story.case}", type="case.interruption-explained").count() == 1


def test_a_gap_is_explained_in_writing_with_its_signatures(visit: Visit, story: Story) -> None:
    answer = explain(visit, story, manner="书面", document=story.document, stopped=gap_of(story, 2))
    assert answer.headers["HX-Redirect"] == reverse("filming", args=[story.case])
    page = visit(story.account("officer")).get(reverse("filming", args=[story.case]))
    assert "已说明：换电池（书面）" in words(page) and "音像记录中断情况说明" in words(page)
    facts = ground_of(story.case, story.people["officer"].agency).facts
    told = next(iter(facts.case.interruptions.values()))
    assert told.resumed is None, "filming did not go on before the act ended"
    assert told.reported is None


def test_a_break_that_was_reported_says_to_whom_and_when(visit: Visit, story: Story) -> None:
    """pengyang and zhuhui want the head to be told; a report before the break or after now is no report."""
    stopped = parse_instant(gap_of(story, 1))
    for minutes, status in ((-10, 400), (10, 204)):
        at = f"{stopped + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"
        said = {"recording": story.second, "second": "1", "reported_to": "周正", "reported_at": at}
        assert explain(visit, story, manner="语音", **said).status_code == status
    facts = ground_of(story.case, story.people["officer"].agency).facts
    (told,) = facts.case.interruptions.values()
    assert told.reported is not None and told.reported > stopped


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"manner": "语音", "recording": ""}, "请选择语音说明在哪一段音像里"),
        ({"manner": "书面"}, "请选择书面说明"),
        ({"manner": "书面", "document": "0" * 32}, "请从本案的文书中选择"),
        ({"manner": "口头"}, "请选择用语音还是书面说明"),
        ({"manner": "书面", "cause": " "}, "请写明没有拍摄的原因"),
        ({"manner": "书面", "reported_to": "周正"}, "什么时候都写明"),
        ({"manner": "书面", "reported_at": "昨天"}, "年月日和时分"),
    ],
)
def test_an_explanation_that_lacks_something_is_asked_again(
    visit: Visit, story: Story, said: dict[str, str], sentence: str
) -> None:
    answer = explain(visit, story, **said)
    assert answer.status_code == 400 and sentence in words(answer)
    assert Event.objects.filter(type="case.interruption-explained", stream=f"case:{story.case}").count() == 0


def test_a_gap_that_is_no_longer_open_is_not_explained_twice(visit: Visit, story: Story) -> None:
    said = {"manner": "语音", "recording": story.second, "second": "1.5", "stopped": gap_of(story, 1)}
    assert explain(visit, story, **said).status_code == 204
    assert explain(visit, story, **said).status_code == 409
    assert Event.objects.filter(type="case.interruption-explained", stream=f"case:{story.case}").count() == 1


def test_the_table_counts_what_each_clause_demands(visit: Visit, story: Story) -> None:
    page = words(visit(story.account("officer")).get(reverse("filming", args=[story.case])))
    assert "河北 20.2" in page and "全程" in page
    assert "2 分 0.0 秒" in page, "the demanded interval"
    assert "32.0 秒" in page and "1 分 28.0 秒" in page, "filmed, missing"


def test_a_link_is_undone_with_its_reason_and_the_recording_stands_alone(visit: Visit, story: Story) -> None:
    client, address = visit(story.account("officer")), reverse("unlink", args=[story.case, story.second])
    assert "请写明撤销关联的原因" in words(client.post(address, {"reason": ""}, headers=HTMX))
    answer = client.post(address, {"reason": "拍的是另一家"}, headers=HTMX)
    alone = reverse("recording", args=[story.second])
    assert answer.headers["HX-Redirect"] == alone
    page = client.get(alone)
    assert "尚未关联案件" in words(page) and "可能是哪项执法活动" in words(page)
    assert page_of(visit, story, story.second).status_code == 404


def test_a_doubtful_clock_is_said_and_put_right(visit: Visit, story: Story) -> None:
    recording = ground_of(story.case, story.people["officer"].agency).facts.recordings[story.first]
    assert recording.file and recording.media
    doubted = RecordingStored(
        recording.file, recording.media, recording.started, recording.ended, recording.officer,
        original_name="第一段.mp4", clock_doubt="设备时钟快 8 小时",
    )  # fmt: skip
    write_recording(story.first, story.now("officer"), doubted)
    assert "拍摄时间存疑" in words(page_of(visit, story, story.first))
    client, address = visit(story.account("officer")), reverse("retime", args=[story.first])
    assert "请写明认定时间的依据" in words(client.post(address, {"started": "2026-03-02T10:00:00"}, headers=HTMX))
    late = {"started": f"{datetime.now(SHANGHAI) + timedelta(days=1):%Y-%m-%dT%H:%M:%S}", "basis": "笔录"}
    assert client.post(address, late, headers=HTMX).status_code == 400
    right = {"started": f"{story.begun + timedelta(seconds=25):%Y-%m-%dT%H:%M:%S}", "basis": "与笔录核对"}
    assert client.post(address, right, headers=HTMX).headers["HX-Redirect"].endswith("/play/")
    page = words(page_of(visit, story, story.first))
    assert "拍摄时间存疑" not in page and "依据：与笔录核对" in page


def test_the_track_is_drawn_to_scale_with_north_above(visit: Visit, story: Story) -> None:
    assert "拍摄轨迹" not in words(page_of(visit, story, story.first))
    lay_track(story, story.first, places())
    page = page_of(visit, story, story.first)
    assert "21 个定位点" in words(page)
    dots = wire_of(page)["dots"]
    assert len(dots) == 21 and dots[10][1] == 10.0
    north, east = dots[0][3] - dots[10][3], dots[20][2] - dots[10][2]
    assert north > 150 and east / north == pytest.approx(0.5, abs=0.02), "a hundred metres up, fifty to the right"
    assert abs(dots[10][2] - dots[0][2]) < 1


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [([], "定位轨迹是空的"), ([{"LocationWKT": "POINT(nowhere)", "SecondsFromStart": 1}], "定位轨迹文件无法读取")],
)
def test_a_track_that_cannot_be_drawn_says_so(visit: Visit, story: Story, entries: list[Any], sentence: str) -> None:
    lay_track(story, story.first, entries)
    assert sentence in words(page_of(visit, story, story.first))


def test_a_closed_recording_carries_the_viewer_over_its_picture(visit: Visit, story: Story) -> None:
    assert 'id="watermark"' not in page_of(visit, story, story.first).content.decode()
    write_recording(story.first, story.now("archivist"), RecordingClassified("个人隐私", "涉及未成年人"))
    page = page_of(visit, story, story.first).content.decode()
    assert 'id="watermark"' in page and "赵officer" in page and "nodownload" in page
    assert "下载原件" not in page


def test_a_recording_of_no_case_has_its_page_with_proposals(visit: Visit, story: Story) -> None:
    client, address = visit(story.account("officer")), reverse("recording", args=[story.loose])
    page = client.get(address)
    assert "时间重合 100%" in words(page) and "拍摄人是本次活动的执法人员" in words(page) and "四海商行" in words(page)
    assert events_of(story.loose, "recording.consulted") == 0, "opening the page is no play"
    marked = client.post(reverse("loose-mark", args=[story.loose]), {"topic": "进门", "second": "1"}, headers=HTMX)
    assert marked.status_code == 200 and "进门" in words(marked)
    answer = client.post(reverse("loose-link", args=[story.loose]), {"act": f"{story.case}/{story.act}"})
    assert answer.headers["Location"] == reverse("play", args=[story.case, story.loose])
    assert client.get(address).headers["Location"] == reverse("play", args=[story.case, story.loose])
    assert client.get(reverse("loose-bytes", args=[story.loose])).status_code == 404, "it is of a case now"


def test_playing_and_taking_it_leaves_one_trace_a_day_for_each_manner(visit: Visit, story: Story) -> None:
    address = reverse("loose-bytes", args=[story.loose])
    for account, wanted in (("officer", 2), ("archivist", 4)):
        for _ in range(2):  # a new session each time
            client = visit(story.account(account))
            assert client.get(address, headers={"Range": "bytes=0-99"}).status_code == 206
            assert client.get(address, headers={"Range": "bytes=100-199"}).status_code == 206
            assert client.get(f"{address}?download=1").status_code == 200
        assert events_of(story.loose, "recording.consulted") == wanted
    client = visit(story.account("archivist"))
    refused = client.get(f"{address}?download=1&purpose=对外提供")
    assert refused.status_code == 409 and "须凭已经同意的申请" in words(refused)


LOOSE = ("recording", "loose-bytes", "loose-copy", "loose-preview", "loose-waveform", "loose-poster")
LOOSE_POSTS = ("loose-mark", "loose-link", "retime")
CASED = ("play", "recording-copy", "recording-preview", "recording-waveform")
CASED_POSTS = ("unlink",)


def _try(client: Client, name: str, address: str) -> int:
    said = {"topic": "试", "second": "1", "act": "a/b", "reason": "试", "started": "2026-03-02T10:00:00", "basis": "试"}
    return (client.post(address, said) if name in (*LOOSE_POSTS, *CASED_POSTS) else client.get(address)).status_code


@pytest.mark.parametrize("name", [*LOOSE, *LOOSE_POSTS])
def test_who_may_not_see_a_recording_of_no_case(visit: Visit, story: Story, name: str) -> None:
    address = reverse(name, args=[story.loose])
    assert _try(visit(None), name, address) == 302
    for account in ("system", "audit", "head"):
        expected = 404 if account == "head" and name == "retime" else 403
        assert _try(visit(story.account(account)), name, address) in (403, expected), account
    there, missing = visit("web-stranger"), reverse(name, args=["0" * 32])
    assert (_try(there, name, address), _try(there, name, missing)) == (404, 404)


def test_an_archivist_sees_it_and_links_nothing(visit: Visit, story: Story) -> None:
    client = visit(story.account("archivist"))
    page = client.get(reverse("recording", args=[story.loose]))
    assert page.status_code == 200 and "由承办人确认" in words(page) and "校正时间" not in words(page)
    for name in LOOSE_POSTS:
        assert _try(client, name, reverse(name, args=[story.loose])) == 403, name


def test_a_closed_recording_of_no_case_is_like_none(visit: Visit, story: Story) -> None:
    user = User.objects.create_user(
        f"{story.tag}-other", agency=f"agency-{story.tag}", display_name="邻座", actor=f"{story.tag}-other"
    )
    user.groups.set([Group.objects.get(name="执法人员")])
    address = reverse("recording", args=[story.loose])
    assert visit(user.username).get(address).status_code == 200
    write_recording(story.loose, story.now("archivist"), RecordingClassified("商业秘密"))
    assert visit(user.username).get(address).status_code == 404
    assert visit(story.account("officer")).get(address).status_code == 200


@pytest.mark.parametrize("name", [*CASED, *CASED_POSTS, "filming", "explain-gap"])
def test_who_may_not_see_or_change_that_of_a_case(visit: Visit, story: Story, name: str) -> None:
    more = {"filming": [], "explain-gap": [story.act]}.get(name, [story.first])
    address = reverse(name, args=[story.case, *more])
    posts = name in (*CASED_POSTS, "explain-gap")

    def ask(account: str | None) -> int:
        client = visit(account)
        return (client.post(address, {"reason": "试"}) if posts else client.get(address)).status_code

    assert ask(None) == 302 and ask("web-stranger") in (403, 404)
    assert ask(story.account("system")) == 403 and ask(story.account("audit")) == 403
    if posts:
        assert ask(story.account("archivist")) == 403 and ask(story.account("head")) == 403


def test_the_trace_names_the_manner(visit: Visit, story: Story) -> None:
    visit(story.account("officer")).get(reverse("loose-bytes", args=[story.loose]))
    said = [open_sealed(item).content for item in sealed_events(f"recording:{story.loose}")]
    assert RecordingConsulted("播放") in said


def test_a_closed_recording_is_taken_only_with_its_watermark(visit: Visit, story: Story) -> None:
    for uid in (story.first, story.loose):
        write_recording(uid, story.now("archivist"), RecordingClassified("个人隐私", "涉及未成年人"))
    client = visit(story.account("officer"))
    cased = reverse("recording-bytes", args=[story.case, story.first])
    assert client.get(cased).status_code == 200, "it plays"
    taken = client.get(f"{cased}?download=1&purpose=核对")
    assert taken.headers["Location"].startswith(f"{reverse('marked', args=[story.case, story.first])}?purpose=")
    refused = client.get(f"{reverse('loose-bytes', args=[story.loose])}?download=1")
    assert refused.status_code == 409 and "只能下载带水印的副本" in words(refused)


def test_a_photograph_that_no_browser_shows_is_shown_by_its_copy(visit: Visit, story: Story, tmp_path: Path) -> None:
    source = heic_photograph(tmp_path / "IMG_0117.HEIC", exif=field_exif())
    uid = str(ingest_file(source, story.now("officer")).recording)
    client, copy = visit(story.account("officer")), reverse("loose-copy", args=[uid])
    page = client.get(reverse("recording", args=[uid]))
    assert f'src="{copy}"' in page.content.decode() and "图片副本，原件未改动" in words(page)
    assert "播放到要紧处" not in words(page) and " 拍摄 2026-03-02 09:10" in words(page) and " 结束 " not in words(page)
    answer = client.get(copy)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")  # type: ignore[attr-defined]
    assert events_of(uid, "recording.consulted") == 1, "to look at the copy is to look at the photograph"
    assert visit(story.account("head")).get(copy).status_code == 403
