"""What the panel at the right shows of one thing of a case: an act, a document, a recording, an approval, an event …

One card for all kinds, filled by one function a kind; `PARTS` is the table that addresses choose from.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from liuhen.core.events.case import ApprovalGiven
from liuhen.core.events.catalogue import BY_NAME, Event
from liuhen.core.facts.coverage import MEDIA_NAMES
from liuhen.core.facts.fact import Fact
from liuhen.core.facts.model import Document
from liuhen.core.kernel.moments import say_instant
from liuhen.doors.web.cards.compliance import FindingLine, findings_about
from liuhen.doors.web.cards.filming import CoverageBar, Film, coverage_bar, film
from liuhen.doors.web.cards.parts import (
    Action,
    DocumentChip,
    EventLine,
    Line,
    document_chip,
    event_line,
    filled_lines,
    missing_signers,
    panel_url,
    say_voided,
)
from liuhen.doors.web.cards.recording_lines import recording_lines
from liuhen.doors.web.cards.serving import serving_actions
from liuhen.doors.web.cards.signing import signing_action
from liuhen.doors.web.cards.words import content_lines
from liuhen.doors.web.typography import size
from liuhen.flows.read_case import CaseReading
from liuhen.flows.void_document import is_voidable


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing of a case; `preview` is the address of a PDF that can be read in place, `voiding` where it can be voided."""

    kind: str
    title: str
    lines: tuple[Line, ...]
    code: str = ""
    bar: CoverageBar | None = None
    documents: tuple[DocumentChip, ...] = ()
    films: tuple[Film, ...] = ()
    events: tuple[EventLine, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    actions: tuple[Action, ...] = ()
    preview: str = ""
    voiding: str = ""


def _events(reading: CaseReading, *facts: Fact) -> tuple[EventLine, ...]:
    wanted = {uid for fact in facts for uid in fact.evidence}
    return tuple(event_line(reading.uid, event, reading.names) for event in reading.events if event.id in wanted)


def act_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give an act with its officers, its documents and how it was filmed."""
    case, act = reading.facts.case, reading.facts.case.acts.get(uid)
    if act is None:
        return None
    breaks = [item for item in case.interruptions.values() if item.act == uid]
    lines = (
        *filled_lines(("地点", act.place), ("开始", act.begun and say_instant(act.begun))),
        *filled_lines(("结束", act.ended and say_instant(act.ended)), ("特征", "、".join(act.traits))),
        *(Line(f"执法人员 {officer.name}", officer.certificate, code=True) for officer in act.officers),
        *filled_lines(("当事人在场", {True: "是", False: "否", None: ""}[act.party_present]), ("结果", act.outcome)),
        *(
            Line(f"告知{told.told}", "、".join(told.topics) + _answered(told.response))
            for told in case.told
            if told.act == uid
        ),
        *(Line("中断说明", f"{item.cause}（{item.manner}）") for item in breaks),
    )
    return Detail(
        kind="执法活动",
        title=act.kind,
        lines=lines,
        bar=coverage_bar(reading.facts, act),
        documents=tuple(document_chip(case.uid, item) for item in case.documents.values() if item.act == uid),
        films=tuple(
            film(case.uid, reading.facts.recordings[key]) for key in act.recordings if key in reading.facts.recordings
        ),
        events=_events(reading, act, *breaks),
        findings=findings_about(reading, "act", uid),
    )


def _answered(response: str | None) -> str:
    return f"；答：{response}" if response else ""


def document_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give a document with its number, signers, seal and digests."""
    case = reading.facts.case
    document = case.any_document(uid)
    if document is None:
        return None
    address = reverse("document-file", args=[reading.uid, uid])
    signing = None if document.voided else signing_action(reading, document)
    return Detail(
        kind=f"{'已作废的文书' if document.voided else '文书'} · {document.facing}",
        title=document.title,
        code=document.number or "",
        lines=tuple(_document_lines(document)),
        events=_events(reading, document),
        findings=findings_about(reading, "document", uid),
        actions=(
            *((signing,) if signing else ()),
            *serving_actions(reading, document),
            Action("打开 PDF", address),
            Action("下载", f"{address}?download=1"),
            *(
                (Action("下载国密签名", reverse("document-signature", args=[reading.uid, uid])),)
                if document.seal_signature
                else ()
            ),
        ),
        preview=address,
        voiding=reverse("document-void", args=[reading.uid, uid]) if is_voidable(reading.facts, document) else "",
    )


def _document_lines(document: Document) -> Iterator[Line]:
    if document.voided:
        yield Line("作废", f"{say_voided(document)}（{document.voided_by}决定）")
    yield from filled_lines(("制作", document.made and say_instant(document.made)), ("落款日期", document.made_on))
    yield from filled_lines(
        ("页数", document.pages), ("更改", f"{document.corrections} 处" if document.corrections else "")
    )
    for signature in document.signatures:
        yield Line(signature.role, f"{signature.name}，{say_instant(signature.at)} 签名")
    for role, name, reason in document.refusals:
        yield Line(role, f"{name} 拒绝签名：{reason}")
    yield from filled_lines(("尚未签名", missing_signers(document)), ("捺印", "、".join(sorted(document.marks))))
    yield from filled_lines(("盖章", document.sealed and say_instant(document.sealed)))
    yield from filled_lines(("国密签名", "SM2，附于盖章后的全文" if document.seal_signature else ""))
    if document.code:
        yield Line("核验码", document.code, code=True)
    file = document.sealed_file or document.finished_file or document.file
    if file:
        yield Line("SHA-256", file.sha256, code=True)
        yield Line("SM3", file.sm3, code=True)
        yield Line("大小", size(file.size))


def recording_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give a recording with its times, device, labels and digests; its marks are the player's."""
    recording = reading.facts.recordings.get(uid)
    if recording is None:
        return None
    return Detail(
        kind=MEDIA_NAMES.get(recording.media.kind if recording.media else "", "音像"),
        title=recording.original_name or uid,
        lines=tuple(recording_lines(reading, recording)),
        actions=tuple(
            Action(label, reverse(name, args=[reading.uid, uid]))
            for label, name in (("作为证据", "evidence"), ("保管", "custody"))
            if recording.act
        ),
        films=(film(reading.uid, recording),),
        events=_events(reading, recording),
        findings=findings_about(reading, "recording", uid),
    )


def _behalf(reading: CaseReading, step: ApprovalGiven) -> str:
    lent = reading.facts.agency.delegations.get(step.on_behalf_of or "")
    return f"（受{lent.giver_name}委托）" if lent else ""


def approval_detail(reading: CaseReading, matter: str) -> Detail | None:
    """Give an approval step by step."""
    steps = reading.facts.case.approvals.get(matter)
    if steps is None:
        return None
    documents = dict.fromkeys(item.step.document for item in steps if item.step and item.step.document)
    kept = reading.facts.case.documents
    return Detail(
        kind="审批",
        title=f"{matter}审批",
        lines=tuple(
            Line(
                f"{item.step.step} {item.step.name}{_behalf(reading, item.step)}",
                "；".join(part for part in (item.step.result, item.step.opinion, item.step.reasons or "") if part)
                + (f"（{say_instant(item.at)}）" if item.at else ""),
            )
            for item in steps
            if item.step
        ),
        documents=tuple(document_chip(reading.uid, kept[uid]) for uid in documents if uid in kept),
        events=_events(reading, *steps),
        findings=findings_about(reading, "approval", matter),
    )


def service_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give a service with its manner, recipient and receipt."""
    service, documents = reading.facts.case.services.get(uid), reading.facts.case.documents
    if service is None:
        return None
    named = [documents[key] for key in (service.document, service.receipt or "") if key in documents]
    return Detail(
        kind="送达",
        title=service.manner,
        lines=(
            *filled_lines(
                ("送达时间", service.served and say_instant(service.served)),
                ("送达日", service.effective_on),
                ("受送达人", service.recipient),
            ),
            *filled_lines(("地点", service.place), ("送达人", service.server), ("见证人", service.witness)),
            *filled_lines(("事由", service.reason), ("代收人或者受托人", service.agent), ("留置处所", service.left_at)),
            *filled_lines(("邮寄", " ".join(part for part in (service.post, service.post_number) if part))),
            *filled_lines(("公告载体", service.carrier), ("送达日的推算", "；".join(service.basis))),
        ),
        documents=tuple(document_chip(reading.uid, document) for document in named),
        events=_events(reading, service),
        findings=findings_about(reading, "service", uid),
    )


def decision_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give a decision and its performance."""
    decision, documents = reading.facts.case.decisions.get(uid), reading.facts.case.documents
    if decision is None:
        return None
    return Detail(
        kind="行政执法决定",
        title=f"{decision.kind}决定",
        lines=(
            *filled_lines(("作出", decision.made and say_instant(decision.made)), ("内容", decision.summary)),
            *filled_lines(("金额", f"{decision.amount} 元" if decision.amount is not None else "")),
            *filled_lines(("履行", decision.performed and say_instant(decision.performed))),
        ),
        documents=(document_chip(reading.uid, documents[decision.document]),) if decision.document in documents else (),
        events=_events(reading, decision),
        findings=findings_about(reading, "decision", uid),
    )


def evidence_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give an item of evidence with its passport."""
    found = reading.facts.case.items_of_evidence.get(uid)
    if found is None or found.item is None:
        return None
    item, facts = found.item, reading.facts
    document, recording = facts.case.documents.get(item.document or ""), facts.recordings.get(item.recording or "")
    return Detail(
        kind="证据",
        title=item.kind,
        lines=(
            *filled_lines(
                ("证明对象", item.purpose), ("事项", item.matter), ("地点", item.place), ("方式", item.manner)
            ),
            *filled_lines(
                ("取得", item.taken_at and say_instant(item.taken_at)), ("执法人员", "、".join(item.officers))
            ),
            *filled_lines(("光盘", item.disc)),
        ),
        documents=(document_chip(reading.uid, document),) if document else (),
        films=(film(reading.uid, recording),) if recording else (),
        events=_events(reading, found),
        findings=findings_about(reading, "evidence", uid),
    )


def event_detail(reading: CaseReading, uid: str) -> Detail | None:
    """Give a record of the ledger as it stands: header, commitments and content."""
    event = next((item for item in reading.events if item.id == uid), None)
    if event is None:
        return None
    header = event.header
    return Detail(
        kind=f"记录 · 第 {header.seq} 条",
        title=BY_NAME[header.type].label,
        lines=(
            *filled_lines(("发生时间", say_instant(header.at)), ("记入时间", say_instant(header.recorded_at))),
            *filled_lines(("操作人", reading.names.get(header.actor, "未登记的人员"))),
            *_content(event),
            Line("记录标识", header.id, code=True),
            Line("内容承诺 SHA-256", header.content_sha256, code=True),
            Line("内容承诺 SM3", header.content_sm3, code=True),
        ),
        actions=(Action("更正前的记录", panel_url(reading.uid, "events", header.corrects)),) if header.corrects else (),
    )


def _content(event: Event) -> tuple[Line, ...]:
    if event.content is None:
        return (Line("内容", "已依法销毁；记录头和承诺仍在，可以证明它存在过"),)
    return content_lines(event.content)


PARTS: Mapping[str, Callable[[CaseReading, str], Detail | None]] = {
    "acts": act_detail,
    "documents": document_detail,
    "recordings": recording_detail,
    "approvals": approval_detail,
    "services": service_detail,
    "decisions": decision_detail,
    "evidence": evidence_detail,
    "events": event_detail,
}
