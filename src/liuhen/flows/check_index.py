"""Checking and rebuilding the index: rows against facts replayed from events."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from liuhen.core.events.catalogue import open_sealed
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.calendars import calendar_of, published_version
from liuhen.flows.check_ledger import Finding, found
from liuhen.flows.closed import open_verdicts
from liuhen.flows.ground import Ground, ground_of
from liuhen.flows.indexing import (
    case_columns,
    document_columns,
    documents_of,
    insiders,
    link_recording_row,
    open_columns,
    recording_columns,
    refresh_case,
    refresh_recording,
)
from liuhen.flows.indexing_approvals import approval_columns
from liuhen.flows.keep_calendar import adoptions_in
from liuhen.flows.read_numbers import raise_series, series_kept, years_kept
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
        yield from _check_numbers(agency)


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
        expected = _expected(row, ground, agency)
    except LiuhenError as fault:
        yield found("LEDGER-030", f"case:{uid}", str(fault))
        return
    yield from _differences(row, expected, f"case:{uid}")
    if set(row.insiders.values_list("person", flat=True)) != insiders(ground):
        yield found("LEDGER-030", f"case:{uid}", "可以知悉限制音像的人员")
    documents = {item.uid: item for item in DocumentRow.objects.filter(case=row)}
    for document in documents_of(ground.facts.case):
        standing = documents.pop(document.uid, None)
        if standing is None:
            yield found("LEDGER-030", f"case:{uid}", f"文书 {document.uid} 没有索引行")
        else:
            yield from _differences(standing, document_columns(ground.facts.case, document), f"document:{document.uid}")
    for stranger in documents:
        yield found("LEDGER-030", f"document:{stranger}", "没有对应的事件")
    yield from _check_approvals(row, ground)
    for act in ground.facts.case.acts.values():
        for recording in act.recordings:
            linked = RecordingRow.objects.filter(uid=recording, case_uid=uid, act_uid=act.uid).exists()
            if not linked:
                yield found("LEDGER-030", f"recording:{recording}", "与案件的关联")


def _check_approvals(row: CaseRow, ground: Ground) -> Iterator[Finding]:
    rows = {item.request: item for item in row.approvals.all()}
    for request, columns in approval_columns(ground).items():
        standing = rows.pop(request, None)
        if standing is None:
            yield found("LEDGER-030", f"case:{row.uid}", f"审批 {request} 没有索引行")
        else:
            yield from _differences(standing, columns, f"approval:{request}")
    for stranger in rows:
        yield found("LEDGER-030", f"approval:{stranger}", "没有对应的事件")


def _expected(row: CaseRow, ground: Ground, agency: str) -> dict[str, Any]:
    """Give what the row should say, judged when and by which calendar it says it was; the sweep may not have come yet."""
    adopted = {adoption.version for adoption in adoptions_in(ground.events)}
    published = row.calendar == published_version()
    known = published or row.calendar in adopted
    calendar = calendar_of(None if published else row.calendar) if known else None
    verdicts = ground.judge(row.judged_at, calendar=calendar)
    openly = open_verdicts(ground, verdicts, row.judged_at, calendar=calendar)
    columns = case_columns(ground, verdicts, agency, row.judged_at) | open_columns(openly)
    # Before anything was adopted the published calendar counts, and that of an earlier release stands in older rows.
    return columns | {"calendar": row.calendar} if known or not adopted else columns


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


def _check_numbers(agency: str) -> Iterator[Finding]:
    for year in years_kept(agency):
        for series in series_kept(agency, year):
            place = f"numbers:{agency}/{series.character}{year}"
            if series.gaps:
                yield found("LEDGER-030", place, f"断号 {len(series.gaps)} 个，第一个是 {series.gaps[0]} 号")
            if series.strangers:
                yield found("LEDGER-030", place, f"{series.strangers[0]} 号不是按序取得的")


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
            raise_series(agency)
    return made
