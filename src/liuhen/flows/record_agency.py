"""机关台账: registers, upkeep, backups, training, figures, inspections and problems, recorded as they are sent and only once.

Invariant: as for a case, a batch stands whole or not at all. Registers are for who keeps them, supervision for who supervises;
the system administrator enters and reads registers and nothing of supervision or of cases, the other two administrators nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from liuhen.core.events.catalogue import Event
from liuhen.core.events.envelope import Sealed, Stream
from liuhen.core.events.supervision import FormatIssued, InspectionHeld
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import BadInput
from liuhen.flows import fit_registers, fit_supervision
from liuhen.flows.access import NotFound, Permission, has, may_any, require_any
from liuhen.flows.direct_events import read_content
from liuhen.flows.fit_registers import AgencyCheck, AgencySetting
from liuhen.flows.ground import open_kept
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.read_events import EventPage
from liuhen.flows.sent_batch import Recorded, Sent, Understood, answer, standing_of, understand
from liuhen.flows.writing import write_drafts
from liuhen.records.index.models import CaseRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.errors import StreamMoved
from liuhen.records.ledger.read import sealed_events
from liuhen.records.ledger.turn import turn


@dataclass(frozen=True, slots=True)
class AgencyType:
    """When content of a type fits, and which permissions carry it (any of them)."""

    check: AgencyCheck
    by: tuple[Permission, ...]


_REGISTER = (Permission.MANAGE_AGENCY, Permission.KEEP_REGISTERS)
_SETTLED = (Permission.MANAGE_AGENCY,)
_SUPERVISION = (Permission.SUPERVISE,)
AGENCY_TYPES: dict[str, AgencyType] = {
    "agency.unit-registered": AgencyType(fit_registers.register_unit, _REGISTER),
    "agency.device-registered": AgencyType(fit_registers.register_device, _REGISTER),
    "agency.device-maintained": AgencyType(fit_registers.maintain_device, _REGISTER),
    "agency.room-registered": AgencyType(fit_registers.register_room, _REGISTER),
    "agency.funds-entered": AgencyType(fit_registers.enter_funds, _REGISTER),
    "agency.backup-made": AgencyType(fit_registers.make_backup, _REGISTER),
    "agency.backup-restored": AgencyType(fit_registers.restore_backup, _REGISTER),
    "agency.training-held": AgencyType(fit_registers.hold_training, _REGISTER),
    "agency.format-issued": AgencyType(fit_registers.issue_format, _REGISTER),
    "agency.custodian-appointed": AgencyType(fit_registers.appoint_custodian, _SETTLED),
    "agency.retention-set": AgencyType(fit_registers.set_retention, _SETTLED),
    "agency.statistics-made": AgencyType(fit_supervision.make_statistics, _SUPERVISION),
    "agency.inspection-held": AgencyType(fit_supervision.inspect, _SUPERVISION),
    "agency.appraisal-made": AgencyType(fit_supervision.appraise, _SUPERVISION),
    "agency.problem-found": AgencyType(fit_supervision.find_problem, _SUPERVISION),
    "agency.problem-rectified": AgencyType(fit_supervision.rectify, _SUPERVISION),
    "agency.accountability-decided": AgencyType(fit_supervision.hold_accountable, _SUPERVISION),
}
_READERS = (Permission.VIEW, Permission.MANAGE_AGENCY)


def may_enter(actor: Actor, name: str) -> bool:
    """Say whether the actor may record events of a type, for a page that shows or hides a form."""
    return may_any(actor, AGENCY_TYPES[name].by)


def require_entering(actor: Actor, name: str) -> None:
    """Raise NotAllowed unless the actor may record events of a type."""
    require_any(actor, AGENCY_TYPES[name].by)


def record_agency(occasion: Occasion, sent: Sequence[Sent], *, after: int | None = None) -> Recorded:
    """Record what an agency enters of itself, in this order; answered only when it stands.

    Raises NotAllowed, NotFound, StreamMoved, IdTaken, and BadInput naming the event and field.
    """
    actor, stream = occasion.actor, Stream("agency", occasion.actor.agency)
    require_any(actor, tuple({one: None for kind in AGENCY_TYPES.values() for one in kind.by}))
    batch = understand(sent, lambda one, place: _read(one, stream, place))
    for one in batch:
        require_entering(actor, one.type)
    with turn():
        hold(actor.agency)
        events = _events(actor.agency)
        standing = standing_of(events, batch, occasion)
        fresh = [one for one in batch if one.id not in standing]
        made = _record(events, fresh, occasion, after) if fresh else ()
    return answer(batch, standing, made, str(stream), len(events))


def _read(one: Sent, stream: Stream, place: str) -> tuple[Stream, object]:
    if one.type not in AGENCY_TYPES:
        raise BadInput(f"{place}.type", f"“{one.type}”不能直接记入台账；可以直接记录的有 {'、'.join(AGENCY_TYPES)}")
    if one.recording is not None:
        raise BadInput(f"{place}.recording", "只有音像的记录才写 recording；请删去此项")
    return stream, read_content(one.type, one.content, place)


def _events(agency: str) -> tuple[Event, ...]:
    found = tuple(open_kept(item, "") for item in sealed_events(f"agency:{agency}"))
    if not found:
        raise NotFound("机关")
    return found


def _record(
    events: tuple[Event, ...], fresh: Sequence[Understood], occasion: Occasion, after: int | None
) -> tuple[Sealed, ...]:
    stream, version, facts = f"agency:{occasion.actor.agency}", len(events), fold(events)
    if after is not None and after != version:
        raise StreamMoved(stream, after, version)
    known = list(events)
    for one in fresh:
        setting = _setting(facts, known, one, occasion)
        for field, sentence in AGENCY_TYPES[one.type].check(setting, one.content):
            raise BadInput(f"{one.place}.content.{field}" if field else one.place, sentence)
        # Each entry is judged on the agency as the ones before it leave it: a device entered here can be kept up here.
        known.append(one.foreseen(len(known) + 1, occasion))
        fold(known[-1:], onto=facts)
    return write_drafts(occasion, [one.draft(occasion) for one in fresh], after={stream: version})


def _setting(facts: Facts, known: Sequence[Event], one: Understood, occasion: Occasion) -> AgencySetting:
    contents = [event.content for event in known]
    return AgencySetting(
        agency=facts.agency,
        at=one.at,
        actor=occasion.actor,
        inspections=frozenset(said.inspection for said in contents if isinstance(said, InspectionHeld)),
        formats=frozenset((said.format, said.version) for said in contents if isinstance(said, FormatIssued)),
        has_case=lambda number: _has_case(occasion.actor.agency, number),
        has_file=lambda sha256: office().vault.stat(sha256) is not None,
    )


def _has_case(agency: str, number: str) -> bool:
    named = Q(number=number) | Q(register_number=number)
    return CaseRow.objects.filter(named, agency=agency).exists()


def read_agency(actor: Actor, *, after: int, limit: int) -> EventPage:
    """Give at most `limit` events of the agency's stream that follow the seq `after`.

    Who has cases reads all of it, the system administrator the registers. Raises NotAllowed, NotFound.
    """
    require_any(actor, _READERS)
    events = _events(actor.agency)
    page = events[after : after + limit]
    last = page[-1].header.seq if page else 0
    shown = tuple(event for event in page if may_read(actor, event.header.type))
    return EventPage(shown, len(events), last if page and last < len(events) else None)


def may_read(actor: Actor, name: str) -> bool:
    """Say whether events of a type are the actor's to read."""
    if has(actor, Permission.VIEW):
        return True
    kind = AGENCY_TYPES.get(name)
    return kind is not None and Permission.MANAGE_AGENCY in kind.by and has(actor, Permission.MANAGE_AGENCY)


def register_of(actor: Actor) -> tuple[tuple[Event, ...], Facts]:
    """Give all events of the agency that the actor may read, and what they add up to. Raises NotAllowed, NotFound."""
    require_any(actor, _READERS)
    events = tuple(event for event in _events(actor.agency) if may_read(actor, event.header.type))
    return events, fold(events)
