"""归档与下载: whether the case can be filed, what was built, and how it can be checked."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from liuhen.core.facts.model import Access
from liuhen.core.kernel.moments import say_instant
from liuhen.doors.web.cards.case import Header, SealState, case_header, seal_state
from liuhen.doors.web.cards.compliance import FindingLine, finding_line
from liuhen.doors.web.cards.parts import Action, Line
from liuhen.doors.web.typography import size
from liuhen.flows.access import Permission, has
from liuhen.flows.deliver import Parcel
from liuhen.flows.fit_access import LEAVING, why_not
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """A package that can be fetched."""

    form: str
    name: str
    size: str
    built_at: datetime
    manifest: str
    url: str


@dataclass(frozen=True, slots=True)
class AccessLine:
    """A request to see, copy or be given records, where it stands, and what can be handed out on it."""

    applicant: str
    purpose: str
    what: str
    state: str
    parcels: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """The archive page; `secret` where nothing may leave through the web, `documents` how many can be bound into a volume."""

    header: Header
    state: str
    archived: tuple[Line, ...]
    documents: int
    may_file: bool
    may_pack: bool
    open_findings: tuple[FindingLine, ...]
    parcels: tuple[ParcelLine, ...]
    accesses: tuple[AccessLine, ...]
    secret: bool
    seal: SealState


def archive_page(reading: CaseReading, actor: Actor, found: tuple[Parcel, ...]) -> ArchivePage:
    """Give the archive page of a case as one person may see it."""
    case, archivist = reading.facts.case, has(actor, Permission.ARCHIVE)
    asking = [item for item in reading.verdicts if item.verdict in ("unmet", "undetermined")]
    return ArchivePage(
        # This page is where the head's next action leads; its own buttons say what is next.
        header=replace(case_header(reading, actor), next=None),
        state=_state(reading, archivist),
        archived=(
            Line("归档时间", say_instant(case.archived)),
            Line("档号", case.archive_number or "", code=True),
            Line("保管期限", case.retention or ""),
        )
        if case.archived
        else (),
        documents=sum(document.file is not None for document in case.documents.values()),
        may_file=archivist and case.concluded is not None and case.archived is None,
        may_pack=archivist and case.archived is not None and not reading.secret,
        open_findings=tuple(finding_line(reading, item) for item in asking),
        parcels=() if reading.secret else tuple(_parcel(reading.uid, item) for item in found),
        accesses=tuple(
            _access(item, _parcels_for(item, reading, found) if archivist else ()) for item in case.accesses.values()
        ),
        secret=reading.secret,
        seal=seal_state(reading.sealing),
    )


def _state(reading: CaseReading, archivist: bool) -> str:
    case = reading.facts.case
    if case.archived:
        return ""
    if case.concluded is None:
        return "案件尚未结案，不能归档。完成结案审批后再来。"
    return "" if archivist else "案件已经结案，等待档案管理员归档。"


def _access(item: Access, links: tuple[Action, ...]) -> AccessLine:
    if item.given is not None:
        state = f"{say_instant(item.given)} 已提供"
    elif item.decided is not None:
        state = f"{say_instant(item.decided)} {'同意' if item.granted else '不同意'}"
    else:
        state = "等待决定" if item.purpose in LEAVING else "已登记"
    return AccessLine(item.applicant, item.purpose, item.what, state, links)


def _parcels_for(item: Access, reading: CaseReading, found: tuple[Parcel, ...]) -> tuple[Action, ...]:
    """Give the bound volume and the newest package in each form, where the request lets them leave."""
    if reading.secret or item.purpose not in LEAVING or why_not(item):
        return ()
    newest = {parcel.form: parcel for parcel in reversed(found)}
    addresses = [(form, [reading.uid, parcel.manifest, form]) for form, parcel in sorted(newest.items(), reverse=True)]
    packed = [Action(form, f"{reverse('package', args=args)}?access={item.uid}") for form, args in addresses]
    return (*packed, Action("装订卷宗", f"{reverse('volume', args=[reading.uid])}?access={item.uid}"))


def _parcel(uid: str, item: Parcel) -> ParcelLine:
    return ParcelLine(
        form="光盘映像（iso）" if item.form == "iso" else "压缩包（zip）",
        name=item.path.name,
        size=size(item.size),
        built_at=item.built_at,
        manifest=item.manifest,
        url=reverse("package", args=[uid, item.manifest, item.form]),
    )
