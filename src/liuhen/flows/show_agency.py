"""机关: what the agency has said of itself that its cases rest on, and the values of the law it has adopted or still may.

Invariant: shows the value by which cases are judged: what was adopted and cannot stand where it is used is shown as such.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from liuhen.core.facts import agency_model
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.model import Pack, Setting
from liuhen.core.rules.settings import fits, named_in, named_in_serving
from liuhen.flows.access import Permission, has
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.records.ledger import read


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A value of a pack: the one in force, what the agency adopted for it, and the clauses whose rules use it."""

    pack: str
    setting: Setting
    adopted: agency_model.Setting | None
    clauses: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether what was adopted can stand where it is used."""
        return self.adopted is not None and fits(self.setting, self.adopted.value)

    @property
    def value(self) -> str:
        """The value by which cases are judged."""
        return self.adopted.value if self.adopted is not None and self.stands else self.setting.value


@dataclass(frozen=True, slots=True)
class AgencyDesk:
    """What an agency says of itself; `packs` are named by id with their titles, `superiors` those that could stand above it.

    Only who may change it is told these: to name them is to read the stream of every agency here.
    """

    agency: agency_model.AgencyFacts
    packs: tuple[tuple[str, str], ...]
    settings: tuple[SettingLine, ...]
    superior_name: str
    superiors: tuple[tuple[str, str], ...]
    may_change: bool


def agency_desk(occasion: Occasion) -> AgencyDesk:
    """Give the desk of the actor's agency; whoever signs in may read it."""
    facts = agency_facts(occasion.actor.agency).agency
    packs = tuple(_packs(facts.packs, occasion))
    lines = tuple(line for pack in packs for line in _lines(pack, facts))
    may_change = has(occasion.actor, Permission.MANAGE_AGENCY)
    others = sorted({log.agency for log in read.logs()} - {facts.uid}) if may_change else []
    titles = tuple(zip(facts.packs, (pack.title for pack in packs), strict=True))
    return AgencyDesk(
        agency=facts,
        packs=titles,
        settings=lines,
        superior_name=_name(facts.superior) if facts.superior else "",
        superiors=tuple((uid, _name(uid)) for uid in others),
        may_change=may_change,
    )


def _name(agency: str) -> str:
    return agency_facts(agency).agency.name or agency


def _packs(names: tuple[str, ...], occasion: Occasion) -> Iterator[Pack]:
    day = local_day(occasion.at)
    yield from (office().shelf.named(name.partition("@")[0], day).pack for name in names)


def _lines(pack: Pack, facts: agency_model.AgencyFacts) -> Iterator[SettingLine]:
    used = [(name, clause) for rule in pack.rules for name in named_in(rule) for clause in rule.clauses]
    used += [(name, clause) for one in pack.serving if (name := named_in_serving(one)) for clause in one.cites]
    for setting in pack.settings:
        clauses = tuple(dict.fromkeys(clause for name, clause in used if name == setting.id))
        yield SettingLine(pack.id, setting, facts.settings.get((pack.id, setting.id)), clauses)
