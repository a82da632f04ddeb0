"""拟制文书: what the case knows stands there, a preview leaves no trace, what is made is in the case; and who may not."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.core.events.case import DocumentMade
from liuhen.flows.ground import ground_of
from liuhen.records.index.models import DocumentRow
from tests.doors.web.world import HERE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
PAGES = ("draft-types", "draft", "draft-preview")


def address(world: World, name: str, code: str = "NOT", case: str = "open") -> str:
    return reverse(name, args=[world.cases[case], *([] if name == "draft-types" else [code])])


def made(world: World) -> list[DocumentMade]:
    events = ground_of(world.cases["open"], HERE).events
    return [event.content for event in events if isinstance(event.content, DocumentMade)]


def asked(client: Client, world: World, name: str) -> int:
    there = client.post if name == "draft-preview" else client.get
    return there(address(world, name)).status_code


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not(world: World, visit: Visit, name: str) -> None:
    assert asked(visit(None), world, name) == 302
    assert asked(visit("web-stranger"), world, name) == 404
    for account in ("web-system", "web-security", "web-audit", "web-archivist"):
        assert asked(visit(account), world, name) == 403
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
    assert all(kind.name in page for kind in shipped_documents().values() if kind.facing != "案卷")
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
    answer = visit("web-officer").post(address(world, "draft-preview"), {"f1": "超范围储存烟花", "f4": "罚款 3000 元"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) >= 1
    assert made(world) == before


def test_what_was_filled_in_becomes_a_document_with_a_number(world: World, visit: Visit) -> None:
    kind = shipped_documents()["行政处罚事先告知书"]
    places = {spec.label: f"f{place}" for place, spec in enumerate(kind.fields)}
    typed = {
        places["当事人"]: "喆玥䶮商行",
        places["违法事实"]: "超范围储存烟花 #{x} $y$",
        places["拟处罚内容"]: "罚款",
    }
    answer = visit("web-officer").post(address(world, "draft"), typed | {"more": "补充一段\n\n再一段"})
    document = made(world)[-1]
    assert answer.status_code == 302 and document.document in answer.headers["Location"]
    assert document.form == kind.name and document.facing == "出具" and document.code is not None
    assert document.number is not None and "告〔" in document.number
    assert document.fields["违法事实"] == "超范围储存烟花 #{x} $y$" and document.fields["当事人"] == "喆玥䶮商行"
    assert DocumentRow.objects.get(uid=document.document).number == document.number


def test_records_take_questions_signers_and_their_act(world: World, visit: Visit) -> None:
    kind = shipped_documents()["询问笔录"]
    officers = next(place for place, spec in enumerate(kind.signers) if spec.role == "执法人员")
    typed = {
        "act": world.act,
        "q0": "你看清楚了吗？",
        "a0": "看清楚了。",
        "q1": "没有回答的问题",
        f"s{officers}": "甲、乙",
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
        ("PAY", {"f2": "三千元"}, "应写成数字"),
        ("ASK", {"s0": "甲、甲"}, "只签一次"),
        ("NOT", {"f0": "长" * 501}, "超过 500 个字"),
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
