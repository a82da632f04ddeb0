"""A recording of a case, made of events alone, and the people around it."""

from liuhen.core.events.parts import FileRef, MediaSummary
from liuhen.core.events.recording import RecordingStored
from liuhen.flows.ingest import link_recording
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_recording
from tests.doors.api.conftest import ACT, Agency, Caller, ago, begun


def film(here: Agency, officer: Caller, number: int = 1) -> str:
    """Begin an act of the case, store a recording of a minute and link it to the act; give the recording's uid."""
    sent = officer.post(f"/cases/{here.case}/events", {"events": [begun(1)]})
    assert sent.status_code == 200, sent.content
    occasion = Occasion(here.officer, ago(minutes=40), ago())
    uid, digest = f"{number:032x}", f"{number:064x}"
    file = FileRef(digest, digest, 10, "库房.mp4", "video/mp4")
    stored = RecordingStored(file, MediaSummary("video", "mp4", duration_ms=60_000), original_name="库房.mp4")
    write_recording(uid, occasion, stored)
    link_recording(here.case, occasion, recording=uid, act=ACT)
    return uid
