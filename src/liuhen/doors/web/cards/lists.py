"""The case list and the workbench as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from liuhen.doors.web.cards.compliance import finding_key
from liuhen.doors.web.cards.parts import panel_url
from liuhen.doors.web.typography import say_left
from liuhen.flows.reading import STAGES, CaseLine, CasePage, DueLine, Workbench


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    number: str
    kind: str
    party: str
    matter: str
    stage: str
    registered_at: datetime
    unmet: int
    undetermined: int
    due: datetime | None
    left: str
    late: bool
    step: str
    url: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter or a sorting that can be chosen, and whether it is."""

    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CaseList:
    """The list with what was asked, how many there are, and where to go on."""

    rows: tuple[CaseRow, ...]
    words: str
    sort: str
    only: str
    asked_stages: tuple[str, ...]
    count: str
    stages: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    only_choices: tuple[Choice, ...]
    next: str
    previous: str
    filtered: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """A duty with its term, and where to see it."""

    title: str
    subject: str
    clause: str
    number: str
    party: str
    due: datetime
    left: str
    late: bool
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The workbench: three columns, every number a link."""

    due: tuple[DueRow, ...]
    due_total: int
    due_url: str
    upcoming: DueRow | None
    mine: tuple[CaseRow, ...]
    mine_total: int
    mine_url: str
    mine_stages: str
    recent: tuple[CaseRow, ...]
    recent_url: str
    unmet_total: int
    unmet_url: str


def case_row(line: CaseLine, now: datetime) -> CaseRow:
    """Give a case as a row."""
    return CaseRow(
        number=line.number or line.register_number,
        kind=line.kind,
        party=line.party,
        matter=line.matter,
        stage=line.stage,
        registered_at=line.registered_at,
        unmet=line.unmet,
        undetermined=line.undetermined,
        due=line.next_due,
        left=say_left(line.next_due, now) if line.next_due else "",
        late=line.next_due is not None and line.next_due < now,
        step=line.next_step,
        url=reverse("case", args=[line.uid]),
    )


def list_url(**asked: str | Iterable[str]) -> str:
    """Give the address of the list with some filters; empty ones are left out."""
    query = urlencode([(key, value) for key, value in asked.items() if value], doseq=True)
    return reverse("cases") + (f"?{query}" if query else "")


def case_list(page: CasePage, *, words: str, asked: tuple[str, ...], sort: str, only: str, now: datetime) -> CaseList:
    """Give the list page; `asked` are the stages to which it is narrowed."""
    kept: dict[str, str | tuple[str, ...]] = {"q": words, "stage": asked, "sort": sort, "only": only}
    count = f"{page.total} 件以上" if page.capped else f"{page.total} 件"
    return CaseList(
        rows=tuple(case_row(line, now) for line in page.lines),
        words=words,
        sort=sort,
        only=only,
        asked_stages=asked,
        count=count,
        stages=tuple(
            Choice(label or "全部", list_url(**(kept | {"stage": label})), label in asked or not (label or asked))
            for label in ("", *STAGES)
        ),
        sorts=tuple(
            Choice(label, list_url(**(kept | {"sort": key})), sort == key)
            for key, label in (("", "最近登记"), ("due", "最近到期"))
        ),
        only_choices=tuple(
            Choice(label, list_url(**(kept | {"only": key})), only == key)
            for key, label in (("", "全部"), ("today", "今天到期"), ("unmet", "有不符合"))
        ),
        next=list_url(**kept, cursor=page.next) if page.next else "",
        previous=list_url(**kept, cursor=page.previous) if page.previous else "",
        filtered=bool(words or asked or only),
    )


def _due_row(line: DueLine, now: datetime) -> DueRow:
    return DueRow(
        title=line.title,
        subject=line.subject,
        clause=line.clause,
        number=line.case_number,
        party=line.party,
        due=line.due,
        left=say_left(line.due, now),
        late=line.due < now,
        url=panel_url(line.case_uid, "findings", finding_key(line.clause, line.rule, line.subject_uid)),
    )


def desk(bench: Workbench, now: datetime) -> Desk:
    """Give the workbench page."""
    return Desk(
        due=tuple(_due_row(line, now) for line in bench.due),
        due_total=bench.due_total,
        due_url=list_url(only="today", sort="due"),
        upcoming=_due_row(bench.upcoming, now) if bench.upcoming else None,
        mine=tuple(case_row(line, now) for line in bench.mine),
        mine_total=bench.mine_total,
        mine_url=list_url(stage=bench.mine_stages),
        mine_stages="、".join(bench.mine_stages),
        recent=tuple(case_row(line, now) for line in bench.recent),
        recent_url=list_url(),
        unmet_total=bench.unmet_total,
        unmet_url=list_url(only="unmet"),
    )
