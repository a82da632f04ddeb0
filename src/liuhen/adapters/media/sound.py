"""The sound of a recording as plain samples, for the waveform and for whoever listens for speech.

Invariant: the samples lie on the recording's own time: sample n sounds n / rate seconds after its start, holes are silence.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av.error
from av.audio.resampler import AudioResampler

from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.examination import Budget
from liuhen.adapters.media.examine import PATIENCE
from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.loudness import mono
from liuhen.adapters.media.timed import open_media

_BLOCK = 1 << 16  # bytes of silence given at once


def samples(path: Path, rate: int, *, within: float = PATIENCE) -> Iterator[bytes]:
    """Give 16-bit samples of one channel at `rate` Hz, in pieces; nothing for a recording without sound.

    Raises Unreadable, OutOfTime.
    """
    content = detect(path)
    if not content.demuxer:
        raise Unreadable("这是照片，没有声音。")
    budget = Budget(within)
    with open_media(path, content) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        origin = Fraction(container.start_time or 0, 1_000_000)
        resampler, given = AudioResampler(format="s16", layout="mono", rate=rate), 0
        for packet in container.demux(stream):
            budget.require()
            stamp = packet.pts
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue
            if frames and stamp is not None and packet.time_base is not None:
                missing = int((stamp * packet.time_base - origin) * rate) - given
                if missing > rate // 10:
                    given += missing
                    yield from _silence(2 * missing)
            for frame in frames:
                for piece in mono(resampler, frame):
                    given += len(piece) // 2
                    yield piece


def _silence(size: int) -> Iterator[bytes]:
    while size > 0:
        yield bytes(min(size, _BLOCK))
        size -= _BLOCK
