"""How demands of a rule are judged on one subject: documents, signatures, approvals, telling, order."""

from collections.abc import Iterable

from liuhen.core.facts.model import Approval, Document
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.model import DocumentDemand, OrderDemand, SignerDemand, StepDemand, ToldDemand
from liuhen.core.rules.outcome import Outcome
from liuhen.core.rules.subjects import Subject, moment_label
from liuhen.core.rules.vocabulary.documents import signers


def judge_document(demand: DocumentDemand, subject: Subject) -> Outcome:
    """Judge that a text record exists for the subject, with the demanded fields filled."""
    found = [document for document in _documents_of(subject) if document.form in demand.forms]
    if not found:
        forms = "或".join(f"《{form}》" for form in demand.forms)
        return Outcome("unmet", (f"未见{forms}",), subject.evidence)
    blank, document = _blank(found[0], demand.fields), found[0]
    for other in found[1:]:
        if not blank:
            break
        if len(missing := _blank(other, demand.fields)) < len(blank):
            blank, document = missing, other
    if blank:
        return Outcome("unmet", (f"《{document.form}》未填：{'、'.join(blank)}",), tuple(document.evidence))
    made = f"，{say_instant(document.made)}" if document.made else ""
    return Outcome("met", (f"已有《{document.form}》{made}",), tuple(document.evidence))


def _documents_of(subject: Subject) -> Iterable[Document]:
    case, thing = subject.facts.case, subject.thing
    if subject.kind == "act":
        return case.documents_of_acts.get(subject.uid, ())
    if subject.kind == "service":
        return [case.documents[uid] for uid in (thing.document, thing.receipt) if uid in case.documents]
    if subject.kind in ("interruption", "objection"):
        return [case.documents[thing.document]] if thing.document in case.documents else ()
    return case.documents.values()


def _blank(document: Document, fields: tuple[str, ...]) -> list[str]:
    return [label for label in fields if not document.fields.get(label, "").strip()]


def judge_signer(demand: SignerDemand, subject: Subject) -> Outcome:
    """Judge that enough persons in a role signed a document, or that their refusal was made good as the clause wants."""
    document: Document = subject.thing
    signed = signers(document, demand.role)
    if len(signed) >= demand.least:
        return Outcome("met", (f"{demand.role}签名：{'、'.join(signed)}",), tuple(document.evidence))
    refusals = [reason for role, _, reason in document.refusals if role == demand.role]
    if not refusals or demand.refused is None:
        missing = f"{demand.role}签名 {len(signed)} 人，应不少于 {demand.least} 人"
        return Outcome("unmet", (missing,), tuple(document.evidence))
    return _judge_refusal(demand, refusals, document)


def _judge_refusal(demand: SignerDemand, refusals: list[str], document: Document) -> Outcome:
    stand = demand.refused
    assert stand is not None  # the caller looked
    signed = signers(document, stand.role)
    noted = f"{demand.role}拒绝签名，已注明：{'；'.join(refusals)}"
    enough = len(signed) >= stand.least
    if not stand.least:
        return Outcome("met", (noted,), tuple(document.evidence), clause=stand.cites)
    count = f"{stand.role}签名 {len(signed)} 人（{'、'.join(signed) or '无'}），应不少于 {stand.least} 人"
    return Outcome("met" if enough else "unmet", (noted, count), tuple(document.evidence), clause=stand.cites)


def judge_step(demand: StepDemand, subject: Subject) -> Outcome:
    """Judge that an approval holds a step with opinion, day and, where wanted, reasons."""
    approvals: list[Approval] = subject.thing[1]
    steps = [item for item in approvals if item.step is not None and item.step.step == demand.step]
    if not steps:
        return Outcome("unmet", (f"缺少{demand.step}意见",), subject.evidence)
    step = steps[-1].step
    assert step is not None  # filtered above
    missing = [
        label
        for label, there in (
            ("意见", step.opinion.strip()),
            ("日期", step.signed_on),
            ("理由", (step.reasons or "").strip() or not demand.reasons),
        )
        if not there
    ]
    who = f"{demand.step}：{step.name}，{step.result}，{step.signed_on or '未载日期'}"
    if missing:
        return Outcome("unmet", (f"{who}，缺少{'、'.join(missing)}",), tuple(steps[-1].evidence))
    return Outcome("met", (who,), tuple(steps[-1].evidence))


def judge_told(demand: ToldDemand, subject: Subject) -> Outcome:
    """Judge that every topic was told, and answered where the answer must be set down."""
    case = subject.facts.case
    tellings = case.told_in_acts.get(subject.uid, []) if subject.kind == "act" else case.told
    told = {topic for telling in tellings for topic in telling.topics}
    missing = [topic for topic in demand.topics if topic not in told]
    evidence = tuple(event for telling in tellings for event in telling.evidence)
    if missing:
        return Outcome("unmet", (f"未见告知：{'、'.join(missing)}",), evidence)
    wanted = set(demand.topics)
    if demand.response and not any(telling.response for telling in tellings if wanted & set(telling.topics)):
        return Outcome("unmet", ("已告知，但未记录当事人的回应",), evidence)
    return Outcome("met", (f"已告知：{'、'.join(demand.topics)}",), evidence)


def judge_order(demand: OrderDemand, subject: Subject) -> Outcome:
    """Judge that one thing was done before another: what came first may still be waited for, what came after it may not."""
    first, then = subject.moment(demand.first), subject.moment(demand.then)
    label, later = moment_label(subject.kind, demand.first), moment_label(subject.kind, demand.then)
    if first is None:
        if then is None:
            return Outcome("pending", (f"应先{label}，再{later}；都还没有",), subject.evidence)
        return Outcome("unmet", (f"{later}：{say_instant(then)}，此前没有{label}",), subject.evidence)
    lines = [f"{label}：{say_instant(first)}"]
    if then is not None:
        lines.append(f"{later}：{say_instant(then)}")
        if first > then:
            return Outcome("unmet", (*lines, f"{label}应在{later}之前"), subject.evidence)
    return Outcome("met", tuple(lines), subject.evidence)
