"""How events of a case's stream change its facts."""

from liuhen.core.events import case as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.fold_approvals import note_discussion, note_opinion, note_review
from liuhen.core.facts.model import (
    Act,
    Approval,
    Decision,
    Document,
    EvidenceItem,
    Facts,
    Interruption,
    Recording,
    Remark,
    Signature,
    Told,
)
from liuhen.core.facts.step import Step
from liuhen.core.kernel.moments import day_end


def _registered(facts: Facts, event: Event, said: happened.CaseRegistered) -> None:
    case = facts.case
    case.register_number, case.kind, case.matter, case.traits = (
        said.register_number,
        said.kind,
        said.matter,
        said.traits,
    )
    case.traits_of_all = said.traits
    case.source, case.party, case.packs = said.source, said.party, said.packs
    case.registered, case.unit, case.entrusted_by = event.header.at, said.unit, said.entrusted_by
    case.evidence.append(event.id)


def _filed(facts: Facts, event: Event, said: happened.CaseFiled) -> None:
    facts.case.number, facts.case.filed = said.number, event.header.at
    facts.case.evidence.append(event.id)


def _approval_given(facts: Facts, event: Event, said: happened.ApprovalGiven) -> None:
    note_opinion(facts, event, said)
    facts.case.approvals.setdefault(said.matter, []).append(Approval([event.id], said, event.header.at))


def _act_begun(facts: Facts, event: Event, said: happened.ActBegun) -> None:
    facts.case.acts[said.act] = Act(
        evidence=[event.id],
        uid=said.act,
        kind=said.kind,
        place=said.place,
        traits=said.traits,
        officers=said.officers,
        party_present=said.party_present,
        begun=event.header.at,
        host=said.host,
    )


def _certificates_shown(facts: Facts, event: Event, said: happened.CertificatesShown) -> None:
    act = facts.case.acts[said.act]
    act.certificates_shown_by |= frozenset(said.officers)
    act.evidence.append(event.id)


def _party_told(facts: Facts, event: Event, said: happened.PartyTold) -> None:
    facts.case.enter_telling(
        Told([event.id], said.topics, said.told, said.manner, said.act, said.response, event.header.at)
    )
    act = facts.case.acts.get(said.act or "")
    if act is not None:
        act.told |= frozenset(said.topics)


def _act_ended(facts: Facts, event: Event, said: happened.ActEnded) -> None:
    act = facts.case.acts[said.act]
    act.ended, act.outcome = event.header.at, said.outcome
    act.evidence.append(event.id)


def _document_made(facts: Facts, event: Event, said: happened.DocumentMade) -> None:
    facts.case.enter_document(
        Document(
            evidence=[event.id],
            uid=said.document,
            form=said.form,
            title=said.title,
            facing=said.facing,
            number=said.number,
            act=said.act,
            pages=said.pages,
            corrections=said.corrections,
            signers=said.signers,
            code=said.code,
            template=said.template,
            changed=said.changed,
            fields=dict(said.fields),
            file=said.file,
            made=event.header.at,
            maker=event.header.actor,
            made_on=said.made_on,
        )
    )


def _document_signed(facts: Facts, event: Event, said: happened.DocumentSigned) -> None:
    document = facts.case.documents[said.document]
    versions = (document.file, document.finished_file, document.sealed_file)
    if said.file_sha256 not in {file.sha256 for file in versions if file}:
        raise KeyError(said.file_sha256)  # a signature on other bytes is no signature of this document
    signed, at = (said.file_sha256, said.image.sha256), event.header.at
    document.signatures.append(Signature(said.role, said.name, said.officer, *signed, at, event.id, said.manner))
    document.evidence.append(event.id)


def _signature_refused(facts: Facts, event: Event, said: happened.SignatureRefused) -> None:
    document = facts.case.documents[said.document]
    document.refusals.append((said.role, said.name, said.reason))
    document.evidence.append(event.id)


def _change_marked(document: Document, change: int, image: str) -> None:
    """Note the mark beside one change; only when every change has one are the changes marked."""
    if not 1 <= change <= len(document.changed):
        raise KeyError(change)
    document.marked_changes.setdefault(change, image)
    if len(document.marked_changes) == len(document.changed):
        document.marks.add("更正处")


def _print_pressed(document: Document, said: happened.DocumentMarked) -> None:
    """Note the print over a signature; over none it is no mark."""
    signed = document.signed_at(said.role or "", said.name)
    if signed is None or said.image is None:
        raise KeyError(said.name)
    signed.print_sha256 = said.image.sha256


def _document_marked(facts: Facts, event: Event, said: happened.DocumentMarked) -> None:
    document = facts.case.documents[said.document]
    if said.mark == "签名处":
        _print_pressed(document, said)
    elif said.change is None or said.mark != "更正处":
        document.marks.add(said.mark)
    else:
        _change_marked(document, said.change, said.image.sha256 if said.image else "")
    document.evidence.append(event.id)


def _document_completed(facts: Facts, event: Event, said: happened.DocumentCompleted) -> None:
    document = facts.case.documents[said.document]
    document.finished_file = said.file
    document.evidence.append(event.id)


def _document_sealed(facts: Facts, event: Event, said: happened.DocumentSealed) -> None:
    document = facts.case.documents[said.document]
    document.sealed, document.sealed_file = event.header.at, said.file
    document.seal_recorded, document.seal_signature = event.header.recorded_at, said.signature
    document.evidence.append(event.id)


def _recording_linked(facts: Facts, event: Event, said: happened.RecordingLinked) -> None:
    act = facts.case.acts[said.act]
    recording = facts.recordings.setdefault(said.recording, Recording(uid=said.recording))
    recording.act, recording.unlinked = said.act, None
    recording.linking.append(event.id)
    if said.recording not in act.recordings:
        act.recordings.append(said.recording)


def _recording_unlinked(facts: Facts, event: Event, said: happened.RecordingUnlinked) -> None:
    recording = facts.recordings.get(said.recording)
    if recording is None or not recording.linking:  # whether its own stream was read already must change nothing
        raise KeyError(said.recording)
    for act in facts.case.acts.values():
        if said.recording in act.recordings:
            act.recordings.remove(said.recording)
    recording.act, recording.unlinked = None, said.reason
    recording.linking.append(event.id)


def _interruption_explained(facts: Facts, event: Event, said: happened.InterruptionExplained) -> None:
    facts.case.acts[said.act].evidence.append(event.id)
    facts.case.interruptions[said.interruption] = Interruption(
        evidence=[event.id],
        uid=said.interruption,
        act=said.act,
        recording=said.recording,
        cause=said.cause,
        manner=said.manner,
        document=said.document,
        second=said.second,
        stopped=said.stopped_at,
        resumed=said.resumed_at,
        explained=event.header.at,
        reported=said.reported_at,
    )


def _statement_heard(facts: Facts, event: Event, said: happened.StatementHeard) -> None:
    facts.case.statements.append(Remark([event.id], said.summary, said.document, at=event.header.at))


def _statement_reviewed(facts: Facts, event: Event, said: happened.StatementReviewed) -> None:
    facts.case.statement_reviews.append(
        Remark([event.id], said.outcome, said.document, said.reviewer, at=event.header.at)
    )


def _legal_review_given(facts: Facts, event: Event, said: happened.LegalReviewGiven) -> None:
    note_review(facts, event, said)
    facts.case.legal_reviews.append(
        Remark([event.id], said.opinion, said.document, said.name, said.passed, event.header.at)
    )


def _discussion_held(facts: Facts, event: Event, said: happened.DiscussionHeld) -> None:
    note_discussion(facts, event, said)
    facts.case.discussions.append(
        Remark([event.id], said.conclusion, said.document, at=event.header.at, participants=said.participants)
    )


def _decision_made(facts: Facts, event: Event, said: happened.DecisionMade) -> None:
    decision = Decision([event.id], said.decision, said.kind, said.summary, said.document, said.amount, event.header.at)
    if said.correct_by is not None:  # putting right is in time until the day is over
        decision.correct_by = day_end(said.correct_by)
    facts.case.decisions[said.decision] = decision


def _decision_performed(facts: Facts, event: Event, said: happened.DecisionPerformed) -> None:
    decision = facts.case.decisions[said.decision]
    decision.performed = event.header.at
    if said.amount is not None:
        decision.payments.append((event.header.at, said.amount))
    decision.evidence.append(event.id)


def _evidence_listed(facts: Facts, event: Event, said: happened.EvidenceListed) -> None:
    item = said.evidence
    facts.case.items_of_evidence[item.evidence] = EvidenceItem([event.id], item, event.header.at)


def _concluded(facts: Facts, event: Event, said: happened.CaseConcluded) -> None:
    facts.case.concluded = event.header.at
    facts.case.evidence.append(event.id)


def _archived(facts: Facts, event: Event, said: happened.CaseArchived) -> None:
    case = facts.case
    case.archived, case.archive_number, case.retention = event.header.at, said.archive_number, said.retention
    case.handed_over_by = said.handed_over_by
    case.evidence.append(event.id)


def _package_made(facts: Facts, event: Event, said: happened.PackageMade) -> None:
    facts.case.packages.append(said.manifest_sha256)


def _consulted(facts: Facts, event: Event, said: happened.CaseConsulted) -> None:
    facts.case.consultations += 1


STEPS: dict[str, Step] = {
    "case.registered": _registered,
    "case.filed": _filed,
    "case.approval-given": _approval_given,
    "case.act-begun": _act_begun,
    "case.certificates-shown": _certificates_shown,
    "case.party-told": _party_told,
    "case.act-ended": _act_ended,
    "case.document-made": _document_made,
    "case.document-signed": _document_signed,
    "case.signature-refused": _signature_refused,
    "case.document-marked": _document_marked,
    "case.document-completed": _document_completed,
    "case.document-sealed": _document_sealed,
    "case.recording-linked": _recording_linked,
    "case.recording-unlinked": _recording_unlinked,
    "case.interruption-explained": _interruption_explained,
    "case.statement-heard": _statement_heard,
    "case.statement-reviewed": _statement_reviewed,
    "case.legal-review-given": _legal_review_given,
    "case.discussion-held": _discussion_held,
    "case.decision-made": _decision_made,
    "case.decision-performed": _decision_performed,
    "case.evidence-listed": _evidence_listed,
    "case.concluded": _concluded,
    "case.archived": _archived,
    "case.package-made": _package_made,
    "case.consulted": _consulted,
}
