"""Drafts for the tests of the ledger: small true events of one agency and its recordings."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from liuhen.core.events.catalogue import encode_content
from liuhen.core.events.envelope import Draft, Stream
from liuhen.core.events.recording import RecordingMarked
from liuhen.core.kernel.moments import SHANGHAI

AGENCY = "371500CZJ"
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def at_minute(minute: float) -> datetime:
    """Give the instant so many minutes after nine o'clock."""
    return MORNING + timedelta(minutes=minute)


def recording(name: str = "r1") -> Stream:
    """Give the stream of a recording."""
    return Stream("recording", name)


def marked(
    stream: Stream,
    *,
    at: datetime = MORNING,
    topic: str = "告知权利",
    agency: str = AGENCY,
    corrects: str | None = None,
) -> Draft:
    """Draft a mark on a recording."""
    name, content = encode_content(RecordingMarked(second=Decimal("12.5"), topic=topic, note="当事人表示清楚"))
    return Draft(
        id=uuid.uuid4().hex,
        agency=agency,
        stream=stream,
        type=name,
        at=at,
        actor="b6f1c1f0a5d64d0f9b1d6a3a4f5c7e21",
        content=content,
        corrects=corrects,
    )
