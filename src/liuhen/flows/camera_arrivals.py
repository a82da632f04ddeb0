"""执法记录仪系统一览: which systems deliver, what has come in, what is still under way, and whom we could not place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.flows.access import Permission, require_any
from liuhen.flows.camera_people import Entry, device_of, list_devices, list_users
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor
from liuhen.records.cameras.models import CameraConnection, CameraContainer

_READERS = (Permission.INGEST, Permission.MANAGE_AGENCY)
# A camera left in its dock sends without a rest: a shift and a night without a word is no slow network any more.
SILENT_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class System:
    """A camera system: when it was last heard, what waits, and its users and cameras as they stand on our side."""

    label: str
    uid: str
    container_type: str
    encrypted: bool
    connected_at: datetime
    seen_at: datetime | None
    disabled_at: datetime | None
    receiving: int
    waiting: int
    finished: int
    users: tuple[Entry, ...]
    devices: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One recording as it came in; `state`: 接收中, 待入库, 已入库. `fault` says why it still waits."""

    system: str
    name: str
    state: str
    started_at: datetime
    completed_at: datetime | None
    objects: int
    quarantined: int
    officer: str
    device: str
    doubts: tuple[str, ...]
    fault: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A recording that was begun and not sealed, and of which nothing has come since `silent_since`.

    `uid` is the system's. `objects` files of `size` bytes have arrived; `is_shut_out` when its system was disabled and can send
    no more.
    """

    system: str
    uid: str
    name: str
    device: str
    begun_at: datetime
    silent_since: datetime
    objects: int
    size: int
    is_shut_out: bool


def list_systems(actor: Actor) -> list[System]:
    """Give the camera systems of the actor's agency, living ones first. Raises NotAllowed."""
    require_any(actor, _READERS)
    rows = CameraConnection.objects.filter(agency=actor.agency).order_by("disabled_at", "label")
    return sorted((_system(row) for row in rows), key=lambda system: system.disabled_at is not None)


def list_deliveries(actor: Actor, *, most: int = 100) -> list[Delivery]:
    """Give the latest recordings of the actor's agency's camera systems, newest first. Raises NotAllowed."""
    require_any(actor, _READERS)
    rows = CameraContainer.objects.filter(connection__agency=actor.agency, kind="recording")
    counted = rows.select_related("connection").annotate(
        count=Count("objects_in"), aside=Count("objects_in", filter=Q(objects_in__outcome="quarantined"))
    )
    return [_delivery(row, row.count, row.aside) for row in counted.order_by("-created_at", "-pk")[:most]]


def list_stuck(actor: Actor, *, at: datetime, most: int = 50) -> list[Stuck]:
    """Give the recordings that were begun and have been silent for over a day, the longest silent first. Raises NotAllowed."""
    require_any(actor, _READERS)
    silent = _silent(CameraContainer.objects.filter(connection__agency=actor.agency), at)
    agency = agency_facts(actor.agency).agency
    found = [_stuck(agency, row) for row in silent.order_by("changed_at", "pk")[:most]]
    return sorted(found, key=lambda one: one.silent_since)


def find_stuck(container: CameraContainer, *, at: datetime) -> Stuck | None:
    """Give a recording that was begun and has been silent for over a day; None where it is sealed, or still coming."""
    row = _silent(CameraContainer.objects.filter(pk=container.pk), at).first()
    return None if row is None else _stuck(agency_facts(row.connection.agency).agency, row)


def _silent(among: "QuerySet[CameraContainer]", at: datetime) -> "QuerySet[Any]":
    """Narrow to recordings that are not sealed and of which nothing has come for a day, each with what has."""
    limit, has_come = at - SILENT_FOR, Q(objects_in__current=True)
    rows = among.filter(kind="recording", completed_at=None, changed_at__lt=limit).annotate(
        count=Count("objects_in", filter=has_come),
        size=Sum("objects_in__size", filter=has_come),
        received=Max("objects_in__received_at"),
        begun=Max("objects_in__begun_at"),
    )
    quiet = [Q(received=None) | Q(received__lt=limit), Q(begun=None) | Q(begun__lt=limit)]
    return rows.filter(*quiet).select_related("connection")


def _stuck(agency: AgencyFacts, row: Any) -> Stuck:
    return Stuck(
        system=row.connection.label,
        uid=row.connection.uid,
        name=row.name,
        device=device_of(agency, row),
        begun_at=row.created_at,
        silent_since=max(moment for moment in (row.changed_at, row.received, row.begun) if moment is not None),
        objects=row.count,
        size=row.size or 0,
        is_shut_out=row.connection.disabled_at is not None,
    )


def _system(row: CameraConnection) -> System:
    recordings = row.containers.filter(kind="recording")
    return System(
        label=row.label,
        uid=row.uid,
        container_type=row.container_type,
        encrypted=bool(row.public_key_id),
        connected_at=row.created_at,
        seen_at=row.seen_at,
        disabled_at=row.disabled_at,
        receiving=recordings.filter(completed_at=None).count(),
        waiting=recordings.filter(finished_at=None).exclude(completed_at=None).count(),
        finished=recordings.exclude(finished_at=None).count(),
        users=list_users(row),
        devices=list_devices(row),
    )


def _delivery(row: CameraContainer, objects: int, quarantined: int) -> Delivery:
    return Delivery(
        system=row.connection.label,
        name=row.name,
        state="接收中" if row.completed_at is None else "待入库" if row.finished_at is None else "已入库",
        started_at=row.created_at,
        completed_at=row.completed_at,
        objects=objects,
        quarantined=quarantined,
        officer=row.officer,
        device=row.device,
        doubts=tuple(str(doubt) for doubt in row.doubts),
        fault=row.fault,
    )
