"""Which act a recording shows: proposals by time, officer, device and place, ranked, each with its reasons in words.

Invariant: a proposal is never more than a proposal; what is called certain overlaps almost wholly, was filmed by an officer
of the act or with a device that already filmed it, and has no rival. A person confirms it. Where a device's clock is known to be
ahead or behind, times are compared as they then were, the reasons say so, and the recorded times stay as they are.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liuhen.core.events.parts import Location
from liuhen.core.facts.clocks import say_ahead
from liuhen.core.kernel.moments import say_span

# Filming starts before an act is entered and goes on after it; beyond this, time says nothing.
NEAR = timedelta(minutes=30)
_ALMOST_WHOLE = 0.9
_SAME_SPOT_M = 300.0
_EARTH_M = 6_371_000.0
# An act that nobody ended lasts no longer than a working day with its overtime.
_LONGEST_OPEN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Shot:
    """A recording as far as matching looks at it: times as recorded, `ahead` by how much that clock was found to be ahead.

    `doubted` where its clock is not believed.
    """

    started: datetime
    ended: datetime
    officer: str | None = None
    device: str | None = None
    spot: Location | None = None
    name: str = ""
    doubted: bool = False
    ahead: timedelta = timedelta()

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when it was filmed by our clock."""
        return self.started - self.ahead, self.ended - self.ahead


@dataclass(frozen=True, slots=True)
class Scene:
    """An act that a recording might show; `devices` and `spots` are those of the recordings that already show it."""

    case: str
    act: str
    begun: datetime
    ended: datetime | None = None
    officers: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    spots: tuple[Location, ...] = ()
    place: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """`share` of the recording, from 0 to 1, lies within the act; `reasons` speak for it, `doubts` against it."""

    case: str
    act: str
    share: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    score: float
    certain: bool = False


def propose(shot: Shot, scenes: Iterable[Scene], *, at: datetime) -> tuple[Proposal, ...]:
    """Give the acts that a recording may show, the likeliest first; `at` bounds an act that goes on."""
    found = [proposal for scene in scenes if (proposal := _weigh(shot, scene, at)) is not None]
    found.sort(key=lambda one: (-one.score, one.case, one.act))
    if found and _is_certain(shot, found):
        first = found[0]
        found[0] = Proposal(first.case, first.act, first.share, first.reasons, first.doubts, first.score, True)
    return tuple(found)


def _is_certain(shot: Shot, found: list[Proposal]) -> bool:
    first = found[0]
    tied = first.score - first.share >= 1  # the officer or the device speaks for it
    rival = len(found) > 1 and found[1].score >= first.score - 0.5
    return not shot.doubted and first.share >= _ALMOST_WHOLE and tied and not first.doubts and not rival


def _weigh(shot: Shot, scene: Scene, at: datetime) -> Proposal | None:
    ended = scene.ended or min(at, scene.begun + _LONGEST_OPEN)
    share, away = _overlap(shot, scene.begun, max(ended, scene.begun))
    if away > NEAR:
        return None
    reasons = [f"时间重合 {share:.0%}" if share else f"与活动相差 {say_span(away)}"]
    reasons += [f"设备时钟{say_ahead(shot.ahead)}，比对时已折算"] if shot.ahead else []
    doubts: list[str] = []
    score = share
    for weight, reason, doubt in (_by_officer(shot, scene), _by_device(shot, scene), *_by_place(shot, scene)):
        score += weight
        reasons += [reason] if reason else []
        doubts += [doubt] if doubt else []
    if shot.doubted:
        doubts.append("时钟存疑")
    return Proposal(scene.case, scene.act, share, tuple(reasons), tuple(doubts), score)


_Weight = tuple[float, str, str]
_NOTHING: _Weight = (0.0, "", "")


def _overlap(shot: Shot, begun: datetime, ended: datetime) -> tuple[float, timedelta]:
    """Give the share of the recording that lies within the act, and how far apart they are where it is 0."""
    started, stopped = shot.span
    start, end = max(started, begun), min(stopped, ended)
    length = stopped - started
    if start > end:
        return 0.0, start - end
    if not length:  # a photo: it shows an instant, within or not
        return 1.0, timedelta()
    return (end - start) / length, timedelta()


def _by_officer(shot: Shot, scene: Scene) -> _Weight:
    if not shot.officer or not scene.officers:
        return _NOTHING
    if shot.officer in scene.officers:
        return 1.0, "拍摄人是本次活动的执法人员", ""
    return -1.0, "", "拍摄人不是本次活动的执法人员"


def _by_device(shot: Shot, scene: Scene) -> _Weight:
    if shot.device and shot.device in scene.devices:
        return 1.0, "同一设备拍摄了本次活动的其他音像", ""
    return _NOTHING


def _by_place(shot: Shot, scene: Scene) -> tuple[_Weight, ...]:
    found: list[_Weight] = []
    if shot.spot is not None and scene.spots:
        metres = min(_metres(shot.spot, spot) for spot in scene.spots)
        if metres <= _SAME_SPOT_M:
            found.append((0.4, f"拍摄地点相距约 {metres:.0f} 米", ""))
        else:
            found.append((-0.4, "", f"拍摄地点相距约 {metres / 1000:.1f} 公里"))
    if scene.place and scene.place in shot.name:
        found.append((0.4, "文件名写有活动地点", ""))
    if any(number and number in shot.name for number in scene.numbers):
        found.append((0.8, "文件名写有案号", ""))
    return tuple(found)


def _metres(one: Location, other: Location) -> float:
    """Give the distance of two places on a sphere of the earth's mean radius, in metres (haversine)."""
    lat1, lon1, lat2, lon2 = (
        math.radians(float(text)) for text in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))
