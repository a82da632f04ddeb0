"""机关建档: an agency joins with its people, equipment, lists, custodian and retention terms."""

from datetime import date
from typing import Any

from liuhen.core.events.agency import AgencyEstablished, OfficerEnrolled, RedressNamed, SuperiorSet
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import Permission, require
from liuhen.flows.formats_in_force import line_of
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import require_established
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_LONGEST_BASIS = 200


def establish_agency(
    occasion: Occasion,
    *,
    name: str,
    short_name: str,
    number_prefix: str,
    region: str,
    packs: tuple[str, ...],
    level: str | None = None,
    superior: str | None = None,
) -> None:
    """Found an agency's stream; `level` is 省级, 市级 or 县级, `superior` the uid of the agency above it.

    Raises NotAllowed, and StreamMoved where it stands already.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    write_agency(occasion, AgencyEstablished(name, short_name, number_prefix, region, packs, level, superior))


def set_superior(occasion: Occasion, *, superior: str | None, basis: str) -> None:
    """Put another agency above the actor's, or none; what stands already is not recorded again.

    Raises NotAllowed, AgencyUnknown, and BadInput for one that does not stand, itself, or one that stands below it.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    if not 0 < len(basis.strip()) <= _LONGEST_BASIS:
        raise BadInput("basis", f"请写明依据，不超过 {_LONGEST_BASIS} 个字，如 机构改革方案")
    own = occasion.actor.agency
    with turn():
        hold(own)
        facts = agency_facts(own).agency
        require_established(facts)
        if superior is not None and own in {one.uid for one in line_of(superior)}:
            raise BadInput("superior", f"{superior} 就是本机关，或者在本机关之下，不能作为上级机关；请核对")
        if superior is not None and not agency_facts(superior).agency.name:
            raise BadInput("superior", f"没有代号为 {superior} 的机关；请先给上级机关建档")
        if facts.superior != superior:
            write_agency(occasion, SuperiorSet(superior, basis.strip()))


def name_redress(occasion: Occasion, *, reconsideration: str, court: str, basis: str) -> None:
    """Say to whom a party applies for 行政复议 and at which court it sues; what stands already is not recorded again.

    Raises NotAllowed, AgencyUnknown, BadInput.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    wanted = {"reconsideration": (reconsideration, "复议机关"), "court": (court, "管辖法院"), "basis": (basis, "依据")}
    said = {name: normal(text.strip()) for name, (text, _) in wanted.items()}
    for name, (_, label) in wanted.items():
        if not 0 < len(said[name]) <= _LONGEST_BASIS or any(sign in said[name] for sign in "{}\n"):
            raise BadInput(name, f"请填写{label}，写成一行，不超过 {_LONGEST_BASIS} 个字，不用花括号")
    with turn():
        hold(occasion.actor.agency)
        facts = agency_facts(occasion.actor.agency).agency
        require_established(facts)
        if (facts.reconsideration, facts.court) != (said["reconsideration"], said["court"]):
            write_agency(occasion, RedressNamed(**said))


def enrol_officer(
    occasion: Occasion,
    *,
    officer: str,
    name: str,
    title: str,
    certificate: str | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> None:
    """Enter a person on the roll. Raises NotAllowed."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    write_agency(occasion, OfficerEnrolled(officer, name, title, certificate, valid_from, valid_until))


def settle(occasion: Occasion, *contents: Any) -> None:
    """Record what the agency settled: devices, custodian, lists, retention terms. Raises NotAllowed."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    write_agency(occasion, *contents)


def packs_in_force(agency: str) -> tuple[str, ...]:
    """Give the ids of the packs that the agency stands under."""
    return agency_facts(agency).agency.packs
