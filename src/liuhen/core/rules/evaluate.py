"""The one evaluator: facts and packs in, verdicts out. Used by the gate, the screen, the report and the offline verifier.

Invariant: pure and total. It reads no clock (`at` is given) and never raises on facts that the fold made.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache, partial

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.conditions import Truth
from liuhen.core.rules.demands import judge_document, judge_order, judge_signer, judge_step, judge_told
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.outcome import Outcome, combine
from liuhen.core.rules.settings import Grounds, Same, settle
from liuhen.core.rules.shown import Shown
from liuhen.core.rules.subjects import VOCABULARIES, CaseMoments, Subject, Subjects, attribute_label, moment_label
from liuhen.core.rules.terms import judge_film, judge_time
from liuhen.core.rules.verdict import SubjectRef, Verdict

_TRUE, _UNKNOWN = Truth.TRUE, Truth.UNKNOWN
# The fields of a verdict in their order: by name it takes thrice as long, and a large case has a thousand of them.
_new = tuple.__new__
# What has these answers needs no remedy.
_SETTLED = ("met", "not_applicable")
# What has these answers may still be waited for.
_WRONG = ("unmet", "undetermined")


def assess(packs: Iterable[Pack], facts: Facts, *, calendar: WorkCalendar, at: datetime) -> tuple[Verdict, ...]:
    """Judge facts by every rule of the packs in force, as things stand at the instant `at`."""
    # Subjects remember the attributes they were asked for, so they are made once and not once a rule.
    known: dict[str, Subjects] = {}
    moments = CaseMoments(facts)
    found: list[Verdict] = []
    for pack in packs:
        law = settle(pack, facts.agency.settings)
        for ruling in _rulings(Same(law.pack)):
            each = ruling.rule.each
            if each not in known:
                known[each] = Subjects(facts, each, moments)
            judged = ruling.judge(known[each], calendar, at)
            grounds = law.grounds.get(ruling.rule.id)
            found += judged if grounds is None else [_grounded(verdict, grounds) for verdict in judged]
    return tuple(found)


def judge(rule: Rule, facts: Facts, calendar: WorkCalendar, at: datetime) -> Iterator[Verdict]:
    """Judge one rule on every subject that it speaks of; where there is none, say why it does not apply."""
    return iter(_Ruling(rule).judge(Subjects(facts, rule.each), calendar, at))


@lru_cache(maxsize=64)
def _rulings(law: Same) -> "tuple[_Ruling, ...]":
    return tuple(_Ruling(rule) for rule in law.pack.rules)


def _grounded(verdict: Verdict, grounds: Grounds) -> Verdict:
    """Say by which value of a setting it was judged, and who adopted it."""
    if verdict.verdict == "not_applicable":
        return verdict
    evidence = tuple(dict.fromkeys((*verdict.evidence, *grounds.evidence)))
    return verdict._replace(because=(*verdict.because, *grounds.lines), evidence=evidence)


class _Ruling:
    """A rule made ready: what does not depend on the case is worked out once, for it is asked of millions of cases."""

    __slots__ = ("_absent", "_by_label", "_demands", "_shown", "_shows", "_simple", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._shown = Shown(rule)
        self._shows = bool(self._shown)
        self._demands = tuple(_demands(rule))
        # Most rules want attributes to be shown and nothing else.
        self._simple = not self._demands and not rule.unless and rule.time is None
        self._by_label = "" if rule.by is None else moment_label(rule.each, rule.by)
        self._absent = {some: _not_applicable(rule, some=some) for some in (True, False)}

    def judge(self, subjects: Subjects, calendar: WorkCalendar, at: datetime) -> list[Verdict]:
        """Judge the subjects that the rule speaks of; where there is none, say why it does not apply."""
        rule, found = self.rule, []
        when, shown, simple, by = rule.when.truth, self._shown.judge, self._simple, rule.by
        for subject in subjects.that_may_fit(rule.when):
            fits = when(subject.values)
            if fits is _TRUE:
                if simple:
                    outcome, evidence = shown(subject), subject.evidence
                else:
                    outcome = self._judge_subject(subject, calendar, at)
                    evidence = outcome.evidence
                if by is not None and outcome.verdict in _WRONG:
                    outcome = _due_by(by, self._by_label, outcome, subject, at)
                found.append(_verdict(rule, subject, outcome, evidence))
            elif fits is _UNKNOWN:
                outcome = Outcome("undetermined", _unknown(rule, subject))
                found.append(_verdict(rule, subject, outcome, subject.evidence))
        return found or [self._absent[bool(subjects)]]

    def _judge_subject(self, subject: Subject, calendar: WorkCalendar, at: datetime) -> Outcome:
        rule = self.rule
        for lifting in rule.unless:
            if lifting.when.truth(subject.values) is _TRUE:
                return Outcome("not_applicable", (lifting.why,), subject.evidence, clause=lifting.cites)
        found = [demand(subject) for demand in self._demands]
        if self._shows:
            verdict, because, *_ = self._shown.judge(subject)
            found.insert(0, Outcome(verdict, because, subject.evidence))
        if rule.time is not None:
            found.append(judge_time(rule, subject, calendar, at))
        return found[0] if len(found) == 1 else combine(found)


def _demands(rule: Rule) -> Iterator[Callable[[Subject], Outcome]]:
    if rule.document is not None:
        yield partial(judge_document, rule.document)
    for signer in rule.signed:
        yield partial(judge_signer, signer)
    for step in rule.approval:
        yield partial(judge_step, step)
    if rule.told is not None:
        yield partial(judge_told, rule.told)
    if rule.filmed is not None:
        yield partial(judge_film, rule.filmed)
    if rule.order is not None:
        yield partial(judge_order, rule.order)


def _due_by(moment: str, label: str, outcome: Outcome, subject: Subject, at: datetime) -> Outcome:
    """What is not yet done is not yet wrong before the moment by which it is due."""
    answer, because, evidence, due, provisional, clause = outcome
    reached = subject.moment(moment)
    if reached is None:
        return Outcome("pending", (*because, f"应在{label}前完成，尚未{label}"), evidence, due, provisional, clause)
    if reached > at:  # a day that was set, such as the last one for putting right
        because = (*because, f"应在{label}（{say_instant(reached)}）前完成")
        return Outcome("pending", because, evidence, due or reached, provisional, clause)
    return Outcome(answer, (*because, f"{label}：{say_instant(reached)}"), evidence, due, provisional, clause)


def _unknown(rule: Rule, subject: Subject) -> tuple[str, ...]:
    missing = [test.attribute for test in rule.when.tests if subject.values[test.attribute] is None]
    return tuple(f"缺少事实：{attribute_label(subject.kind, name)}，无法判断是否适用" for name in missing)


def _not_applicable(rule: Rule, *, some: bool) -> Verdict:
    """Say why a rule applies to nothing: there are `some` subjects of its kind and none fits, or there is none."""
    label = VOCABULARIES[rule.each].label
    nothing = SubjectRef(rule.each, "", label)
    why = rule.absent or _absence(rule, label, some=some)
    return Verdict(rule.clauses[0], rule.id, rule.title, "not_applicable", rule.level, nothing, (why,))


def _absence(rule: Rule, label: str, *, some: bool) -> str:
    wanted = "，".join(f"{attribute_label(rule.each, test.attribute)}{test.say()}" for test in rule.when.tests)
    if some:
        return f"没有符合条件的{label}（{wanted}）"
    return f"没有{label}" + (f"（{wanted}）" if wanted else "")


def _verdict(rule: Rule, subject: Subject, outcome: Outcome, evidence: tuple[str, ...]) -> Verdict:
    verdict, because, _, due, provisional, clause = outcome
    return _new(
        Verdict,
        (
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
        ),
    )
