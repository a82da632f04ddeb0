"""What rules may say of a service, a decision, an objection and a request for access."""

from datetime import datetime

from liuhen.core.facts import model
from liuhen.core.facts.model import Facts
from liuhen.core.rules.vocabulary import hearings
from liuhen.core.rules.vocabulary.words import Vocabulary, filled, media_kinds, texts


def _receipt(facts: Facts, service: model.Service) -> model.Document | None:
    return facts.case.documents.get(service.receipt or "")


def _receipt_roles(facts: Facts, service: model.Service) -> frozenset[str]:
    """Who signed the receipt: by hand on its bytes, or on the paper of which it is a scan."""
    receipt = _receipt(facts, service)
    if receipt is None:
        return frozenset()
    return texts((*(signature.role for signature in receipt.signatures), *service.paper_signers))


def _receipt_fields(facts: Facts, service: model.Service) -> frozenset[str]:
    receipt = _receipt(facts, service)
    return texts(label for label, text in receipt.fields.items() if text.strip()) if receipt else frozenset()


def _states(_: Facts, service: model.Service) -> frozenset[str]:
    return filled(
        收件人=service.recipient,
        地点=service.place,
        送达人=service.server,
        见证人=service.witness,
        事由=service.reason,
        载体=service.carrier,
        邮寄种类=service.post,
        邮寄单号=service.post_number,
        留置处所=service.left_at,
        代收人=service.agent,
    )


def _form(facts: Facts, thing: model.Service | model.Decision) -> str | None:
    document = facts.case.documents.get(thing.document)
    return document.form if document else None


def tried_by(facts: Facts, document: str, before: datetime | None) -> frozenset[str]:
    """Name the manners in which a document was tried to be served in vain before a moment."""
    return texts(
        one.manner
        for one in facts.case.attempts.values()
        if one.document == document and one.settled is None and one.tried and (before is None or one.tried <= before)
    )


def _film_count(facts: Facts, service: model.Service) -> int:
    act = facts.case.acts.get(service.act or "")
    return len(act.recordings) if act else 0


SERVICE = Vocabulary(
    label="送达",
    list=lambda facts: facts.case.services.values(),
    uid=lambda service: service.uid,
    name=lambda facts, service: (
        f"{service.manner}送达" + (f"《{form}》" if (form := _form(facts, service)) is not None else "")
    ),
    attributes={
        "manner": ("送达方式", lambda _, service: service.manner or None),
        "form": ("所送文书", _form),
        "receipt": ("送达回证", lambda _, service: service.receipt),
        "receipt_signed_by": ("送达回证签名人", _receipt_roles),
        "receipt_states": ("送达回证载明", _receipt_fields),
        "states": ("送达记录载明", _states),
        "reason": ("情况说明", lambda _, service: service.reason),
        "carrier": ("公告载体", lambda _, service: service.carrier),
        "post": ("邮寄种类", lambda _, service: service.post),
        "attempted_by": (
            "此前试过的送达方式",
            lambda facts, service: tried_by(facts, service.document, service.served),
        ),
        "consent_signed": ("已签署送达地址确认书", hearings.consent_signed),
        "recordings": ("关联音像份数", _film_count),
        "media": (
            "关联音像的类型",
            lambda facts, service: media_kinds(facts, facts.case.acts.get(service.act or "")),
        ),
    },
    moments={"served": ("送达", lambda _, service: service.served)},
)


def _served(facts: Facts, decision: model.Decision) -> datetime | None:
    return min(
        (s.served for s in facts.case.services.values() if s.document == decision.document and s.served),
        default=None,
    )


DECISION = Vocabulary(
    label="决定",
    list=lambda facts: facts.case.decisions.values(),
    uid=lambda decision: decision.uid,
    name=lambda _, decision: decision.kind,
    attributes={
        "kind": ("决定种类", lambda _, decision: decision.kind or None),
        "form": ("决定文书", _form),
        "served": (
            "已送达",
            lambda facts, decision: any(s.document == decision.document for s in facts.case.services.values()),
        ),
        "performed": ("已履行", lambda _, decision: decision.performed is not None),
        "amount": ("有金额", lambda _, decision: decision.amount is not None),
        "orders_correction": ("责令限期改正", lambda _, decision: decision.correct_by is not None),
        "verified": ("改正已核查", lambda _, decision: decision.verified is not None),
        "correction": ("核查结果", lambda _, decision: decision.correction),
        "case_kind": ("执法类别", lambda facts, _: facts.case.kind or None),
        "case_traits": ("案件特征", lambda facts, _: texts(facts.case.traits)),
        "surcharged": ("已加处罚款", lambda _, decision: bool(decision.surcharges)),
        "surcharge_capped": ("加处罚款不超过罚款数额", hearings.surcharge_capped),
        "surcharge_bases": ("加处罚款未超过每日百分之三的算法", hearings.surcharge_bases),
        "court": ("已申请法院强制执行", lambda _, decision: decision.court_applied is not None),
    },
    moments={
        "made": ("作出决定", lambda _, decision: decision.made),
        "performed": ("履行", lambda _, decision: decision.performed),
        "served": ("送达", _served),
        "correct_by": ("改正期限届满", lambda _, decision: decision.correct_by),
        "verified": ("核查改正", lambda _, decision: decision.verified),
        "paid": ("缴清罚款", hearings.paid),
        "surcharged_from": ("加处罚款起算", hearings.surcharged_from),
        "surcharged_to": ("加处罚款算至", hearings.surcharged_to),
        "redress_expired": ("复议诉讼期限届满", lambda _, decision: decision.redress_expired),
        "executed": ("强制执行", hearings.executed),
        "court_applied": ("申请法院强制执行", lambda _, decision: decision.court_applied),
    },
)

OBJECTION = Vocabulary(
    label="异议",
    list=lambda facts: facts.case.objections.values(),
    uid=lambda objection: objection.uid,
    name=lambda _, objection: f"{objection.person}对{objection.against}的异议",
    attributes={
        "against": ("所异议的事项", lambda _, objection: objection.against or None),
        "states": (
            "异议记录载明",
            lambda _, objection: filled(
                异议人=objection.person, 内容=objection.summary, 时间=objection.raised, 处理=objection.outcome
            ),
        ),
        "handled": ("异议已处理", lambda _, objection: objection.handled is not None),
        "documented": (
            "异议有书面记录",
            lambda facts, objection: (objection.document or "") in facts.case.documents,
        ),
    },
    moments={
        "raised": ("提出异议", lambda _, objection: objection.raised),
        "handled": ("处理异议", lambda _, objection: objection.handled),
    },
)


def _restricted(facts: Facts, _: model.Access) -> bool:
    return any(recording.classification for recording in facts.recordings.values())


ACCESS = Vocabulary(
    label="查阅复制提供",
    list=lambda facts: facts.case.accesses.values(),
    uid=lambda access: access.uid,
    name=lambda _, access: f"{access.applicant}{access.purpose}{access.what}",
    attributes={
        "purpose": ("用途", lambda _, access: access.purpose or None),
        "standing": ("申请人身份", lambda _, access: access.standing or None),
        "requested": ("有申请", lambda _, access: access.requested is not None),
        "decided": ("已作决定", lambda _, access: access.decided is not None),
        "granted": ("同意提供", lambda _, access: access.granted),
        "step": ("决定人", lambda _, access: access.step),
        "basis": ("决定依据", lambda _, access: access.basis),
        "reason": ("不同意的理由", lambda _, access: access.reason),
        "given": ("已经提供", lambda _, access: access.given is not None),
        "restricted": ("涉及保密的记录", _restricted),
    },
    moments={
        "requested": ("申请", lambda _, access: access.requested),
        "decided": ("作出决定", lambda _, access: access.decided),
        "given": ("提供", lambda _, access: access.given),
    },
)
