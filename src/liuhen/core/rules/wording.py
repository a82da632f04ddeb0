"""What the packs want a document to say, judged of one document while it is being written.

Invariant: the same rules and the same evaluator as everywhere; nothing is judged here that the compliance statement would not say.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.facts.model import Facts
from liuhen.core.rules.evaluate import judge
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.settings import settle
from liuhen.core.rules.verdict import Verdict


def judge_wording(
    packs: Iterable[Pack], facts: Facts, document: str, *, calendar: WorkCalendar, at: datetime
) -> Iterator[tuple[Verdict, tuple[str, ...]]]:
    """Judge a document by every rule that wants items filled in on its kind, with those that are not."""
    filled = {label for label, text in facts.case.documents[document].fields.items() if text.strip()}
    for pack in packs:
        for rule in settle(pack, facts.agency.settings).pack.rules:
            if wanted := items_wanted(rule):
                missing = tuple(item for item in wanted if item not in filled)
                yield from ((one, missing) for one in judge(rule, facts, calendar, at) if _speaks(one, document))


def items_wanted(rule: Rule) -> tuple[str, ...]:
    """Give the items that a rule wants filled in on a document; none where it speaks of something else."""
    if rule.each != "document":
        return ()
    return tuple(str(item) for test in rule.tests if test.attribute == "filled" for item in test.operands)


def _speaks(verdict: Verdict, document: str) -> bool:
    return verdict.subject.id == document and verdict.verdict != "not_applicable"
