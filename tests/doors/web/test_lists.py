"""音像记录事项清单 through the pages: read, changed row by row, taken in and given out as xlsx, published; and who may not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuhen.adapters.sheets.guard import LARGEST_FILE
from liuhen.adapters.sheets.reading import read_sheets
from liuhen.core.events.agency import ListPublished
from liuhen.core.events.catalogue import open_sealed
from liuhen.core.events.parts import ListEntry
from liuhen.flows.adapt_lists import publish_list, published_lists
from liuhen.flows.list_rows import COLUMNS, LIST
from liuhen.records.ledger.read import sealed_events
from liuhen.records.people.models import User
from tests.adapters.sheets.files import with_parts, workbook
from tests.doors.web.world import HERE, PEOPLE, STRANGER, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
TITLES = [column.title for column in COLUMNS]
FIRST = (
    ListEntry("烟花爆竹经营检查", "现场检查", "摄像", "现场环境", "到达现场", "离开现场", "2 年", "行政检查"),
    ListEntry("无证经营", "留置送达", "全程摄像", None, None, None, "永久", "行政处罚"),
    ListEntry("无证经营", "询问", "录音", None, None, None, None, "行政处罚"),
)
ROW = dict(
    zip((column.field for column in COLUMNS), ("行政强制", "查封", "加封", "摄像", "", "封条", "", "30年"), strict=True)
)
GET = ("lists", "list-draft", "list-preview", "list-version", "list-export")
POST = ("list-save", "list-change", "list-import", "list-publish")


@pytest.fixture
def published(world: World) -> str:
    """The first version, published by the system administrator; its id."""
    return publish_list(world.on(PEOPLE["system"], 100), FIRST, based_on="").id


def _in_ledger() -> list[ListPublished]:
    contents = (open_sealed(item).content for item in sealed_events(f"agency:{HERE}"))
    return [said for said in contents if isinstance(said, ListPublished) and said.list == LIST]


def _marks(client: Client) -> dict[str, str]:
    draft = client.get(reverse("list-draft")).context["draft"]
    return {"based_on": draft.based_id, "revision": str(draft.revision)}


def _send(client: Client, name: str, **said: Any) -> Any:
    return client.post(reverse(name), {**_marks(client), **said})


def _upload(client: Client, data: bytes) -> Any:
    return _send(client, "list-import", file=SimpleUploadedFile("清单.xlsx", data))


def _sheet(*rows: Any) -> bytes:
    return workbook([TITLES, *rows])


def _texts(page: Any) -> str:
    return str(page.content.decode().replace("\u2009", " "))


def _address(name: str, published: str) -> str:
    return reverse(name, args=[published]) if name in ("list-version", "list-export") else reverse(name)


# --- who may not


@pytest.mark.parametrize("name", [*GET, *POST])
def test_nobody_is_sent_to_sign_in(world: World, visit: Visit, published: str, name: str) -> None:
    client = visit(None)
    answer = (client.post if name in POST else client.get)(_address(name, published))
    assert (answer.status_code, len(_in_ledger())) == (302, 1)


@pytest.mark.parametrize("person", ["officer", "second", "head"])
def test_who_works_on_cases_reads_and_changes_nothing(world: World, visit: Visit, published: str, person: str) -> None:
    client = visit(f"web-{person}")
    assert "烟花爆竹经营检查" in _texts(client.get(reverse("lists")))
    assert client.get(reverse("list-export", args=[published])).status_code == 200
    assert "修改或者导入" not in _texts(client.get(reverse("lists")))
    for name in ("list-draft", "list-preview"):
        assert client.get(reverse(name)).status_code == 403
    for name in POST:
        assert client.post(reverse(name), {"based_on": published, "revision": "0", **ROW}).status_code == 403
    assert len(_in_ledger()) == 1


@pytest.mark.parametrize("administrator", ["security", "audit"])
@pytest.mark.parametrize("name", [*GET, *POST])
def test_the_other_administrators_have_no_business_here(
    world: World, visit: Visit, published: str, administrator: str, name: str
) -> None:
    client = visit(f"web-{administrator}")
    assert (client.post if name in POST else client.get)(_address(name, published)).status_code == 403


def test_another_agency_finds_nothing(world: World, visit: Visit, published: str) -> None:
    stranger = visit("web-stranger")
    assert "烟花" not in _texts(stranger.get(reverse("lists")))
    for name in ("list-version", "list-export"):
        assert stranger.get(reverse(name, args=[published])).status_code == 404
    assert published_lists(STRANGER) == ()


def test_forms_demand_the_token(world: World, published: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="web-system"), backend="django.contrib.auth.backends.ModelBackend")
    for name in POST:
        answer = strict.post(reverse(name), {"based_on": published, "revision": "0", **ROW})
        assert answer.status_code == 403, name
        assert "页面已过期" in answer.content.decode()


# --- reading


def test_an_agency_without_a_list_is_told_the_first_step(world: World, visit: Visit) -> None:
    assert "第一步" in _texts(visit("web-archivist").get(reverse("lists")))
    assert "还没有公布过清单" in _texts(visit("web-officer").get(reverse("lists")))


def test_search_and_fragment(world: World, visit: Visit, published: str) -> None:
    client = visit("web-officer")
    found = client.get(reverse("lists"), {"q": "无证 询问"}, headers={"HX-Request": "true"})
    assert "<html" not in _texts(found) and "找到 1 行" in _texts(found) and "烟花" not in _texts(found)
    assert "没有包含这些字的行" in _texts(client.get(reverse("lists"), {"q": "查无"}))


def test_export_has_exactly_the_columns_and_comes_back_as_it_was(world: World, visit: Visit, published: str) -> None:
    answer = visit("web-officer").get(reverse("list-export", args=[published]))
    (sheet,) = read_sheets(answer.content)
    assert (sheet.title, [cell.text for cell in sheet.rows[0].cells]) == (LIST, TITLES)
    assert "attachment" in answer.headers["Content-Disposition"]
    client = visit("web-archivist")
    assert _upload(client, answer.content).headers["Location"] == reverse("list-preview")
    assert "与现行清单相同" in _texts(client.get(reverse("list-preview")))


# --- row by row


def test_a_row_is_changed_and_published(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    form = _texts(client.get(reverse("list-draft"), {"row": "1"}))
    assert "修改第 2 行" in form and "留置送达" in form
    answer = _send(client, "list-save", row="1", **ROW)
    assert answer.headers["Location"] == f"{reverse('list-draft')}#row-2"
    assert len(_in_ledger()) == 1 and "烟花" in _texts(visit("web-officer").get(reverse("lists")))
    preview = _texts(client.get(reverse("list-preview")))
    assert "新增 1 行，删去 1 行" in preview and "公布为新版本" in preview
    assert _send(client, "list-publish").headers["Location"] == reverse("lists")
    said = _in_ledger()[-1]
    assert (said.version.endswith("年第 2 版"), said.entries[1].keep, said.entries[1].starts) == (True, "30 年", None)
    assert said.entries[0] == FIRST[0]
    page = _texts(visit("web-officer").get(reverse("lists")))
    assert "查封" in page and "张archivist" in page
    old = _texts(visit("web-officer").get(reverse("list-version", args=[published])))
    assert "旧版本" in old and "留置送达" in old and "查封" not in old


def test_a_wrong_row_keeps_what_was_typed_and_says_what_to_do(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    answer = _send(client, "list-save", row="new", **{**ROW, "matter": " ", "keep": "很久", "content": "留着"})
    page = _texts(answer)
    assert answer.status_code == 400
    assert "“执法事项”没有填写，请写明" in page and "“存储期限”写的是“很久”" in page and "留着</textarea>" in page
    assert 'aria-invalid="true"' in page
    assert client.get(reverse("list-draft")).context["draft"].changed is False


def test_rows_are_taken_out_brought_back_and_moved(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    _send(client, "list-change", act="remove", row="0")
    assert "删去 1 行" in _texts(client.get(reverse("list-draft")))
    _send(client, "list-change", act="restore", row="0")
    assert client.get(reverse("list-draft")).context["draft"].changed is False
    _send(client, "list-change", act="down", row="0")
    draft = client.get(reverse("list-draft")).context["draft"]
    assert [row.cells[2].text for row in draft.rows] == ["留置送达", "现场检查", "询问"]
    assert draft.summary == "调整顺序 1 行"
    _send(client, "list-change", act="up", row="1")
    assert client.get(reverse("list-draft")).context["draft"].changed is False
    _send(client, "list-change", act="remove", row="0")
    _send(client, "list-change", act="drop")
    assert "与现行清单相同" in _texts(client.get(reverse("list-draft")))


@pytest.mark.parametrize(
    "said",
    [{"act": "remove", "row": "9"}, {"act": "remove", "row": "x"}, {"act": "burn", "row": "0"}, {"act": "take-back"}],
)
def test_what_cannot_be_done_is_refused(world: World, visit: Visit, published: str, said: dict[str, str]) -> None:
    client = visit("web-archivist")
    assert _send(client, "list-change", **said).status_code == 400
    assert client.get(reverse("list-draft")).context["draft"].revision == 0


def test_a_form_from_another_window_changes_nothing(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    old = _marks(client)
    _send(client, "list-change", act="remove", row="0")
    answer = client.post(reverse("list-change"), {**old, "act": "remove", "row": "0"})
    assert answer.status_code == 409 and "别的窗口" in _texts(answer)
    assert len(client.get(reverse("list-draft")).context["draft"].rows) == 2


def test_two_people_do_not_overwrite_each_other(world: World, visit: Visit, published: str) -> None:
    mine, hers = visit("web-archivist"), visit("web-system")
    _send(mine, "list-change", act="remove", row="0")
    _send(hers, "list-change", act="remove", row="2")
    assert _send(hers, "list-publish").status_code == 302
    page = _texts(mine.get(reverse("list-preview")))
    assert "不能直接公布" in page and "公布为新版本" not in page
    refused = _send(mine, "list-publish")
    assert refused.status_code == 409 and "不是现行清单" in _texts(refused)
    _send(mine, "list-change", act="rebase")
    assert "删去 1 行" in _texts(mine.get(reverse("list-preview"))) and "新增 1 行" in _texts(
        mine.get(reverse("list-preview"))
    )
    assert _send(mine, "list-publish").status_code == 302
    assert [len(said.entries) for said in _in_ledger()] == [3, 2, 2]


def test_nothing_changed_publishes_nothing(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    assert "公布为新版本" not in _texts(client.get(reverse("list-preview")))
    answer = _send(client, "list-publish")
    assert answer.status_code == 409 and "完全相同" in _texts(answer)
    assert len(_in_ledger()) == 1


# --- xlsx


def test_an_import_shows_what_it_would_change_and_can_be_taken_back(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    rows = [
        ["行政检查", "烟花爆竹经营检查", "现场检查", "全程摄像", "到达现场", "现场环境", "离开现场", "永久"],
        list(ROW.values()),
    ]
    assert _upload(client, _sheet(*rows)).status_code == 302
    page = _texts(client.get(reverse("list-preview")))
    assert "新增 1 行，删去 2 行，修改 1 行" in page
    assert '<del><span class="hidden">原为</span>摄像</del>' in page and "清单.xlsx" in page
    assert len(_in_ledger()) == 1
    _send(client, "list-change", act="take-back")
    assert client.get(reverse("list-draft")).context["draft"].changed is False
    _upload(client, _sheet(*rows))
    _send(client, "list-publish")
    assert [entry.manner for entry in _in_ledger()[-1].entries] == ["全程摄像", "摄像"]


def test_a_bad_row_is_named_and_nothing_is_taken(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    good = ["行政检查", "烟花爆竹经营检查", "现场检查", "摄像", "", "", "", "2 年"]
    answer = _upload(client, _sheet(good, ["行政处罚", "", "送达", "", "", "", "", "很久"], good))
    page = _texts(answer)
    assert answer.status_code == 400
    assert "第 3 行“执法事项”没有填写，请写明" in page and "“存储期限”写的是“很久”" in page
    assert "第 4 行与第 2 行完全相同，请删去其中一行。" in page
    assert page.count("<li>第 ") == 2 and "公布为新版本" not in page
    assert client.get(reverse("list-draft")).context["draft"].changed is False


def test_a_refused_file_is_answered_in_one_sentence(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    for data, word in (
        (b"not a workbook", "不是 xlsx"),
        (with_parts(_sheet(), {"xl/vbaProject.bin": b"x"}), "宏"),
        (workbook([["甲", "乙"]]), "没有找到表头"),
    ):
        answer = _upload(client, data)
        assert answer.status_code == 400 and word in _texts(answer) and "都没有改变" in _texts(answer)
    assert "请先选择" in _texts(_send(client, "list-import"))
    too_large = _upload(client, b"PK\x03\x04" + b"\0" * (LARGEST_FILE + 100_000))
    assert too_large.status_code == 413


def test_a_formula_is_text_and_is_said_to_be(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    _upload(client, _sheet(["行政检查", '=HYPERLINK("http://192.0.2.1","x")', "检查", "摄像", "", "", "", ""]))
    assert "是公式，没有计算" in _texts(client.get(reverse("list-preview")))
    _send(client, "list-publish")
    said = _in_ledger()[-1]
    assert said.entries[0].matter.startswith("=HYPERLINK")
    newest = published_lists(PEOPLE["officer"])[0]
    (sheet,) = read_sheets(client.get(reverse("list-export", args=[newest.id])).content)
    assert sheet.rows[1].cells[1].kind == "text"


def test_script_in_a_cell_stays_text(world: World, visit: Visit, published: str) -> None:
    client = visit("web-archivist")
    _send(client, "list-save", row="new", **{**ROW, "matter": "<script>x</script>"})
    for name in ("list-draft", "list-preview"):
        assert "<script>x" not in _texts(client.get(reverse(name)))
