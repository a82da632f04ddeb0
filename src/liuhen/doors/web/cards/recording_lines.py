"""What a recording's panel says of it: times, who and what filmed it, labels, what was found in it, how long it is kept."""

from collections.abc import Iterator
from datetime import timedelta

from liuhen.core.facts.model import Recording
from liuhen.core.kernel.moments import say_instant, say_span
from liuhen.core.rules.keeping import kept_until
from liuhen.doors.web.cards.parts import Line, filled_lines
from liuhen.doors.web.typography import say_second, size
from liuhen.flows.read_case import CaseReading

_PLACES_SHOWN = 3


def recording_lines(reading: CaseReading, recording: Recording) -> Iterator[Line]:
    """Give the lines of a recording; what nobody said has no line."""
    yield from times(recording)
    yield from _filmed_by(reading, recording)
    yield from (Line(label, text) for label, text in recording.labels.items())
    marks = len(recording.marks)
    yield from filled_lines(("标记", f"{marks} 处" if marks else ""))
    yield from _found(recording)
    yield Line("保存期限", kept_until(reading.packs, reading.facts, recording.uid).say())
    for item in recording.transfers:
        yield Line("移交", f"{item.to}（{item.carrier}，{item.purpose}，依据：{item.approval}）")
    if recording.file:
        yield Line("SHA-256", recording.file.sha256, code=True)
        yield Line("SM3", recording.file.sm3, code=True)
        yield Line("大小", size(recording.file.size))


def times(recording: Recording) -> Iterator[Line]:
    """Give when a recording was made and stored; a photograph shows one moment."""
    is_photo = recording.media is not None and recording.media.kind == "photo"
    yield from filled_lines(
        ("拍摄" if is_photo else "开始", recording.started and say_instant(recording.started)),
        ("结束", "" if is_photo else recording.ended and say_instant(recording.ended)),
        ("时间校正依据", recording.timed_by),
        ("入库", recording.stored and say_instant(recording.stored)),
        ("入库方式", recording.way),
        ("未及时入库理由", recording.storage_ground),
        ("时钟疑点", recording.clock_doubt),
    )


def _filmed_by(reading: CaseReading, recording: Recording) -> Iterator[Line]:
    device = reading.facts.agency.devices.get(recording.device or "")
    drift = device.drift_ms if device else None
    yield from filled_lines(
        ("设备", f"{device.name} {device.number}" if device else recording.device),
        ("设备时钟", None if drift is None else _say_drift(drift)),
        ("拍摄人", reading.names.get(recording.officer or "", recording.officer)),
        ("拍摄地点", place(recording)),
        ("分段", f"第 {recording.part} 段" if recording.part else ""),
    )


def place(recording: Recording) -> str:
    """Give where a recording says it was made, as latitude and longitude; empty where it does not."""
    found = recording.media.location if recording.media else None
    return f"{found.latitude}, {found.longitude}" if found else ""


def _say_drift(drift_ms: int) -> str:
    if abs(drift_ms) < 1000:
        return "与系统时间一致"
    return f"比系统时间{'快' if drift_ms > 0 else '慢'} {say_span(timedelta(milliseconds=abs(drift_ms)))}"


def _found(recording: Recording) -> Iterator[Line]:
    """Say what the examination found, kind by kind, with its first places."""
    if recording.examined is None:
        return
    kinds = dict.fromkeys(span.kind for span in recording.examined.spans)
    if not kinds:
        yield Line("检测", "没有发现静音、黑屏、静止和断流")
    for kind in kinds:
        spans = [span for span in recording.examined.spans if span.kind == kind]
        length = timedelta(seconds=float(sum(span.end - span.start for span in spans)))
        places = "、".join(say_second(float(span.start)) for span in spans[:_PLACES_SHOWN])
        more = " 等" if len(spans) > _PLACES_SHOWN else ""
        yield Line(f"检测出{kind}", f"{len(spans)} 处，共 {say_span(length)}，始于 {places}{more}")
