"""The agency's registers for programs: what was entered, and the batch that enters more."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router

from liuhen.doors.api.cases import Limit, event_card, standing_events
from liuhen.doors.api.entry import actor_by, occasion_of
from liuhen.doors.api.refusals import READING, WRITING
from liuhen.doors.api.shapes import AgencyBatchIn, AgencyBatchOut, EventList
from liuhen.flows.record_agency import read_agency, record_agency
from liuhen.flows.sent_batch import Sent

router = Router(tags=["机关台账"])


@router.get("/agency/events", response={200: EventList, **READING}, operation_id="get_agency_events")
def get_agency_events(
    request: HttpRequest, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0, limit: Limit = 100
) -> EventList:
    """机关台账的记录，按先后；翻页以上一页的 next 作 after。系统管理员只看到登记类的记录。"""
    page = read_agency(actor_by(request), after=after, limit=limit)
    return EventList(events=[event_card(event) for event in page.events], version=page.version, next=page.next)


@router.post("/agency/events", response={200: AgencyBatchOut, **WRITING}, operation_id="record_agency_events")
def post_agency_events(request: HttpRequest, batch: AgencyBatchIn) -> AgencyBatchOut:
    """批量记入机关台账：一批要么全部记下要么一条不记；原样重发不会重复，应答时已经存妥。"""
    occasion = occasion_of(request)
    sent = [Sent(one.id, one.type, one.at, one.content) for one in batch.events]
    recorded = record_agency(occasion, sent, after=batch.after)
    return AgencyBatchOut(
        agency=occasion.actor.agency, version=recorded.version, events=standing_events(recorded.events)
    )
