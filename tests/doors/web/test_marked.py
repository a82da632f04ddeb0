"""水印副本: a restricted recording is downloaded as a copy that says who took it; everybody else's way stays as it was."""

import shutil
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from liuhen.core.events.recording import RecordingClassified
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows import marked_copies
from liuhen.flows.ground import ground_of, recording_facts
from liuhen.flows.mark_copy import JOB
from liuhen.flows.writing import write_recording
from tests.doors.web.test_doors import Visit
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def closed(world: World) -> World:
    shutil.rmtree(Path(settings.DATA) / "cache" / "marked", ignore_errors=True)
    said = RecordingClassified("个人隐私", "涉及未成年人")
    write_recording(world.recording, world.on(PEOPLE["archivist"], 100), said)
    return world


def _at(world: World, name: str) -> str:
    return reverse(name, args=[world.cases["open"], world.recording])


def _work(world: World, patience: float = 60) -> None:
    """Let the worker take its steps until nothing is left."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        marked_copies.make_marked_copies(world.on(PEOPLE["officer"], 120).at)
        if marked_copies._DESK.work is None:
            return
        time.sleep(0.1)
    raise AssertionError("no copy came")


def test_the_copy_is_asked_for_made_by_the_worker_and_taken_with_a_trace(closed: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert "正在制作" in officer.get(_at(closed, "marked")).content.decode()
    assert officer.get(_at(closed, "marked-file")).status_code == 404
    _work(closed)
    assert "下载水印副本" in officer.get(_at(closed, "marked"), headers=HTMX).content.decode()
    answer = officer.get(_at(closed, "marked-file"))
    taken = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "video/mp4" and len(taken) > 10_000
    events = ground_of(closed.cases["open"], HERE).events
    told = [event.content.what for event in events if event.header.type == "case.consulted" and event.content]
    assert any("水印副本" in what for what in told)


def test_each_person_gets_a_copy_of_their_own(closed: World, visit: Visit) -> None:
    for name in ("web-officer", "web-archivist"):
        visit(name).get(_at(closed, "marked"))
    jobs = list((Path(settings.DATA) / "cache" / "marked").glob(f"*/{JOB}"))
    assert len({job.read_text(encoding="utf-8") for job in jobs}) == 2


def test_what_cannot_be_marked_says_so_and_is_not_tried_for_ever(
    closed: World, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = visit("web-officer")
    officer.get(_at(closed, "marked"))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    for _ in range(3):
        _work(closed)
    assert "已停止重试" in officer.get(_at(closed, "marked")).content.decode()


def test_old_copies_are_removed(closed: World, visit: Visit) -> None:
    visit("web-officer").get(_at(closed, "marked"))
    root = Path(settings.DATA) / "cache" / "marked"
    assert list(root.iterdir())
    marked_copies.make_marked_copies(datetime.now(SHANGHAI) + timedelta(days=3))
    assert not list(root.iterdir())


def test_who_does_not_work_on_the_case_gets_none(closed: World, visit: Visit) -> None:
    for name in ("marked", "marked-file"):
        assert visit("web-stranger").get(_at(closed, name)).status_code == 404
        assert visit("web-system").get(_at(closed, name)).status_code == 403
        assert visit(None).get(_at(closed, name)).status_code == 302


def test_a_state_secret_gets_no_copy(world: World, visit: Visit) -> None:
    write_recording(world.recording, world.on(PEOPLE["archivist"], 100), RecordingClassified("国家秘密", "定密决定"))
    assert visit("web-officer").get(_at(world, "marked")).status_code == 409


def test_what_was_taken_out_of_it_leaves_marked_too(closed: World, visit: Visit) -> None:
    officer, case = visit("web-officer"), closed.cases["open"]
    for end in ("", "3"):
        said = {"start": "1", "end": end, "purpose": "附卷"}
        assert officer.post(reverse("extract", args=[case, closed.recording]), said).status_code == 302
    for taken in recording_facts(closed.recording).extracts:
        answer = officer.get(reverse("extract-file", args=[case, closed.recording, taken.item]))
        assert answer.status_code == 302 and answer.headers["Location"].endswith(f"/marked/?item={taken.item}")
        officer.get(answer.headers["Location"])
        _work(closed)
        copy = officer.get(f"{_at(closed, 'marked-file')}?item={taken.item}")
        kind = "image/png" if taken.kind == "截图" else "video/mp4"
        assert (copy.status_code, copy.headers["Content-Type"]) == (200, kind)
    assert officer.get(f"{_at(closed, 'marked')}?item={'0' * 32}").status_code == 404
