"""How events of an agency's housekeeping change its facts."""

from liuhen.core.events import supervision as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.agency_model import AgencyFacts, Backup, Format, Problem
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step
from liuhen.core.kernel.moments import day_end


def _kept_house(facts: Facts, event: Event) -> AgencyFacts:
    """Note the event as the last of its type: a judgement names what it rests on, not every upkeep of ten years."""
    facts.agency.latest[event.header.type] = event.id
    return facts.agency


def _unit_registered(facts: Facts, event: Event, said: happened.UnitRegistered) -> None:
    _kept_house(facts, event).units[said.unit] = said.name


def _device_maintained(facts: Facts, event: Event, said: happened.DeviceMaintained) -> None:
    device = _kept_house(facts, event).devices[said.device]
    device.maintained, device.work, device.usable = event.header.at, said.work, said.usable
    device.evidence.append(event.id)


def _room_registered(facts: Facts, event: Event, said: happened.RoomRegistered) -> None:
    _kept_house(facts, event).rooms[said.room] = said.kind


def _funds_entered(facts: Facts, event: Event, said: happened.FundsEntered) -> None:
    _kept_house(facts, event).funds.add(said.purpose)


def _backup_made(facts: Facts, event: Event, said: happened.BackupMade) -> None:
    made = Backup([event.id], said.backup, said.place, said.remote, event.header.at)
    _kept_house(facts, event).backups[said.backup] = made


def _backup_restored(facts: Facts, event: Event, said: happened.BackupRestored) -> None:
    backup = _kept_house(facts, event).backups[said.backup]
    backup.restored, backup.passed = event.header.at, said.passed
    backup.evidence.append(event.id)


def _training_held(facts: Facts, event: Event, said: happened.TrainingHeld) -> None:
    _kept_house(facts, event).trainings.add(said.topic)


def _statistics_made(facts: Facts, event: Event, said: happened.StatisticsMade) -> None:
    _kept_house(facts, event).figures_used.update(said.uses)


def _inspection_held(facts: Facts, event: Event, said: happened.InspectionHeld) -> None:
    _kept_house(facts, event).inspections.add(said.manner)


def _appraisal_made(facts: Facts, event: Event, said: happened.AppraisalMade) -> None:
    _kept_house(facts, event).appraisals.add(said.counted_in)


def _problem_found(facts: Facts, event: Event, said: happened.ProblemFound) -> None:
    # Putting right is in time until the day is over.
    until = day_end(said.rectify_by) if said.rectify_by else None
    found = Problem([event.id], said.problem, said.kind, said.summary, said.case, until, found=event.header.at)
    _kept_house(facts, event).problems[said.problem] = found


def _problem_rectified(facts: Facts, event: Event, said: happened.ProblemRectified) -> None:
    problem = _kept_house(facts, event).problems[said.problem]
    problem.rectified = event.header.at
    problem.evidence.append(event.id)


def _accountability_decided(facts: Facts, event: Event, said: happened.AccountabilityDecided) -> None:
    problem = _kept_house(facts, event).problems[said.problem]
    problem.answered_for, problem.measures = event.header.at, (*problem.measures, said.measure)
    problem.evidence.append(event.id)


def _format_issued(facts: Facts, event: Event, said: happened.FormatIssued) -> None:
    issued = Format([event.id], said.format, said.kind, said.version, said.issued_by)
    _kept_house(facts, event).formats[said.format] = issued


STEPS: dict[str, Step] = {
    "agency.unit-registered": _unit_registered,
    "agency.device-maintained": _device_maintained,
    "agency.room-registered": _room_registered,
    "agency.funds-entered": _funds_entered,
    "agency.backup-made": _backup_made,
    "agency.backup-restored": _backup_restored,
    "agency.training-held": _training_held,
    "agency.statistics-made": _statistics_made,
    "agency.inspection-held": _inspection_held,
    "agency.appraisal-made": _appraisal_made,
    "agency.problem-found": _problem_found,
    "agency.problem-rectified": _problem_rectified,
    "agency.accountability-decided": _accountability_decided,
    "agency.format-issued": _format_issued,
}
