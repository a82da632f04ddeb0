"""执法记录仪系统送达: containers, their metadata and their contents, kept as they come until the camera system seals them.

Invariant: nothing is acknowledged before its bytes are in the vault and its row is committed; what was acknowledged is never
replaced (another content under the same name stands beside it); a sealed recording takes nothing any more: what still comes
is set aside, and refused.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO, cast

from liuhen.adapters.cameras.metadata import Sent, is_complete, merged, replaced
from liuhen.adapters.cameras.names import kind_of_container, require_name
from liuhen.core.events.agency import ArrivalQuarantined
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.camera_connection import Connection
from liuhen.flows.indexing import quarantine_row
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.receive_recording import UploadCut
from liuhen.flows.writing import write_agency
from liuhen.records.cameras.models import CameraContainer, CameraObject
from liuhen.records.index.models import QuarantineRow
from liuhen.records.ledger.turn import turn

log = logging.getLogger("liuhen.cameras")


class NotHere(LiuhenError):
    """There is no such container or object."""


class ContainerSealed(LiuhenError):
    """The recording was sealed; what still came is set aside."""


class MetadataTooLarge(LiuhenError):
    """More metadata than anybody sends in good faith."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A body on its way: `read(most)` gives b"" at the end; `size` is what was announced, None where nothing was.

    `clock` says when its bytes are safe: a large one is long on its way.
    """

    read: Callable[[int], bytes]
    size: int | None
    clock: Callable[[], datetime]
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept under a name: metadata, and of an object its size and MD5."""

    metadata: dict[str, str]
    size: int = 0
    etag: str | None = None
    media_type: str = ""


class _Measured:
    """A body that is hashed and counted as it is read. Raises UploadCut where it ends before its announced size."""

    def __init__(self, body: Incoming) -> None:
        self._body = body
        self.md5 = hashlib.md5(usedforsecurity=False)
        self.size = 0

    def read(self, most: int) -> bytes:
        left = most if self._body.size is None else min(most, self._body.size - self.size)
        block = self._next(left) if left > 0 else b""
        if not block and self._body.size is not None and self.size < self._body.size:
            raise UploadCut(f"传输中断，应有 {self._body.size} 字节，只收到 {self.size} 字节，没有收下；请重新传送")
        self.md5.update(block)
        self.size += len(block)
        return block

    def _next(self, most: int) -> bytes:
        try:
            return self._body.read(most)
        except OSError:
            raise UploadCut(f"传输中断，只收到 {self.size} 字节，没有收下；请重新传送") from None


def put_container(connection: Connection, name: str, sent: Sent, at: datetime) -> bool:
    """Create a container or add to its metadata; true when it is new. Raises BadInput, ContainerSealed, MetadataTooLarge."""
    require_name(name, "容器名称")
    with turn():
        row, fresh = _claim(connection, name, at)
        late = _change(row, sent, at)
    _refuse_late(connection, late, at)
    return fresh


def post_container(connection: Connection, name: str, sent: Sent, at: datetime) -> None:
    """Add to a container's metadata; `Status: Complete` seals a recording. Raises NotHere, ContainerSealed, MetadataTooLarge."""
    with turn():
        late = _change(_locked(connection, name), sent, at)
    _refuse_late(connection, late, at)


def put_object(connection: Connection, place: tuple[str, str], sent: Sent, body: Incoming, at: datetime) -> str:
    """Keep a content whose request came in `at`, and give its MD5.

    Raises BadInput, NotHere, MetadataTooLarge, UploadCut, DiskFull, ContainerSealed.
    """
    container, name = place
    require_name(name, "对象名称")
    kind = kind_of_container(container)
    _require_modest(kind, sent)
    if kind == "rejected":
        put_container(connection, container, Sent({}), at)  # these may never be refused, whatever came before
    elif not CameraContainer.objects.filter(connection_id=connection.pk, name=container).exists():
        raise NotHere(f"没有名为“{container}”的容器；请先创建容器")
    source = _Measured(body)
    digests = office().vault.store(cast(BinaryIO, source)).digests
    md5, safe = source.md5.hexdigest(), body.clock()
    with turn():
        row = _locked(connection, container)
        standing = row.objects_in.filter(name=name, sha256=digests.sha256).first()
        sealed = row.completed_at is not None and standing is None
        if row.completed_at is None:
            kept = standing or CameraObject(
                container=row, name=name, sha256=digests.sha256, sm3=digests.sm3, size=digests.size, received_at=safe
            )
            kept.md5, kept.media_type, kept.metadata, kept.begun_at = md5, body.media_type[:100], replaced(sent), at
            _keep(kept)
    if sealed:
        _set_aside(connection, digests, f"{container}/{name}", safe)
        raise ContainerSealed(f"“{container}”已标记完成，不再接收“{name}”；内容已隔离保存，请人工核对")
    return md5


def post_object(connection: Connection, place: tuple[str, str], sent: Sent, at: datetime) -> None:
    """Put metadata in place of an object's own. Raises NotHere, ContainerSealed, MetadataTooLarge."""
    with turn():
        row = _locked(connection, place[0])
        _require_modest(row.kind, sent)
        standing = _current(row, place[1])
        values = replaced(sent)
        late = row.completed_at is not None and standing.metadata != values
        if not late:
            standing.metadata = values
            standing.save(update_fields=["metadata"])
    _refuse_late(connection, ("/".join(place), values) if late else None, at)


def get_container(connection: Connection, name: str) -> Held:
    """Give what is kept of a container. Raises NotHere."""
    row = CameraContainer.objects.filter(connection_id=connection.pk, name=name).first()
    if row is None:
        raise NotHere(f"没有名为“{name}”的容器")
    return Held(row.metadata)


def get_object(connection: Connection, place: tuple[str, str]) -> Held:
    """Give what is kept of an object. Raises NotHere."""
    row = CameraContainer.objects.filter(connection_id=connection.pk, name=place[0]).first()
    if row is None:
        raise NotHere(f"没有名为“{place[0]}”的容器")
    standing = _current(row, place[1])
    return Held(standing.metadata, standing.size, standing.md5, standing.media_type)


def set_aside_bytes(occasion: Occasion, digests: Digests, name: str, reason: str, media_type: str = "") -> None:
    """List bytes of the vault as a quarantine entry of the agency, once for the same bytes."""
    if QuarantineRow.objects.filter(agency=occasion.actor.agency, sha256=digests.sha256).exists():
        return
    kind = media_type or "application/octet-stream"
    file = FileRef(digests.sha256, digests.sm3, digests.size, name[-255:], kind)
    with turn():
        sealed = write_agency(occasion, ArrivalQuarantined(file, reason[:500]))
        quarantine_row(sealed[0].header, file, reason[:500])


def _claim(connection: Connection, name: str, at: datetime) -> tuple[CameraContainer, bool]:
    kind = kind_of_container(name)
    return CameraContainer.objects.select_for_update().get_or_create(
        connection_id=connection.pk, name=name, defaults={"kind": kind, "created_at": at, "changed_at": at}
    )


def _locked(connection: Connection, name: str) -> CameraContainer:
    row = CameraContainer.objects.select_for_update().filter(connection_id=connection.pk, name=name).first()
    if row is None:
        raise NotHere(f"没有名为“{name}”的容器；请先创建容器")
    return row


def _current(row: CameraContainer, name: str) -> CameraObject:
    standing = row.objects_in.filter(name=name, current=True).first()
    if standing is None:
        raise NotHere(f"“{row.name}”中没有名为“{name}”的对象")
    return standing


def _change(row: CameraContainer, sent: Sent, at: datetime) -> tuple[str, dict[str, Any]] | None:
    """Merge metadata into a container; gives what came too late, if anything did."""
    _require_modest(row.kind, sent)
    values = merged(row.metadata, sent)
    if values == row.metadata:
        return None
    if row.completed_at is not None:
        return row.name, dict(sent.values)
    row.metadata, row.changed_at = values, at
    if row.kind == "recording" and is_complete(values):
        row.completed_at = at
    row.save(update_fields=["metadata", "changed_at", "completed_at"])
    return None


def _require_modest(kind: str, sent: Sent) -> None:
    """Refuse outsized metadata, but for rejected content, of which the rest is taken."""
    if not sent.cut:
        return
    if kind != "rejected":
        raise MetadataTooLarge(f"元数据过多、过长或者名称不合规：{'、'.join(sent.cut)[:200]}")
    log.warning("拒收内容的元数据过多或过长，只收下了一部分：%s", "、".join(sent.cut)[:200])


def _keep(row: CameraObject) -> None:
    """Make a content the current one of its name, unless another one was begun later.

    A broken link may be noticed here long after the camera system has sent everything again, and where a server takes chunks
    apart the stump then looks whole: it must not take the place of what came after it began.
    """
    others = row.container.objects_in.filter(name=row.name, current=True).exclude(sha256=row.sha256)
    row.current = not others.filter(begun_at__gt=row.begun_at).exists()
    if others:
        log.warning("“%s/%s”先后收到不同的内容，两份都已保留，以后开始传送的一份为准", row.container.name, row.name)
    if row.current:
        others.update(current=False)
    row.save()


def _refuse_late(connection: Connection, late: tuple[str, dict[str, Any]] | None, at: datetime) -> None:
    """Set aside metadata that came for a sealed recording, and refuse it."""
    if late is None:
        return
    name, values = late
    data = json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1).encode()
    digests = office().vault.store(BytesIO(data)).digests
    _set_aside(connection, digests, f"{name}.metadata.json", at)
    raise ContainerSealed(f"“{name}”已标记完成，不能再改动；送来的说明已隔离保存，请人工核对")


def _set_aside(connection: Connection, digests: Digests, name: str, at: datetime) -> None:
    reason = f"{connection.actor.name}在录音录像标记完成以后又送来“{name}”，没有并入原记录，请核对来历"
    log.error(reason)
    set_aside_bytes(Occasion(connection.actor, at, at), digests, name, reason)
