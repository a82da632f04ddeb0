"""送达: each way of serving on its page, what is said where it cannot be, and who may not."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from liuhen.core.events.measures import NoticePosted
from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.moments import SHANGHAI, local_day
from liuhen.doors.web.cards.serving_entering import ask_of
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion, random_id
from liuhen.flows.read_case import read_case
from liuhen.flows.study_serving import serving_law
from liuhen.flows.write_document import Content, make_document
from liuhen.flows.writing import write_case
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
POSTS = ("service-made", "service-attempt", "service-notice")


def address(world: World, name: str, manner: str = "", case: str = "open", document: str = "") -> str:
    if name == "service":
        return reverse(name, args=[world.cases[case]])
    if not manner and name in ("service-made", "service-notice"):
        manner = "直接" if name == "service-made" else "公告"
    there = [world.cases[case], document or world.documents["sealed"]]
    return reverse(name, args=[*there, *([manner] if manner else [])])


def case(world: World) -> CaseFacts:
    return ground_of(world.cases["open"], HERE).facts.case


def written(world: World, form: str, **fields: str) -> str:
    return make_document(
        world.cases["open"], world.on(PEOPLE["officer"], 90), form=form, content=Content(fields=fields)
    )


def now() -> Any:
    return timezone.now().astimezone(SHANGHAI)


def typed(**changes: str) -> dict[str, str]:
    start = {"id": random_id(), "recipient": "恒达烟花爆竹经营部", "place": "东街 18 号"}
    return {**start, "day": str(local_day(now())), "hour": now().strftime("%H:%M"), **changes}


def page(client: Client, there: str) -> str:
    return client.get(there).content.decode()


def test_who_may_not(world: World, visit: Visit) -> None:
    for name in ("service", "service-document", *POSTS):
        there = address(world, name)

        def asked(account: str | None, there: str = there, by_post: bool = name in POSTS) -> int:
            client = visit(account)
            return (client.post(there) if by_post else client.get(there)).status_code

        assert asked(None) == 302, name
        assert asked("web-stranger") == 404, name
        for account in ("web-system", "web-security", "web-audit"):
            assert asked(account) == 403, (name, account)
        for account in ("web-archivist", "web-head"):
            assert asked(account) == (403 if name in POSTS else 200), (name, account)
        if name in POSTS:
            assert visit("web-officer").get(there).status_code == 405
    assert not case(world).services and not case(world).attempts


def test_a_document_is_not_reached_through_another_case(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert officer.get(address(world, "service-document", case="ended")).status_code == 404
    for name in POSTS:
        assert officer.post(address(world, name, case="ended"), typed()).status_code == 404
    assert officer.get(address(world, "service-document", document=world.documents["signed"])).status_code == 404


def test_forms_demand_the_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in POSTS:
        assert strict.post(address(world, name), typed()).status_code == 403


def test_the_list_says_how_each_document_stands(world: World, visit: Visit) -> None:
    shown = page(visit("web-head"), address(world, "service"))
    assert "行政处罚事先告知书" in shown and "未送达" in shown and "还有 1 件没有送达" in shown
    assert "现场检查笔录" not in shown  # it is not issued to anybody
    assert "还没有出具给当事人的文书" in page(visit("web-officer"), address(world, "service", case="ended"))


@pytest.mark.parametrize(
    ("manner", "fields"),
    [
        ("直接", {"receipt", "agent", "act"}),
        ("留置", {"reason", "left_at", "receipt", "witness", "act"}),
        ("邮寄", {"reason", "post", "post_number", "receipt"}),
        ("委托", {"reason", "agent", "receipt"}),
        ("电子", {"consent", "receipt"}),
    ],
)
def test_a_form_has_exactly_the_fields_of_its_manner(world: World, visit: Visit, manner: str, fields: set[str]) -> None:
    shown = page(visit("web-officer"), f"{address(world, 'service-document')}?manner={manner}")
    form = shown.partition("/made/")[2].partition("</form>")[0]
    found = set(re.findall(r'name="([a-z_]+)"', form)) - {"csrfmiddlewaretoken", "id"}
    named = {name for name in found if not name.startswith("scan")}
    assert named == fields | {"recipient", "place", "day", "hour"}
    assert f"{manner}送达，规定要求" in shown and shown.count("button filled") == 1


def test_left_with_a_witness_from_the_form_to_the_day(world: World, visit: Visit) -> None:
    officer, receipt = visit("web-officer"), written(world, "送达回证")
    said = typed(reason="拒收", left_at="东街 18 号", receipt=receipt, witness="何某（居委会）")
    there = address(world, "service-made", "留置")
    assert officer.post(there, said).status_code == 302
    assert officer.post(there, said).status_code == 302  # the same form twice
    (found,) = case(world).services.values()
    assert (found.manner, found.witness, found.effective_on) == ("留置", "何某（居委会）", local_day(now()))
    shown = page(officer, address(world, "service-document"))
    assert "已送达（留置）" in shown and "留置之日" in shown and "法律 民诉89" in shown
    assert "何某（居委会）" in shown and "河北 18.3" in shown  # what the packs judge of it
    again = officer.post(there, {**said, "id": random_id()})
    assert again.status_code == 409 and "不会重复记录" in again.content.decode()


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    answer = officer.post(address(world, "service-made", "留置"), typed(reason="拒收的经过", left_at=""))
    shown = answer.content.decode()
    assert answer.status_code == 400 and "请填写留置处所" in shown and "拒收的经过" in shown
    answer = officer.post(address(world, "service-made", "留置"), typed(reason="拒收的经过", left_at="家里"))
    assert "送达回证或者回执和见证人，或者执法活动" in answer.content.decode()
    answer = officer.post(address(world, "service-made", "直接"), typed())
    assert "请选择送达回证或者回执，或者上传扫描件" in answer.content.decode()
    tomorrow = str(local_day(now()) + timedelta(days=1))
    answer = officer.post(address(world, "service-made"), typed(receipt=written(world, "送达回证"), day=tomorrow))
    assert answer.status_code == 400 and "送达的时间还没有到" in answer.content.decode()
    assert officer.post(address(world, "service-made", "飞鸽"), typed()).status_code == 404
    assert not case(world).services


def test_mail_is_sent_waits_and_comes_back_as_a_photograph(world: World, visit: Visit) -> None:
    officer, there = visit("web-officer"), address(world, "service-document")
    sent = {
        "id": random_id(),
        "manner": "邮寄",
        "result": "待回执",
        "happened": (now() - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"),
        "recipient": "恒达烟花爆竹经营部",
        "place": "东街 18 号",
        "reason": "当事人在外省",
        "post": "特快专递",
        "post_number": "EA123",
    }
    assert officer.post(address(world, "service-attempt"), sent).status_code == 302
    assert officer.post(address(world, "service-attempt"), sent).status_code == 302
    ((waiting, _),) = case(world).attempts.items()
    shown = page(officer, there)
    assert "等待回执" in shown and 'value="EA123"' in shown and "记录邮寄送达" in shown
    reading = read_case(PEOPLE["officer"], world.cases["open"], at=now())
    law = serving_law(reading.facts)
    ask = ask_of(reading, law, reading.facts.case.documents[world.documents["sealed"]], law.manners["邮寄"])
    # What the paper says is known whether or not an attempt waits.
    assert ask.known["送达文书名称"] == "行政处罚事先告知书" and ask.initial["attempt"] == waiting
    photograph = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(photograph, "JPEG")
    scan = SimpleUploadedFile("回执.jpg", photograph.getvalue(), "image/jpeg")
    said = typed(reason="当事人在外省", post="特快专递", post_number="EA123", attempt=waiting, scan_form="邮寄回执")
    said["hour"] = ""
    assert officer.post(address(world, "service-made", "邮寄"), {**said, "scan": scan}).status_code == 302
    (service,) = case(world).services.values()
    receipt = case(world).documents[service.receipt or ""]
    assert receipt.form == "邮寄回执" and case(world).attempts[waiting].settled == service.uid
    file: Any = officer.get(reverse("document-file", args=[world.cases["open"], receipt.uid]))
    assert b"".join(file.streaming_content if file.streaming else [file.content]).startswith(b"%PDF")
    assert "回执已收回" in page(officer, there)


def test_a_receipt_on_paper_says_what_the_packs_want_where_the_clerk_saw_it(world: World, visit: Visit) -> None:
    officer, there = visit("web-officer"), address(world, "service-made")
    shown = page(officer, address(world, "service-document"))
    assert "送达文书名称、受送达人、送达时间、送达地点、送达方式，与这里填写的一致" in shown
    photograph = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(photograph, "PNG")
    scan = SimpleUploadedFile("回证.png", photograph.getvalue(), "image/png")
    said = typed(scan_form="送达回证", scan_says="on", agent="刘某某（经营者之妻）")
    signed = {"scan_signers": ["送达人", "受送达人"]}
    unseen = officer.post(there, {**said, **signed, "receipt": written(world, "送达回证")})
    assert unseen.status_code == 400 and "没有上传扫描件" in unseen.content.decode()
    assert officer.post(there, {**said, **signed, "scan": scan}).status_code == 302
    (service,) = case(world).services.values()
    receipt = case(world).documents[service.receipt or ""]
    assert receipt.fields["送达方式"] == "直接送达" and receipt.fields["送达文书名称"] == "行政处罚事先告知书"
    verdicts = {one.rule: one.verdict for one in ground_of(world.cases["open"], HERE).judge(now())}
    assert service.paper_signers == ("送达人", "受送达人") and verdicts["service.receipt-complete"] == "met"
    assert receipt.fields["受送达人"] == said["recipient"] and said["day"] in receipt.fields["送达时间"]
    scan = SimpleUploadedFile("回证.gif", b"GIF89a", "image/gif")
    answer = officer.post(there, {**typed(recipient="第三人"), "scan": scan})
    assert answer.status_code == 400 and "PDF、JPG 或者 PNG；请换一种格式" in answer.content.decode()


def test_electronic_service_without_consent_is_refused(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    answer = officer.post(address(world, "service-made", "电子"), typed())
    assert answer.status_code == 400 and "请选择送达地址确认书" in answer.content.decode()
    consent = written(world, "送达地址确认书", 是否同意电子送达="同意")
    answer = officer.post(address(world, "service-made", "电子"), typed(consent=consent))
    assert answer.status_code == 400 and "还没有人签名" in answer.content.decode()
    assert not case(world).services


def notice(**changes: str) -> dict[str, str]:
    happened = (now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    return {"id": random_id(), "happened": happened, "carrier": "公告栏张贴", "reason": "下落不明", **changes}


def test_a_notice_warns_while_nothing_was_tried_and_carries_what_was(world: World, visit: Visit) -> None:
    officer, there = visit("web-officer"), f"{address(world, 'service-document')}?manner=公告"
    assert "还没有记录试过其他方式" in page(officer, there)
    tried = {
        "id": random_id(),
        "manner": "直接",
        "result": "未送达",
        "happened": (now() - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"),
        "recipient": "恒达烟花爆竹经营部",
        "place": "东街 18 号",
    }
    refused = officer.post(address(world, "service-attempt"), tried)
    assert refused.status_code == 400 and "请写明没有送达的原因" in refused.content.decode()
    assert officer.post(address(world, "service-attempt"), {**tried, "reason": "住所无人"}).status_code == 302
    assert "送达未成（直接）" in page(officer, reverse("case", args=[world.cases["open"]]))
    shown = page(officer, there)
    assert "还没有记录试过其他方式" not in shown and "直接送达未成：住所无人" in shown
    later = (now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    wrong = officer.post(address(world, "service-notice"), notice(happened=later))
    assert wrong.status_code == 400 and "时间还没有到" in wrong.content.decode()
    assert (
        "请填写公告送达的原因和经过"
        in officer.post(address(world, "service-notice"), notice(reason="")).content.decode()
    )
    assert officer.post(address(world, "service-notice"), notice()).status_code == 302
    shown = page(officer, address(world, "service-document"))
    assert "发布送达公告" in page(officer, reverse("case", args=[world.cases["open"]]))
    assert "公告中" in shown and "起视为送达" in shown and "公告正在进行" in shown
    early = officer.post(address(world, "service-made", "公告"), typed(reason="下落不明", carrier="公告栏"))
    assert early.status_code == 409 and "起才视为送达" in early.content.decode()
    again = officer.post(address(world, "service-notice"), notice())
    assert again.status_code == 400 and "已经发布送达公告" in again.content.decode()


def test_the_envelope_that_came_back_is_kept_with_its_attempt(world: World, visit: Visit) -> None:
    officer, photograph = visit("web-officer"), io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(photograph, "JPEG")
    said = {
        "id": random_id(),
        "manner": "邮寄",
        "result": "未送达",
        "happened": (now() - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"),
        "recipient": "恒达烟花爆竹经营部",
        "place": "东街 18 号",
        "reason": "迁移新址不明\r\n退回",
        "scan_form": "退件凭证",
    }

    def sent(**changes: str) -> Any:
        scan = SimpleUploadedFile("退件.jpg", photograph.getvalue(), "image/jpeg")
        return officer.post(address(world, "service-attempt"), {**said, **changes, "scan": scan})

    wrong = sent(manner="直接")
    assert wrong.status_code == 400 and "直接送达未成的凭证应为送达情况说明" in wrong.content.decode()
    assert not case(world).attempts and "退件凭证" not in {one.form for one in case(world).documents.values()}
    assert [sent().status_code, sent().status_code] == [302, 302]
    ((_, tried),) = case(world).attempts.items()
    (paper,) = (one for one in case(world).documents.values() if one.form == "退件凭证")
    assert tried.reason == "迁移新址不明\n退回"  # a browser ends lines otherwise than the ledger
    assert tried.proofs == (paper.uid,) and paper.file and paper.file.media_type == "application/pdf"
    assert reverse("case-part", args=[world.cases["open"], "documents", paper.uid]) in page(
        officer, address(world, "service-document")
    )


def test_an_archived_case_takes_nothing_more(world: World, visit: Visit) -> None:
    receipt = written(world, "送达回证")
    conclude_case(world.cases["open"], world.on(PEOPLE["officer"], 100), reason="执行完毕", document=None)
    archive_case(world.cases["open"], world.on(PEOPLE["archivist"], 101), archive_number="A1", retention="30 年")
    officer = visit("web-officer")
    shown = page(officer, address(world, "service-document"))
    assert "已经归档" in shown and '<form method="post" enctype' not in shown
    assert officer.post(address(world, "service-made"), typed(receipt=receipt)).status_code == 409
    assert officer.post(address(world, "service-notice"), notice()).status_code == 409
    assert not case(world).services


def test_a_document_without_its_seal_is_sealed_first(world: World, visit: Visit) -> None:
    document = written(world, "催告书")
    shown = page(visit("web-officer"), address(world, "service-document", document=document))
    assert "还没有盖章" in shown and shown.count("button filled") == 1
    assert reverse("signing", args=[world.cases["open"], document]) in shown
    assert "还没有盖章" not in page(visit("web-officer"), address(world, "service-document"))


def test_a_notice_that_has_run_out_shows_as_served_by_itself_and_is_entered_by_one_press(
    world: World, visit: Visit
) -> None:
    officer, document = visit("web-officer"), written(world, "催告书")
    posted = now() - timedelta(days=50)
    earlier = Occasion(PEOPLE["officer"], posted, world.on(PEOPLE["officer"], 96).recorded_at)
    said = NoticePosted(document, "公告栏张贴", "下落不明")
    write_case(world.cases["open"], earlier, said)
    shown = page(officer, address(world, "service-document", document=document))
    assert "公告期满，视为送达" in shown and "记入案件：公告期满视为送达" in shown and "下落不明" in shown
    form = shown.partition("/made/")[2].partition("</form>")[0]
    assert 'name="day"' not in form and "公告栏张贴" in form
    there = address(world, "service-made", "公告", document=document)
    known = typed(reason="下落不明", carrier="公告栏张贴")
    assert officer.post(there, known).status_code == 302
    (service,) = case(world).services.values()
    assert service.effective_on and 30 < (service.effective_on - local_day(posted)).days < 45
    assert "已送达（公告）" in page(officer, address(world, "service-document", document=document))


def test_the_case_leads_here(world: World, visit: Visit) -> None:
    officer = visit("web-officer")
    assert address(world, "service") in page(officer, reverse("case", args=[world.cases["open"]]))
    there = reverse("case-part", args=[world.cases["open"], "documents", world.documents["sealed"]])
    assert address(world, "service-document") in page(officer, there)
