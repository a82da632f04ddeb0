"""Indexing: the rows that lists page through, made from facts and from nothing else."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from liuhen.core.events.envelope import Header
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.model import CaseFacts, Document, Facts, Recording
from liuhen.core.rules.verdict import Verdict
from liuhen.flows.closed import closed_of, insiders_of, open_verdicts
from liuhen.flows.ground import Ground, ground_of, recording_facts
from liuhen.flows.indexing_approvals import refresh_approvals
from liuhen.records.index.models import CaseRow, DocumentRow, FindingRow, InsiderRow, QuarantineRow, RecordingRow
from liuhen.records.index.search import index_case

ASKING = ("unmet", "pending", "undetermined")


def refresh_case(case_uid: str, agency: str, *, judged_at: datetime, ground: Ground | None = None) -> CaseRow:
    """Bring a case's rows to what its events say, judged as of `judged_at`.

    `ground`: what a caller that holds the agency's log has read of the case, up to the events it has just recorded.
    """
    ground = ground or ground_of(case_uid, agency)
    verdicts = ground.judge(judged_at)
    openly = open_verdicts(ground, verdicts, judged_at)
    columns = case_columns(ground, verdicts, agency, judged_at) | open_columns(openly)
    row = _put_case(case_uid, columns)
    _replace_findings(row, verdicts, openly)
    _replace_insiders(row, ground)
    _refresh_documents(row, ground.facts.case)
    refresh_approvals(row, ground)
    index_case(row.pk, searchable(ground.facts))
    return row


def _put_case(case_uid: str, columns: dict[str, Any]) -> CaseRow:
    """Write the row of a case; who writes holds the agency's log, so nobody makes the same row meanwhile."""
    key = CaseRow.objects.filter(uid=case_uid).values_list("pk", flat=True).first()
    row = CaseRow(pk=key, uid=case_uid, **columns)
    if key is None:
        row.save(force_insert=True)
    else:
        CaseRow.objects.filter(pk=key).update(**columns)
    return row


def case_columns(ground: Ground, verdicts: Iterable[Verdict], agency: str, judged_at: datetime) -> dict[str, Any]:
    """Give the columns of a case's row; `ledger check` compares them with what stands there."""
    case = ground.facts.case
    found = list(verdicts)
    counts = Counter(verdict.verdict for verdict in found)
    step = next_step(found)
    return {
        "agency": agency,
        "register_number": case.register_number,
        "number": case.number or "",
        "kind": case.kind,
        "matter": case.matter,
        "party": case.party.name if case.party else "",
        "stage": case.stage,
        "registered_at": case.registered,
        "filed_at": case.filed,
        "concluded_at": case.concluded,
        "archived_at": case.archived,
        "changed_at": max(event.header.at for event in ground.events if event.header.stream == f"case:{case.uid}"),
        "judged_at": judged_at,
        "version": case.version,
        "met": counts["met"],
        "unmet": counts["unmet"],
        "pending": counts["pending"],
        "undetermined": counts["undetermined"],
        "next_due": _next_due(found),
        "next_step": step.remedy or step.title if step else "",
        "packs": "、".join(edition.id for edition in case.packs),
        "calendar": ground.calendar_version,
    }


def open_columns(openly: Iterable[Verdict]) -> dict[str, Any]:
    """Give the columns of a case's row that everybody of the agency may be told."""
    found = list(openly)
    counts = Counter(verdict.verdict for verdict in found)
    step = next_step(found)
    return {
        "open_unmet": counts["unmet"],
        "open_pending": counts["pending"],
        "open_undetermined": counts["undetermined"],
        "open_next_due": _next_due(found),
        "open_next_step": step.remedy or step.title if step else "",
    }


def _next_due(found: Iterable[Verdict]) -> datetime | None:
    return min((verdict.due for verdict in found if verdict.verdict == "pending" and verdict.due), default=None)


def insiders(ground: Ground) -> frozenset[str]:
    """Give who may know of the closed recordings of a case; nobody is listed where it has none."""
    return insiders_of(ground.events, ground.facts.case.uid) if closed_of(ground.facts) else frozenset()


def _replace_insiders(row: CaseRow, ground: Ground) -> None:
    standing, wanted = set(row.insiders.values_list("person", flat=True)), insiders(ground)
    if standing != wanted:
        row.insiders.all().delete()
        InsiderRow.objects.bulk_create(InsiderRow(case=row, person=person) for person in sorted(wanted))


def next_step(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Give the one thing to do next: the pending duty due first, else the first pending one with a remedy."""
    pending = [verdict for verdict in verdicts if verdict.verdict == "pending"]
    dated = sorted((verdict for verdict in pending if verdict.due), key=lambda verdict: str(verdict.due))
    return next(iter(dated), None) or next((verdict for verdict in pending if verdict.remedy), None)


def searchable(facts: Facts) -> list[str]:
    """Give the texts by which people look for a case."""
    case = facts.case
    people = [officer.name for act in case.acts.values() for officer in act.officers]
    numbers = [document.number for document in documents_of(case) if document.number]
    party = [case.party.name, case.party.representative or "", case.party.id_number or ""] if case.party else []
    return [case.number or "", case.register_number, case.matter, *party, *numbers, *dict.fromkeys(people)]


def _replace_findings(row: CaseRow, verdicts: tuple[Verdict, ...], openly: tuple[Verdict, ...]) -> None:
    """Take away the findings that no longer stand and add the new ones: a write is what others wait for."""
    told = verdicts if openly is verdicts else {verdict._replace(evidence=()) for verdict in openly}
    wanted = Counter(
        (*finding_columns(verdict).values(), told is not verdicts and verdict._replace(evidence=()) not in told)
        for verdict in verdicts
        if verdict.verdict in ASKING
    )
    stale = []
    for key, *said in row.findings.values_list("pk", *_FINDING):
        if wanted[tuple(said)] > 0:
            wanted[tuple(said)] -= 1
        else:
            stale.append(key)
    if stale:
        row.findings.filter(pk__in=stale).delete()
    FindingRow.objects.bulk_create(
        FindingRow(case=row, agency=row.agency, **dict(zip(_FINDING, said, strict=True))) for said in wanted.elements()
    )


_FINDING = (
    "clause",
    "rule",
    "title",
    "verdict",
    "level",
    "subject_kind",
    "subject_uid",
    "subject_label",
    "due",
    "closed",
)


def finding_columns(verdict: Verdict) -> dict[str, Any]:
    """Give the columns of a finding's row."""
    return {
        "clause": verdict.clause,
        "rule": verdict.rule,
        "title": verdict.title,
        "verdict": verdict.verdict,
        "level": verdict.level,
        "subject_kind": verdict.subject.kind,
        "subject_uid": verdict.subject.id,
        "subject_label": verdict.subject.label[:200],
        "due": verdict.due,
    }


def document_columns(case: CaseFacts, document: Document) -> dict[str, Any]:
    """Give the columns of the row of a document of a case."""
    file = document.sealed_file or document.finished_file or document.file
    return {
        "form": document.form,
        "title": document.title,
        "number": document.number or "",
        "code": document.code or "",
        "made_at": document.made,
        "sealed_at": document.sealed,
        "sha256": file.sha256 if file else "",
        "voided_at": document.voided,
        "void_reason": (document.voided_because or "")[:500],
        "notice_since": document.posted if _notice_runs(case, document) else None,
    }


def _notice_runs(case: CaseFacts, document: Document) -> bool:
    """Say whether a public notice waits to run out; what is archived or void waits for nothing."""
    if document.posted is None or document.voided is not None or case.archived is not None:
        return False
    return all(one.document != document.uid for one in case.services.values())


def documents_of(case: CaseFacts) -> tuple[Document, ...]:
    """Give all documents of a case, those that were voided last."""
    return (*case.documents.values(), *case.voided_documents.values())


def _refresh_documents(row: CaseRow, case: CaseFacts) -> None:
    found = documents_of(case)
    if not found:
        return
    known = {item.uid: item for item in row.documents.all()}
    for document in found:
        columns = document_columns(case, document)
        standing = known.get(document.uid)
        if standing is None:
            DocumentRow.objects.create(uid=document.uid, case=row, agency=row.agency, **columns)
        elif any(getattr(standing, name) != value for name, value in columns.items()):
            DocumentRow.objects.filter(pk=standing.pk).update(**columns)


def recording_columns(recording: Recording, agency: str) -> dict[str, Any]:
    """Give the columns of a recording's row that its own stream decides."""
    file, media = recording.file, recording.media
    return {
        "agency": agency,
        "sha256": file.sha256 if file else "",
        "name": recording.original_name or (file.name if file else ""),
        "kind": media.kind if media else "",
        "media_type": file.media_type if file else "",
        "size": file.size if file else 0,
        "started_at": recording.started,
        "ended_at": recording.ended,
        "stored_at": recording.stored,
        "officer": recording.officer or "",
        "classification": (recording.classification or "")[:64],
        "device": recording.device or "",
        "way": recording.way or "",
        "whole": recording.whole or "",
        "part": recording.part,
        "clock_doubt": (recording.clock_doubt or "")[:300],
        "examined": recording.examined is not None,
    }


def refresh_recording(recording_uid: str, agency: str) -> str:
    """Bring a recording's row to what its events say; give the uid of the case it is linked to, or an empty text."""
    columns = recording_columns(recording_facts(recording_uid), agency)
    row, _ = RecordingRow.objects.update_or_create(uid=recording_uid, defaults=columns)
    return row.case_uid


def link_recording_row(recording_uid: str, case_uid: str, act_uid: str) -> None:
    """Set down on a recording's row which case and act it shows."""
    RecordingRow.objects.filter(uid=recording_uid).update(case_uid=case_uid, act_uid=act_uid)


def unlink_recording_row(recording_uid: str) -> None:
    """Set down that a recording is of no case again."""
    RecordingRow.objects.filter(uid=recording_uid).update(case_uid="", act_uid="")


def settle_quarantine_row(agency: str, sha256: str, outcome: str) -> None:
    """Take a file that was set aside off the work list."""
    QuarantineRow.objects.filter(agency=agency, sha256=sha256, outcome="").update(outcome=outcome)


def quarantine_row(header: Header, file: FileRef, reason: str) -> None:
    """List a file that was set aside."""
    QuarantineRow.objects.get_or_create(
        event=header.id,
        defaults={"agency": header.agency, "sha256": file.sha256, "name": file.name, "reason": reason, "at": header.at},
    )
