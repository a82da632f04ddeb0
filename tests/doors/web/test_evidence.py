"""A recording as evidence: what the packs ask, what is noted, printed and taken out, and who may not."""

from decimal import Decimal

import pytest
from django.urls import reverse

from liuhen.core.events.recording import RecordingClassified
from liuhen.flows.evidence_passport import FORM
from liuhen.flows.ground import ground_of
from liuhen.flows.office import office
from liuhen.flows.writing import write_recording
from tests.doors.web.test_doors import Visit
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

NOTES = {
    "purpose": "证明库房内存放 86 箱烟花",
    "matter": "现场检查",
    "place": "东街 3 号库房",
    "manner": "执法记录仪摄像",
    "maker": "李明",
    "extractor": "王芳",
    "extracted_at": "2026-03-02T15:30",
    "description": "0:20 清点纸箱，共 86 箱。",
    "disc": "光盘 1 号",
}


def _at(world: World, name: str, *more: str) -> str:
    return reverse(name, args=[world.cases["open"], world.recording, *more])


def _facts(world: World):  # type: ignore[no-untyped-def]
    return ground_of(world.cases["open"], HERE).facts


def test_what_the_regulation_asks_is_shown_until_it_is_noted(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    page = officer.get(_at(world, "evidence")).content.decode()
    assert "河北" in page and "缺 光盘" in page and "缺 时间" in page
    assert officer.post(_at(world, "evidence"), NOTES).status_code == 302
    page = officer.get(_at(world, "evidence")).content.decode()
    assert "缺 " not in page and "✓ 光盘" in page and NOTES["purpose"] in page


def test_noting_again_is_a_new_event_under_the_same_id(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    officer.post(_at(world, "evidence"), NOTES)
    officer.post(_at(world, "evidence"), NOTES | {"disc": "光盘 2 号"})
    ground = ground_of(world.cases["open"], HERE)
    told = [event for event in ground.events if event.header.type == "case.evidence-listed"]
    assert len(told) == 2 and len(ground.facts.case.items_of_evidence) == 1
    (item,) = ground.facts.case.items_of_evidence.values()
    assert item.item is not None and (item.item.disc, item.item.recording) == ("光盘 2 号", world.recording)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"purpose": " "}, "证明什么"), ({"extracted_at": "昨天"}, "年月日"), ({"description": "长" * 1001}, "1000")],
)
def test_what_cannot_be_noted_is_refused_and_kept_on_the_page(
    world: World, visit: Visit, typed: dict[str, str], sentence: str
) -> None:
    answer = visit("web-officer").post(_at(world, "evidence"), NOTES | typed)
    assert answer.status_code == 400
    assert sentence in answer.content.decode() and NOTES["disc"] in answer.content.decode()
    assert not _facts(world).case.items_of_evidence


def test_the_page_for_the_file_is_printed_from_what_was_noted(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert officer.post(_at(world, "evidence-print")).status_code == 409
    officer.post(_at(world, "evidence"), NOTES)
    assert officer.post(_at(world, "evidence-print")).status_code == 302
    (printed,) = [item for item in _facts(world).case.documents.values() if item.form == FORM]
    assert printed.fields["证明对象"] == NOTES["purpose"]
    assert printed.fields["SHA-256"] == _facts(world).recordings[world.recording].file.sha256
    assert [place.role for place in printed.signers] == ["制作人", "提取人"]
    assert FORM in officer.get(_at(world, "evidence")).content.decode()


def test_a_still_and_a_clip_name_their_parent_and_their_seconds(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    still = {"start": "2", "end": "", "purpose": "附现场照片"}
    assert officer.post(_at(world, "extract"), still).status_code == 302
    assert officer.post(_at(world, "extract"), still | {"end": "4"}).status_code == 302
    recording = _facts(world).recordings[world.recording]
    first, second = recording.extracts
    assert (first.kind, second.kind) == ("截图", "片段")
    assert {first.parent_sha256, second.parent_sha256} == {recording.file.sha256}
    assert first.from_second == Decimal(2) and second.to_second is not None
    for taken in (first, second):
        answer = officer.get(_at(world, "extract-file", taken.item))
        sent = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert sent == office().vault.open(taken.file.sha256).read()
        assert answer.headers["Content-Disposition"].startswith("attachment")
    consulted = [
        event for event in ground_of(world.cases["open"], HERE).events if event.header.type == "case.consulted"
    ]
    assert len(consulted) == 2


def test_nothing_is_taken_out_without_a_purpose_or_past_the_end(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert officer.post(_at(world, "extract"), {"start": "2", "purpose": ""}).status_code == 400
    assert officer.post(_at(world, "extract"), {"start": "4", "end": "3", "purpose": "附卷"}).status_code == 400
    assert officer.post(_at(world, "extract"), {"start": "90000", "purpose": "附卷"}).status_code == 400
    assert not _facts(world).recordings[world.recording].extracts


def test_printing_and_taking_out_do_not_judge_the_case(
    world: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = visit("web-officer")
    officer.post(_at(world, "evidence"), NOTES)
    monkeypatch.setattr("liuhen.doors.web.views.evidence.read_case", lambda *_, **__: pytest.fail("judged"))
    assert officer.post(_at(world, "evidence-print")).status_code == 302
    assert officer.post(_at(world, "extract"), {"start": "2", "purpose": "附卷"}).status_code == 302


@pytest.mark.parametrize("name", ["evidence-print", "extract"])
def test_of_a_recording_of_another_case_nothing_is_printed_or_taken_out(world: World, visit: Visit, name: str) -> None:
    said = {"start": "2", "purpose": "附卷"}
    for case, who in ((world.cases["ended"], "officer"), (world.cases["elsewhere"], "officer"), ("x", "officer")):
        assert visit(f"web-{who}").post(reverse(name, args=[case, world.recording]), said).status_code == 404
    assert visit("web-stranger").post(_at(world, name), said).status_code == 404
    assert not _facts(world).recordings[world.recording].extracts


@pytest.mark.parametrize("name", ["archivist", "head"])
def test_only_who_investigates_notes_prints_and_takes_out(world: World, visit: Visit, name: str) -> None:
    other = visit(f"web-{name}")
    assert other.get(_at(world, "evidence")).status_code == 200
    assert other.post(_at(world, "evidence"), NOTES).status_code == 403
    assert other.post(_at(world, "evidence-print")).status_code == 403
    assert other.post(_at(world, "extract"), {"start": "2", "purpose": "附卷"}).status_code == 403


def test_of_a_state_secret_nothing_is_taken_out(world: World, visit: Visit) -> None:
    secret = RecordingClassified("国家秘密", "定密决定")
    write_recording(world.recording, world.on(PEOPLE["archivist"], 100), secret)
    officer = visit("web-officer")
    assert officer.post(_at(world, "extract"), {"start": "2", "purpose": "附卷"}).status_code == 409
    assert "国家秘密" in officer.get(_at(world, "evidence")).content.decode()
