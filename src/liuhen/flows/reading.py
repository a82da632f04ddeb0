"""Reading for screens: the case list, the workbench, and everything that one case page shows.

Invariant: every read names its actor, sees that actor's agency only, and is bounded; lists page by a cursor that stays
right while cases are added.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from liuhen.core.kernel.moments import day_start, local_day
from liuhen.flows.access import Permission, findings_for, knows_closed, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.list_place import ListPlace, parse_place
from liuhen.flows.occasion import Actor
from liuhen.records.index.models import CaseRow, FindingRow
from liuhen.records.index.search import matching_sql
from liuhen.records.ledger.read import version_of

Sort = Literal["registered", "due"]
# The columns of the answers: those with every recording for who may know of all, those without the closed ones for others.
_ALL, _OPEN = "", "open_"
STAGES = ("启动", "调查取证", "审查决定", "送达执行", "结案", "归档")
PAGE = 30
_COUNTED = 1000
# Whose turn it is at which stage: what the column 待我处理 shows to whom.
_TURNS: Mapping[str, tuple[str, ...]] = {
    "执法人员": ("启动", "调查取证", "送达执行"),
    "承办机构负责人": ("启动", "调查取证", "审查决定"),
    "法制审核人员": ("审查决定",),
    "机关负责人": ("启动", "审查决定"),
    "档案管理员": ("结案",),
}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a list shows it."""

    uid: str
    number: str
    register_number: str
    kind: str
    matter: str
    party: str
    stage: str
    registered_at: datetime
    unmet: int
    pending: int
    undetermined: int
    next_due: datetime | None
    next_step: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of the list: `total` counts up to 1000 and `capped` says that there are more."""

    lines: tuple[CaseLine, ...]
    total: int
    capped: bool
    next: str | None
    previous: str | None


@dataclass(frozen=True, slots=True)
class DueLine:
    """A duty with its term, and the case it belongs to."""

    case_uid: str
    case_number: str
    party: str
    clause: str
    rule: str
    title: str
    subject_uid: str
    subject: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Workbench:
    """What waits for a person: duties due by the end of today, cases whose turn it is, cases newest first."""

    due: tuple[DueLine, ...]
    due_total: int
    upcoming: DueLine | None
    mine: tuple[CaseLine, ...]
    mine_total: int
    mine_stages: tuple[str, ...]
    recent: tuple[CaseLine, ...]
    unmet_total: int


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What a person asked of the list. `due_by` keeps cases with a term ending before it, `unmet` those with a breach."""

    words: str = ""
    stages: tuple[str, ...] = ()
    sort: Sort = "registered"
    due_by: datetime | None = None
    unmet: bool = False
    cursor: str = ""


def list_cases(actor: Actor, query: CaseQuery, *, limit: int = PAGE) -> CasePage:
    """Give a page of the agency's cases. Raises NotAllowed; BadInput for a cursor that nobody gave out."""
    require(actor, Permission.VIEW)
    told = _told(actor)
    rows = _filtered(actor, query, told)
    total = rows.order_by().values("pk")[: _COUNTED + 1].count()
    lines, before, after = _page(rows, query, limit, told)
    return CasePage(lines, min(total, _COUNTED), total > _COUNTED, after, before)


def _told(actor: Actor) -> str:
    return _ALL if knows_closed(actor) else _OPEN


def _filtered(actor: Actor, query: CaseQuery, told: str) -> QuerySet[CaseRow]:
    rows = CaseRow.objects.filter(agency=actor.agency)
    if query.words.strip():
        asked = matching_sql(query.words)
        if asked is None:
            return rows.none()
        rows = rows.filter(pk__in=RawSQL(*asked))
    if query.stages:
        rows = rows.filter(stage__in=query.stages)
    if query.due_by is not None:
        rows = rows.filter(**{f"{told}next_due__lt": query.due_by})
    if query.unmet:
        rows = rows.filter(**{f"{told}unmet__gt": 0})
    if query.sort == "due":
        rows = rows.filter(**{f"{told}next_due__isnull": False})
    return rows


def _page(
    rows: QuerySet[CaseRow], query: CaseQuery, limit: int, told: str
) -> tuple[tuple[CaseLine, ...], str | None, str | None]:
    """Give the lines after (or before) the cursor, with the cursors to the pages on both sides."""
    ascending = query.sort == "due"
    column = f"{told}next_due" if ascending else "registered_at"
    place = parse_place(query.cursor, "请回到案件列表首页重新查询") if query.cursor else None
    backwards = place is not None and place.backwards
    forward = ascending != backwards
    if place is not None:
        rows = rows.filter(place.beyond(column, "gt" if forward else "lt"))
    sign = "" if forward else "-"
    found = list(rows.order_by(f"{sign}{column}", f"{sign}pk")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    if not found:
        return (), None, None
    first, last = (
        ListPlace(getattr(row, column), row.pk, back) for row, back in ((found[0], True), (found[-1], False))
    )
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return (
        tuple(_line(row, told) for row in found),
        first.render() if has_before else None,
        last.render() if has_after else None,
    )


def _line(row: CaseRow, told: str) -> CaseLine:
    return CaseLine(
        uid=row.uid,
        number=row.number,
        register_number=row.register_number,
        kind=row.kind,
        matter=row.matter,
        party=row.party,
        stage=row.stage,
        registered_at=row.registered_at,
        unmet=getattr(row, f"{told}unmet"),
        pending=getattr(row, f"{told}pending"),
        undetermined=getattr(row, f"{told}undetermined"),
        next_due=getattr(row, f"{told}next_due"),
        next_step=getattr(row, f"{told}next_step"),
    )


def end_of_day(at: datetime) -> datetime:
    """Give 24:00 of the day in Shanghai on which an instant falls."""
    return day_start(local_day(at) + timedelta(days=1))


def workbench(actor: Actor, *, at: datetime, limit: int = 8) -> Workbench:
    """Give what waits for the actor at an instant. Raises NotAllowed."""
    pending = findings_for(actor).filter(verdict="pending", due__isnull=False)
    pending = pending.select_related("case").order_by("due", "pk")
    today = pending.filter(due__lte=end_of_day(at))
    stages = tuple(stage for stage in STAGES if any(stage in _TURNS.get(role, ()) for role in actor.roles))
    cases = CaseRow.objects.filter(agency=actor.agency)
    mine, told = cases.filter(stage__in=stages), _told(actor)
    upcoming = pending.filter(due__gt=end_of_day(at)).first()
    return Workbench(
        due=tuple(_due(row) for row in today[:limit]),
        due_total=today.count(),
        upcoming=_due(upcoming) if upcoming else None,
        mine=tuple(_line(row, told) for row in mine.order_by("-registered_at", "-pk")[:limit]),
        mine_total=mine.count(),
        mine_stages=stages,
        recent=tuple(_line(row, told) for row in cases.order_by("-registered_at", "-pk")[:limit]),
        unmet_total=cases.filter(**{f"{told}unmet__gt": 0}).order_by().values("pk")[:_COUNTED].count(),
    )


def _due(row: FindingRow) -> DueLine:
    assert row.due is not None  # both queries ask for findings with a term
    return DueLine(
        case_uid=row.case.uid,
        case_number=row.case.number or row.case.register_number,
        party=row.case.party,
        clause=row.clause,
        rule=row.rule,
        title=row.title,
        subject_uid=row.subject_uid,
        subject=row.subject_label,
        due=row.due,
    )


def agency_name(agency: str) -> str:
    """Give what people call an agency, or an empty text where it was never founded."""
    return _agency_name(agency, version_of(f"agency:{agency}")) if agency else ""


@lru_cache(maxsize=256)
def _agency_name(agency: str, version: int) -> str:
    return agency_facts(agency).agency.name
