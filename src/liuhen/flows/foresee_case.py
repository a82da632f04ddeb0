"""登记之前: which packs will judge a case of a kind, what they ask of it, and by which words the clerk steers them.

Invariant: what is foreseen is read from the very packs that registering the case will pin.
"""

from dataclasses import dataclass
from datetime import datetime

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.known_words import Asked, KnownWord, known_words, rules_of_case
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.settings import settle
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.law import binding_packs
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office
from liuhen.flows.open_case import require_established

CASE_TRAITS: tuple[Asked, ...] = (("case", "traits"), ("decision", "case_traits"))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What will judge a case of a kind: the packs with their rules of the case, the traits they ask for, the ways it came.

    `refusal` says why no case of this kind can be registered; then nothing else is there. `units` are those of the register.
    """

    kind: str
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    packs: tuple[Pack, ...] = ()
    rules: tuple[tuple[Rule, ...], ...] = ()
    traits: tuple[KnownWord, ...] = ()
    manners: tuple[str, ...] = ()
    refusal: str = ""


def foresee_case(actor: Actor, *, kind: str, at: datetime) -> Foreseen:
    """Say what a case of a kind registered now would be judged by; a kind that nobody knows gives way to the first.

    Raises NotAllowed, AgencyUnknown.
    """
    require(actor, Permission.INVESTIGATE)
    agency = agency_facts(actor.agency).agency
    require_established(agency)
    day = local_day(at)
    named = [office().shelf.named(name, day).pack for name in agency.packs]
    kinds = tuple(dict.fromkeys(known for pack in named for known in pack.kinds))
    chosen = kind if kind in kinds else next(iter(kinds), "")
    units = tuple(agency.units.values())
    try:
        binding = binding_packs(agency.packs, day, chosen)
    except LiuhenError as fault:
        return Foreseen(chosen, kinds, units, refusal=str(fault))
    packs = tuple(settle(pack, agency.settings).pack for pack in binding)
    return Foreseen(
        kind=chosen,
        kinds=kinds,
        units=units,
        packs=packs,
        rules=tuple(rules_of_case(pack, kind=chosen) for pack in packs),
        traits=known_words(packs, *CASE_TRAITS),
        manners=tuple(item.word for item in known_words(packs, ("case", "source_manner"))),
    )
