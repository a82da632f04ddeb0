"""送达: a document is served in some manner, with the 送达回证 or what stands for it.

Invariant: what a clause wants without exception is there, the day from which terms run is computed and recorded with its
working, and a day that somebody states is refused where it is another. What else packs want is judged by them afterwards.
The same service sent twice is one; two people who serve the same document on the same recipient at once make one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from liuhen.adapters.signing.scans import MOST_BYTES as MOST_BYTES
from liuhen.adapters.signing.scans import Scanned, scan_to_pdf
from liuhen.core.events.case import DocumentMade, ServiceMade
from liuhen.core.events.catalogue import encode_content
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.serving import (
    FIELDS,
    Effect,
    Manner,
    effect_of,
    first_instant,
    lacking,
    paper_faults,
    posted_effect,
)
from liuhen.flows.access import Permission, case_for
from liuhen.flows.direct_events import read_content
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.sign_document import require_unvoided
from liuhen.flows.study_serving import ServingLaw, serving_law
from liuhen.flows.write_document import keep
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_RECEIPT = "receipt"


class AlreadyServed(LiuhenError):
    """The document was served on that recipient already."""


class NotYetServed(LiuhenError):
    """The public notice has not run out."""


class DayDiffers(LiuhenError):
    """The stated day of service is not the one that follows from the manner."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A receipt that came back on paper: its bytes, the form that it is, and what is written down of it by label."""

    data: bytes
    form: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is said of a service: `details` by the fields that the manner records.

    `happened` is when it was received, left or reached its recipient; `day` stands for it where no hour is known; neither is
    asked of a public notice, which counts from its posting. `stated` is the day on which somebody says that it took effect.
    `paper_signers` are the roles of those who signed on the scan.
    """

    document: str
    manner: str
    recipient: str
    place: str
    happened: datetime | None = None
    day: date | None = None
    stated: date | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    proofs: tuple[str, ...] = ()
    attempt: str | None = None
    scan: Scan | None = None
    paper_signers: tuple[str, ...] = ()


def serve(case_uid: str, occasion: Occasion, said: Delivery, *, service: str | None = None) -> str:
    """Record a service and give its uid; `service` is the uid that a form brings, so that it can be sent twice.

    Raises NotAllowed, NotFound, CaseArchived, AlreadyServed, NotYetServed, DayDiffers, and BadInput naming the field.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    uid = service or occasion.new_id()
    scanned = scan_to_pdf(said.scan.data) if said.scan else None
    with turn():
        hold(occasion.actor.agency)
        facts = ground_of(case_uid, occasion.actor.agency).facts
        if _is_known(facts, uid, said):
            return uid
        if facts.case.archived is not None:
            raise CaseArchived("案件已经归档，不能再补记送达；请与档案管理员联系")
        law = serving_law(facts)
        document, manner = _document(facts, said.document), _manner(law, said.manner)
        receipt = occasion.new_id() if scanned is not None else None
        _require_whole(facts, manner, said, receipt)
        _require_unserved(facts, document, said)
        effect = _effect(law, manner, document, said, occasion)
        content = _content(occasion, said, uid, effect, receipt)
        version = facts.case.version
        if scanned is not None and said.scan is not None and receipt is not None:
            write_case(case_uid, occasion, received(receipt, scanned, said.scan, occasion), after=version)
            version += 1
        write_case(case_uid, replace(occasion, at=effect.at), content, after=version)
    return uid


def foresee_effect(facts: Facts, said: Delivery, occasion: Occasion) -> Effect:
    """Say from when a service would count, for a form that is being filled in. Raises NotYetServed, BadInput."""
    law = serving_law(facts)
    return _effect(law, _manner(law, said.manner), _document(facts, said.document), said, occasion)


def _is_known(facts: Facts, uid: str, said: Delivery) -> bool:
    known = facts.case.services.get(uid)
    if known is None:
        return False
    if (known.document, known.manner, known.recipient) != (said.document, said.manner, said.recipient):
        raise AlreadyServed("这张表已经用于另一次送达，本次没有保存；请重新打开页面后填写")
    return True


def _document(facts: Facts, uid: str) -> Document:
    require_unvoided(facts, uid)
    document = facts.case.documents.get(uid)
    if document is None:
        raise BadInput("document", "本案没有这份文书；请先制作文书再录入送达")
    return document


def _manner(law: ServingLaw, name: str) -> Manner:
    if name not in law.manners:
        raise BadInput("manner", f"没有“{name}”这种送达方式；可以用的有{'、'.join(law.manners)}")
    return law.manners[name]


def _require_whole(facts: Facts, manner: Manner, said: Delivery, receipt: str | None) -> None:
    details = {**said.details, **({_RECEIPT: receipt} if receipt else {})}
    if strange := next((name for name in said.details if name not in manner.serving.fields), None):
        raise BadInput(strange, f"{said.manner}送达不记录{FIELDS.get(strange, strange)}；请删去此项")
    for place, sentence in lacking(manner, details):
        raise BadInput(place, sentence)
    documents = facts.case.documents
    for name, uid in [(p.entry, said.details.get(p.entry)) for p in manner.serving.papers]:
        if uid is not None and uid not in documents:
            raise BadInput(name, "本案没有这份文书；请重新选择")
    for place, sentence in paper_faults(manner, documents, said.details):
        raise BadInput(place, sentence)
    _require_grounds(facts, said)
    _require_scan(manner, said)


def _require_grounds(facts: Facts, said: Delivery) -> None:
    """Refuse an act, a proof or an attempt that the case does not have."""
    if (act := said.details.get("act")) is not None and act not in facts.case.acts:
        raise BadInput("act", "本案没有这项执法活动；请重新选择")
    if any(uid not in facts.case.documents for uid in said.proofs):
        raise BadInput("proofs", "本案没有这份文书；请重新选择")
    tried = facts.case.attempts.get(said.attempt or "")
    if said.attempt is not None and (tried is None or tried.document != said.document or tried.settled is not None):
        raise BadInput("attempt", "没有等待回执的这次送达；请刷新页面后重选")


def _require_scan(manner: Manner, said: Delivery) -> None:
    if said.scan is None:
        if said.paper_signers:
            raise BadInput("scan", "写明了谁在纸上签名，没有上传扫描件；请上传后再记录")
        return
    forms = [form for paper in manner.serving.papers if paper.entry == _RECEIPT for form in paper.forms]
    if said.scan.form not in forms:
        raise BadInput("scan", f"{manner.serving.manner}送达的凭证应为{'、'.join(forms)}；请重新选择种类")


def _require_unserved(facts: Facts, document: Document, said: Delivery) -> None:
    for one in facts.case.services.values():
        if (one.document, one.recipient) == (document.uid, said.recipient) and one.served is not None:
            raise AlreadyServed(
                f"《{document.title}》已于 {local_day(one.served)} 送达{one.recipient}（{one.manner}），不会重复记录；"
                "送达另外的人，请改写受送达人"
            )


def _effect(law: ServingLaw, manner: Manner, document: Document, said: Delivery, occasion: Occasion) -> Effect:
    if manner.serving.within is not None:
        effect = posted_effect(document, law.manners, law.calendar)
        if effect is None:
            raise NotYetServed(f"《{document.title}》还没有发布送达公告；请先登记公告，期满后视为送达")
        if effect.at > occasion.recorded_at:
            raise NotYetServed(f"公告期还没有届满，{effect.day} 起才视为送达；请在此后记录")
    else:
        moment = _moment(document, said)
        if moment > occasion.recorded_at:
            raise BadInput("day", "送达的时间还没有到；请在送达以后记录")
        if document.made is not None and moment < document.made:
            raise BadInput("day", f"送达的时间早于文书制作的时间（{local_day(document.made)}）；请核对")
        effect = effect_of(manner, moment, law.calendar)
    if said.stated is not None and said.stated != effect.day:
        raise DayDiffers(
            f"填写的送达日 {said.stated} 与推算的 {effect.day} 不一致，没有保存。{'；'.join(effect.steps)}。"
            "请核对日期或者送达方式"
        )
    return effect


def _moment(document: Document, said: Delivery) -> datetime:
    if said.happened is not None:
        return said.happened
    if said.day is None:
        raise BadInput("day", "请写明日期：送达日从它起算")
    return first_instant(said.day, document)


def _content(occasion: Occasion, said: Delivery, uid: str, effect: Effect, receipt: str | None) -> ServiceMade:
    details = {**said.details, **({_RECEIPT: receipt} if receipt else {})}
    content = ServiceMade(
        service=uid,
        document=said.document,
        manner=said.manner,
        recipient=said.recipient,
        place=said.place,
        server=occasion.actor.name,
        proofs=said.proofs,
        paper_signers=said.paper_signers,
        attempt=said.attempt,
        effective_on=effect.day,
        basis=(*effect.steps, f"依据：{'、'.join(effect.cites)}"),
        **details,
    )
    name, plain = encode_content(content)
    kept: ServiceMade = read_content(name, plain, "送达")  # nothing that people could not read gets in
    return kept


def received(uid: str, scanned: Scanned, scan: Scan, occasion: Occasion) -> DocumentMade:
    """Keep a scan and give the event by which it becomes a document of the case."""
    return DocumentMade(
        document=uid,
        form=scan.form,
        title=scan.form,
        facing="取证",
        file=keep(scanned.pdf, f"{scan.form}.pdf", "application/pdf"),
        pages=scanned.pages,
        made_on=local_day(occasion.at),
        fields=dict(scan.fields),
    )
