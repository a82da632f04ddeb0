"""拟制文书: what the case knows stands there, a preview leaves no trace, what is made is in the case; and who may not."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.typeset.squares import draw_squares
from liuhen.core.events.case import DocumentMade
from liuhen.flows.ground import ground_of
from liuhen.records.index.models import DocumentRow
from tests.doors.web.world import HERE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
PAGES = (
    "draft-types",
    "draft",
    "draft-preview",
    "draft-check",
    "draft-open",
    "draft-save",
    "draft-drop",
    "draft-read-out",
)


def address(world: World, name: str, code: str = "NOT", case: str = "open") -> str:
    """Give the address of a page; `code` is a type, or the draft of those pages that are of one."""
    return reverse(name, args=[world.cases[case], *([] if name == "draft-types" else [code])])


def made(world: World) -> list[DocumentMade]:
    events = ground_of(world.cases["open"], HERE).events
    return [event.content for event in events if isinstance(event.content, DocumentMade)]


def asked(client: Client, world: World, name: str) -> int:
    posted = ("draft-preview", "draft-check", "draft-save", "draft-drop", "draft-read-out")
    there = client.post if name in posted else client.get
    return there(address(world, name)).status_code


def save(client: Client, world: World, draft: str, seen: int, **texts: str) -> Any:
    body = {"code": "NOT", "seen": seen, "texts": {f"f-{label}": text for label, text in texts.items()}}
    return client.post(address(world, "draft-save", draft), body, content_type="application/json")


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not(world: World, visit: Visit, name: str) -> None:
    assert asked(visit(None), world, name) == 302
    assert asked(visit("web-stranger"), world, name) == (400 if name == "draft-save" else 404)
    for account in ("web-system", "web-security", "web-audit", "web-archivist"):
        assert asked(visit(account), world, name) == 403
    assert save(visit("web-stranger"), world, "d1", 0, 违法事实="外人").status_code == 404
    assert visit("web-archivist").post(address(world, "draft")).status_code == 403


def test_an_archived_case_takes_no_new_document(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    assert client.post(address(world, "draft", case="archived"), {}).status_code == 409
    assert client.post(address(world, "draft-preview", case="archived"), {}).status_code == 409


@pytest.mark.parametrize("code", ["XXX", "VCO"])
def test_a_type_that_cases_do_not_have_is_not_found(world: World, visit: Visit, code: str) -> None:
    assert visit("web-officer").get(address(world, "draft", code)).status_code == 404


def test_the_types_stand_by_stage_and_tell_what_the_case_has(world: World, visit: Visit) -> None:
    page = visit("web-officer").get(address(world, "draft-types")).content.decode()
    assert all(kind.name in page for kind in shipped_documents().values() if not kind.of_volume)
    assert "卷宗封面" not in page and page.count("本案已有") >= 1


def test_what_the_case_knows_stands_in_the_form(world: World, visit: Visit) -> None:
    facts = ground_of(world.cases["open"], HERE).facts
    assert facts.case.party is not None
    page = visit("web-officer").get(f"{address(world, 'draft', 'SIT')}?act={world.act}").content.decode()
    act = facts.case.acts[world.act]
    for text in (facts.case.party.name, act.place, *(officer.certificate for officer in act.officers)):
        assert text in page


def test_a_preview_shows_the_words_and_leaves_no_trace(world: World, visit: Visit) -> None:
    before = made(world)
    answer = visit("web-officer").post(
        address(world, "draft-preview"), {"f-违法事实": "超范围储存烟花", "f-拟处罚内容": "罚款 3000 元"}
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) >= 1
    assert made(world) == before


def test_what_was_filled_in_becomes_a_document_with_a_number(world: World, visit: Visit) -> None:
    kind = shipped_documents()["行政处罚事先告知书"]
    typed = {"f-当事人": "喆玥䶮商行", "f-违法事实": "超范围储存烟花 #{x} $y$", "f-拟处罚内容": "罚款"}
    answer = visit("web-officer").post(address(world, "draft"), typed | {"more": "补充一段\n\n再一段"})
    document = made(world)[-1]
    assert answer.status_code == 302 and document.document in answer.headers["Location"]
    assert document.form == kind.name and document.facing == "出具" and document.code is not None
    assert document.number is not None and "告〔" in document.number
    assert document.fields["违法事实"] == "超范围储存烟花 #{x} $y$" and document.fields["当事人"] == "喆玥䶮商行"
    assert DocumentRow.objects.get(uid=document.document).number == document.number


def test_what_an_earlier_document_says_stands_in_the_next_to_be_checked(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    typed = {"f-违法事实": "超范围储存烟花", "f-法律依据": "烟花爆竹条例第九条", "f-拟处罚内容": "罚款 3000 元"}
    officer.post(address(world, "draft"), typed)
    page = officer.get(address(world, "draft", "DEC")).content.decode()
    assert all(text in page for text in typed.values())
    assert page.count("已带入《行政处罚事先告知书》的内容，请核对") == 3
    assert "已带入" not in officer.get(address(world, "draft", "SIT")).content.decode()


@pytest.mark.parametrize("public", ["", "https://xzzf.example.gov.cn/check/"])
def test_an_issued_document_carries_its_code_to_be_scanned(
    world: World, visit: Visit, settings: Any, monkeypatch: pytest.MonkeyPatch, public: str
) -> None:
    settings.CHECK_ADDRESS = public
    drawn: list[str] = []

    def drawing(text: str) -> bytes:
        drawn.append(text)
        return draw_squares(text)

    monkeypatch.setattr("liuhen.adapters.typeset.contract.draw_squares", drawing)
    visit("web-officer").post(address(world, "draft"), {"f-违法事实": "超范围储存"})
    document = made(world)[-1]
    assert drawn == [f"{public}?code={document.code}" if public else f"文号 {document.number} 核验码 {document.code}"]


def test_records_take_questions_signers_and_their_act(world: World, visit: Visit) -> None:
    typed = {
        "act": world.act,
        "q0": "你看清楚了吗？",
        "a0": "看清楚了。",
        "q1": "没有回答的问题",
        "s-执法人员": "甲、乙",
    }
    assert visit("web-officer").post(address(world, "draft", "ASK"), typed).status_code == 302
    document = made(world)[-1]
    assert document.act == world.act and document.number is None
    assert [(place.role, place.name) for place in document.signers] == [("执法人员", "甲"), ("执法人员", "乙")]


def test_a_list_takes_rows_from_a_sheet(world: World, visit: Visit) -> None:
    rows = "1 | 烟花 | 大号 | 86 箱 |\n2\t爆竹\t小号\t3 箱\t受潮"
    assert visit("web-officer").post(address(world, "draft", "MEL"), {"items": rows}).status_code == 302


@pytest.mark.parametrize(
    ("code", "typed", "word"),
    [
        ("MEL", {"items": "1|2|3|4|5|6"}, "第 1 行有 6 列"),
        ("MEL", {"items": "1\n" * 501}, "超过 500 行"),
        ("PAY", {"f-缴纳数额": "三千元"}, "应写成数字"),
        ("ASK", {"s-执法人员": "甲、甲"}, "只签一次"),
        ("NOT", {"f-当事人": "长" * 501}, "精简到 500 字以内"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(
    world: World, visit: Visit, code: str, typed: dict[str, str], word: str
) -> None:
    before = made(world)
    answer = visit("web-officer").post(address(world, "draft", code), typed)
    assert answer.status_code == 400 and word in answer.content.decode()
    assert made(world) == before


def test_an_act_of_another_case_is_not_found(world: World, visit: Visit) -> None:
    assert visit("web-officer").get(f"{address(world, 'draft', 'SIT')}?act={'0' * 32}").status_code == 404


def test_only_what_is_asked_and_answered_has_questions(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert "问和答" in officer.get(address(world, "draft", "ASK")).content.decode()
    assert "问和答" not in officer.get(address(world, "draft", "SIT")).content.decode()


def test_standing_words_are_shown_beside_the_form(world: World, visit: Visit) -> None:
    page = visit("web-officer").get(address(world, "draft", "URG")).content.decode()
    assert "固定文字" in page and "无正当理由逾期仍不履行的" in page


def test_the_one_act_that_fits_is_chosen_from_the_start_unless_somebody_says_otherwise(
    world: World, visit: Visit
) -> None:
    officer, act = visit("web-officer"), ground_of(world.cases["open"], HERE).facts.case.acts[world.act]
    kind = next(kind for kind in shipped_documents().values() if act.kind in kind.acts)
    page = officer.get(address(world, "draft", kind.code)).content.decode()
    assert f'name="act" value="{world.act}"' in page
    page = officer.get(f"{address(world, 'draft', kind.code)}?act=").content.decode()
    assert f'name="act" value="{world.act}"' not in page


def test_what_is_typed_is_kept_and_shown_again_where_it_was_left(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    answer = save(officer, world, "d1", 0, 违法事实="超范围储存 <b>烟花</b>", 没有这一栏="丢掉")
    assert (answer.status_code, answer.json()) == (200, {"version": 1, "news": {}, "clashes": {}})
    page = visit("web-second").get(address(world, "draft-open", "d1")).content.decode()
    assert "超范围储存 &lt;b&gt;烟花&lt;/b&gt;" in page and 'data-seen="1"' in page and "丢掉" not in page
    types = visit("web-second").get(address(world, "draft-types")).content.decode()
    assert "未完成的草稿" in types and "张officer 修改于" in types and address(world, "draft-drop", "d1") not in types
    assert officer.post(address(world, "draft-drop", "d1")).headers["Location"] == address(world, "draft-types")
    assert officer.get(address(world, "draft-open", "d1")).status_code == 404


def test_what_another_wrote_stands_beside_what_one_typed_before_anything_is_made(world: World, visit: Visit) -> None:
    officer, before = visit("web-officer"), made(world)
    save(officer, world, "d1", 0, 违法事实="甲")
    save(visit("web-second"), world, "d1", 1, 违法事实="乙说的")
    typed = {"draft": "d1", "seen": "1", "f-违法事实": "甲说的"}
    answer = officer.post(address(world, "draft"), typed)
    page = answer.content.decode()
    assert answer.status_code == 400 and made(world) == before
    assert "张second刚才改成：乙说的" in page and "甲说的" in page and 'name="seen" value="2"' in page
    assert officer.post(address(world, "draft"), typed | {"seen": "2"}).status_code == 302
    assert made(world)[-1].fields["违法事实"] == "甲说的"
    there = officer.get(address(world, "draft-open", "d1"))
    assert there.status_code == 302 and made(world)[-1].document in there.headers["Location"]
    assert save(officer, world, "d1", 2, 违法事实="晚了").json()["made"] == made(world)[-1].document
    again = officer.post(address(world, "draft"), typed | {"seen": "2"})
    assert again.headers["Location"] == there.headers["Location"] and len(made(world)) == len(before) + 1


def test_without_scripts_a_button_keeps_the_draft(world: World, visit: Visit) -> None:
    officer, typed = visit("web-officer"), {"draft": "d2", "seen": "0", "keep": "1", "f-违法事实": "一行\r\n两行"}
    answer = officer.post(address(world, "draft"), typed)
    assert answer.headers["Location"] == address(world, "draft-open", "d2")
    assert "一行\n两行" in officer.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"code": "NOT"}', '{"code": "NOT", "seen": "x", "texts": {}}'])
def test_what_is_no_draft_is_refused(world: World, visit: Visit, body: str) -> None:
    answer = visit("web-officer").post(address(world, "draft-save", "d3"), body, content_type="application/json")
    assert answer.status_code == 400


def test_as_many_questions_as_were_asked(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    body = {"code": "ASK", "seen": 0, "texts": {"q30": "第三十一问", "a30": "第三十一答"}}
    officer.post(address(world, "draft-save", "d4"), body, content_type="application/json")
    page = officer.get(address(world, "draft-open", "d4")).content.decode()
    assert "第三十一问" in page and page.count('class="pair"') == 31
