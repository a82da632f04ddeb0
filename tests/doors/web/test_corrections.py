"""更正: what is changed after a record was read out is struck out, told, and marked by the party, each change by itself."""

import io
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuhen.core.events.case import DocumentMade
from liuhen.core.events.parts import TextChange
from liuhen.core.facts.model import Document
from liuhen.flows.ground import ground_of
from liuhen.flows.office import office
from liuhen.flows.sign_document import ChangeUnknown, mark_change
from tests.adapters.typeset.test_prints import photo
from tests.doors.web.test_signing import hand
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
CODE = "ASK"
READ = {
    "f-询问地点": "安禾县大队办公室",
    "s-当事人": "刘某",
    "s-执法人员": "",
    "q0": "库里有多少箱？",
    "a0": "有十五箱。",
    "q1": "有没有许可证？",
    "a1": "有，我认错。",
}
SAID = READ | {"a0": "有二十箱。", "a1": "有。"}


def address(world: World, name: str, key: str = CODE) -> str:
    return reverse(name, args=[world.cases["open"], key])


def read_out(client: Client, world: World, draft: str, **changes: str) -> Any:
    return client.post(address(world, "draft-read-out"), {"draft": draft, "seen": "0"} | READ | changes)


def make(client: Client, world: World, draft: str, texts: dict[str, str]) -> Any:
    return client.post(address(world, "draft"), {"draft": draft, "seen": "2"} | texts)


def newest(world: World) -> DocumentMade:
    events = ground_of(world.cases["open"], HERE).events
    return [event.content for event in events if isinstance(event.content, DocumentMade)][-1]


def standing(world: World, document: str) -> Document:
    return ground_of(world.cases["open"], HERE).facts.case.documents[document]


@pytest.fixture
def corrected(world: World, visit: Visit) -> str:
    """Give the uid of a record in which two answers were changed after it was read out."""
    client = visit("web-officer")
    assert read_out(client, world, "read-1").status_code == 302
    assert make(client, world, "read-1", SAID).status_code == 302
    return newest(world).document


def pressed(client: Client, world: World, document: str, change: int, **fields: Any) -> Any:
    there = reverse("signing-change", args=[world.cases["open"], document, change])
    file = SimpleUploadedFile("指印.jpg", photo(), "image/jpeg")
    said = {f"c{change}-picture": file, f"c{change}-name": "刘某"} | fields
    return client.post(there, {name: value for name, value in said.items() if value is not None})


def test_what_was_read_out_first_is_kept_beside_what_stands_now(world: World, corrected: str) -> None:
    made = newest(world)
    assert made.changed == (TextChange("第 1 答", "十五", "二十"), TextChange("第 2 答", "，我认错", ""))
    assert made.corrections == 2
    with office().vault.open(made.file.sha256) as file:
        pdf = file.read()
    if shutil.which("pdftotext"):
        told = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
        assert "有十五二十箱。" in "".join(told.split()) and "，我认错" in told


def test_a_record_that_was_not_read_out_has_no_changes(world: World, visit: Visit) -> None:
    assert make(visit("web-officer"), world, "plain-1", SAID).status_code == 302
    assert newest(world).changed == () and newest(world).corrections == 0


def test_the_changes_stand_beside_the_form(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    page = client.get(address(world, "draft")).content.decode()
    assert "交当事人核对" in page and "宣读以后的更正" not in page
    read_out(client, world, "read-2")
    again = client.get(address(world, "draft-open", "read-2")).content.decode()
    assert "交当事人核对" not in again and "还没有更正" in again
    told = client.post(address(world, "draft-check"), {"draft": "read-2", "seen": "2"} | SAID).content.decode()
    assert "<del>十五</del> 改为 <ins>二十</ins>" in told and "<del>，我认错</del>" in told


def test_it_is_read_out_once(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    read_out(client, world, "read-3")
    read_out(client, world, "read-3", seen="2", a0="有三十箱。")
    assert make(client, world, "read-3", SAID).status_code == 302
    assert newest(world).changed[0] == TextChange("第 1 答", "十五", "二十"), "the words first read out count"


def test_a_form_that_does_not_hold_is_not_read_out(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    answer = read_out(client, world, "read-4", **{"f-询问地点": "远" * 501})
    assert answer.status_code == 400
    make(client, world, "read-4", SAID)
    assert newest(world).changed == ()


def test_what_is_issued_is_not_read_out_for_correcting(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    assert "交当事人核对" not in client.get(address(world, "draft", "NOT")).content.decode()
    assert client.post(address(world, "draft-read-out", "NOT"), {"draft": "read-5", "seen": "0"}).status_code == 404


def test_each_change_is_marked_and_the_marks_are_drawn(world: World, visit: Visit, corrected: str) -> None:
    """hebei/15.1: at each change the party presses a finger or sets a stamp; one of two is not enough."""
    client = visit("web-officer")
    page = client.get(reverse("signing", args=[world.cases["open"], corrected])).content.decode()
    assert page.count("待捺印") == 2 and "<del>十五</del>" in page
    assert pressed(client, world, corrected, 1).status_code == 302
    assert standing(world, corrected).marks == set()
    assert pressed(client, world, corrected, 2).status_code == 302
    assert standing(world, corrected).marks == {"更正处"}
    for place, _ in enumerate(standing(world, corrected).signers):
        assert hand(client, world, corrected, place).status_code == 200
    assert client.post(reverse("signing-complete", args=[world.cases["open"], corrected])).status_code == 302
    file = standing(world, corrected).finished_file
    assert file is not None
    with office().vault.open(file.sha256) as kept, pikepdf.open(io.BytesIO(kept.read())) as pdf:
        drawn = {name for page in pdf.pages for name in page.resources.get("/XObject", {})}
    assert {"/Fix1", "/Fix2", "/Hand0"} <= drawn
    after = pressed(client, world, corrected, 1)
    assert after.status_code == 409 and "已经定稿" in after.content.decode()


def test_what_cannot_be_marked_is_said_on_the_page(world: World, visit: Visit, corrected: str) -> None:
    client = visit("web-officer")
    assert pressed(client, world, corrected, 1).status_code == 302
    again = pressed(client, world, corrected, 1)
    assert again.status_code == 409 and "第 1 处更正已经捺印" in again.content.decode()
    assert "没有第 3 处更正（共 2 处）" in pressed(client, world, corrected, 3).content.decode()
    empty = pressed(client, world, corrected, 2, **{"c2-picture": None, "c2-name": ""})
    assert empty.status_code == 400 and "请选择或者拍摄指印的照片" in empty.content.decode()
    with pytest.raises(ChangeUnknown):
        mark_change(
            world.cases["open"],
            world.on(PEOPLE["officer"], 55),
            document=corrected,
            change=0,
            name="刘某",
            picture=photo(),
        )
    assert standing(world, corrected).marks == set()
