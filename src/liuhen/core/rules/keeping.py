"""保存期限: until when a recording is kept, by whose word, and the other words that the longest one outweighs.

Invariant: the longest term wins whoever gives it; nothing is ever until a day that a hold, an unfinished case or an unknown
length leaves open; nothing here destroys anything.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from liuhen.core.facts.model import Facts, Recording
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.conditions import Test, Truth
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.settings import settle
from liuhen.core.rules.subjects import Subject, Subjects
from liuhen.core.rules.vocabulary.periods import FOR_EVER, LONG_TERM, years_of
from liuhen.core.rules.vocabulary.recordings import retention_of

_BY_FILE = "卷"  # 与案卷保管期限一致


@dataclass(frozen=True, slots=True)
class KeepingTerm:
    """One word on how long: in years (100 for 长期, 1000 for 永久), who says so, and the clause where a rule does."""

    years: int
    source: str
    clause: str = ""

    @property
    def length(self) -> str:
        """Write the length for a reader."""
        return "永久" if self.years >= FOR_EVER else "长期" if self.years >= LONG_TERM else f"{self.years} 年"


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """The term that decides, all terms the longest first, the last day of keeping (None: open), why open, and the holds."""

    decided_by: KeepingTerm | None
    terms: tuple[KeepingTerm, ...]
    last_day: date | None
    open_because: str
    holds: tuple[str, ...]

    def say(self) -> str:
        """Write it in one sentence."""
        if self.decided_by is None:
            return self.open_because
        ground = f"{self.decided_by.source}：{self.decided_by.length}"
        text = f"保存至 {self.last_day}（{ground}）" if self.last_day else f"{self.open_because}（{ground}）"
        return text + (f"；暂缓处置：{'、'.join(self.holds)}" if self.holds else "")


def kept_until(packs: Iterable[Pack], facts: Facts, recording: str) -> KeptUntil:
    """Say until when a recording of these facts is kept. Raises KeyError for a recording that is not among them.

    Years run from the day the case was archived, for one that no case has from the day it was stored: no text says from
    when, and this is the later reading, which destroys nothing too early.
    """
    known = facts.recordings[recording]
    terms = sorted({*_own(facts, known), *_demanded(packs, facts, recording)}, key=lambda term: -term.years)
    holds = tuple(known.holds.values())
    if not terms:
        return KeptUntil(None, (), None, "没有规定保存期限，一直保存；请由机关确定", holds)
    last, why = _last_day(terms[0], known, facts)
    return KeptUntil(terms[0], tuple(terms), last, why, holds)


def _own(facts: Facts, recording: Recording) -> Iterator[KeepingTerm]:
    """What the agency set for its kind, and what situations gave this very recording."""
    period = retention_of(facts, recording)
    if (years := years_of(period)) is not None:
        yield KeepingTerm(years, "本机关规定")
    if _BY_FILE in (period or "") and (years := years_of(facts.case.retention)) is not None:
        yield KeepingTerm(years, "本机关规定与案卷一致")
    for item in recording.keepings:
        if (years := years_of(item.period)) is not None:
            yield KeepingTerm(years, "、".join(item.situations) or item.ground)


def _demanded(packs: Iterable[Pack], facts: Facts, recording: str) -> Iterator[KeepingTerm]:
    """What the rules demand that apply to it."""
    subject = next((item for item in Subjects(facts, "recording").all if item.uid == recording), None)
    if subject is None:
        return
    for pack in packs:
        for rule in settle(pack, facts.agency.settings).pack.rules:
            if rule.each == "recording" and rule.shows is not None and rule.when.truth(subject.values) is Truth.TRUE:
                yield from _terms_of(pack, rule, subject)


def _terms_of(pack: Pack, rule: Rule, subject: Subject) -> Iterator[KeepingTerm]:
    if any(lifting.when.truth(subject.values) is Truth.TRUE for lifting in rule.unless):
        return
    for test in rule.shows.tests if rule.shows else ():
        years = _years(test, subject)
        if years is not None:
            yield KeepingTerm(years, f"{pack.short_title}·{rule.title}", rule.clauses[0])


def _years(test: Test, subject: Subject) -> int | None:
    match (test.attribute, test.operator, test.operands[0]):
        case ("kept_years", "least", int(years)):
            return years
        case ("kept_for_ever", "any", True):
            return FOR_EVER
        case ("kept_long", "any", True):
            return LONG_TERM
        case ("kept_as_file", "any", True):
            return years_of(subject.facts.case.retention)
    return None


def _last_day(term: KeepingTerm, recording: Recording, facts: Facts) -> tuple[date | None, str]:
    if term.years >= LONG_TERM:
        return None, f"{term.length}保存"
    if recording.act is None:
        return _after(recording.stored, term.years), "尚未入库"
    if facts.case.archived is None:
        return None, "案件尚未归档，自归档之日起算"
    return _after(facts.case.archived, term.years), ""


def _after(start: datetime | None, years: int) -> date | None:
    """Give the last day of a term of whole years; 29 February ends on the 28th where there is none."""
    if start is None:
        return None
    day = local_day(start)
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
