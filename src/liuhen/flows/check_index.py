"""Checking and rebuilding the index: rows against facts replayed from events."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.check_ledger import Finding, found
from liuhen.flows.ground import ground_of
from liuhen.flows.indexing import (
    case_columns,
    document_columns,
    link_recording_row,
    recording_columns,
    refresh_case,
    refresh_recording,
)
from liuhen.records.index.models import CaseRow, DocumentRow, RecordingRow
from liuhen.records.ledger import read

_PAGE = 200


def check_index() -> Iterator[Finding]:
    """Replay every case and recording and name each row and column that says something else."""
    for agency in sorted({log.agency for log in read.logs()}):
        cases = set(_uids("case", agency))
        for uid in sorted(cases):
            yield from _check_case(uid, agency)
        yield from _strangers(CaseRow, "case", agency, cases)
        recordings = set(_uids("recording", agency))
        for uid in sorted(recordings):
            yield from _check_recording(uid, agency)
        yield from _strangers(RecordingRow, "recording", agency, recordings)


def _uids(kind: Any, agency: str) -> Iterator[str]:
    after = ""
    while page := read.streams(kind, agency, after=after, limit=_PAGE):
        yield from (stream.partition(":")[2] for stream in page)
        after = page[-1]


def _check_case(uid: str, agency: str) -> Iterator[Finding]:
    row = CaseRow.objects.filter(uid=uid).first()
    if row is None:
        yield found("LEDGER-030", f"case:{uid}", "没有索引行")
        return
    try:
        ground = ground_of(uid, agency)
        expected = case_columns(ground, ground.judge(row.judged_at), agency, row.judged_at)
    except LiuhenError as fault:
        yield found("LEDGER-030", f"case:{uid}", str(fault))
        return
    yield from _differences(row, expected, f"case:{uid}")
    documents = {item.uid: item for item in DocumentRow.objects.filter(case=row)}
    for document in ground.facts.case.documents.values():
        standing = documents.pop(document.uid, None)
        if standing is None:
            yield found("LEDGER-030", f"case:{uid}", f"文书 {document.uid} 没有索引行")
        else:
            yield from _differences(standing, document_columns(document), f"document:{document.uid}")
    for stranger in documents:
        yield found("LEDGER-030", f"document:{stranger}", "没有对应的事件")
    for act in ground.facts.case.acts.values():
        for recording in act.recordings:
            linked = RecordingRow.objects.filter(uid=recording, case_uid=uid, act_uid=act.uid).exists()
            if not linked:
                yield found("LEDGER-030", f"recording:{recording}", "与案件的关联")


def _check_recording(uid: str, agency: str) -> Iterator[Finding]:
    row = RecordingRow.objects.filter(uid=uid).first()
    if row is None:
        yield found("LEDGER-030", f"recording:{uid}", "没有索引行")
        return
    try:
        facts = fold(open_sealed(item) for item in read.sealed_events(f"recording:{uid}"))
    except LiuhenError as fault:
        yield found("LEDGER-030", f"recording:{uid}", str(fault))
        return
    yield from _differences(row, recording_columns(facts.recordings[uid], agency), f"recording:{uid}")


def _differences(row: Any, expected: dict[str, Any], place: str) -> Iterator[Finding]:
    for name, value in expected.items():
        if getattr(row, name) != value:
            yield found("LEDGER-030", place, f"列 {name}")


def _strangers(model: Any, kind: str, agency: str, known: set[str]) -> Iterator[Finding]:
    for uid in model.objects.filter(agency=agency).values_list("uid", flat=True).iterator():
        if uid not in known:
            yield found("LEDGER-030", f"{kind}:{uid}", "没有对应的事件")


def rebuild_index() -> int:
    """Throw the rows of cases and recordings away and make them anew from events; gives how many were made."""
    made = 0
    with transaction.atomic():
        CaseRow.objects.all().delete()
        RecordingRow.objects.all().delete()
        for agency in sorted({log.agency for log in read.logs()}):
            for uid in _uids("recording", agency):
                refresh_recording(uid, agency)
                made += 1
            for uid in _uids("case", agency):
                newest = read.sealed_events(f"case:{uid}")[-1].header.recorded_at
                refresh_case(uid, agency, judged_at=newest)
                for act in ground_of(uid, agency).facts.case.acts.values():
                    for recording in act.recordings:
                        link_recording_row(recording, uid, act.uid)
                made += 1
    return made
