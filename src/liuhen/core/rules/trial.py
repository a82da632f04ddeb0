"""A trial: a written case judged as of a moment, and held against what its author expected.

Worked cases of packs, `liuhen assess` and the linter's proof all try scenarios through this one function.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.events.scenario import Scenario
from liuhen.core.facts.fold import fold
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.expectations import differences
from liuhen.core.rules.model import Pack
from liuhen.core.rules.scope import require_scope_of
from liuhen.core.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """The judgement, where it differs from what was expected, and what the fold could make nothing of."""

    verdicts: tuple[Verdict, ...]
    differences: tuple[str, ...]
    oddities: tuple[str, ...]


def try_scenario(
    scenario: Scenario, packs: Sequence[Pack], *, calendar: WorkCalendar, at: datetime | None = None
) -> Trial:
    """Judge a scenario at its own moment, or at another one, for which its expectations do not speak.

    Raises OutsideScope when a pack does not bind the case.
    """
    moment = scenario.at if at is None else at
    facts = fold(scenario.happened(moment))
    for pack in packs:
        require_scope_of(pack, facts.case)
    verdicts = assess(packs, facts, calendar=calendar, at=moment)
    expected = scenario.expect if moment == scenario.at else ()
    return Trial(verdicts, tuple(differences(expected, verdicts)), tuple(facts.oddities))
