"""签名与盖章: every step on its page, what is said where it cannot be done, and who may not."""

import io
import json
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from liuhen.core.events.case import DocumentSigned, SignatureRefused
from liuhen.core.events.parts import SignerPlace
from liuhen.core.facts.model import Document
from liuhen.doors.web.policy import HEADER
from liuhen.doors.web.signing_forms import MOST_BYTES, MOST_POINTS
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.ground import ground_of
from liuhen.flows.office import office
from liuhen.flows.write_document import Content, make_document
from tests.adapters.typeset.test_prints import photo
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
STROKES = [[[10, 10, 0, 500], [60, 40, 30, 700], [120, 20, 60, 400]]]
STEPS = (
    "signing-hand",
    "signing-refusal",
    "signing-print",
    "signing-change",
    "signing-mark",
    "signing-complete",
    "signing-seal",
)
PLACES = (("当事人", "刘某"), ("执法人员", "张officer"), ("执法人员", "张second"))


def written(world: World, form: str = "查封（扣押）财物清单", places: tuple[tuple[str, str], ...] = PLACES) -> str:
    content = Content(body=("情况属实。",), signers=tuple(SignerPlace(*place) for place in places))
    return make_document(world.cases["open"], world.on(PEOPLE["officer"], 50), form=form, content=content)


def address(world: World, name: str, document: str, place: int = 0, case: str = "open") -> str:
    more = [place] if name in ("signing-hand", "signing-refusal", "signing-print", "signing-change") else []
    return reverse(name, args=[world.cases[case], document, *more])


def standing(world: World, document: str) -> Document:
    return ground_of(world.cases["open"], HERE).facts.case.documents[document]


def hand(client: Client, world: World, document: str, place: int, **changes: Any) -> Any:
    file = standing(world, document).file
    assert file is not None
    said = {"sha256": file.sha256, "strokes": STROKES} | changes
    return client.post(address(world, "signing-hand", document, place), json.dumps(said), "application/json")


def shown(client: Client, world: World, document: str) -> str:
    return client.get(address(world, "signing", document)).content.decode()


def test_who_may_not(world: World, visit: Visit) -> None:
    document = written(world)
    for name in ("signing", *STEPS):
        there = address(world, name, document)

        def asked(account: str | None, there: str = there, by_post: bool = name != "signing") -> int:
            client = visit(account)
            return (client.post(there) if by_post else client.get(there)).status_code

        assert asked(None) == 302, name
        assert asked("web-stranger") == 404, name
        for account in ("web-system", "web-security", "web-audit", "web-archivist"):
            assert asked(account) == 403, (name, account)
        if name != "signing":
            assert visit("web-officer").get(there).status_code == 405
    found = standing(world, document)
    assert not found.signatures and not found.refusals and not found.marks and found.finished_file is None


def test_heads_sign_their_own_name_and_nobody_elses(world: World, visit: Visit) -> None:
    document = written(world, "集体讨论记录", (("参加人", "张head"), ("参加人", "张officer")))
    head = visit("web-head")
    page = shown(head, world, document)
    assert page.count("data-sign=") == 1 and "请 张head 签名" in page and "/refusal/" not in page
    assert hand(head, world, document, 1).status_code == 403
    assert head.post(address(world, "signing-refusal", document, 1), {"p1-why": "不在场"}).status_code == 403
    assert head.post(address(world, "signing-mark", document), MARK).status_code == 403
    assert hand(head, world, document, 0).status_code == 200
    assert [one.name for one in standing(world, document).signatures] == ["张head"]


MARK = {"mark-mark": "骑缝", "mark-manner": "手印", "mark-name": "刘某"}


@pytest.mark.parametrize("name", ["signing", *STEPS])
def test_a_thing_is_not_reached_through_another_case(world: World, visit: Visit, name: str) -> None:
    document, officer = written(world), visit("web-officer")
    there = address(world, name, document, case="ended")
    assert (officer.get(there) if name == "signing" else officer.post(there, MARK)).status_code == 404


@pytest.mark.parametrize("name", ["signing", *STEPS])
def test_an_archived_case_refuses(world: World, visit: Visit, name: str) -> None:
    document, officer = written(world), visit("web-officer")
    conclude_case(world.cases["open"], world.on(PEOPLE["officer"], 90), reason="整改完毕", document=None)
    archive_case(world.cases["open"], world.on(PEOPLE["archivist"], 91), archive_number="A1", retention="30 年")
    there = address(world, name, document)
    answer = officer.get(there) if name == "signing" else officer.post(there, MARK)
    assert answer.status_code == 409 and "已经归档" in json_or_text(answer)
    panel = officer.get(reverse("case-part", args=[world.cases["open"], "documents", document]))
    assert address(world, "signing", document) not in panel.content.decode()


def json_or_text(answer: Any) -> str:
    is_json = "json" in answer.headers["Content-Type"]
    return str(answer.json()["sentence"]) if is_json else str(answer.content.decode())


def test_the_way_from_the_panel_to_the_seal(world: World, visit: Visit) -> None:
    document, officer = written(world), visit("web-officer")
    panel = reverse("case-part", args=[world.cases["open"], "documents", document])
    assert "下一步：签名" in officer.get(panel).content.decode()
    assert address(world, "signing", document) not in visit("web-archivist").get(panel).content.decode()
    page, file = shown(officer, world, document), standing(world, document).file
    assert file is not None and f"{file.sha256[:8]}…{file.sha256[-8:]}" in page
    assert page.count("待签") == 3 and "请 刘某 签名" in page and "张officer（执法证号" in page
    assert "两名以上执法人员" not in page, "a list that is handed out asks no second officer"
    answer = officer.post(
        address(world, "signing-refusal", document), {"p0-why": "当事人拒绝签名", "p0-text": "认为过重"}
    )
    assert answer.status_code == 302
    page = shown(officer, world, document)
    assert "拒签：当事人拒绝签名：认为过重，" in page and "请 张officer 签名" in page and "改为签名" in page
    assert "再登记拒签" not in page
    assert hand(officer, world, document, 1).json() == {"next": address(world, "signing", document)}
    assert hand(officer, world, document, 2).status_code == 200
    signed = standing(world, document).signatures
    assert [(one.name, one.officer) for one in signed] == [("张officer", PEOPLE["officer"].uid), ("张second", None)]
    assert "下一步：定稿" in officer.get(panel).content.decode()
    assert "再登记拒签" in shown(officer, world, document)
    assert officer.post(address(world, "signing-complete", document)).status_code == 302
    assert "下一步：盖章" in officer.get(panel).content.decode()
    assert "加盖印章" in shown(officer, world, document)
    assert officer.post(address(world, "signing-seal", document)).status_code == 302
    page = shown(officer, world, document)
    assert (
        "已盖章 2" in page
        and "测试印章（测试机构签发）" in page
        and "data-sign=" not in page
        and "完成，回到案件" in page
    )
    assert "下一步" not in officer.get(panel).content.decode().partition('class="panel-head"')[2].partition("</div>")[0]


def test_a_refusal_is_told_with_what_the_rules_then_want(world: World, visit: Visit) -> None:
    page = shown(visit("web-officer"), world, written(world, "现场检查笔录"))
    assert "当事人拒绝签名，已注明：写明的情形" in page and "两名以上执法人员签字" in page
    assert "没有对执法人员拒签另提要求" in page


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ({}, "请选择情形"),
        ({"p0-why": "无故"}, "请选择情形"),
        ({"p0-why": "其他"}, "请写明没有签名的原因"),
        ({"p0-why": "其他", "p0-text": "长" * 201}, "精简到 200 字"),
    ],
)
def test_a_refusal_needs_its_reason(world: World, visit: Visit, typed: dict[str, str], word: str) -> None:
    document = written(world)
    answer = visit("web-officer").post(address(world, "signing-refusal", document), typed)
    assert answer.status_code == 400 and word in answer.content.decode()
    assert "<details open" in answer.content.decode() and not standing(world, document).refusals


def test_other_reasons_are_set_down_in_words(world: World, visit: Visit) -> None:
    document = written(world)
    visit("web-officer").post(
        address(world, "signing-refusal", document), {"p0-why": "其他", "p0-text": "突发疾病送医"}
    )
    assert standing(world, document).refusals == [("当事人", "刘某", "突发疾病送医")]


def test_signing_twice_says_so_and_leaves_one_event(world: World, visit: Visit) -> None:
    document, officer = written(world), visit("web-officer")
    assert hand(officer, world, document, 0).status_code == 200
    again = hand(visit("web-second"), world, document, 0)
    assert again.status_code == 409 and "已经签名" in again.json()["sentence"]
    answer = officer.post(address(world, "signing-refusal", document), {"p0-why": "不在场"})
    assert answer.status_code == 409 and "已经签名" in answer.content.decode()
    events = [event.content for event in ground_of(world.cases["open"], HERE).events]
    own = [one for one in events if isinstance(one, DocumentSigned | SignatureRefused) and one.document == document]
    assert len(own) == 1


def test_each_last_step_is_done_once_and_in_its_order(world: World, visit: Visit) -> None:
    document, officer = written(world, places=PLACES[:1]), visit("web-officer")
    for name, word in (("signing-complete", "还有 1 处没有签名"), ("signing-seal", "还没有定稿")):
        answer = officer.post(address(world, name, document))
        assert answer.status_code == 409 and word in answer.content.decode()
    hand(officer, world, document, 0)
    for name, word in (("signing-complete", "已经定稿"), ("signing-seal", "不能重复盖章")):
        assert officer.post(address(world, name, document)).status_code == 302
        answer = officer.post(address(world, name, document))
        assert answer.status_code == 409 and word in answer.content.decode()


def test_marks_are_set_down_once(world: World, visit: Visit) -> None:
    document, officer = written(world), visit("web-officer")
    there = address(world, "signing-mark", document)
    assert officer.post(there, MARK).status_code == 302
    assert "骑缝　刘某 手印" in shown(officer, world, document)
    answer = officer.post(there, MARK)
    assert answer.status_code == 409 and "不会重复登记" in answer.content.decode()
    answer = officer.post(there, MARK | {"mark-name": ""})
    assert answer.status_code == 400 and "请写明谁捺印" in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("{", "内容不完整"),
        ("[" * 100_000, "内容不完整"),
        ("[]", "还没有笔迹"),
        ({"strokes": []}, "还没有笔迹"),
        ({"strokes": [[]]}, "无法识别"),
        ({"strokes": [[[1, 2, 3]]]}, "无法识别"),
        ({"strokes": [[[1, 2, 3, True]]]}, "无法识别"),
        ({"strokes": [[[1, 2, 3, 1001]]]}, "无法识别"),
        ({"strokes": [[[1.5, 2, 3, 500]]]}, "无法识别"),
        ({"strokes": [[[10**9, 2, 3, 500]]]}, "无法识别"),
        ({"strokes": [[[5, 5, 0, 500], [6, 6, 1, 500]]]}, "不像签名"),
        ({"strokes": [[[n % 300, 5, n, 500] for n in range(MOST_POINTS + 1)]]}, f"最多 {MOST_POINTS} 个"),
        ({"strokes": STROKES, "sha256": "0" * 64}, "不是同一份"),
        (" " * (MOST_BYTES + 1), "超过 1000 KB"),
        (" " * 3_000_000, "超过 1000 KB"),
    ],
)
def test_a_hand_that_cannot_be_is_refused_with_a_sentence(world: World, visit: Visit, body: Any, word: str) -> None:
    document, officer = written(world), visit("web-officer")
    if isinstance(body, dict):
        answer = hand(officer, world, document, 0, **body)
    else:
        answer = officer.post(address(world, "signing-hand", document), body, "application/json")
    assert answer.status_code == 400 and word in answer.json()["sentence"]
    assert not standing(world, document).signatures


def test_a_place_that_is_not_there_is_not_found(world: World, visit: Visit) -> None:
    document, officer = written(world), visit("web-officer")
    assert hand(officer, world, document, 3).status_code == 404
    assert officer.post(address(world, "signing-refusal", document, 99)).status_code == 404
    assert officer.get(address(world, "signing", "0" * 32)).status_code == 404


def test_hands_need_the_token(world: World) -> None:
    from liuhen.records.people.models import User

    document, strict = written(world), Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="web-officer"), backend="django.contrib.auth.backends.ModelBackend")
    assert hand(strict, world, document, 0).status_code == 403
    assert not standing(world, document).signatures


def pressed(client: Client, world: World, document: str, place: int, picture: bytes, finger: str = "右手食指") -> Any:
    file = SimpleUploadedFile("指印.jpg", picture, "image/jpeg")
    said = {f"f{place}-picture": file, f"f{place}-finger": finger}
    return client.post(address(world, "signing-print", document, place), said)


def test_a_fingerprint_stands_for_a_signature(world: World, visit: Visit) -> None:
    """zhuhui/11: signed, or pressed with a finger."""
    document, officer = written(world), visit("web-officer")
    page = shown(officer, world, document)
    assert page.count("data-print") == 3 and "blob:" in officer.get(address(world, "signing", document)).headers[HEADER]
    picture = photo()
    assert pressed(officer, world, document, 0, picture).status_code == 302
    found = standing(world, document).signatures[0]
    assert (found.role, found.name, found.manner) == (*PLACES[0], "捺指印")
    assert "捺指印" in shown(officer, world, document)
    event = next(
        one.content
        for one in ground_of(world.cases["open"], HERE).events
        if isinstance(one.content, DocumentSigned) and one.content.document == document
    )
    assert (event.finger, event.strokes.size, event.strokes.media_type) == ("右手食指", len(picture), "image/jpeg")
    again = pressed(officer, world, document, 0, picture)
    assert again.status_code == 409 and "已经签名" in again.content.decode()
    for place in (1, 2):
        assert hand(officer, world, document, place).status_code == 200
    assert officer.post(address(world, "signing-complete", document)).status_code == 302
    assert standing(world, document).finished_file is not None


def test_a_fingerprint_is_pressed_over_a_signature(world: World, visit: Visit) -> None:
    """签名并捺印: the custom at questionings; both stand, and both are drawn."""
    document, officer = written(world), visit("web-officer")
    assert hand(officer, world, document, 0).status_code == 200
    page = shown(officer, world, document)
    assert "再捺指印" in page and page.count("data-print") == 3
    assert pressed(officer, world, document, 0, photo()).status_code == 302
    (signed,) = standing(world, document).signatures
    assert (signed.manner, bool(signed.print_sha256), bool(signed.image_sha256)) == ("签名", True, True)
    page = shown(officer, world, document)
    assert "并捺印" in page and "再捺指印" not in page and page.count("data-print") == 2
    again = pressed(officer, world, document, 0, photo())
    assert again.status_code == 409 and "已经" in again.content.decode()
    assert standing(world, document).marks == set(), "it is no mark across the pages"
    for place in (1, 2):
        assert hand(officer, world, document, place).status_code == 200
    assert officer.post(address(world, "signing-complete", document)).status_code == 302
    found = standing(world, document)
    assert found.file and found.finished_file
    with pikepdf.open(io.BytesIO(office().vault.open(found.finished_file.sha256).read())) as pdf:
        names = [str(name) for page_ in pdf.pages for name in page_.get_images()]
    assert {"/Hand0", "/Print0", "/Hand1", "/Hand2"} <= set(names)
    late = pressed(officer, world, document, 1, photo())
    assert late.status_code == 409 and "已经定稿" in late.content.decode()


def test_a_picture_without_a_fingerprint_is_said_on_the_page(world: World, visit: Visit) -> None:
    document, officer = written(world), visit("web-officer")
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    for picture, finger, status, said in (
        (out.getvalue(), "右手食指", 409, "看不出指印"),
        (b"nothing", "右手食指", 409, "不是可以读取的图片"),
        (b"", "右手食指", 400, "照片是空的"),
        (photo(), "第六指", 400, "第六指"),
    ):
        answer = pressed(officer, world, document, 0, picture, finger)
        assert answer.status_code == status and said in answer.content.decode()
    assert standing(world, document).signatures == []
