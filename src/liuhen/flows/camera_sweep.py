"""扫尾: sealed recordings and rejected content that nobody has dealt with yet, derived from the rows alone.

Invariant: one that cannot be finished now (a full disk, a damaged object) keeps its reason, is tried again at the next turn,
and never keeps the others waiting.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from liuhen.core.kernel.digests import Digests
from liuhen.flows.camera_completion import finish_container
from liuhen.flows.camera_connection import Connection
from liuhen.flows.camera_storage import set_aside_bytes
from liuhen.flows.occasion import Occasion
from liuhen.records.cameras.models import CameraContainer, CameraObject
from liuhen.records.ledger.turn import turn

log = logging.getLogger("liuhen.cameras")

_PAGE = 100
# The reason may come after the content, in a later call.
_PATIENCE = timedelta(minutes=10)
# Trying again reads every clip again: not at every turn.
_TRY_AGAIN = timedelta(minutes=5)


def finish_camera_deliveries(at: datetime) -> int:
    """Finish what camera systems have sealed, and set rejected content aside; gives how many containers and contents."""
    due = Q(tried_at=None) | Q(tried_at__lte=at - _TRY_AGAIN)
    waiting = CameraContainer.objects.filter(due, kind="recording", finished_at=None).exclude(completed_at=None)
    done = 0
    for row in list(waiting.select_related("connection").order_by("completed_at", "pk")[:_PAGE]):
        done += _finish(row, at)
    return done + _set_rejected_aside(at)


def _finish(row: CameraContainer, at: datetime) -> int:
    try:
        finish_container(row, at)
    except Exception as fault:  # whatever one delivery does to us, the next one must not wait for it
        log.exception("“%s”暂时不能入库，稍后再试", row.name)
        CameraContainer.objects.filter(pk=row.pk).update(fault=str(fault)[:500], tried_at=at)
        return 0
    return 1


def _set_rejected_aside(at: datetime) -> int:
    rows = CameraObject.objects.filter(container__kind="rejected", outcome="").select_related("container__connection")
    done = 0
    for row in list(rows.order_by("pk")[:_PAGE]):
        reason = row.container.metadata.get("rejectedcontentreason", "")
        if reason or at - row.received_at >= _PATIENCE:
            _set_aside(row, reason, at)
            done += 1
    return done


def _set_aside(row: CameraObject, reason: str, at: datetime) -> None:
    owner, told = row.container.connection, row.container.metadata
    actor = Connection(owner.pk, owner.uid, owner.label, owner.agency).actor
    origin = told.get("rejectedcontentoriginalcontainer") or "（未写明）"
    sentence = f"摄像机系统转来的拒收内容：原容器 {origin}，原因：{reason or '（未写明）'}；请人工核对后处理"
    with turn():
        fresh = CameraObject.objects.select_for_update().filter(pk=row.pk, outcome="").first()
        if fresh is None:
            return
        digests = Digests(fresh.sha256, fresh.sm3, fresh.size)
        name = f"{row.container.name}/{fresh.name}"
        set_aside_bytes(Occasion(actor, fresh.received_at, at), digests, name, sentence, fresh.media_type)
        fresh.outcome, fresh.reason = "quarantined", sentence[:500]
        fresh.save(update_fields=["outcome", "reason"])
