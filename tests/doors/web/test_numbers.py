"""编号 on the pages: what became of every number, reserving, giving back, offline forms, voiding; and who may not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from liuhen.core.events.case import DocumentMade
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.occasion import random_id
from liuhen.flows.read_numbers import series_of
from liuhen.flows.reserved_numbers import free_numbers
from liuhen.flows.write_document import Content, make_document
from liuhen.records.index.models import DocumentRow, NumberSeries
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
FORM = "责令改正通知书"


def _make(world: World) -> str:
    occasion = world.on(PEOPLE["officer"], 90)
    return make_document(world.cases["open"], occasion, form=FORM, content=Content(body=("限期改正。",)))


def _reserve(client: Client, **changes: str) -> object:
    said = {"id": random_id(), "form": FORM, "count": "3", "holder": PEOPLE["officer"].uid, "reason": "下乡执法"}
    return client.post(reverse("numbers-reserve"), {f"reserve-{key}": text for key, text in (said | changes).items()})


def _block() -> str:
    return next(iter(agency_facts(HERE).agency.blocks))


def _series(world: World) -> str:
    return reverse("numbers-series", args=[shipped_types()[FORM].character, datetime.now(SHANGHAI).year])


def test_the_page_tells_every_number(world: World, visit: Visit) -> None:
    document, head = _make(world), visit("web-head")
    assert _reserve(head).status_code == 302  # type: ignore[attr-defined]
    page = head.get(reverse("numbers")).content.decode()
    assert FORM in page and "案号" in page and "张officer领用" in page and "还有 <strong>3</strong> 个没有用" in page
    assert "断号" in page and "refusal" not in page
    head.post(reverse("numbers-return", args=[_block()]), {f"return-{_block()}-reason": "空白表格已销毁"})
    page = visit("web-archivist").get(_series(world)).content.decode()
    assert page.count("空白作废</td>") == 3 and "张officer交回：空白表格已销毁" in page and "没有断号" in page
    assert reverse("case-part", args=[world.cases["open"], "documents", document]) in page
    sheet = visit("web-archivist").get(_series(world) + "xlsx/")
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"


def test_a_gap_is_shouted(world: World, visit: Visit) -> None:
    _make(world)
    NumberSeries.objects.filter(agency=HERE, kind=shipped_types()[FORM].character).update(next=4)
    page = visit("web-head").get(reverse("numbers")).content.decode()
    assert "断号 2 个：2 号、3 号" in page and 'role="alert"' in page
    assert "没有任何记录说明这个号的去向" in visit("web-head").get(_series(world)).content.decode()


def test_pages_of_a_long_series(world: World, visit: Visit) -> None:
    head = visit("web-head")
    _reserve(head, count="120")
    first = head.get(_series(world)).content.decode()
    assert "120号" in first and "71号" in first and "〕70号" not in first and "较早的号" in first
    last = head.get(_series(world) + "?page=3").content.decode()
    assert "〕1号" in last and "较早的号" not in last and "较新的号" in last
    assert head.get(_series(world) + "?page=4").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"form": ""}, "请选择文书种类。"),
        ({"count": "0"}, "至少预留 1 个号。"),
        ({"count": "9999"}, "一次最多预留 200 个号"),
        ({"holder": ""}, "请选择领用人。"),
        ({"reason": ""}, "请写明为什么预留。"),
        ({"holder": "web-head"}, "reserve-holder"),
    ],
)
def test_a_wrong_reservation_says_what_is_wrong(
    world: World, visit: Visit, changes: dict[str, str], sentence: str
) -> None:
    answer = _reserve(visit("web-head"), **changes)
    assert answer.status_code == 400 and sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert agency_facts(HERE).agency.blocks == {}


def test_sending_twice_reserves_once(world: World, visit: Visit) -> None:
    head, uid = visit("web-head"), random_id()
    assert [_reserve(head, id=uid).status_code for _ in range(2)] == [302, 302]  # type: ignore[attr-defined]
    assert len(agency_facts(HERE).agency.blocks) == 1
    (series,) = [one for one in series_of(PEOPLE["head"], datetime.now(SHANGHAI).year) if one.name == FORM]
    assert series.taken == 3
    for status in (302, 409):
        answer = head.post(reverse("numbers-return", args=[uid]), {f"return-{uid}-reason": "销毁"})
        assert answer.status_code == status
    assert "已经交回" in answer.content.decode()


def test_a_paper_filled_in_offline_is_entered_with_its_number(world: World, visit: Visit) -> None:
    _reserve(visit("web-head"))
    free = free_numbers(PEOPLE["officer"], shipped_types()[FORM])
    address = reverse("draft", args=[world.cases["open"], shipped_types()[FORM].code])
    officer = visit("web-officer")
    page = officer.get(address).content.decode()
    assert "补录没有网络时填写的纸质文书" in page and free[1] in page
    filled = (world.begun + timedelta(hours=1)).replace(second=0)
    fields = {f"f-{spec.label}": "甲" for spec in shipped_types()[FORM].fields if spec.kind in ("一行", "多行")}
    days = {f"f-{spec.label}": "2026-12-20" for spec in shipped_types()[FORM].fields if spec.kind == "日期"}
    said = {**fields, **days, "draft": random_id(), "seen": "0", "n-number": free[1]}
    late = officer.post(address, said | {"n-at": f"{datetime.now(SHANGHAI) + timedelta(days=1):%Y-%m-%dT%H:%M}"})
    assert late.status_code == 400 and "晚于现在" in late.content.decode()
    answer = officer.post(address, said | {"n-at": f"{filled:%Y-%m-%dT%H:%M}"})
    assert answer.status_code == 302, answer.content.decode()
    row = DocumentRow.objects.get(number=free[1])
    assert row.made_at == filled
    events = ground_of(world.cases["open"], HERE).events
    (event,) = [one for one in events if isinstance(one.content, DocumentMade) and one.content.number == free[1]]
    assert event.header.at == filled < event.header.recorded_at
    assert free_numbers(PEOPLE["officer"], shipped_types()[FORM]) == (free[0], free[2])
    again = officer.post(address, said | {"draft": random_id(), "n-at": f"{filled:%Y-%m-%dT%H:%M}"})
    assert again.status_code == 400 and "已经用掉或者交回" in again.content.decode()


def test_a_voided_document_is_struck_through_everywhere(world: World, visit: Visit) -> None:
    document, case, head = _make(world), world.cases["open"], visit("web-head")
    panel, void = (
        reverse("case-part", args=[case, "documents", document]),
        reverse("document-void", args=[case, document]),
    )
    assert void in head.get(panel).content.decode() and void not in visit("web-officer").get(panel).content.decode()
    assert "作废后不能恢复" in head.get(void).content.decode()
    empty = head.post(void, {"void-reason": " "})
    assert empty.status_code == 400 and "请写明作废的原因" in empty.content.decode()
    assert head.post(void, {"void-reason": "当事人名称写错"}).status_code == 302
    second = head.post(void, {"void-reason": "再来一次"})
    assert second.status_code == 409 and "已经作废，不会重复登记" in second.content.decode()
    shown = head.get(panel).content.decode()
    assert "已作废的文书" in shown and "当事人名称写错" in shown and void not in shown
    page = head.get(reverse("case", args=[case])).content.decode()
    assert page.count('class="void-mark"') >= 2 and "文书作废" in page
    row = DocumentRow.objects.get(uid=document)
    answer = visit(None).get(reverse("check-code"), {"code": row.code})
    if answer.status_code == 405:
        answer = visit(None).post(reverse("check-code"), {"number": row.number, "code": row.code})
    assert "已作废" in answer.content.decode() and "当事人名称写错" not in answer.content.decode()
    assert head.get(reverse("document-file", args=[case, document])).status_code == 200
    signing = visit("web-officer").get(reverse("signing", args=[case, document]))
    assert signing.status_code == 409 and "已经作废" in signing.content.decode()


ADDRESSES = ("numbers", "numbers-series", "numbers-export", "numbers-reserve", "numbers-return", "document-void")


def _ask(client: Client, world: World, name: str, document: str, block: str) -> int:
    year = datetime.now(SHANGHAI).year
    arguments: dict[str, list[object]] = {
        "numbers-series": [shipped_types()[FORM].character, year],
        "numbers-export": [shipped_types()[FORM].character, year],
        "numbers-return": [block],
        "document-void": [world.cases["open"], document],
    }
    address = reverse(name, args=arguments.get(name, []))
    reads = name in ("numbers", "numbers-series", "numbers-export")
    return (client.get(address) if reads else client.post(address, {"void-reason": "甲"})).status_code


@pytest.mark.parametrize("name", ADDRESSES)
def test_who_may_not(world: World, visit: Visit, name: str) -> None:
    document = _make(world)
    _reserve(visit("web-head"))
    block = _block()
    assert _ask(visit(None), world, name, document, block) == 302
    for administrator in ("web-system", "web-security", "web-audit"):
        assert _ask(visit(administrator), world, name, document, block) == 403
    # Another agency sees its own numbers, of which there are none of this type.
    foreign = {"numbers": 200, "numbers-series": 404, "numbers-export": 404}
    assert _ask(visit("web-stranger"), world, name, document, block) == foreign.get(name, 403)
    if name not in foreign:
        assert _ask(visit("web-officer"), world, name, document, block) == 403
    assert DocumentRow.objects.get(uid=document).voided_at is None
    assert agency_facts(HERE).agency.blocks[block].returned is None


def test_forms_demand_the_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    for address in (reverse("numbers-reserve"), reverse("numbers-return", args=["b"])):
        assert strict.post(address).status_code == 403
