"""文书格式 on the pages: changed in a form or by a file, tried, published, handed on, taken back; and who may not."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from liuhen.core.documents.model import DocumentType
from liuhen.core.events.case import DocumentMade
from liuhen.doors.web.cards.formats import format_editor
from liuhen.doors.web.format_drafts import FormatDraft
from liuhen.doors.web.format_forms import read_format_form
from liuhen.flows.adapt_formats import format_for
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import random_id
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, PEOPLE, World
from tests.flows.test_adapt_formats import OWN

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
CODE, FORM = "COR", "责令改正通知书"
ADMIN, OFFICER = "web-system", "web-officer"


def fields_of(page: str) -> dict[str, str]:
    """Give what a browser would send of the big form of a page as it stands."""
    form = page[page.index('id="format-form"') : page.index("</form>", page.index('id="format-form"'))]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            sent[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = unescape(text)
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r"<option selected>(.*?)</option>", options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    return {name: text for name, text in sent.items() if name != "csrfmiddlewaretoken"}


def edit_page(client: Client, code: str = CODE) -> str:
    return client.get(reverse("format-edit", args=[code])).content.decode()


def change(client: Client, code: str = CODE, **said: str) -> HttpResponse:
    answer: HttpResponse = client.post(reverse("format-edit", args=[code]), fields_of(edit_page(client, code)) | said)  # type: ignore[assignment]
    return answer


def marks(client: Client, code: str = CODE) -> dict[str, str]:
    sent = fields_of(edit_page(client, code))
    return {name: sent[name] for name in ("based_on", "revision")}


def publish(client: Client, code: str = CODE, note: str = "按范本", **more: str) -> HttpResponse:
    answer: HttpResponse = client.post(
        reverse("format-publish", args=[code]), marks(client, code) | {"note": note} | more
    )  # type: ignore[assignment]
    return answer


def spare(kind: DocumentType) -> int:
    return len(kind.fields)


KIND = shipped_types()[FORM]


@pytest.mark.parametrize("kind", shipped_types().values(), ids=lambda kind: kind.code)
def test_a_form_sent_as_it_stands_changes_nothing(kind: DocumentType) -> None:
    card = format_editor(FormatDraft("a", kind.code, "", 0, ""), kind, ())
    sent = {box.name: box.text for box in card.boxes}
    for row in card.rows:
        spec, at = row.spec, f"f{row.place}"
        sent |= {
            f"{at}-was": row.was,
            f"{at}-label": spec.label,
            f"{at}-kind": spec.kind,
            f"{at}-fact": spec.fact or "",
        }
        sent |= {f"{at}-place": str(row.order), f"{at}-choices": row.choices, f"{at}-hint": spec.hint or ""}
        if spec.within:
            sent[f"{at}-within"] = "1"
    for signer in card.signers:
        sent |= {f"s{signer.place}-role": signer.role, f"s{signer.place}-least": signer.least}
    assert read_format_form(kind, sent) == kind


def test_wording_and_a_field_are_changed_tried_and_published(world: World, visit: Visit) -> None:
    admin, n = visit(ADMIN), spare(KIND)
    page = admin.get(reverse("formats")).content.decode()
    assert FORM in page and "本机关第" not in page
    body = "\n".join((*KIND.body, "如有疑问，请与{联系人}联系。"))
    answer = change(admin, body=body, **{f"f{n}-label": "联系人", f"f{n}-within": "1", f"f{n}-place": "1"})
    assert answer.status_code == 302 and answer.headers["Location"] == reverse("format-review", args=[CODE])
    page = admin.get(reverse("format-review", args=[CODE])).content.decode()
    assert "填写项“联系人”" in page and "如有疑问，请与{联系人}联系。" in page
    sample = admin.get(reverse("format-preview", args=[CODE]))
    assert sample.status_code == 200 and sample.content[:5] == b"%PDF-"
    assert "有草稿" in admin.get(reverse("formats")).content.decode()
    assert publish(admin, note=" ").status_code == 400
    assert publish(admin).status_code == 302
    standing = format_for(PEOPLE["officer"], CODE)
    assert standing.version == 1 and standing.kind.fields[0].label == "联系人" and standing.note == "按范本"
    page = visit(OFFICER).get(reverse("format", args=[CODE])).content.decode()
    assert "本机关第 1 版" in page and "修改格式" not in page and "停用本机关的格式" not in page
    written = visit(OFFICER).get(reverse("draft", args=[world.cases["open"], CODE])).content.decode()
    assert "联系人" in written
    said = {f"f-{spec.label}": "甲" for spec in standing.kind.fields if spec.kind in ("一行", "多行")}
    made = visit(OFFICER).post(
        reverse("draft", args=[world.cases["open"], CODE]), said | {"draft": random_id(), "seen": "0"}
    )
    assert made.status_code == 302, made.content.decode()
    events = [one.content for one in ground_of(world.cases["open"], HERE).events]
    assert [one.template for one in events if isinstance(one, DocumentMade)][-1] == f"{HERE}/{CODE}/1"


def test_a_draft_under_way_keeps_what_was_typed_when_the_format_changes(world: World, visit: Visit) -> None:
    officer, uid, case = visit(OFFICER), random_id(), world.cases["open"]
    said = {"f-违法事实": "超量储存", "f-改正内容": "立即改正", "draft": uid, "seen": "0", "keep": "1"}
    assert officer.post(reverse("draft", args=[case, CODE]), said).status_code == 302
    admin, labels = visit(ADMIN), [spec.label for spec in KIND.fields]
    place, n = labels.index("改正期限"), spare(KIND)
    body = "\n".join(text.replace("{改正期限}", "{整改期限}") for text in KIND.body)
    assert change(admin, body=body, **{f"f{place}-label": "整改期限", f"f{n}-label": "联系人"}).status_code == 302
    assert publish(admin).status_code == 302
    page = officer.get(reverse("draft-open", args=[case, uid])).content.decode()
    assert "超量储存" in page and "立即改正" in page and "整改期限" in page and "联系人" in page
    saved = officer.post(
        reverse("draft-save", args=[case, uid]),
        {"code": CODE, "seen": 1, "texts": {"f-联系人": "李", "f-改正期限": "旧项"}},
        content_type="application/json",
    )
    assert saved.status_code == 200
    again = officer.get(reverse("draft-open", args=[case, uid])).content.decode()
    assert 'value="李"' in again and "旧项" not in again


def test_a_renamed_field_takes_its_words_along(world: World, visit: Visit) -> None:
    admin, labels = visit(ADMIN), [spec.label for spec in KIND.fields]
    place = labels.index("违法事实")
    assert change(admin, **{f"f{place}-label": "查明的事实"}).status_code == 302
    assert publish(admin).status_code == 302
    standing = format_for(PEOPLE["officer"], CODE).kind
    assert any("{查明的事实}" in text for text in standing.body) and standing.states["事实"] == ("查明的事实",)


def test_what_a_clause_asks_for_is_not_deleted(world: World, visit: Visit) -> None:
    admin = visit(ADMIN)
    page = edit_page(admin, "REV")
    asked = re.search(r'要求写明</span></legend>\s*<input type="hidden" name="(f\d+)-was"', page)
    assert asked is not None
    answer = change(admin, "REV", **{f"{asked[1]}-label": ""})
    text = answer.content.decode()
    assert answer.status_code == 400 and "要求写明；请保留这一项" in text and "没有保存" in text
    assert marks(admin, "REV")["revision"] == "0"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"body": "{没有这一项}"}, "没有对应的填写项"),
        ({"s0-role": "", "s0-least": ""}, ""),
        ({"f0-place": "甲"}, "应写成整数"),
        ({"f0-kind": "视频"}, "种类应为"),
        ({f"f{spare(KIND)}-label": KIND.fields[0].label}, "各起各的名称"),
    ],
)
def test_what_is_wrong_is_said_and_kept_on_the_page(
    world: World, visit: Visit, said: dict[str, str], sentence: str
) -> None:
    admin = visit(ADMIN)
    answer = change(admin, **said)
    assert answer.status_code == (400 if sentence else 302)
    assert sentence in answer.content.decode()


def test_two_windows_and_two_people_do_not_overwrite_each_other(world: World, visit: Visit) -> None:
    user = User.objects.create(username="web-legal", display_name="张legal", agency=HERE, actor="web-legal")
    user.groups.set([Group.objects.get_or_create(name="法制审核人员")[0]])
    admin, reviewer = visit(ADMIN), visit("web-legal")
    old = fields_of(edit_page(admin))
    assert change(admin, notes="第一稿").status_code == 302
    late = admin.post(reverse("format-edit", args=[CODE]), old | {"notes": "第二稿"})
    assert late.status_code == 409 and "在别的窗口改动" in late.content.decode()
    assert change(reviewer, notes="法制改的").status_code == 302 and publish(reviewer).status_code == 302
    page = admin.get(reverse("format-review", args=[CODE])).content.decode()
    assert "您改动期间" in page and "发布为新版本" not in page
    moved = publish(admin)
    assert moved.status_code == 409 and "没有发布" in moved.content.decode()
    assert admin.post(reverse("format-change", args=[CODE]), marks(admin) | {"act": "rebase"}).status_code == 302
    assert publish(admin).status_code == 302 and format_for(PEOPLE["officer"], CODE).version == 2
    again = admin.post(reverse("format-publish", args=[CODE]), marks(admin) | {"note": "再按一次"})
    assert again.status_code == 409 and "完全相同" in again.content.decode()


def upload(client: Client, name: str, data: bytes, code: str = CODE) -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    answer: HttpResponse = client.post(reverse("format-upload", args=[code]), marks(client, code) | {"file": file})  # type: ignore[assignment]
    return answer


def test_yaml_goes_out_and_comes_in_and_its_fault_has_a_line(world: World, visit: Visit) -> None:
    admin = visit(ADMIN)
    text = admin.get(reverse("format-yaml", args=[CODE])).content.decode()
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one.startswith("facing:"))
    wrong = upload(admin, "格式.yaml", text.replace("facing: 出具", "facing: 口头").encode())
    assert wrong.status_code == 400 and f"第 {line} 行" in wrong.content.decode()
    assert upload(admin, "格式.yaml", (text + "notes: [来自文件]\n").encode()).status_code == 302
    assert "来自文件" in admin.get(reverse("format-review", args=[CODE])).content.decode()
    assert upload(admin, "格式.docx", b"x").status_code == 400
    assert "请先选择一个文件" in admin.post(reverse("format-upload", args=[CODE]), marks(admin)).content.decode()


def test_a_layout_of_ones_own_is_tried_and_a_hostile_one_refused(world: World, visit: Visit) -> None:
    admin = visit(ADMIN)
    packages = upload(admin, "版式.typ", b'x\n#import "@preview/cetz:0.3.1"')
    assert packages.status_code == 400 and "第 2 行引用了外部软件包" in packages.content.decode()
    assert upload(admin, "版式.typ", OWN + b'#read("../../etc/passwd")').status_code == 302
    sample = admin.get(reverse("format-preview", args=[CODE]))
    assert sample.status_code == 400 and "要读取版式以外的文件" in sample.content.decode()
    refused = publish(admin)
    assert refused.status_code == 409 and "要读取版式以外的文件" in refused.content.decode()
    assert upload(admin, "版式.typ", OWN).status_code == 302
    assert admin.get(reverse("format-preview", args=[CODE])).content[:5] == b"%PDF-"
    assert publish(admin).status_code == 302
    assert "使用自己的版式文件" in admin.get(reverse("format", args=[CODE])).content.decode()
    shipped = admin.post(reverse("format-change", args=[CODE]), marks(admin) | {"act": "shipped-layout"})
    assert shipped.status_code == 302
    assert "改回内置版式" in admin.get(reverse("format-review", args=[CODE])).content.decode()


def test_a_format_file_travels_and_a_broken_one_is_refused(world: World, visit: Visit) -> None:
    admin = visit(ADMIN)
    change(admin, notes="带走的附注")
    publish(admin, published="1")
    answer = visit(OFFICER).get(reverse("format-file", args=[CODE]))
    assert answer.content[:2] == b"PK" and "attachment" in answer.headers["Content-Disposition"]
    sample = reverse("format-sample", args=[CODE])
    event = format_for(PEOPLE["officer"], CODE).event
    assert visit(OFFICER).get(f"{sample}?version={event}").content[:5] == b"%PDF-"
    assert visit(OFFICER).get(f"{sample}?version=none").status_code == 404
    back = admin.post(reverse("format-back", args=[CODE]), {"based_on": event, "note": "停用"})
    assert back.status_code == 302 and format_for(PEOPLE["officer"], CODE).version == 0
    assert upload(admin, "格式.zip", answer.content).status_code == 302
    page = admin.get(reverse("format-review", args=[CODE])).content.decode()
    assert "带走的附注" in page and "安禾县应急管理局第 1 版" in page
    assert upload(admin, "格式.zip", answer.content[:-40]).status_code == 400
    large = admin.post(
        reverse("format-upload", args=[CODE]), b"x" * 1_200_000, content_type="multipart/form-data; boundary=a"
    )
    assert large.status_code == 413
    page = admin.get(reverse("format", args=[CODE])).content.decode()
    assert "停用，改回原来的格式" in page and "发布给下级" in page
    twice = admin.post(reverse("format-back", args=[CODE]), {"based_on": event, "note": "停用"})
    assert twice.status_code == 409


def test_a_draft_is_given_up(world: World, visit: Visit) -> None:
    admin = visit(ADMIN)
    change(admin, notes="不要了")
    assert admin.post(reverse("format-change", args=[CODE]), marks(admin) | {"act": "drop"}).status_code == 302
    assert marks(admin)["revision"] == "0"
    assert admin.post(reverse("format-change", args=[CODE]), marks(admin) | {"act": "x"}).status_code == 400


READS = ("formats", "format", "format-sample", "format-yaml", "format-file")
WRITES = (
    "format-edit",
    "format-upload",
    "format-review",
    "format-preview",
    "format-change",
    "format-publish",
    "format-back",
)
POSTS = ("format-upload", "format-change", "format-publish", "format-back")


def _ask(client: Client, name: str) -> int:
    address = reverse(name, args=[] if name == "formats" else [CODE])
    return (client.post(address) if name in POSTS else client.get(address)).status_code


@pytest.mark.parametrize("name", [*READS, *WRITES])
def test_who_may_not(world: World, visit: Visit, name: str) -> None:
    assert _ask(visit(None), name) == 302
    for administrator in ("web-security", "web-audit"):
        assert _ask(visit(administrator), name) == 403
    for person in ("web-officer", "web-head", "web-archivist"):
        assert _ask(visit(person), name) == (200 if name in READS else 403)
    assert visit(ADMIN).get(reverse("format", args=["NONE"])).status_code == 404


def test_another_agency_sees_nothing_of_ours(world: World, visit: Visit) -> None:
    admin = visit(ADMIN)
    change(admin, notes="只是我们的")
    publish(admin, published="1")
    event = format_for(PEOPLE["officer"], CODE).event
    stranger = visit("web-stranger")
    assert "只是我们的" not in stranger.get(reverse("format", args=[CODE])).content.decode()
    assert stranger.get(reverse("format-sample", args=[CODE]) + f"?version={event}").status_code == 404


def test_forms_demand_the_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username=ADMIN), backend="django.contrib.auth.backends.ModelBackend")
    for name in (*POSTS, "format-edit"):
        assert strict.post(reverse(name, args=[CODE])).status_code == 403, name
