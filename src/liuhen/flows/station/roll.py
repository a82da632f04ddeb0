"""The agency's register as a docking station needs it: devices by their number, people by their certificate.

Invariant: a number that two entries share belongs to nobody; nothing is guessed from part of a number.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from liuhen.flows.ground import agency_facts


@dataclass(frozen=True, slots=True)
class Roll:
    """Uids by the numbers under which devices and people are known, in one spelling."""

    devices: dict[str, str]
    officers: dict[str, str]

    def device(self, number: str) -> str | None:
        """Give the uid of the device with this number."""
        return self.devices.get(_spelt(number))

    def officer(self, number: str) -> str | None:
        """Give the uid of the person with this certificate, this number in the system, or this name."""
        return self.officers.get(_spelt(number))


def roll_of(agency: str) -> Roll:
    """Read an agency's register as it stands now."""
    known = agency_facts(agency).agency
    devices = [(number, one.uid) for one in known.devices.values() for number in (one.number, one.uid)]
    people = known.officers.values()
    certified = [(number, one.uid) for one in people for number in (one.certificate, one.uid) if number]
    return Roll(_single(devices), _single([(one.name, one.uid) for one in people]) | _single(certified))


def _single(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for number, uid in pairs:
        if number.strip():
            found.setdefault(_spelt(number), set()).add(uid)
    return {number: next(iter(uids)) for number, uids in found.items() if len(uids) == 1}


def _spelt(number: str) -> str:
    return number.strip().casefold()
