"""The one evaluator: facts and packs in, verdicts out. Used by the gate, the screen, the report and the offline verifier.

Invariant: pure and total. It reads no clock (`at` is given) and never raises on facts that the fold made.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.conditions import Truth
from liuhen.core.rules.demands import judge_document, judge_shows, judge_signer, judge_step, judge_told, truth_of
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.outcome import Outcome, combine
from liuhen.core.rules.subjects import VOCABULARIES, Subject, attribute_label, moment_label, subjects
from liuhen.core.rules.terms import judge_film, judge_time
from liuhen.core.rules.verdict import SubjectRef, Verdict

_TRUE, _FALSE, _UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def assess(packs: Iterable[Pack], facts: Facts, *, calendar: WorkCalendar, at: datetime) -> tuple[Verdict, ...]:
    """Judge facts by every rule of the packs in force, as things stand at the instant `at`."""
    # Subjects remember the attributes they were asked for, so they are made once and not once a rule.
    known = {kind: subjects(facts, kind) for kind in VOCABULARIES}
    return tuple(
        verdict for pack in packs for rule in pack.rules for verdict in _judge(rule, known[rule.each], calendar, at)
    )


def judge(rule: Rule, facts: Facts, calendar: WorkCalendar, at: datetime) -> Iterator[Verdict]:
    """Judge one rule on every subject that it speaks of; where there is none, say why it does not apply."""
    return _judge(rule, subjects(facts, rule.each), calendar, at)


def _judge(rule: Rule, candidates: list[Subject], calendar: WorkCalendar, at: datetime) -> Iterator[Verdict]:
    fitting = [(subject, fits) for subject in candidates if (fits := truth_of(rule.when, subject)) is not _FALSE]
    if not fitting:
        yield _not_applicable(rule, candidates)
        return
    for subject, fits in fitting:
        if fits is _UNKNOWN:
            yield _verdict(rule, subject, Outcome("undetermined", _unknown(rule, subject), subject.evidence))
        else:
            yield _verdict(rule, subject, _judge_subject(rule, subject, calendar, at))


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
        return replace(outcome, verdict="pending", because=(*outcome.because, f"应在{label}前完成，尚未{label}"))
    return replace(outcome, because=(*outcome.because, f"{label}：{say_instant(reached)}"))


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
    if rule.time is not None:
        found.append(judge_time(rule, subject, calendar, at))
    return found


def _unknown(rule: Rule, subject: Subject) -> tuple[str, ...]:
    missing = [test.attribute for test in rule.when.tests if subject.value(test.attribute) is None]
    return tuple(f"缺少事实：{attribute_label(subject.kind, name)}，无法判断是否适用" for name in missing)


def _not_applicable(rule: Rule, candidates: list[Subject]) -> Verdict:
    label = VOCABULARIES[rule.each].label
    why = rule.absent or _absence(rule, candidates, label)
    nothing = SubjectRef(rule.each, "", label)
    return Verdict(rule.clauses[0], rule.id, rule.title, "not_applicable", rule.level, nothing, (why,))


def _absence(rule: Rule, candidates: list[Subject], label: str) -> str:
    wanted = "，".join(f"{attribute_label(rule.each, test.attribute)}{test.say()}" for test in rule.when.tests)
    if candidates:
        return f"没有符合条件的{label}（{wanted}）"
    return f"没有{label}" + (f"（{wanted}）" if wanted else "")


def _verdict(rule: Rule, subject: Subject, outcome: Outcome) -> Verdict:
    return Verdict(
        clause=outcome.clause or rule.clauses[0],
        rule=rule.id,
        title=rule.title,
        verdict=outcome.verdict,
        level=rule.level,
        subject=SubjectRef(subject.kind, subject.uid, subject.label),
        because=outcome.because,
        evidence=outcome.evidence,
        due=outcome.due,
        provisional=outcome.provisional,
        remedy=rule.remedy if outcome.verdict in ("unmet", "pending", "undetermined") else None,
    )
