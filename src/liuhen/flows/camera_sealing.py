"""人工封口: a person ends a transfer that its camera system began and never sealed, so that what has come is not lost to the case.

Invariant: only what has been silent for a day is sealed by hand, its system shut out or not; who decided and why is an event,
and stands beside the recordings that come of it. What arrives afterwards is set aside as after any seal.
"""

from liuhen.core.events.agency import TransferClosed
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.flows.access import NotFound, Permission, require
from liuhen.flows.camera_arrivals import Stuck, find_stuck
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_agency
from liuhen.records.cameras.models import CameraContainer
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_LONGEST_REASON = 300


class StillComing(LiuhenError):
    """The transfer is sealed already, or something of it came within a day."""

    def __init__(self) -> None:
        super().__init__("这段录像已经标记完成，或者 24 小时以内还有动静，不需要人工封口；请刷新页面查看")


def seal_stuck(occasion: Occasion, system: str, name: str, *, reason: str) -> Stuck:
    """Seal what has come of the recording `name` of a camera system (its uid); the worker takes it in. Gives what had come.

    Raises NotAllowed, NotFound, StillComing, BadInput.
    """
    require(occasion.actor, Permission.INGEST)
    why = reason.strip()
    if not why or len(why) > _LONGEST_REASON:
        raise BadInput("reason", f"请写明为什么不再等待（{_LONGEST_REASON} 字以内），例如“记录仪摔坏，无法继续传送”")
    with turn():
        hold(occasion.actor.agency)
        rows = CameraContainer.objects.select_for_update(of=("self",)).select_related("connection")
        row = rows.filter(connection__agency=occasion.actor.agency, connection__uid=system, name=name).first()
        if row is None:
            raise NotFound("记录仪传送")
        stuck = find_stuck(row, at=occasion.at)
        if stuck is None:
            raise StillComing
        write_agency(occasion, TransferClosed(stuck.system, name, stuck.objects, stuck.size, why))
        row.completed_at = occasion.at
        decided = f"{occasion.actor.name} {say_instant(occasion.at)} 决定以已收到的内容入库，原因：{why}"
        row.doubts = [f"记录仪系统没有标记完成；{decided}"]
        row.save(update_fields=["completed_at", "doubts"])
    return stuck
