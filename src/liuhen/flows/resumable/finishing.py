"""续传的完成: a whole file is compared with what its sender digested, then goes the way of every recording.

Invariant: nothing is taken in whose digests differ from those announced; finishing again, after a kill at any moment, does
what is left to do and gives the same answer. The bytes stay here until what became of them is on the disk.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from liuhen.adapters.vault.stream import digest_stream
from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import NotAllowed, NotFound, Permission, require
from liuhen.flows.ingest import ingest_file, set_aside
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.resumable.announcement import Outcome
from liuhen.flows.resumable.arriving import KEPT_FOR, open_place
from liuhen.flows.resumable.places import OpenPlace, OwnerPlace, every_place, place_of
from liuhen.flows.resumable.refusals import UploadBusy
from liuhen.flows.resumable.taken import link_taken
from liuhen.records.index.models import QuarantineRow, RecordingRow

log = logging.getLogger("liuhen.uploads")
_REMEDY = "文件在传输中被改动或者损坏，没有入库；请重新上传原文件"
_DRAFTS_KEPT = timedelta(days=1)


def finish_upload(occasion: Occasion, uid: str) -> Outcome | None:
    """Take a whole upload in and say what became of it; None while bytes are missing. `occasion` is the moment of storage.

    Raises NotAllowed, NotFound, UploadBusy, and DiskFull where the vault has no room: the upload then waits for a sweep.
    """
    require(occasion.actor, Permission.INGEST)
    home = place_of(occasion.actor)
    ended = home.settled(uid)
    if ended is not None:
        return ended[1]
    place = open_place(home, uid)
    return _finish(home, place, occasion) if place.is_whole else None


def finish_uploads(at: datetime) -> int:
    """Take in what is whole but was never taken in, as its owner, who was allowed to when the last byte came; gives how many."""
    done = 0
    for home in every_place():
        for place in _whole(home):
            owner = place.upload.owner
            try:
                _finish(home, place, Occasion(owner, at, at))
            except UploadBusy:
                continue
            except (LiuhenError, OSError):
                # One file that cannot be taken in must not keep the others waiting; it is tried again at the next turn.
                log.exception("upload %s of %s was not taken in", place.upload.uid, owner.uid)
            else:
                done += 1
    return done


def expire_uploads(at: datetime) -> int:
    """Remove unfinished uploads that nobody continued, and the memory of ended ones; gives how many."""
    gone = 0
    for home in every_place():
        for place in home.all_open():
            if not place.is_whole and _is_idle(place, at):
                gone += _expire(place, at)
        gone += home.remove_stale(at - max(KEPT_FOR, _DRAFTS_KEPT))
    return gone


def _expire(place: OpenPlace, at: datetime) -> int:
    try:
        with place.turn():
            if not _is_idle(place, at):
                return 0
            place.remove()
    except (UploadBusy, FileNotFoundError):
        return 0
    return 1


def _is_idle(place: OpenPlace, at: datetime) -> bool:
    return place.touched < (at - KEPT_FOR).timestamp()


def _whole(home: OwnerPlace) -> Iterator[OpenPlace]:
    for place in home.all_open():
        try:
            whole = place.is_whole
        except FileNotFoundError:
            continue  # given up just now
        if whole:
            yield place


def _finish(home: OwnerPlace, place: OpenPlace, occasion: Occasion) -> Outcome:
    with place.turn():
        ended = home.settled(place.upload.uid)
        if ended is not None:
            place.remove()  # a kill came between the answer and the removal
            return ended[1]
        outcome = _altered(place, occasion) or _taken_in(place, occasion)
        home.settle(place, outcome)
    return outcome


def _taken_in(place: OpenPlace, occasion: Occasion) -> Outcome:
    row = ingest_file(place.body, occasion, place.upload.claims)
    _link(place, occasion, row.recording)
    return Outcome(row.status, row.recording, row.sha256, row.sm3, row.reason, occasion.at)


def _link(place: OpenPlace, occasion: Occasion, recording: str | None) -> None:
    """Bring what was taken within an act to that act."""
    taken = place.upload.announced.taken
    if taken is None or recording is None:
        return
    try:
        link_taken(occasion, taken, recording)
    except (NotAllowed, NotFound) as refusal:
        # Whose case it is has no say in whether the bytes are kept.
        log.info("recording %s stays without an act: %s", recording, refusal)


def _altered(place: OpenPlace, occasion: Occasion) -> Outcome | None:
    """Set a file aside whose digests are not those announced; None where they agree, or where none were announced."""
    announced = place.upload.announced
    if announced.sha256 is None and announced.sm3 is None:
        return None
    with place.body.open("rb", buffering=0) as body:
        found = digest_stream(body)
    difference = announced.differs(found)
    if difference is None:
        return None
    reason = f"{difference}；{_REMEDY}"
    _keep_aside(place, occasion, found, reason)
    return Outcome("altered", None, found.sha256, found.sm3, reason, occasion.at)


def _keep_aside(place: OpenPlace, occasion: Occasion, found: Digests, reason: str) -> None:
    """Keep the altered bytes with their reason, once; bytes that are a recording already need no second place."""
    with place.body.open("rb") as body:
        office().vault.store(body)
    if not _is_known(occasion.actor, found.sha256):
        set_aside(place.body, occasion, found, reason, name=place.upload.announced.name)


def _is_known(actor: Actor, sha256: str) -> bool:
    own = {"agency": actor.agency, "sha256": sha256}
    return RecordingRow.objects.filter(**own).exists() or QuarantineRow.objects.filter(**own).exists()
