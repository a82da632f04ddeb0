"""送达: every manner with what it cannot stand without, the computed day, the same service twice, two at once, and who may not."""

import io
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from PIL import Image

from liuhen.core.events.case import ServiceMade
from liuhen.core.events.parts import SignerPlace
from liuhen.core.facts.model import CaseFacts, Service
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion, random_id
from liuhen.flows.record_batch import CaseArchived, record_batch
from liuhen.flows.sent_batch import Sent
from liuhen.flows.serve import AlreadyServed, DayDiffers, Delivery, NotYetServed, Scan, serve
from liuhen.flows.sign_document import complete_document, sign_document
from liuhen.flows.study_serving import serving_law
from liuhen.flows.write_document import Content, make_document
from tests.flows.closing import AGENCY, PEOPLE, Story, tell

STRANGER = Actor("closing-stranger", "外人", "closing-elsewhere", frozenset({"执法人员"}))
STROKES = [[[10, 10, 0, 500], [60, 40, 30, 700], [120, 20, 60, 400]]]


@pytest.fixture(params=[("hebei",), ("hebei", "national")], ids=["order", "order and law"])
def story(db: None, request: pytest.FixtureRequest) -> Story:
    return tell(packs=request.param)


def written(story: Story, form: str = "行政处罚事先告知书", minute: float = 31, **fields: str) -> str:
    return make_document(story.case, story.on("registrar", minute), form=form, content=Content(fields=fields))


def case(story: Story) -> CaseFacts:
    return ground_of(story.case, AGENCY).facts.case


def delivery(story: Story, document: str, manner: str = "直接", **changes: Any) -> Delivery:
    happened = story.on("registrar", 40).at
    return Delivery(document, manner, "恒达经营部", "东街 18 号", happened=happened, **changes)


def later(story: Story) -> Occasion:
    """Recorded an hour after it happened."""
    return story.on("registrar", 100)


def served(story: Story, uid: str) -> Service:
    return case(story).services[uid]


def left(story: Story) -> dict[str, str]:
    return {"reason": "拒收", "left_at": "经营场所", "receipt": written(story, "送达回证"), "witness": "何某（居委会）"}


def test_a_document_is_left_with_a_witness(story: Story) -> None:
    document = written(story)
    uid = serve(story.case, later(story), delivery(story, document, "留置", details=left(story)))
    found = served(story, uid)
    assert (found.witness, found.left_at, found.server) == ("何某（居委会）", "经营场所", "registrar")
    assert found.served == story.on("registrar", 40).at and found.effective_on == local_day(found.served)
    assert "留置之日" in found.basis[0] and found.basis[-1] == "依据：national/民诉89"


@pytest.mark.parametrize("missing", ["reason", "left_at", "witness"])
def test_what_a_clause_wants_without_exception_is_asked_for(story: Story, missing: str) -> None:
    document = written(story)
    details = {name: text for name, text in left(story).items() if name != missing}
    with pytest.raises(BadInput) as refusal:
        serve(story.case, later(story), delivery(story, document, "留置", details=details))
    assert "留置送达应当" in refusal.value.sentence
    assert case(story).services == {}


def test_a_service_that_was_filmed_needs_no_witness(story: Story) -> None:
    document = written(story)
    details = {"reason": "拒收", "left_at": "经营场所", "act": story.act}
    assert (
        served(story, serve(story.case, later(story), delivery(story, document, "留置", details=details))).act
        == story.act
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"manner": "飞鸽"}, "没有“飞鸽”这种送达方式；可以用的有直接、留置"),
        ({"details": {"receipt": "0" * 32}}, "没有这份文书"),
        ({"details": {"receipt": "R", "post": "挂号信"}}, "直接送达不记录邮寄种类"),
        ({"details": {"receipt": "R", "act": "x9"}}, "没有这项执法活动"),
        ({"details": {"receipt": "R"}, "proofs": ("0" * 32,)}, "没有这份文书"),
        ({"details": {"receipt": "R"}, "attempt": "0" * 32}, "没有等待回执的这次送达"),
        ({"details": {"receipt": "R"}, "happened": "later"}, "送达的时间还没有到"),
        ({"details": {"receipt": "R"}, "happened": "before"}, "早于文书制作的时间"),
        ({"details": {"receipt": "R"}, "happened": None}, "请写明日期"),
        ({"details": {"receipt": "R"}, "recipient": "恒\x07达"}, "控制字符"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(story: Story, changes: dict[str, Any], words: str) -> None:
    document, receipt = written(story), written(story, "送达回证")
    moments = {"later": story.on("registrar", 999).at, "before": story.on("registrar", 5).at}
    changes = {**changes, "happened": moments.get(changes["happened"] or "")} if "happened" in changes else changes
    details = {name: receipt if text == "R" else text for name, text in changes.get("details", {}).items()}
    with pytest.raises(BadInput) as refusal:
        serve(story.case, later(story), replace(delivery(story, document), **{**changes, "details": details}))
    assert words in refusal.value.sentence
    assert case(story).services == {}


def test_a_day_that_is_stated_is_held_against_the_computed_one(story: Story) -> None:
    document, receipt = written(story), written(story, "送达回证")
    said = delivery(story, document, details={"receipt": receipt})
    day = local_day(story.on("registrar", 40).at)
    with pytest.raises(DayDiffers, match=rf"与推算的 {day} 不一致.*受送达人签收之日"):
        serve(story.case, later(story), replace(said, stated=day + timedelta(days=1)))
    assert served(story, serve(story.case, later(story), replace(said, stated=day))).effective_on == day


def test_mail_counts_on_the_day_of_the_receipt_which_is_kept_with_what_it_says(story: Story) -> None:
    document = written(story)
    photograph = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(photograph, "JPEG")
    day = local_day(story.on("registrar", 90).at)
    said = Delivery(
        document,
        "邮寄",
        "恒达经营部",
        "东街 18 号",
        day=day,
        details={"reason": "当事人在外省", "post": "特快专递", "post_number": "EA1"},
        scan=Scan(photograph.getvalue(), "邮寄回执", {"文号": "安罚〔2026〕1号"}),
    )
    found = served(story, serve(story.case, later(story), said))
    receipt = case(story).documents[found.receipt or ""]
    assert (receipt.form, receipt.facing, receipt.fields["文号"]) == ("邮寄回执", "取证", "安罚〔2026〕1号")
    assert receipt.file and receipt.file.media_type == "application/pdf" and receipt.pages == 1
    assert found.effective_on == day


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7 nonsense", b"\xff\xd8\xff\xe0 cut"])
def test_a_scan_that_cannot_be_opened_is_refused(story: Story, data: bytes) -> None:
    said = delivery(story, written(story), details={}, scan=Scan(data, "送达回证"))
    with pytest.raises(BadInput, match="扫描"):
        serve(story.case, later(story), said)
    assert case(story).services == {} and len(case(story).documents) == 1


def test_a_scan_of_another_form_is_refused(story: Story) -> None:
    pdf = io.BytesIO()
    Image.new("RGB", (30, 20)).save(pdf, "PNG")
    with pytest.raises(BadInput, match="凭证应为送达回证、送达回执"):
        serve(story.case, later(story), delivery(story, written(story), scan=Scan(pdf.getvalue(), "现场检查笔录")))


def test_electronic_service_needs_the_signed_consent(story: Story) -> None:
    document = written(story)
    with pytest.raises(BadInput, match="应当写明送达地址确认书"):
        serve(story.case, later(story), delivery(story, document, "电子"))
    consent = make_document(
        story.case,
        story.on("registrar", 32),
        form="送达地址确认书",
        content=Content(fields={"是否同意电子送达": "同意"}, signers=(SignerPlace("当事人", "刘某"),)),
    )
    said = delivery(story, document, "电子", details={"consent": consent})
    with pytest.raises(BadInput, match="还没有人签名"):
        serve(story.case, later(story), said)
    sign_document(story.case, story.on("registrar", 33), document=consent, role="当事人", name="刘某", strokes=STROKES)
    complete_document(story.case, story.on("registrar", 34), document=consent)
    assert served(story, serve(story.case, later(story), said)).consent == consent


def post(story: Story, document: str, days_ago: int = 0) -> None:
    content = {"document": document, "carrier": "公告栏张贴", "reason": "住所无人，邮件退回"}
    at = story.on("registrar", 45)
    record_batch(story.case, at, [Sent(random_id(), "case.notice-posted", at.at - timedelta(days=days_ago), content)])


def test_a_public_notice_is_no_service_before_it_has_run_out(story: Story) -> None:
    document = written(story)
    said = Delivery(document, "公告", "恒达经营部", "东街", details={"reason": "下落不明", "carrier": "公告栏张贴"})
    with pytest.raises(NotYetServed, match="还没有发布送达公告"):
        serve(story.case, later(story), said)
    post(story, document)
    facts = ground_of(story.case, AGENCY).facts
    effect = serving_law(facts).standing(facts, facts.case.documents[document], later(story).at)
    assert effect.state == "posted" and effect.effect is not None
    with pytest.raises(NotYetServed, match=f"{effect.effect.day} 起才视为送达"):
        serve(story.case, later(story), said)
    after = replace(later(story), recorded_at=effect.effect.at + timedelta(hours=3))
    found = served(story, serve(story.case, after, said))
    assert found.served == effect.effect.at and found.effective_on == effect.effect.day
    verdicts = {one.rule: one for one in ground_of(story.case, AGENCY).judge(after.recorded_at)}
    if "service.public-notice" in verdicts:
        assert verdicts["service.public-notice"].verdict == "met"


def attempt(story: Story, to_serve: str, **changes: Any) -> str:
    uid = random_id()
    start = {"attempt": uid, "document": to_serve, "manner": "直接", "recipient": "恒达经营部", "place": "东街"}
    content = {**start, "result": "未送达", "reason": "住所无人", **changes}
    at = story.on("registrar", 44)
    record_batch(story.case, at, [Sent(random_id(), "case.service-attempted", at.at, content)])
    return uid


def test_attempts_are_kept_and_a_receipt_settles_the_one_that_waited(story: Story) -> None:
    document = written(story)
    attempt(story, document)
    waiting = attempt(
        story, document, manner="邮寄", result="待回执", reason="当事人在外省", post="挂号信", post_number="R1"
    )
    facts = ground_of(story.case, AGENCY).facts
    assert serving_law(facts).standing(facts, facts.case.documents[document], later(story).at).state == "waiting"
    details = {"reason": "当事人在外省", "receipt": written(story, "送达回证", 46)}
    said = replace(
        delivery(story, document, "邮寄", details=details, attempt=waiting), happened=story.on("registrar", 50).at
    )
    serve(story.case, later(story), said)
    found = case(story)
    assert found.attempts[waiting].settled and [one.settled for one in found.attempts.values()].count(None) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": None}, "没有送达的原因"),
        ({"manner": "飞鸽"}, "没有“飞鸽”"),
        ({"document": "0" * 32}, "没有这份文书"),
        ({"proofs": ["0" * 32]}, "没有这份文书"),
        ({"attempt": "t1"}, "32 位"),
    ],
)
def test_an_attempt_that_does_not_fit_is_refused(story: Story, changes: dict[str, Any], words: str) -> None:
    document = written(story)
    with pytest.raises(BadInput, match=words):
        attempt(story, document, **changes)
    assert case(story).attempts == {}


def test_the_same_form_twice_is_one_service_and_another_needs_another_form(story: Story) -> None:
    document, receipt, uid = written(story), written(story, "送达回证"), random_id()
    said = delivery(story, document, details={"receipt": receipt})
    assert (
        serve(story.case, later(story), said, service=uid) == serve(story.case, later(story), said, service=uid) == uid
    )
    with pytest.raises(AlreadyServed, match="已经用于另一次送达"):
        serve(story.case, later(story), replace(said, recipient="别人"), service=uid)
    with pytest.raises(AlreadyServed, match=r"已于 .* 送达恒达经营部"):
        serve(story.case, later(story), said)
    serve(story.case, later(story), replace(said, recipient="第三人王某"))
    assert len(case(story).services) == 2


def test_who_may_not(story: Story) -> None:
    document, receipt = written(story), written(story, "送达回证")
    said = delivery(story, document, details={"receipt": receipt})
    for name in ("reviewer", "head", "archivist", "system"):
        with pytest.raises(NotAllowed):
            serve(story.case, story.on(name, 100), said)
    with pytest.raises(NotFound):
        serve(story.case, later(story).by(STRANGER), said)
    assert case(story).services == {}


def test_an_archived_case_takes_no_service(story: Story) -> None:
    document, receipt = written(story), written(story, "送达回证")
    conclude_case(story.case, story.on("registrar", 60), reason="执行完毕", document=None)
    archive_case(story.case, story.on("archivist", 61), archive_number="A1", retention="30 年")
    with pytest.raises(CaseArchived):
        serve(story.case, later(story), delivery(story, document, details={"receipt": receipt}))


def test_a_notice_and_a_receipt_are_not_to_be_served_themselves(story: Story) -> None:
    document = written(story)
    written(story, "送达公告")
    written(story, "送达回证")
    facts = ground_of(story.case, AGENCY).facts
    assert [one.uid for one in serving_law(facts).to_serve(facts)] == [document]


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one_service() -> None:
    story = tell()
    document, receipt = written(story), written(story, "送达回证")
    said, told = delivery(story, document, details={"receipt": receipt}), list[str]()
    gate = threading.Barrier(2)

    def press(name: str) -> None:
        gate.wait()
        try:
            serve(story.case, story.on(name, 100), said)
            told.append("served")
        except LiuhenError as refusal:
            told.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("registrar", "partner")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["AlreadyServed", "served"]
    contents = [event.content for event in ground_of(story.case, AGENCY).events]
    assert sum(isinstance(content, ServiceMade) for content in contents) == 1
    assert PEOPLE["registrar"].name in {one.server for one in case(story).services.values()} | {"registrar"}
