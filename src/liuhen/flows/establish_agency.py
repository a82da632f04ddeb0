"""机关建档: an agency joins with its people, equipment, lists, custodian and retention terms."""

from datetime import date
from typing import Any

from liuhen.core.events.agency import AgencyEstablished, OfficerEnrolled
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_agency


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
