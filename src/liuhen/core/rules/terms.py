"""How time and filming demands are judged: terms with their working, coverage with its gaps."""

from datetime import datetime, timedelta

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.facts.coverage import MEDIA_NAMES, Coverage, coverage_of
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import say_instant, say_span
from liuhen.core.rules.conditions import Truth
from liuhen.core.rules.lengths import end_of
from liuhen.core.rules.model import FilmDemand, Rule, TimeDemand
from liuhen.core.rules.outcome import Outcome
from liuhen.core.rules.subjects import Subject, evidence_of, moment_label
from liuhen.core.rules.verdict import Answered


def judge_time(rule: Rule, subject: Subject, calendar: WorkCalendar, at: datetime) -> Outcome:
    """Judge a term; the first alternative whose condition holds replaces the rule's own term and its clause."""
    assert rule.time is not None  # the evaluator calls this only for rules with a term
    for other in rule.instead:
        if other.when.truth(subject.values) is Truth.TRUE and subject.moment(other.time.start) is not None:
            eased = _judge_term(other.time, subject, calendar, at, other.cites)
            own = _judge_term(rule.time, subject, calendar, at, None) if other.later else eased
            return own if own.due and eased.due and own.due > eased.due else eased
    return _judge_term(rule.time, subject, calendar, at, None)


def _judge_term(
    demand: TimeDemand, subject: Subject, calendar: WorkCalendar, at: datetime, clause: str | None
) -> Outcome:
    start, done = subject.moment(demand.start), subject.moment(demand.to)
    start_label, done_label = moment_label(subject.kind, demand.start), moment_label(subject.kind, demand.to)
    if start is None:
        if done is not None and demand.count != "back":
            return Outcome("undetermined", (f"缺少事实：{start_label}时间",), subject.evidence, clause=clause)
        return Outcome("pending", (f"尚未{start_label}，期限未起算",), subject.evidence, clause=clause)
    try:
        term = end_of(demand, subject, start, calendar, at)
    except BadInput as doubt:  # a clock that says 1904: the sentence becomes the reason, and nobody is judged by it
        return Outcome("undetermined", (f"{start_label}时间不可信：{doubt.sentence}",), subject.evidence, clause=clause)
    lines = (f"{start_label}：{say_instant(start)}", *term.steps)
    if demand.count == "wait":
        ending = _waited(done, term.due, done_label)
    else:
        ending = _ending(done, term.due, at, done_label)
    # What may only be done from then on is not overdue when that moment has come.
    due = None if demand.count == "wait" and done is None and at >= term.due else term.due
    evidence = tuple(dict.fromkeys((*subject.evidence, *term.evidence)))
    return Outcome(ending[0], (*lines, ending[1]), evidence, due, term.provisional, term.clause or clause)


def _waited(done: datetime | None, due: datetime, label: str) -> tuple[Answered, str]:
    if done is None:
        return "pending", f"尚未{label}；{say_instant(due)} 以后方可{label}"
    if done < due:
        return "unmet", f"{label}：{say_instant(done)}，早了 {say_span(due - done)}"
    return "met", f"{label}：{say_instant(done)}，期限已经届满"


def _ending(done: datetime | None, due: datetime, at: datetime, label: str) -> tuple[Answered, str]:
    if done is not None:
        if done <= due:
            return "met", f"{label}：{say_instant(done)}，在期限内"
        return "unmet", f"{label}：{say_instant(done)}，晚 {say_span(done - due)}"
    if at <= due:
        return "pending", f"尚未{label}，还剩 {say_span(due - at)}"
    return "unmet", f"至今未{label}，已超 {say_span(at - due)}"


def judge_film(demand: FilmDemand, subject: Subject) -> Outcome:
    """Judge how an act, or the act by which something was served, was filmed: some of it, or all with each gap explained."""
    act = subject.thing if subject.kind == "act" else subject.facts.case.acts.get(subject.thing.act or "")
    if act is None:
        return Outcome("unmet", ("没有关联执法活动，无从查看音像记录",), subject.evidence)
    recordings = [subject.facts.recordings[uid] for uid in act.recordings]
    fitting = recordings
    if demand.media:
        fitting = [item for item in recordings if item.media and item.media.kind in demand.media]
    if not fitting:
        wanted = "或者".join(MEDIA_NAMES.get(kind, kind) for kind in demand.media)
        return Outcome("unmet", (f"没有关联的{wanted or '音像记录'}",), subject.evidence)
    events = dict.fromkeys(subject.evidence)
    for item in fitting:
        events.update(dict.fromkeys(evidence_of("recording", item)))
    evidence = tuple(events)
    if demand.extent == "some":
        return Outcome("met", (f"已关联音像 {len(fitting)} 份",), evidence)
    coverage = coverage_of(subject.facts, act, timedelta(seconds=demand.tolerance_seconds), demand.media)
    if coverage.demanded is None:
        why = "活动尚未结束，全程无从比对" if act.ended is None else "活动的起止时间前后颠倒，全程无从比对"
        return Outcome("undetermined", (why,), evidence)
    return _judge_gaps(coverage, evidence)


def _judge_gaps(coverage: Coverage, evidence: tuple[str, ...]) -> Outcome:
    """Judge a whole course: a recording of unknown time leaves it open only where it might fill an unexplained gap."""
    lines = [f"应录 {say_span(coverage.demanded.length)}" if coverage.demanded else "", say_share(coverage)]
    unexplained = False
    for gap in coverage.gaps:
        span = f"{say_instant(gap.interval.start)} 起缺 {say_span(gap.interval.length)}"
        if gap.explained_by is None:
            unexplained = True
            lines.append(f"{span}，没有说明")
        else:
            lines.append(f"{span}，已说明：{gap.explained_by.cause}（{gap.explained_by.manner}）")
            evidence = (*evidence, *gap.explained_by.evidence)
    if unexplained and coverage.unknown:
        lines.append(f"缺少事实：{len(coverage.unknown)} 份音像的起止时间")
        return Outcome("undetermined", tuple(line for line in lines if line), evidence)
    return Outcome("unmet" if unexplained else "met", tuple(line for line in lines if line), evidence)


def say_share(coverage: Coverage) -> str:
    """Write the filmed share in whole percent, rounded down: 99.9 % of a whole course is not the whole."""
    share = coverage.share
    return "" if share is None else f"实录 {int(share * 100)}%"
