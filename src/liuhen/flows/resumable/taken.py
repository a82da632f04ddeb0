"""随拍随传: what a phone says of a file that it took within an act, and how such a file comes to its act by itself.

Invariant: the file is safe and recorded before anything is linked; a recording that a person has linked elsewhere stays there,
and one that cannot be linked waits on the import desk like any other.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import parse_instant, render_instant
from liuhen.flows.access import Permission, case_for, recording_for
from liuhen.flows.ground import recording_facts
from liuhen.flows.ingest import link_recording
from liuhen.flows.occasion import Occasion
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

log = logging.getLogger("liuhen.uploads")
_UID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_TIMES = ("started", "ended")


@dataclass(frozen=True, slots=True)
class Taken:
    """The case and act that somebody filmed, and from when to when by the phone's clock as the server set it right."""

    case: str
    act: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    way: Literal["手机"] = "手机"


@dataclass(frozen=True, slots=True)
class Standing:
    """To which act a recording belongs after all, empty for none; `is_linked` when it is the one that was asked for.

    `length_ms`: how long it was found to be, beyond which nothing in it can be marked.
    """

    act: str
    is_linked: bool
    length_ms: int | None
    reason: str = ""


def read_taken(said: Mapping[str, str]) -> Taken | None:
    """Read a sender's words `case`, `act`, `started`, `ended`; None where no act is named. Raises BadInput naming the word."""
    if not said.get("case") and not said.get("act"):
        return None
    for word in ("case", "act"):
        if not _UID.fullmatch(said.get(word, "")):
            raise BadInput(word, "现场拍摄的文件应同时写明案件和执法活动的编号；请核对")
    started, ended = (parse_instant(said[word], word) if said.get(word) else None for word in _TIMES)
    if started is not None and ended is not None and ended < started:
        raise BadInput("ended", "结束时间早于开始时间；请核对")
    return Taken(said["case"], said["act"], started, ended)


def write_taken(taken: Taken | None) -> dict[str, Any] | None:
    """Write it as plain data."""
    if taken is None:
        return None
    times = {
        name: render_instant(value) if value else None
        for name, value in (("started_at", taken.started_at), ("ended_at", taken.ended_at))
    }
    return asdict(taken) | times


def restore_taken(data: Mapping[str, Any] | None) -> Taken | None:
    """Read it back from plain data."""
    if data is None:
        return None
    times = {name: parse_instant(data[name]) if data[name] else None for name in ("started_at", "ended_at")}
    return Taken(**(dict(data) | times))


def link_taken(occasion: Occasion, taken: Taken, recording: str) -> Standing:
    """Link a recording to the act that it was taken within, once however often it is asked. Raises NotAllowed, NotFound."""
    case_for(occasion.actor, taken.case, Permission.INVESTIGATE)
    with turn():
        hold(occasion.actor.agency)  # the phone and the sweep may ask at once
        return _link(occasion, taken, recording)


def _link(occasion: Occasion, taken: Taken, recording: str) -> Standing:
    row = recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    media = recording_facts(recording).media
    length = media.duration_ms if media else None
    if row.case_uid:
        here = (row.case_uid, row.act_uid) == (taken.case, taken.act)
        return Standing(row.act_uid, here, length, "" if here else "这段音像已由人员关联到其他执法活动")
    try:
        link_recording(taken.case, occasion, recording=recording, act=taken.act)
    except LiuhenError as refusal:
        # The bytes are kept and recorded; which act they show is then a person's to say, on the import desk.
        log.info("recording %s was not linked to act %s: %s", recording, taken.act, refusal)
        return Standing("", False, length, str(refusal))
    return Standing(taken.act, True, length)
