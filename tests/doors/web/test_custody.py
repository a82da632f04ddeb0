"""保管: who had a recording, until when it is kept, what may be written down of it, and by whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from liuhen.flows.ground import ground_of, recording_facts
from tests.doors.web.test_doors import Visit
from tests.doors.web.world import HERE, World

pytestmark = pytest.mark.django_db

KEEP = {"period": "永久", "situations": "阻碍执法、群体性事件", "ground": "围堵执法人员"}
TRANSFER = {"to": "县人民法院 赵法官", "carrier": "光盘 1 号", "purpose": "行政诉讼", "approval": "周正 3 月 9 日"}


def _page(world: World) -> str:
    return reverse("custody", args=[world.cases["open"], world.recording])


def _entry(world: World, kind: str) -> str:
    return reverse("custody-entry", args=[world.cases["open"], world.recording, kind])


def test_the_page_tells_who_had_it_and_until_when(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    bytes_at = reverse("recording-bytes", args=[world.cases["open"], world.recording])
    officer.get(bytes_at)
    page = officer.get(_page(world)).content.decode()
    for told in ("音像入库", "音像关联", "查阅", "保存期限"):
        assert told in page


def test_the_archivist_keeps_it_for_ever_holds_it_and_lets_go(world: World, visit: Visit) -> None:
    archivist = visit("web-archivist")
    assert archivist.post(_entry(world, "keep"), KEEP).status_code == 302
    assert archivist.post(_entry(world, "hold"), {"ground": "行政复议"}).status_code == 302
    page = archivist.get(_page(world)).content.decode()
    assert "永久保存" in page and "暂缓处置：行政复议" in page
    (hold,) = recording_facts(world.recording).holds
    assert archivist.post(_entry(world, "release"), {"hold": hold, "reason": ""}).status_code == 400
    assert archivist.post(_entry(world, "release"), {"hold": hold, "reason": "复议终结"}).status_code == 302
    assert recording_facts(world.recording).holds == {}
    assert archivist.post(_entry(world, "release"), {"hold": hold, "reason": "又一次"}).status_code == 409


def test_a_copy_handed_over_is_on_the_record(world: World, visit: Visit) -> None:
    archivist = visit("web-archivist")
    assert archivist.post(_entry(world, "transfer"), TRANSFER | {"approval": ""}).status_code == 400
    assert archivist.post(_entry(world, "transfer"), TRANSFER).status_code == 302
    assert "县人民法院" in archivist.get(_page(world)).content.decode()
    assert [item.approval for item in recording_facts(world.recording).transfers] == [TRANSFER["approval"]]


def test_the_officer_says_why_storing_had_to_wait(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    back = world.begun + timedelta(minutes=6)
    said = {"ground": "异地执法", "returned_at": f"{back:%Y-%m-%dT%H:%M}"}
    assert officer.post(_entry(world, "late"), said | {"returned_at": "2126-01-01T00:00"}).status_code == 400
    assert officer.post(_entry(world, "late"), said | {"returned_at": "1970-01-01T08:00"}).status_code == 400
    assert officer.post(_entry(world, "late"), said).status_code == 302
    recording = ground_of(world.cases["open"], HERE).facts.recordings[world.recording]
    assert recording.storage_ground == "异地执法"
    assert recording.returned == back.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("typed", "sentence"), [({"period": "很久"}, "看不出保存多长时间"), ({"situations": "、"}, "情形")]
)
def test_what_does_not_fit_is_said_on_the_form(
    world: World, visit: Visit, typed: dict[str, str], sentence: str
) -> None:
    answer = visit("web-archivist").post(_entry(world, "keep"), KEEP | typed)
    assert answer.status_code == 400 and sentence in answer.content.decode()


def test_the_archivist_classifies_and_it_closes(world: World, visit: Visit) -> None:
    said = {"classification": "个人隐私", "basis": "涉及未成年人"}
    assert visit("web-archivist").post(_entry(world, "classify"), said).status_code == 302
    assert recording_facts(world.recording).classification == "个人隐私"


def test_each_writes_down_only_what_is_theirs(world: World, visit: Visit) -> None:
    officer, archivist = visit("web-officer"), visit("web-archivist")
    for kind, said in (("keep", KEEP), ("hold", {"ground": "诉讼"}), ("transfer", TRANSFER)):
        assert officer.post(_entry(world, kind), said).status_code == 403
    assert (
        archivist.post(_entry(world, "late"), {"ground": "异地", "returned_at": "2026-03-02T10:00"}).status_code == 403
    )
    assert archivist.post(_entry(world, "nothing"), {}).status_code == 404


def test_strangers_and_administrators_see_nothing_of_it(world: World, visit: Visit) -> None:
    assert visit(None).get(_page(world)).status_code == 302
    assert visit("web-stranger").get(_page(world)).status_code == 404
    assert visit("web-system").get(_page(world)).status_code == 403
    other = _page(world).replace(world.cases["open"], world.cases["ended"])
    assert visit("web-officer").get(other).status_code == 404
