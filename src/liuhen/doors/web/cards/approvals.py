"""审批: the rounds of a case as steppers, what is the reader's to do, deadlines of approving afterwards, and recusals.

Invariant: whether a step is the reader's is asked of the same function as the flow asks; terms are those of the verdicts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.urls import reverse

from liuhen.core.approvals.chain import PROPOSAL
from liuhen.core.approvals.recusal import Recusal
from liuhen.core.approvals.round import Round, Said, State, since_return, standing
from liuhen.core.approvals.taking import refusal_of
from liuhen.core.events.parts import ChainStep
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.verdict import rule_of
from liuhen.doors.web.approval_forms import Asked
from liuhen.doors.web.cards.case import Header, case_header
from liuhen.doors.web.cards.choices import documents_to_pick
from liuhen.doors.web.cards.compliance import finding_key
from liuhen.doors.web.cards.parts import ClauseChip, clause_chip, panel_url
from liuhen.doors.web.typography import say_left
from liuhen.flows.access import Permission, has
from liuhen.flows.approval_chains import is_usual
from liuhen.flows.approval_rounds import file_of, results_of, taker_of
from liuhen.flows.course_of_case import FILED, why_closed
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_case import CaseReading
from liuhen.flows.recused import barred_in
from liuhen.flows.waiting_approvals import Lent

# The moments of rules by which an approval that comes afterwards is judged in time, and the matter of the case's own.
_APPROVED_LATER = ("approved", "urgent_approved")
_URGENT = "紧急启动"
_BARRING = ("own", "recused")
_ENDS = {"已批准": "met", "不同意": "unmet"}
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step: done, now or todo, who said what when, or who is to."""

    name: str
    state: str
    who: str
    said: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """One thing that was said in a round, in the order in which it was said; `mark` is the verdict's sign for it."""

    step: str
    who: str
    result: str
    mark: str
    opinion: str
    reasons: str
    at: datetime
    behalf: str
    url: str


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round of approval; `form` where the next step is the reader's, `barred` why it is not although the role would carry it."""

    uid: str
    title: str
    word: str
    state: str
    about: str
    who: str
    opened: datetime
    next: str
    steps: tuple[StepCard, ...]
    voices: tuple[VoiceCard, ...]
    document: str
    document_url: str
    pdf_url: str
    digest: str
    form: forms.Form | None
    url: str
    behalf: str
    barred: str
    withdrawal: str
    withdrawal_form: forms.Form | None
    withdrawal_url: str


@dataclass(frozen=True, slots=True)
class DeadlineCard:
    """A term for approving what was begun before it was approved, as the rules judge it."""

    verdict: str
    clause: ClauseChip
    title: str
    subject: str
    due: datetime | None
    left: str
    url: str
    matter: str
    request_url: str


@dataclass(frozen=True, slots=True)
class RecusalCard:
    """A recusal and what became of it; `form` where it is the reader's to decide."""

    uid: str
    name: str
    raised: str
    ground: str
    state: str
    mark: str
    outcome: str
    reasons: str
    voices: tuple[str, ...]
    form: forms.Form | None
    url: str


@dataclass(frozen=True, slots=True)
class MatterLink:
    """A matter that can be put forward, and where its form is; `usual` for those that such cases have."""

    matter: str
    url: str
    chosen: bool
    open: bool
    usual: bool


@dataclass(frozen=True, slots=True)
class ApprovalsPage:
    """The page of a case's approvals; `asks` says that something of it is the reader's own to do first."""

    header: Header
    deadlines: tuple[DeadlineCard, ...]
    filing_url: str
    open: tuple[RoundCard, ...]
    over: tuple[RoundCard, ...]
    loose: tuple[tuple[str, str], ...]
    matters: tuple[MatterLink, ...]
    others: tuple[MatterLink, ...]
    matter: str
    chain: tuple[StepCard, ...]
    request_form: forms.Form | None
    request_url: str
    asks: bool
    recusals: tuple[RecusalCard, ...]
    recusal_form: forms.Form | None
    recusal_url: str
    archived: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """The forms of the page, fresh or sent back: a step's and a withdrawal's by its round, a decision's by its recusal."""

    steps: Mapping[str, forms.Form]
    withdrawals: Mapping[str, forms.Form]
    decisions: Mapping[str, forms.Form]
    request: forms.Form | None = None
    recusal: forms.Form | None = None


def approvals_page(
    reading: CaseReading,
    occasion: Occasion,
    typed: Typed,
    names: Names,
    *,
    matter: str,
    matters: Mapping[str, tuple[ChainStep, ...]],
) -> ApprovalsPage:
    """Give the page as one person sees it; `matter` is what they are about to put forward."""
    case, base = reading.facts.case, [reading.uid]
    rounds = [round_card(reading, occasion, one, typed, names) for one in case.rounds.values()]
    chain = matters.get(matter, ())
    links = tuple(_matter_links(reading, occasion, matters, matter))
    filing = has(occasion.actor, Permission.INVESTIGATE) and not why_closed(reading.facts, FILED)
    return ApprovalsPage(
        header=case_header(reading, occasion.actor),
        deadlines=tuple(_deadlines(reading)),
        filing_url=reverse("approval-filing", args=base) if filing else "",
        open=tuple(one for one in reversed(rounds) if one.state == "open"),
        over=tuple(one for one in reversed(rounds) if one.state != "open"),
        loose=tuple((f"{name}审批", panel_url(reading.uid, "approvals", name)) for name in _loose(reading.facts)),
        matters=tuple(one for one in links if one.usual),
        others=tuple(one for one in links if not one.usual),
        matter=matter if typed.request else "",
        chain=tuple(_plan(step, names) for step in chain),
        request_form=typed.request,
        request_url=f"{reverse('approval-request', args=base)}?matter={matter}",
        asks=filing or bool(typed.steps),
        recusals=tuple(_recusal(reading.uid, one, typed.decisions.get(one.uid)) for one in case.recusals.values()),
        recusal_form=typed.recusal,
        recusal_url=reverse("approval-recusal", args=base),
        archived=case.archived is not None,
    )


def _loose(facts: Facts) -> Iterator[str]:
    """Name the matters whose opinions were entered without a round."""
    for matter, given in facts.case.approvals.items():
        if any(item.step and item.step.request is None for item in given):
            yield matter


def _matter_links(
    reading: CaseReading, occasion: Occasion, matters: Mapping[str, tuple[ChainStep, ...]], chosen: str
) -> Iterator[MatterLink]:
    if reading.facts.case.archived is not None or not has(occasion.actor, Permission.INVESTIGATE):
        return
    under_way = {one.matter for one in reading.facts.case.rounds.values() if standing(one).is_open}
    page = reverse("approvals", args=[reading.uid])
    for matter in matters:
        usual = is_usual(matter, reading.facts.case)
        yield MatterLink(matter, f"{page}?matter={matter}#request", matter == chosen, matter in under_way, usual)


def round_card(reading: CaseReading, occasion: Occasion, round_: Round, typed: Typed, names: Names) -> RoundCard:
    """Give a round with its stepper and everything that was said."""
    facts, state, form = reading.facts, standing(round_), typed.steps.get(round_.uid)
    document, act = facts.case.documents.get(round_.document or ""), facts.case.acts.get(round_.act or "")
    about = f"（{act.kind}，{say_instant(act.begun)}）" if act and act.begun else ""
    return RoundCard(
        uid=round_.uid,
        title=f"{round_.matter}审批",
        word=state.word,
        state="open" if state.is_open else _ENDS.get(state.word, "void"),
        about=about,
        who=round_.name,
        opened=round_.opened,
        next=_next(round_, state, names),
        steps=tuple(_steps(facts, round_, state, names)),
        voices=tuple(_voice(reading, one) for one in round_.said),
        document=document.title if document else "",
        document_url=panel_url(reading.uid, "documents", document.uid) if document else "",
        pdf_url=reverse("document-file", args=[reading.uid, document.uid]) if document else "",
        digest=file_of(facts, round_.document) or "" if document else "",
        form=form,
        url=reverse("approval-step", args=[reading.uid, round_.uid]),
        behalf=_on_behalf(reading, form),
        barred="" if form else barred_sentence(reading, occasion, round_),
        withdrawal=round_.withdrawal,
        withdrawal_form=typed.withdrawals.get(round_.uid),
        withdrawal_url=reverse("approval-withdrawal", args=[reading.uid, round_.uid]),
    )


def _on_behalf(reading: CaseReading, form: forms.Form | None) -> str:
    field = form.fields.get("behalf") if form else None
    if field is None or isinstance(field, forms.ChoiceField):
        return ""
    lent = reading.facts.agency.delegations.get(str(field.initial))
    return lent.giver_name if lent else ""


def barred_sentence(reading: CaseReading, occasion: Occasion, round_: Round) -> str:
    """Say why a step is not the reader's although their role would carry it; empty where it would not anyway."""
    step = standing(round_).next
    if step is None:
        return ""
    barred = barred_in(reading.facts.case, round_, occasion.at)
    refusal = refusal_of(round_, taker_of(reading.facts, occasion, None), step.name, barred)
    return f"{refusal.sentence}。" if refusal and refusal.code in _BARRING else ""


def _next(round_: Round, state: State, names: Names) -> str:
    if state.next is None:
        return ""
    if state.next.name == PROPOSAL:
        return f"下一步：{round_.name}修改后再报"
    if state.concluding:
        return f"参加人员都已发表意见，待作出{state.next.name}结论"
    return f"下一步：{state.next.name}（{_takers(state.next, state.waiting, names)}）"


def _takers(step: ChainStep, waiting: tuple[str, ...], names: Names) -> str:
    people = waiting or step.persons
    return "、".join(names.get(uid, "已离开的人员") for uid in people) if people else "或者".join(step.by)


def _steps(facts: Facts, round_: Round, state: State, names: Names) -> Iterator[StepCard]:
    """Give each step with the last word on it that still counts."""
    counted = {one.step: one for one in since_return(round_)}
    for place, step in enumerate(round_.chain):
        last = counted.get(step.name)
        done = last is not None and (place < state.place or state.next is None)
        if done and last is not None:
            yield StepCard(step.name, _mark(last), _who(facts, last), last.result, last.at)
        elif state.next is not None and place == state.place:
            who = round_.name if step.name == PROPOSAL else _takers(step, state.waiting, names)
            yield StepCard(step.name, "now", who, "待作出结论" if state.concluding else state_word(state), None)
        else:
            yield StepCard(step.name, "todo", _takers(step, (), names), "", None)


def state_word(state: State) -> str:
    """Say what the step that is next waits for."""
    return "退回修改" if state.word == "退回修改" else "待办理"


def _mark(said: Said) -> str:
    return "met" if said.result == "同意" else "unmet"


def _who(facts: Facts, said: Said) -> str:
    lent = facts.agency.delegations.get(said.on_behalf_of or "")
    return f"{said.name}（受{lent.giver_name}委托）" if lent else said.name


def _plan(step: ChainStep, names: Names) -> StepCard:
    """Give a step of a chain that nobody has walked."""
    who = _takers(step, (), names) if step.by or step.persons else "提请时写明的人员"
    return StepCard(step.name, "todo", who, "按情形选用" if step.optional else "", None)


def _voice(reading: CaseReading, said: Said) -> VoiceCard:
    lent = reading.facts.agency.delegations.get(said.on_behalf_of or "")
    back = f"，退回{said.returned_to}" if said.returned_to and said.returned_to != PROPOSAL else ""
    return VoiceCard(
        step=f"{said.step}结论" if said.concludes else said.step,
        who=said.name,
        result=said.result + back,
        mark=_mark(said),
        opinion=said.opinion,
        reasons=said.reasons or "",
        at=said.at,
        behalf=lent.giver_name if lent else "",
        url=panel_url(reading.uid, "events", said.event),
    )


def _deadlines(reading: CaseReading) -> Iterator[DeadlineCard]:
    """Give the terms of approving afterwards that the rules of the case judge now."""
    case = reading.facts.case
    under_way = {(one.matter, one.act) for one in case.rounds.values() if standing(one).is_open}
    for verdict in reading.verdicts:
        rule = rule_of(reading.packs, verdict) if verdict.verdict in ("pending", "unmet") else None
        if rule is None or rule.time is None or rule.time.to not in _APPROVED_LATER:
            continue
        act = case.acts.get(verdict.subject.id) if verdict.subject.kind == "act" else None
        matter = act.kind if act else _URGENT
        asked = {(matter, None), (matter, act.uid if act else None)} & under_way
        page = f"{reverse('approvals', args=[reading.uid])}?matter={matter}{f'&act={act.uid}' if act else ''}#request"
        yield DeadlineCard(
            verdict=verdict.verdict,
            clause=clause_chip(reading.packs, verdict.clause),
            title=verdict.title,
            subject=verdict.subject.label,
            due=verdict.due,
            left=say_left(verdict.due, reading.at) if verdict.due else "",
            url=panel_url(reading.uid, "findings", finding_key(verdict.clause, verdict.rule, verdict.subject.id)),
            matter=matter,
            request_url="" if asked else page,
        )


def _recusal(uid: str, one: Recusal, form: forms.Form | None) -> RecusalCard:
    decided = f"{one.manner}，{one.decided_by}，{say_instant(one.decided)}" if one.decided else ""
    state, mark = (
        ("待决定", "pending") if one.granted is None else ("准予回避", "unmet") if one.granted else ("不予回避", "met")
    )
    return RecusalCard(
        uid=one.uid,
        name=one.name,
        raised=f"{one.raised_by}提出，{say_instant(one.raised)}",
        ground=one.ground,
        state=state,
        mark=mark,
        outcome=decided,
        reasons=one.reasons,
        voices=tuple(f"{person.name}：{person.opinion}" for person in one.participants),
        form=form,
        url=reverse("approval-recusal-decision", args=[uid, one.uid]),
    )


def asked_of(reading: CaseReading, occasion: Occasion, round_: Round, lent: Lent) -> Asked | None:
    """Give what the next step asks of the reader, None where it is not theirs in any way."""
    state = standing(round_)
    if state.next is None:
        return None
    barred = barred_in(reading.facts.case, round_, occasion.at)
    ways = []
    for behalf, label in [(None, "本人"), *((one.uid, f"受{one.giver_name}委托") for one, _ in lent)]:
        if refusal_of(round_, taker_of(reading.facts, occasion, behalf), state.next.name, barred) is None:
            ways.append((behalf or "", label))
    proposing = state.next.name == PROPOSAL
    if not ways:
        return None
    earlier = [step.name for step in round_.chain[: state.place]]
    results = results_of(state.next, state)
    return Asked(
        step=state.next.name,
        results=[(one, _say_result(one, state)) for one in results],
        reasons=state.next.reasons,
        earlier=[(name, name) for name in earlier[1:]] if "退回" in results and len(earlier) > 1 else [],
        ways=ways,
        documents=documents_of(reading.facts) if proposing else [],
        seen=file_of(reading.facts, round_.document) or "",
    )


def documents_of(facts: Facts) -> list[tuple[str, str]]:
    """Give the documents of a case as choices, the newest first."""
    return documents_to_pick(one for one in reversed(facts.case.documents.values()) if one.file is not None)


def _say_result(result: str, state: State) -> str:
    step = state.next
    if step is not None and step.way == "review":
        return "审核通过" if result == "同意" else "审核不通过，退回修改"
    return "退回修改" if result == "退回" else result
