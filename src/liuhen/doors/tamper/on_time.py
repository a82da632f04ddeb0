"""Lies told to the log itself: an insider records them now, with the real witnesses attesting the present."""

import dataclasses
from datetime import datetime, timedelta

from liuhen.core.events.case import ActEnded, CaseConsulted, PartyTold
from liuhen.core.events.envelope import Sealed, leaf_of, render_header
from liuhen.core.tlog.note import parse_note
from liuhen.doors.tamper.attack import About, Attack, Lie
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.shadow import ShadowLog
from liuhen.doors.tamper.specimen import moment

_NOW = About("events", "now", also=True)
_TOLD = PartyTold(("陈述", "申辩"), "罗进", "口头")
_LOOKED = CaseConsulted("卷宗", "查看")


def attacks() -> tuple[Attack, ...]:
    """Give the lies that are recorded now."""
    date, put = "back-date", "insert"
    between = "A log is only as exact as it is sealed: every minute by default"
    return (
        _lie(
            "backdated", date, "an event of today claims to be recorded 16 days ago", _told("03-04 09:00"), "TIME-003"
        ),
        _lie(
            "backdated-bare",
            date,
            "the same; the checkpoint that contradicts it is left out",
            _told("03-04 09:00", 6),
            "TIME-006",
        ),
        _lie(
            "backdated-days",
            date,
            "the same for two days",
            _told("03-18 10:00", 6),
            "TIME-007",
            remark="Told, not refused: an agency cut off from its witnesses looks the same",
        ),
        _lie(
            "backdated-hours",
            date,
            "the same for some hours between two checkpoints",
            _told("03-19 20:00"),
            remark=f"{between}. Whoever watches the log sees that it was not sealed",
        ),
        _lie("future", date, "an event claims to be recorded tomorrow", _told("03-21 11:00"), "TIME-004"),
        _lie(
            "late",
            date,
            "an act of the 4th is entered today",
            _entered_late,
            "EVT-013",
            remark="Lawful, and said: the time of entry is proven, that of the act is its writer's word",
        ),
        _lie(
            "late-system",
            date,
            "what the system itself does (a consultation) is entered with a date of the 4th",
            _looked_early,
            "EVT-010",
        ),
        _lie("happens-later", date, "an act of tomorrow is entered today", _happens_later, "EVT-008"),
        _lie(
            "order",
            "reorder",
            "two events are recorded in an order that their times contradict",
            _against_order,
            "LOG-006",
        ),
        _lie("fork", "edit", "the log is written anew from a changed event on", _fork, "LOG-003"),
        _lie("no-effect", put, "an end of an act that never began", _no_effect, "EVT-009"),
    )


def _lie(name: str, operation: str, does: str, lie: Lie, *expects: str, remark: str = "") -> Attack:
    return _NOW.lie(name, operation, does, lie, *expects, truth=_honest, remark=remark)


def _record(forgery: Forgery, content: object, at: datetime, recorded_at: datetime) -> Sealed:
    return forgery.seal_event(f"case:{forgery.specimen.case}", content, at=at, recorded_at=recorded_at)


def _honest(forgery: Forgery) -> None:
    forgery.append(_record(forgery, _LOOKED, forgery.now, forgery.now))


def _told(when: str, *dropping: int) -> Lie:
    def lie(forgery: Forgery) -> None:
        at, last = moment(when), forgery.events[-1].header
        said = forgery.seal_event(last.stream, _TOLD, at=at, recorded_at=at, seq=last.seq + 1)
        forgery.append(said, dropping=dropping, bare=True)

    return lie


def _entered_late(forgery: Forgery) -> None:
    forgery.append(_record(forgery, _TOLD, moment("03-04 09:00"), forgery.now))


def _looked_early(forgery: Forgery) -> None:
    forgery.append(_record(forgery, _LOOKED, moment("03-04 09:00"), forgery.now))


def _happens_later(forgery: Forgery) -> None:
    forgery.append(_record(forgery, _TOLD, forgery.now + timedelta(days=1), forgery.now))


def _against_order(forgery: Forgery) -> None:
    first = _record(forgery, _LOOKED, forgery.now, forgery.now)
    before = forgery.now - timedelta(minutes=2)
    forgery.append(first, _record(forgery, _LOOKED, before, before))


def _no_effect(forgery: Forgery) -> None:
    forgery.append(_record(forgery, ActEnded("no-such-act"), forgery.now, forgery.now))


def _fork(forgery: Forgery) -> None:
    """Change an event, compute every root anew, sign; the witnesses are asked and refuse."""
    specimen, events = forgery.specimen, forgery.events
    at = forgery.pick("case.act-begun")
    old = events[at]
    header = dataclasses.replace(old.header, actor="officer-nobody")
    events[at] = Sealed(render_header(header), old.content_bytes, old.salt)
    leaves = list(specimen.leaves)
    places = {event: number for number, event in enumerate(specimen.sealed)}
    leaves[places[header.id]] = leaf_of(events[at].header_bytes, header.id)
    log = ShadowLog(specimen.origin, leaves)
    entry = log.attest(len(leaves), len(leaves), forgery.now, forgery.attesters)
    assert len(parse_note(entry.note).signatures) == len(forgery.attesters.signers)  # nobody cosigned
    forgery.lay_out(events, log, places, [entry])
