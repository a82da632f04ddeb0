"""单帧截图: the very picture that is shown at a second, with the time it really has.

Invariant: nothing is scaled, sharpened or put between pictures; only the turn that the device asks for is made. The target
appears whole or not at all, and the recording is never touched.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import cast

from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from liuhen.adapters.media.appearing import appearing
from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.examination import Budget
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.timed import decode_frames, open_media, pictures, seek_picture
from liuhen.core.kernel.errors import BadInput

_QUALITY = 95
_PATIENCE = 120.0
_MILLI = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Still:
    """A picture taken out: `second` is when it begins to be shown, to 0.001, counted as a player counts."""

    second: Decimal
    width: int
    height: int
    media_type: str


def still(path: Path, second: Decimal, target: Path) -> Still:
    """Write the picture shown at `second` as PNG, or as JPEG where the target ends in .jpg.

    Raises Unreadable, NoPicture for sound, OutOfTime, BadInput for a second that the recording does not have.
    """
    content = detect(path)
    if not content.demuxer or second < 0:
        raise BadInput("second", f"没有第 {second} 秒的画面；请填写录像时长以内的秒数")
    with open_media(path, content) as container:
        streams = pictures(container)
        if not streams:
            raise NoPicture
        _require_within(container, second)
        frame = _shown_at(container, streams[0], second)
        picture = cast(Image.Image, frame.to_image())  # type: ignore[no-untyped-call]
        upright = picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
        began = _seconds(frame, streams[0], container)
    kind = "JPEG" if target.suffix.lower() in (".jpg", ".jpeg") else "PNG"
    with appearing(target) as part:
        upright.save(part, kind, quality=_QUALITY)
    shown = Decimal(began.numerator) / began.denominator
    return Still(shown.quantize(_MILLI), upright.width, upright.height, f"image/{kind.lower()}")


def _require_within(container: InputContainer, second: Decimal) -> None:
    if container.duration is not None and Fraction(second) * 1_000_000 >= container.duration:
        raise BadInput("second", f"录像不到 {second} 秒；请填写录像时长以内的秒数")


def _shown_at(container: InputContainer, stream: VideoStream, second: Decimal) -> VideoFrame:
    """Decode from the key frame before; the picture shown is the last that begins at or before the second."""
    budget, wanted = Budget(_PATIENCE), Fraction(second)
    seek_picture(container, stream, int(second * 1_000_000))
    shown: VideoFrame | None = None
    for frame in decode_frames(container, stream):
        budget.require()
        if not isinstance(frame, VideoFrame) or frame.pts is None:
            continue
        # The millisecond: people copy the time of a still to ask for it again.
        if shown is not None and _seconds(frame, stream, container) > wanted + Fraction(1, 2000):
            break
        shown = frame
    if shown is None:
        raise Unreadable("该处画面无法解码，不能截图；请换一个时间点，或从设备重新导出。")
    return shown


def _seconds(frame: VideoFrame, stream: VideoStream, container: InputContainer) -> Fraction:
    base = frame.time_base or stream.time_base or Fraction(1, 90_000)
    return (frame.pts or 0) * base - Fraction(container.start_time or 0, 1_000_000)
