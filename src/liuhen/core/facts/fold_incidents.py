"""How events that only some cases have change the facts of a case."""

from liuhen.core.events import incidents as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Access, Choice, Facts, Objection, Remark
from liuhen.core.facts.step import Step


def _start_declined(facts: Facts, event: Event, said: happened.StartDeclined) -> None:
    facts.case.declined = Remark([event.id], said.reason, said.document, at=event.header.at)
    facts.case.evidence.append(event.id)


def _started_urgently(facts: Facts, event: Event, said: happened.UrgentStart) -> None:
    facts.case.urgent_start = event.header.at
    facts.case.evidence.append(event.id)


def _urgent_start_reported(facts: Facts, event: Event, said: happened.UrgentStartReported) -> None:
    facts.case.urgent_reported = event.header.at
    facts.case.evidence.append(event.id)


def _situation_arose(facts: Facts, event: Event, said: happened.SituationArose) -> None:
    case = facts.case
    act = case.acts[said.act] if said.act is not None else None
    case.traits = tuple(dict.fromkeys((*case.traits, *said.situations)))
    case.evidence.append(event.id)
    if act is not None:
        act.traits = tuple(dict.fromkeys((*act.traits, *said.situations)))
        act.evidence.append(event.id)
    if said.recording is not None:
        marked = case.traits_of_recordings.get(said.recording, ())
        case.traits_of_recordings[said.recording] = tuple(dict.fromkeys((*marked, *said.situations)))
    if act is None and said.recording is None:  # of the whole case: it speaks of every recording
        case.traits_of_all = tuple(dict.fromkeys((*case.traits_of_all, *said.situations)))


def _recording_chosen(facts: Facts, event: Event, said: happened.RecordingChosen) -> None:
    facts.case.choices.append(Choice([event.id], said.manners, said.act, said.act_kind))


def _statement_waived(facts: Facts, event: Event, said: happened.StatementWaived) -> None:
    kept = said.document or said.recording
    facts.case.waivers.append(Remark([event.id], said.right, kept, at=event.header.at))
    facts.case.waived_rights.add(said.right)


def _objection_raised(facts: Facts, event: Event, said: happened.ObjectionRaised) -> None:
    facts.case.objections[said.objection] = Objection(
        evidence=[event.id],
        uid=said.objection,
        against=said.against,
        person=said.person,
        summary=said.summary,
        act=said.act,
        document=said.document,
        raised=event.header.at,
    )


def _objection_handled(facts: Facts, event: Event, said: happened.ObjectionHandled) -> None:
    objection = facts.case.objections[said.objection]
    objection.outcome, objection.handled = said.outcome, event.header.at
    objection.document = said.document or objection.document
    objection.evidence.append(event.id)


def _correction_verified(facts: Facts, event: Event, said: happened.CorrectionVerified) -> None:
    decision = facts.case.decisions[said.decision]
    decision.verified, decision.correction = event.header.at, said.result
    decision.evidence.append(event.id)


def _transferred(facts: Facts, event: Event, said: happened.CaseTransferred) -> None:
    facts.case.transfers.append(Remark([event.id], said.reason, said.document, said.to, at=event.header.at))
    facts.case.evidence.append(event.id)


def _access_requested(facts: Facts, event: Event, said: happened.AccessRequested) -> None:
    facts.case.accesses[said.access] = Access(
        evidence=[event.id],
        uid=said.access,
        purpose=said.purpose,
        applicant=said.applicant,
        standing=said.standing,
        what=said.what,
        requested=event.header.at,
    )


def _access_decided(facts: Facts, event: Event, said: happened.AccessDecided) -> None:
    access = facts.case.accesses[said.access]
    access.granted, access.step, access.basis, access.reason = said.granted, said.step, said.basis, said.reason
    access.decided = event.header.at
    access.evidence.append(event.id)


def _access_given(facts: Facts, event: Event, said: happened.AccessGiven) -> None:
    # What was handed out without anybody asking or deciding is a fact too, and the one that matters most.
    access = facts.case.accesses.setdefault(
        said.access, Access(uid=said.access, purpose=said.purpose, applicant=said.to, what=said.what)
    )
    access.given, access.manner = event.header.at, said.manner
    access.evidence.append(event.id)


STEPS: dict[str, Step] = {
    "case.start-declined": _start_declined,
    "case.started-urgently": _started_urgently,
    "case.urgent-start-reported": _urgent_start_reported,
    "case.situation-arose": _situation_arose,
    "case.recording-chosen": _recording_chosen,
    "case.statement-waived": _statement_waived,
    "case.objection-raised": _objection_raised,
    "case.objection-handled": _objection_handled,
    "case.correction-verified": _correction_verified,
    "case.transferred": _transferred,
    "case.access-requested": _access_requested,
    "case.access-decided": _access_decided,
    "case.access-given": _access_given,
}
