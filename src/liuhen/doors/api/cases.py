"""Cases for programs: the list, the facts, the judgement, the events, and the batch that a device sends."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path as InPath
from ninja import Query, Router

from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Act, Document
from liuhen.core.kernel.codec import encode
from liuhen.core.rules.verdict import to_json
from liuhen.doors.api.entry import actor_by, now, occasion_of
from liuhen.doors.api.refusals import READING, WRITING
from liuhen.doors.api.shapes import (
    UID,
    ActCard,
    BatchIn,
    BatchOut,
    CaseCard,
    CaseLine,
    CaseList,
    Counts,
    DocumentCard,
    EventCard,
    EventList,
    SealCard,
    StandingEvent,
    VerdictList,
)
from liuhen.flows.read_case import CaseReading, read_case
from liuhen.flows.read_events import read_events
from liuhen.flows.reading import CaseQuery, list_cases
from liuhen.flows.record_batch import record_batch
from liuhen.flows.sent_batch import Sent, Standing

router = Router(tags=["案件"])
CaseUid = Annotated[str, InPath(pattern=UID)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/cases", response={200: CaseList, **READING}, operation_id="list_cases")
def get_cases(
    request: HttpRequest,
    search: Annotated[str, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$")] = "",
    cursor: Annotated[str, Query(max_length=200, pattern=r"^[0-9A-Za-z_-]*$")] = "",
    limit: Limit = 30,
) -> CaseList:
    """本机关的案件，新的在前；search 按案号、当事人、事项、人员查找，翻页用 next 和 previous。"""
    page = list_cases(actor_by(request), CaseQuery(words=search, cursor=cursor), limit=limit)
    lines = [CaseLine.model_validate(line) for line in page.lines]
    return CaseList(cases=lines, total=page.total, capped=page.capped, next=page.next, previous=page.previous)


@router.get("/cases/{uid}", response={200: CaseCard, **READING}, operation_id="get_case")
def get_case(request: HttpRequest, uid: CaseUid) -> CaseCard:
    """一件案件的事实和数目。"""
    return _case_card(read_case(actor_by(request), uid, at=now()))


@router.get("/cases/{uid}/verdicts", response={200: VerdictList, **READING}, operation_id="get_verdicts")
def get_verdicts(request: HttpRequest, uid: CaseUid) -> VerdictList:
    """此刻逐条对照规定的结论，附理由和所依据的记录。"""
    reading = read_case(actor_by(request), uid, at=now())
    return VerdictList(at=reading.at, verdicts=[to_json(verdict) for verdict in reading.verdicts])


@router.get("/cases/{uid}/events", response={200: EventList, **READING}, operation_id="get_events")
def get_events(
    request: HttpRequest,
    uid: CaseUid,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Limit = 100,
) -> EventList:
    """案件的记录，按先后；翻页以上一页的 next 作 after。"""
    page = read_events(actor_by(request), uid, after=after, limit=limit)
    return EventList(events=[event_card(event) for event in page.events], version=page.version, next=page.next)


@router.post("/cases/{uid}/events", response={200: BatchOut, **WRITING}, operation_id="record_events")
def post_events(request: HttpRequest, uid: CaseUid, batch: BatchIn) -> BatchOut:
    """批量记录现场和办理情况：一批要么全部记下要么一条不记；原样重发不会重复，应答时已经存妥。"""
    sent = [Sent(one.id, one.type, one.at, one.content, one.recording) for one in batch.events]
    recorded = record_batch(uid, occasion_of(request), sent, after=batch.after)
    return BatchOut(case=uid, version=recorded.version, events=standing_events(recorded.events))


def standing_events(found: Iterable[Standing]) -> list[StandingEvent]:
    """Give recorded events as they stand."""
    return [
        StandingEvent(
            id=standing.header.id,
            stream=standing.header.stream,
            seq=standing.header.seq,
            type=standing.header.type,
            at=standing.header.at,
            recorded_at=standing.header.recorded_at,
            status="known" if standing.known else "recorded",
        )
        for standing in found
    ]


def event_card(event: Event) -> EventCard:
    """Give an event with its header and content."""
    return EventCard(header=encode(event.header), content=None if event.content is None else encode(event.content))


def _case_card(reading: CaseReading) -> CaseCard:
    case = reading.facts.case
    own = sum(event.header.stream == f"case:{reading.uid}" for event in reading.events)
    return CaseCard(
        uid=reading.uid,
        number=case.number,
        register_number=case.register_number,
        kind=case.kind,
        matter=case.matter,
        party=case.party.name if case.party else None,
        stage=case.stage,
        version=case.version,
        registered_at=case.registered,
        filed_at=case.filed,
        concluded_at=case.concluded,
        archived_at=case.archived,
        packs=[edition.id for edition in case.packs],
        acts=[_act_card(act) for act in case.acts.values()],
        documents=[_document_card(document) for document in case.documents.values()],
        recordings=list(reading.facts.recordings),
        counts=_counts(reading, own),
        sealing=SealCard.model_validate(reading.sealing) if reading.sealing else None,
    )


def _counts(reading: CaseReading, own: int) -> Counts:
    answers = Counter(verdict.verdict for verdict in reading.verdicts)
    case = reading.facts.case
    held: dict[str, Any] = {"acts": len(case.acts), "documents": len(case.documents)}
    return Counts(
        met=answers["met"],
        unmet=answers["unmet"],
        pending=answers["pending"],
        undetermined=answers["undetermined"],
        not_applicable=answers["not_applicable"],
        events=own,
        recordings=len(reading.facts.recordings),
        **held,
    )


def _act_card(act: Act) -> ActCard:
    return ActCard(
        uid=act.uid,
        kind=act.kind,
        place=act.place,
        officers=[officer.name for officer in act.officers],
        traits=list(act.traits),
        begun_at=act.begun,
        ended_at=act.ended,
        recordings=act.recordings,
    )


def _document_card(document: Document) -> DocumentCard:
    file = document.sealed_file or document.finished_file or document.file
    return DocumentCard(
        uid=document.uid,
        form=document.form,
        title=document.title,
        number=document.number,
        act=document.act,
        made_at=document.made,
        sealed_at=document.sealed,
        sha256=file.sha256 if file else None,
        sm3=file.sm3 if file else None,
    )
