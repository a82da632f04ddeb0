"""Recordings for programs: a file comes in as a stream, and what became of it can be read."""

from dataclasses import asdict
from typing import Annotated

from django.http import HttpRequest
from ninja import Path as InPath
from ninja import Query, Router

from liuhen.doors.api.entry import BodyTooLarge, FormRefused, LengthMissing, actor_by, occasion_of
from liuhen.doors.api.refusals import READING, UPLOADING
from liuhen.doors.api.shapes import UID, IngestRow, RecordingCard
from liuhen.flows.read_recording import RecordingReading, read_recording
from liuhen.flows.receive_recording import Upload, receive_recording

router = Router(tags=["音像"])
LARGEST_RECORDING = 64 << 30
# Forms would be taken apart (and kept twice) before we see them: a recording is the body itself.
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_STREAM = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "/recordings", response={200: IngestRow, **UPLOADING}, operation_id="upload_recording", openapi_extra=_STREAM
)
def post_recording(
    request: HttpRequest,
    name: Annotated[str, Query(min_length=1, max_length=200, description="文件名，不含路径")],
    sha256: Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$")] = None,
    device: Annotated[str | None, Query(pattern=UID)] = None,
    officer: Annotated[str | None, Query(pattern=UID)] = None,
) -> IngestRow:
    """上传一个音像文件，正文就是文件内容；同一文件再传一次答 known，不能播放的答 quarantined 并写明原因。"""
    upload = Upload(name, _length(request), sha256, device, officer)
    return IngestRow(**asdict(receive_recording(occasion_of(request), upload, request.read)))


@router.get("/recordings/{uid}", response={200: RecordingCard, **READING}, operation_id="get_recording")
def get_recording(request: HttpRequest, uid: Annotated[str, InPath(pattern=UID)]) -> RecordingCard:
    """一段音像的来历和摘要。"""
    return _card(read_recording(actor_by(request), uid))


def _length(request: HttpRequest) -> int:
    if request.content_type in _FORMS:
        raise FormRefused("请把文件内容直接作为正文发送，Content-Type 写 application/octet-stream，不要用表单")
    stated = request.META.get("CONTENT_LENGTH") or ""
    if not stated.isdecimal():
        raise LengthMissing("没有写明 Content-Length；请写明文件的字节数后重新上传")
    if int(stated) > LARGEST_RECORDING:
        raise BodyTooLarge(f"文件超过 {LARGEST_RECORDING >> 30} GiB；请分段后上传")
    return int(stated)


def _card(reading: RecordingReading) -> RecordingCard:
    recording = reading.recording
    file, media = recording.file, recording.media
    return RecordingCard(
        uid=recording.uid,
        name=recording.original_name or (file.name if file else ""),
        kind=media.kind if media else "",
        media_type=file.media_type if file else "",
        size=file.size if file else 0,
        sha256=file.sha256 if file else "",
        sm3=file.sm3 if file else "",
        started_at=recording.started,
        ended_at=recording.ended,
        stored_at=recording.stored,
        duration_ms=media.duration_ms if media else None,
        officer=recording.officer,
        device=recording.device,
        clock_doubt=recording.clock_doubt,
        case=reading.case_uid,
        act=reading.act_uid,
    )
