"""Tending recordings after they came in: a wrong link undone, a doubtful time settled, what was set aside dealt with.

Invariant: nothing is corrected in place; each correction is an event that names its ground, and what it replaces stays readable.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from liuhen.core.events.agency import ArrivalSettled, DeviceClockChecked
from liuhen.core.events.case import RecordingUnlinked
from liuhen.core.events.custody import RecordingHeld, RecordingReleased, RecordingTimed, RecordingTransferred
from liuhen.core.events.envelope import Stream
from liuhen.core.facts.clocks import LARGEST_DRIFT
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import say_span
from liuhen.flows.access import NotFound, Permission, case_for, recording_for, require_any
from liuhen.flows.classified import is_state_secret
from liuhen.flows.device_clocks import COMPARERS
from liuhen.flows.fitting import IMPLAUSIBLE, is_plausible
from liuhen.flows.ground import agency_facts, ground_of, recording_facts
from liuhen.flows.hand_out import HoldsStateSecrets
from liuhen.flows.indexing import settle_quarantine_row, unlink_recording_row
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write, write_agency, write_recording
from liuhen.records.index.models import QuarantineRow
from liuhen.records.ledger.append import hold as hold_log
from liuhen.records.ledger.turn import turn

_LONGEST_REASON = 500


class AlreadySo(LiuhenError):
    """What is asked for stands already, or cannot be any more."""


def unlink_recording(case_uid: str, occasion: Occasion, recording: str, *, reason: str) -> None:
    """Undo a link that was a mistake, until the case went to the archive. Raises NotAllowed, NotFound, AlreadySo, BadInput."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    row = recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    said = _said("reason", reason, "撤销关联的原因")
    with turn():
        hold_log(occasion.actor.agency)
        ground = ground_of(case_uid, occasion.actor.agency)
        if row.case_uid != case_uid or ground.facts.recordings[recording].act is None:
            raise NotFound("已关联本案的音像记录")
        if ground.facts.case.archived:
            raise AlreadySo("案件已经归档，不能再撤销音像的关联；确有错误的，请在备考表中说明")
        stream = Stream("case", case_uid)
        write(occasion, [(stream, RecordingUnlinked(recording, said))], after={str(stream): ground.facts.case.version})
        unlink_recording_row(recording)


def settle_time(occasion: Occasion, recording: str, *, started: datetime, ended: datetime, basis: str) -> None:
    """Set down when it was really filmed. Raises NotAllowed, NotFound, BadInput naming the field."""
    row = recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    for field, moment in (("started_at", started), ("ended_at", ended)):
        if not is_plausible(moment):
            raise BadInput(field, IMPLAUSIBLE)
    if ended < started:
        raise BadInput("ended_at", "结束时间早于开始时间；请核对")
    if ended > row.stored_at:
        raise BadInput("ended_at", "结束时间晚于入库时间；文件入库时拍摄必已结束，请核对")
    write_recording(recording, occasion, RecordingTimed(started, ended, _said("basis", basis, "认定时间的依据")))


def hold_recording(occasion: Occasion, recording: str, *, ground: str) -> str:
    """Keep a recording from disposal whatever its term says; gives the id of the hold. Raises NotAllowed, NotFound, BadInput."""
    recording_for(occasion.actor, recording, Permission.ARCHIVE)
    said, uid = _said("ground", ground, "暂缓处置的原因"), occasion.new_id()
    write_recording(recording, occasion, RecordingHeld(uid, said))
    return uid


def release_recording(occasion: Occasion, recording: str, hold: str, *, reason: str) -> None:
    """End a hold. Raises NotAllowed, NotFound, AlreadySo, BadInput."""
    recording_for(occasion.actor, recording, Permission.ARCHIVE)
    said = _said("reason", reason, "解除的原因")
    with turn():
        hold_log(occasion.actor.agency)
        if hold not in recording_facts(recording).holds:
            raise AlreadySo("这项暂缓处置不存在，或者已经解除；请刷新页面")
        write_recording(recording, occasion, RecordingReleased(hold, said))


def transfer_recording(
    occasion: Occasion, recording: str, *, to: str, carrier: str, purpose: str, approval: str
) -> None:
    """Set down that a copy was handed over. Raises NotAllowed, NotFound, HoldsStateSecrets, BadInput."""
    row = recording_for(occasion.actor, recording, Permission.ARCHIVE)
    if is_state_secret(row.classification):
        raise HoldsStateSecrets
    texts = {
        "to": (to, "接收人"),
        "carrier": (carrier, "载体"),
        "purpose": (purpose, "用途"),
        "approval": (approval, "批准"),
    }
    said: Mapping[str, str] = {field: _said(field, text, what) for field, (text, what) in texts.items()}
    write_recording(recording, occasion, RecordingTransferred(**said))


def settle_arrival(occasion: Occasion, sha256: str, *, outcome: str, recording: str | None = None) -> None:
    """Say what became of a file that was set aside. Raises NotAllowed, NotFound, AlreadySo, BadInput."""
    require_any(occasion.actor, (Permission.INGEST, Permission.ARCHIVE))
    said = _said("outcome", outcome, "处理结果")
    if recording is not None:
        recording_for(occasion.actor, recording)
    with turn():
        hold_log(occasion.actor.agency)
        row = QuarantineRow.objects.filter(agency=occasion.actor.agency, sha256=sha256).order_by("-at", "-id").first()
        if row is None:
            raise NotFound("隔离的文件")
        if row.outcome:
            raise AlreadySo(f"这个文件已经处理：{row.outcome}")
        write_agency(occasion, ArrivalSettled(sha256, said, recording))
        settle_quarantine_row(occasion.actor.agency, sha256, said)


def check_clock(occasion: Occasion, device: str, shown: datetime) -> timedelta:
    """Set down what a device's clock shows now; gives how far it is ahead. Raises NotAllowed, NotFound, BadInput."""
    require_any(occasion.actor, COMPARERS)
    if device not in agency_facts(occasion.actor.agency).agency.devices:
        raise NotFound("本机关登记的设备")
    ahead = shown - occasion.at
    if not is_plausible(shown):
        raise BadInput("shown", f"设备显示 {shown.year} 年，时钟已经复位，没有可比的时间；请先在设备上校准，再来比对")
    if abs(ahead) > LARGEST_DRIFT:
        raise BadInput(
            "shown",
            f"填写的时间与本机相差 {say_span(ahead)}，请核对年月日；设备确实这样显示的，请先在设备上校准，再来比对",
        )
    drift_ms = round(ahead.total_seconds() * 1000)
    write_agency(occasion, DeviceClockChecked(device, shown, drift_ms))
    return timedelta(milliseconds=drift_ms)


def _said(field: str, text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise BadInput(field, f"没有写明{what}；请补写后重试")
    if len(said) > _LONGEST_REASON:
        raise BadInput(field, f"{what}超过 {_LONGEST_REASON} 字；请精简")
    if not said.isprintable():
        raise BadInput(field, f"{what}含有无法显示的字符；请删去后重试")
    return said
