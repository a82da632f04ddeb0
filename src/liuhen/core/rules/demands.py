"""How each demand of a rule is judged on one subject: attributes, documents, signatures, approvals, telling."""

from liuhen.core.facts.model import Approval, Document, Told
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.conditions import Condition, Test, Truth, Value
from liuhen.core.rules.model import DocumentDemand, OrderDemand, Rule, SignerDemand, StepDemand, ToldDemand
from liuhen.core.rules.outcome import Outcome
from liuhen.core.rules.subjects import Subject, attribute_label, moment_label
from liuhen.core.rules.vocabulary.documents import signers

_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def truth_of(condition: Condition, subject: Subject) -> Truth:
    """Hold a condition against a subject; one false test decides, an unknown one leaves it open."""
    truth = _TRUE
    for test in condition.tests:
        answer = test.on(subject.value(test.attribute))
        if answer is _FALSE:
            return answer
        if answer is _UNKNOWN:
            truth = answer
    return truth


def judge_shows(rule: Rule, subject: Subject) -> list[Outcome]:
    """Judge the attributes that a rule wants to be shown."""
    found = [_judge_test(test, subject) for test in rule.shows.tests] if rule.shows is not None else []
    if rule.any_of:
        found.append(_judge_any(rule.any_of, subject))
    return found


def _judge_test(test: Test, subject: Subject) -> Outcome:
    value = subject.value(test.attribute)
    label = attribute_label(subject.kind, test.attribute)
    answer = test.on(value)
    if answer is _UNKNOWN:
        return Outcome("undetermined", (f"缺少事实：{label}",), subject.evidence)
    found = f"{label}：{say_value(value)}"
    if answer is _TRUE:
        return Outcome("met", (found,), subject.evidence)
    return Outcome("unmet", (f"{found}（应{test.say()}）",), subject.evidence)


def _judge_any(ways: tuple[Condition, ...], subject: Subject) -> Outcome:
    """Judge alternatives: one that holds suffices; if none does, say how each one fails."""
    lines: list[str] = []
    answers: list[Truth] = []
    for way in ways:
        outcomes = [_judge_test(test, subject) for test in way.tests]
        answer = truth_of(way, subject)
        answers.append(answer)
        if answer is _TRUE:
            return Outcome("met", tuple(line for item in outcomes for line in item.because), subject.evidence)
        lines.extend(line for item in outcomes if item.verdict != "met" for line in item.because)
    verdict = "undetermined" if _UNKNOWN in answers else "unmet"
    return Outcome("undetermined" if verdict == "undetermined" else "unmet", tuple(lines), subject.evidence)


def say_value(value: Value | None) -> str:
    """Write an attribute's value for a reader."""
    if value is None or value == frozenset():
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, frozenset):
        return "、".join(sorted(value))
    return str(value)


def judge_document(demand: DocumentDemand, subject: Subject) -> Outcome:
    """Judge that a text record exists for the subject, with the demanded fields filled."""
    forms = "或".join(f"《{form}》" for form in demand.forms)
    found = [document for document in _documents_of(subject) if document.form in demand.forms]
    if not found:
        return Outcome("unmet", (f"未见{forms}",), subject.evidence)
    document = min(found, key=lambda item: len(_blank(item, demand.fields)))
    blank = _blank(document, demand.fields)
    if blank:
        return Outcome("unmet", (f"《{document.form}》未填：{'、'.join(blank)}",), tuple(document.evidence))
    made = f"，{say_instant(document.made)}" if document.made else ""
    return Outcome("met", (f"已有《{document.form}》{made}",), tuple(document.evidence))


def _documents_of(subject: Subject) -> list[Document]:
    documents = subject.facts.case.documents.values()
    if subject.kind == "act":
        return [document for document in documents if document.act == subject.uid]
    if subject.kind == "service":
        return [document for document in documents if document.uid in (subject.thing.document, subject.thing.receipt)]
    if subject.kind in ("interruption", "objection"):
        return [document for document in documents if document.uid == subject.thing.document]
    return list(documents)


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
    tellings: list[Told] = [
        telling for telling in subject.facts.case.told if subject.kind != "act" or telling.act == subject.uid
    ]
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
