"""The one evaluator: facts and packs in, verdicts out. Used by the gate, the screen, the report and the offline verifier.

Invariant: pure and total. It reads no clock (`at` is given) and never raises on facts that the fold made.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.conditions import Truth
from liuhen.core.rules.demands import (
    judge_document,
    judge_order,
    judge_shows,
    judge_signer,
    judge_step,
    judge_told,
    truth_of,
)
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.outcome import Outcome, combine
from liuhen.core.rules.settings import Grounds, settle
from liuhen.core.rules.subjects import VOCABULARIES, Subject, Subjects, attribute_label, moment_label
from liuhen.core.rules.terms import judge_film, judge_time
from liuhen.core.rules.verdict import SubjectRef, Verdict

_TRUE, _UNKNOWN = Truth.TRUE, Truth.UNKNOWN


def assess(packs: Iterable[Pack], facts: Facts, *, calendar: WorkCalendar, at: datetime) -> tuple[Verdict, ...]:
    """Judge facts by every rule of the packs in force, as things stand at the instant `at`."""
    # Subjects remember the attributes they were asked for, so they are made once and not once a rule.
    known: dict[str, Subjects] = {}
    found: list[Verdict] = []
    for pack in packs:
        law = settle(pack, facts.agency.settings)
        for rule in law.pack.rules:
            if rule.each not in known:
                known[rule.each] = Subjects(facts, rule.each)
            judged = _judge(rule, known[rule.each], calendar, at)
            grounds = law.grounds.get(rule.id)
            found += judged if grounds is None else [_grounded(verdict, grounds) for verdict in judged]
    return tuple(found)


def _grounded(verdict: Verdict, grounds: Grounds) -> Verdict:
    """Say by which value of a setting it was judged, and who adopted it."""
    if verdict.verdict == "not_applicable":
        return verdict
    evidence = tuple(dict.fromkeys((*verdict.evidence, *grounds.evidence)))
    return verdict._replace(because=(*verdict.because, *grounds.lines), evidence=evidence)


def judge(rule: Rule, facts: Facts, calendar: WorkCalendar, at: datetime) -> Iterator[Verdict]:
    """Judge one rule on every subject that it speaks of; where there is none, say why it does not apply."""
    return iter(_judge(rule, Subjects(facts, rule.each), calendar, at))


def _judge(rule: Rule, subjects: Subjects, calendar: WorkCalendar, at: datetime) -> list[Verdict]:
    found = []
    for subject in subjects.that_may_fit(rule.when):
        fits = truth_of(rule.when, subject)
        if fits is _TRUE:
            found.append(_verdict(rule, subject, _judge_subject(rule, subject, calendar, at)))
        elif fits is _UNKNOWN:
            outcome = Outcome("undetermined", _unknown(rule, subject), subject.evidence)
            found.append(_verdict(rule, subject, outcome))
    return found or [_not_applicable(rule, subjects)]


def _judge_subject(rule: Rule, subject: Subject, calendar: WorkCalendar, at: datetime) -> Outcome:
    for lifting in rule.unless:
        if truth_of(lifting.when, subject) is _TRUE:
            return Outcome("not_applicable", (lifting.why,), subject.evidence, clause=lifting.cites)
    outcome = combine(_outcomes(rule, subject, calendar, at))
    if rule.by is None or outcome.verdict not in ("unmet", "undetermined"):
        return outcome
    reached = subject.moment(rule.by)
    label = moment_label(subject.kind, rule.by)
    if reached is None:
        return outcome._replace(verdict="pending", because=(*outcome.because, f"应在{label}前完成，尚未{label}"))
    if reached > at:  # a day that was set, such as the last one for putting right
        because = (*outcome.because, f"应在{label}（{say_instant(reached)}）前完成")
        return outcome._replace(verdict="pending", because=because, due=outcome.due or reached)
    return outcome._replace(because=(*outcome.because, f"{label}：{say_instant(reached)}"))


def _outcomes(rule: Rule, subject: Subject, calendar: WorkCalendar, at: datetime) -> list[Outcome]:
    found = judge_shows(rule, subject)
    if rule.document is not None:
        found.append(judge_document(rule.document, subject))
    for signer in rule.signed:
        found.append(judge_signer(signer, subject))
    for step in rule.approval:
        found.append(judge_step(step, subject))
    if rule.told is not None:
        found.append(judge_told(rule.told, subject))
    if rule.filmed is not None:
        found.append(judge_film(rule.filmed, subject))
    if rule.order is not None:
        found.append(judge_order(rule.order, subject))
    if rule.time is not None:
        found.append(judge_time(rule, subject, calendar, at))
    return found


def _unknown(rule: Rule, subject: Subject) -> tuple[str, ...]:
    missing = [test.attribute for test in rule.when.tests if subject.value(test.attribute) is None]
    return tuple(f"缺少事实：{attribute_label(subject.kind, name)}，无法判断是否适用" for name in missing)


def _not_applicable(rule: Rule, subjects: Subjects) -> Verdict:
    label = VOCABULARIES[rule.each].label
    why = rule.absent or _absence(rule, subjects, label)
    nothing = SubjectRef(rule.each, "", label)
    return Verdict(rule.clauses[0], rule.id, rule.title, "not_applicable", rule.level, nothing, (why,))


def _absence(rule: Rule, subjects: Subjects, label: str) -> str:
    wanted = "，".join(f"{attribute_label(rule.each, test.attribute)}{test.say()}" for test in rule.when.tests)
    if subjects:
        return f"没有符合条件的{label}（{wanted}）"
    return f"没有{label}" + (f"（{wanted}）" if wanted else "")


def _verdict(rule: Rule, subject: Subject, outcome: Outcome) -> Verdict:
    verdict, because, evidence, due, provisional, clause = outcome
    return Verdict(
        clause or rule.clauses[0],
        rule.id,
        rule.title,
        verdict,
        rule.level,
        subject.ref,
        because,
        evidence,
        due,
        provisional,
        None if verdict in _SETTLED else rule.remedy,
    )


# What has these answers needs no remedy.
_SETTLED = ("met", "not_applicable")
