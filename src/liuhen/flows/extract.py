"""截图、截取片段: a picture or a piece taken out of a recording as an item of its own that names its parent.

Invariant: the item lies in the vault before anything is recorded of it; the event names the parent by its digest, the seconds
that the item really holds, who made it and what for. The recording itself is never touched, and nothing is coded again.
"""

import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from liuhen.adapters.media.clip import clip
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.still import still
from liuhen.core.events.custody import RecordingExtracted
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.errors import BadInput
from liuhen.core.verifier.attachments import length_of, within
from liuhen.flows.access import NotFound, Permission, recording_for
from liuhen.flows.classified import is_state_secret
from liuhen.flows.derive import local_copy
from liuhen.flows.ground import recording_facts
from liuhen.flows.hand_out import HoldsStateSecrets
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import RecordingRow

_LONGEST_PURPOSE = 500
_LONGEST_CLIP = Decimal(4 * 3600)


@dataclass(frozen=True, slots=True)
class Extract:
    """The item: its id, its file, and the seconds of the parent that it really holds; `exact` as asked for, to 0.1 s."""

    item: str
    file: FileRef
    from_second: Decimal
    to_second: Decimal | None
    exact: bool


def extract_frame(occasion: Occasion, recording: str, *, second: Decimal, purpose: str) -> Extract:
    """Take out the picture shown at `second`, unscaled, as PNG. Raises NotAllowed, NotFound, BadInput, DiskFull."""
    row, said = _require(occasion, recording, purpose)
    with _workplace() as place:
        target = Path(place) / "still.png"
        with _source(row, Path(place)) as source:
            try:
                taken = still(source, second, target)
            except (Unreadable, NoPicture) as fault:
                raise BadInput("second", str(fault)) from None
        name = f"{Path(row.name).stem}_{taken.second}秒.png"
        return _keep(occasion, row, target, name, taken.media_type, said, "截图", (taken.second, None), exact=True)


def extract_clip(occasion: Occasion, recording: str, *, start: Decimal, end: Decimal, purpose: str) -> Extract:
    """Take out a piece as the device coded it; it begins at the key frame before, and says so.

    Raises NotAllowed, NotFound, BadInput, DiskFull.
    """
    row, said = _require(occasion, recording, purpose)
    if end - start > _LONGEST_CLIP:
        raise BadInput("end", "片段超过 4 小时；请分段截取")
    with _workplace() as place:
        target = Path(place) / "clip"
        with _source(row, Path(place)) as source:
            try:
                cut = clip(source, start, end, target)
            except Unreadable as fault:
                raise BadInput("start", fault.reason) from None
        name = f"{Path(row.name).stem}_{cut.from_second}-{cut.to_second}秒{cut.extension}"
        span = (cut.from_second, cut.to_second)
        return _keep(occasion, row, target, name, cut.media_type, said, "片段", span, exact=cut.exact)


def extract_of(recording: str, item: str) -> RecordingExtracted:
    """Give what was taken out of a recording under an id. Raises NotFound."""
    taken = next((one for one in recording_facts(recording).extracts if one.item == item), None)
    if taken is None:
        raise NotFound("截取的内容")
    return taken


def _keep(
    occasion: Occasion,
    row: RecordingRow,
    made: Path,
    name: str,
    media_type: str,
    purpose: str,
    kind: str,
    span: tuple[Decimal, Decimal | None],
    *,
    exact: bool,
) -> Extract:
    _require_within(row, span)
    with made.open("rb") as file:
        digests = office().vault.store(file).digests
    ref = FileRef(digests.sha256, digests.sm3, digests.size, name, media_type)
    item = Extract(occasion.new_id(), ref, span[0], span[1], exact)
    said = RecordingExtracted(
        item=item.item,
        kind=kind,
        file=ref,
        parent_sha256=row.sha256,
        from_second=span[0],
        purpose=purpose,
        to_second=span[1],
        maker=occasion.actor.uid,
        exact=exact,
    )
    write_recording(row.uid, occasion, said)
    return item


def _require_within(row: RecordingRow, span: tuple[Decimal, Decimal | None]) -> None:
    """Refuse an item whose seconds a verifier could not find within the recording: no package would be handed out."""
    recording = recording_facts(row.uid)
    if not within(recording, *span):
        length = length_of(recording)
        raise BadInput("end", f"截得的内容超出记录的录像时长（{length} 秒）；请等检测完成后再截取，或者换一段时间")


def _require(occasion: Occasion, recording: str, purpose: str) -> tuple[RecordingRow, str]:
    row = recording_for(occasion.actor, recording, Permission.INVESTIGATE)
    if is_state_secret(row.classification):
        raise HoldsStateSecrets
    said = " ".join(purpose.split())
    if not said or len(said) > _LONGEST_PURPOSE or not said.isprintable():
        raise BadInput("purpose", f"请写明截取的用途，不超过 {_LONGEST_PURPOSE} 字，不含无法显示的字符")
    return row, said


def _workplace() -> tempfile.TemporaryDirectory[str]:
    root = office().data / "cache" / "extracts"
    root.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=root)


def _source(row: RecordingRow, place: Path) -> AbstractContextManager[Path]:
    return local_copy(str(settings.VAULT), office().data / "spool", row.sha256, place)
