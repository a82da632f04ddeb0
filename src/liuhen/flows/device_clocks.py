"""设备时钟比对: which devices were compared with our clock, when, and what was found, for the desk and for matching.

Invariant: every comparison that the ledger keeps is read from the ledger; nothing here is a memory of its own.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from liuhen.core.events.agency import DeviceClockChecked
from liuhen.core.facts.clocks import DRIFT_HOLDS, LARGEST_DRIFT, ClockCheck
from liuhen.core.facts.model import Recording
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode
from liuhen.flows.access import NotFound, Permission, require_any
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor
from liuhen.records.ledger.models import Event

COMPARERS = (Permission.INGEST, Permission.KEEP_REGISTERS)


@dataclass(frozen=True, slots=True)
class DeviceClock:
    """A device on the register, and its last comparison; `due` while it was never compared or too long ago."""

    uid: str
    name: str
    number: str
    checked_at: datetime | None
    ahead: timedelta | None
    due: bool


def list_clocks(actor: Actor, *, at: datetime) -> tuple[DeviceClock, ...]:
    """Give the agency's usable devices, those due first, of these the longest neglected first. Raises NotAllowed."""
    require_any(actor, COMPARERS)
    devices = agency_facts(actor.agency).agency.devices.values()
    found = [
        DeviceClock(
            one.uid,
            one.name,
            one.number,
            one.clock_checked,
            timedelta(milliseconds=one.drift_ms) if one.drift_ms is not None else None,
            one.clock_checked is None or at - one.clock_checked > DRIFT_HOLDS,
        )
        for one in devices
        if one.usable
    ]
    # Within the month the latest comparison stands first: that is the one just made.
    return tuple(sorted(found, key=lambda one: (not one.due, _rank(one, at), one.number, one.name)))


def keeps_device_time(recording: Recording) -> bool:
    """Say whether a recording's times are its device's own: neither settled by a person nor set right as it was taken by phone."""
    return recording.timed_by is None and recording.way != "手机"


def device_named(actor: Actor, name: str) -> str:
    """Give the uid of a device by its uid or by its number, as people read it off. Raises NotAllowed, NotFound."""
    require_any(actor, COMPARERS)
    devices = agency_facts(actor.agency).agency.devices
    if name in devices:
        return name
    wanted = name.strip().casefold()
    found = [one.uid for one in devices.values() if wanted and one.number.strip().casefold() == wanted]
    if len(found) != 1:
        raise NotFound(f"设备“{name}”（请用设备编号；编号有重复的用设备标识）")
    return found[0]


def checks_near(agency: str, moments: Sequence[datetime]) -> Mapping[str, tuple[ClockCheck, ...]]:
    """Give, by device, the comparisons of an agency that may say something of times recorded at these moments."""
    found: dict[str, list[ClockCheck]] = defaultdict(list)
    if moments:
        reach = DRIFT_HOLDS + LARGEST_DRIFT
        rows = Event.objects.filter(
            agency=agency, type="agency.clock-checked", at__range=(min(moments) - reach, max(moments) + reach)
        )
        for at, text in rows.order_by("at", "seq").values_list("at", "content__content"):
            if text is not None:
                said = decode(DeviceClockChecked, canonical.parse(text.encode()), "content")
                found[said.device].append(ClockCheck(at, timedelta(milliseconds=said.drift_ms)))
    return {device: tuple(checks) for device, checks in found.items()}


def _rank(one: DeviceClock, at: datetime) -> timedelta:
    """Order the due by how long they were neglected, the others by how fresh they are."""
    if one.checked_at is None:
        return timedelta.min
    return one.checked_at - at if one.due else at - one.checked_at
