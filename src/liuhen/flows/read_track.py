"""轨迹: where a recording was made, second by second, as the device delivered it beside the recording.

Invariant: read from the bytes of the vault that the ledger names; what cannot be read is said, never guessed.
"""

from dataclasses import dataclass

from liuhen.adapters.cameras.contents import LARGEST_TRACK, read_track
from liuhen.core.facts.model import Recording
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import recording_for
from liuhen.flows.occasion import Actor
from liuhen.flows.office import office

TRACK = "轨迹"


@dataclass(frozen=True, slots=True)
class Fix:
    """A place in degrees (WGS 84), and the second of the recording at which the device was there."""

    second: float
    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Way:
    """The places in order of time; `fault` says in Chinese why a track that there is cannot be read."""

    fixes: tuple[Fix, ...] = ()
    fault: str = ""


def way_of(actor: Actor, recording: Recording) -> Way | None:
    """Give the way of a recording, None where no track came with it. Raises NotAllowed, NotFound."""
    files = [one.file for one in recording.companions if one.kind == TRACK]
    if not files:
        return None
    recording_for(actor, recording.uid)
    fixes: list[Fix] = []
    for file in files:
        with office().vault.open(file.sha256) as source:
            data = source.read(LARGEST_TRACK + 1)
        if len(data) > LARGEST_TRACK:
            return Way(fault="定位轨迹文件过大，没有绘制；原文件已保留")
        try:
            points = read_track(data)
        except BadInput as fault:
            return Way(fault=str(fault))
        fixes += (Fix(point.seconds, point.longitude, point.latitude) for point in points)
    return Way(tuple(sorted(fixes, key=lambda fix: fix.second)))
