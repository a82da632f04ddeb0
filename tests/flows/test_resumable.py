"""续传: two senders at once, a full disk, kill -9 anywhere, sweeps; nothing acknowledged is lost, nothing accepted twice."""

import errno
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.ingest import ingest_file
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.resumable import arriving, finishing
from liuhen.flows.resumable.announcement import announce
from liuhen.flows.resumable.arriving import (
    KEPT_FOR,
    Piece,
    Standing,
    begin_upload,
    give_up,
    standing_of,
    take_piece,
    unfinished_uploads,
)
from liuhen.flows.resumable.finishing import expire_uploads, finish_upload, finish_uploads
from liuhen.flows.resumable.places import place_of
from liuhen.flows.resumable.refusals import NoRoom, OffsetMoved, TooManyUploads, UploadBusy
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event
from tests.adapters.media.specimens import Recipe, encode

OFFICER = Actor("resumable-officer", "李喆", "resumable", frozenset({"执法人员"}))
CONTENT = random.Random(4).randbytes(3 << 20)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe()).read_bytes()


def _now() -> datetime:
    return datetime.now(SHANGHAI)


def _on(at: datetime | None = None, actor: Actor = OFFICER) -> Occasion:
    moment = at or _now()
    return Occasion(actor, moment, moment)


def _begin(data: bytes, name: str = "a.mp4", **said: str) -> str:
    return begin_upload(_on(), announce({"filename": name, **said}, len(data)), way="网页").upload.uid


def _reading(data: bytes) -> Callable[[int], bytes]:
    rest = memoryview(data)

    def read(most: int) -> bytes:
        nonlocal rest
        block, rest = bytes(rest[:most]), rest[most:]
        return block

    return read


def _send(uid: str, data: bytes, offset: int = 0) -> Standing:
    return take_piece(OFFICER, uid, Piece(offset, len(data)), _reading(data))


def _body(uid: str) -> bytes:
    place = place_of(OFFICER).open(uid)
    assert place is not None
    return place.body.read_bytes()


def test_a_cut_connection_keeps_what_came() -> None:
    uid, sent = _begin(CONTENT), iter([CONTENT[:700_000], CONTENT[700_000:900_000]])

    def cut(most: int) -> bytes:
        try:
            return next(sent)
        except StopIteration:
            raise ConnectionResetError from None

    assert take_piece(OFFICER, uid, Piece(0, len(CONTENT)), cut).offset == 900_000
    assert _send(uid, CONTENT[900_000:], 900_000).is_whole and _body(uid) == CONTENT


def test_two_senders_at_once_cannot_both_be_taken() -> None:
    uid = _begin(CONTENT)
    start = threading.Barrier(2)
    answers: list[int | OffsetMoved] = []

    def send() -> None:
        start.wait()
        try:
            answers.append(_send(uid, CONTENT).offset)
        except OffsetMoved as refusal:
            answers.append(refusal)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, OffsetMoved) for answer in answers) == 1
    assert _body(uid) == CONTENT


def test_a_sender_that_hangs_does_not_keep_the_next_one_out() -> None:
    uid, hanging, go_on = _begin(CONTENT), threading.Event(), threading.Event()
    refused: list[OffsetMoved] = []

    def hang(most: int) -> bytes:
        hanging.set()
        assert go_on.wait(10)
        return CONTENT[:most]

    def old() -> None:
        try:
            take_piece(OFFICER, uid, Piece(0, len(CONTENT)), hang)
        except OffsetMoved as refusal:
            refused.append(refusal)

    thread = threading.Thread(target=old)
    thread.start()
    assert hanging.wait(10)
    assert _send(uid, CONTENT).is_whole
    go_on.set()
    thread.join()
    assert refused and refused[0].offset == len(CONTENT) and _body(uid) == CONTENT


def test_an_offset_is_told_only_after_its_bytes_are_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    uid = _begin(CONTENT)
    flushed: list[int] = []
    real = os.fsync

    def flush(number: int) -> None:
        real(number)
        flushed.append(os.fstat(number).st_size)

    monkeypatch.setattr(os, "fsync", flush)
    assert _send(uid, CONTENT[:1000]).offset == 1000 and flushed[-1] == 1000
    flushed.clear()
    assert standing_of(OFFICER, uid).offset == 1000 and flushed == [1000]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_says_so_and_keeps_what_was_there(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    uid = _begin(CONTENT)
    _send(uid, CONTENT[:1000])

    def full(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(NoRoom, match="从断点续传"):
            _send(uid, CONTENT[1000:], 1000)
    assert standing_of(OFFICER, uid).offset == 1000
    assert _send(uid, CONTENT[1000:], 1000).is_whole and _body(uid) == CONTENT


def test_a_real_limit_of_the_system_is_met() -> None:
    uid = _begin(CONTENT)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
    try:
        with pytest.raises(NoRoom):
            _send(uid, CONTENT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    kept = standing_of(OFFICER, uid).offset
    assert 1 << 20 <= kept <= 1_500_000 and _body(uid) == CONTENT[:kept]
    assert _send(uid, CONTENT[kept:], kept).is_whole and _body(uid) == CONTENT


def test_what_cannot_fit_is_refused_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "room_left", lambda: 100)
    with pytest.raises(NoRoom):
        _begin(CONTENT)
    assert unfinished_uploads(OFFICER) == ()


def test_nobody_begins_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "MOST_OPEN", 2)
    _begin(b"1"), _begin(b"2")
    with pytest.raises(TooManyUploads):
        _begin(b"3")


def test_unfinished_uploads_are_their_owners_alone() -> None:
    first, second = _begin(CONTENT, "甲.mp4"), _begin(CONTENT, "乙.mp4")
    _send(second, CONTENT[:10])
    assert {one.upload.uid: one.offset for one in unfinished_uploads(OFFICER)} == {first: 0, second: 10}
    for other in (
        Actor("somebody", "王玥", OFFICER.agency, OFFICER.roles),
        Actor(OFFICER.uid, OFFICER.name, "elsewhere", OFFICER.roles),
    ):
        assert unfinished_uploads(other) == ()
        with pytest.raises(NotFound):
            standing_of(other, first)
        with pytest.raises(NotFound):
            give_up(other, first)
    with pytest.raises(NotAllowed):
        standing_of(Actor(OFFICER.uid, OFFICER.name, OFFICER.agency, frozenset({"审计管理员"})), first)


_CHILD = """
import sys, django
django.setup()
from liuhen.flows.occasion import Actor
from liuhen.flows.resumable.arriving import Piece, standing_of, take_piece
uid, path = sys.argv[1:]
data = open(path, "rb").read()
actor = Actor("resumable-officer", "李喆", "resumable", frozenset({"执法人员"}))
offset = standing_of(actor, uid).offset
while offset < len(data):
    block = data[offset:offset + 50_000]
    offset = take_piece(actor, uid, Piece(offset, len(block)), lambda most: block).offset
    print(offset, flush=True)
"""


def test_kill_nine_loses_nothing_acknowledged(tmp_path: Path) -> None:
    uid, chance = _begin(CONTENT), random.Random(9)
    source = tmp_path / "source"
    source.write_bytes(CONTENT)
    surroundings = {**os.environ, "LIUHEN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "liuhen.site.settings"}
    kills = 0
    while (before := standing_of(OFFICER, uid).offset) < len(CONTENT):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, uid, str(source)], env=surroundings, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = [before, int(child.stdout.readline() or before)]
        if kills < 4:
            time.sleep(chance.uniform(0, 0.05))
            child.send_signal(signal.SIGKILL)
            kills += 1
        told += [int(line) for line in child.stdout if line.endswith("\n")]
        child.wait()
        kept = standing_of(OFFICER, uid).offset
        assert kept >= told[-1] and _body(uid) == CONTENT[:kept]
    assert kills == 4 and _body(uid) == CONTENT


def test_creating_leaves_a_whole_place_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            _begin(CONTENT)
    assert unfinished_uploads(OFFICER) == ()
    assert expire_uploads(_now()) == 0, "somebody may be making it just now"
    assert expire_uploads(_now() + KEPT_FOR + timedelta(days=1)) == 1


@pytest.mark.django_db
def test_a_finish_killed_anywhere_is_done_again_and_once(film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = hashlib.sha256(film).hexdigest()
    for step in ("ingest_file", "_altered"):
        uid = _begin(film, sha256=digest)
        _send(uid, film)
        real = getattr(finishing, step)

        def after(*given: Any, real: Any = real) -> Any:
            real(*given)
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(finishing, step, after)
            finish_upload(_on(), uid)
        outcome = finish_upload(_on(), uid)
        assert outcome is not None and outcome.status == "known" and outcome.sha256 == digest
        assert finish_upload(_on(), uid) == outcome == standing_of(OFFICER, uid).outcome
    assert RecordingRow.objects.count() == Event.objects.filter(type="recording.stored").count() == 1


@pytest.mark.django_db
def test_a_kill_between_answer_and_removal_removes_later(film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    uid = _begin(film)
    _send(uid, film)
    place = place_of(OFFICER).open(uid)
    assert place is not None
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(type(place), "remove", _interrupt)
        finish_upload(_on(), uid)
    assert place.body.exists() and finish_uploads(_now()) == 1
    assert not place.body.exists() and RecordingRow.objects.count() == 1
    assert finish_uploads(_now()) == 0


def _interrupt(_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_an_altered_file_is_set_aside_once(film: bytes) -> None:
    altered = film[:-1] + bytes([film[-1] ^ 255])
    for _ in range(2):
        uid = _begin(film, sha256=hashlib.sha256(film).hexdigest())
        _send(uid, altered)
        outcome = finish_upload(_on(), uid)
        assert outcome is not None and outcome.status == "altered" and "SHA-256" in str(outcome.reason)
    assert QuarantineRow.objects.count() == Event.objects.filter(type="agency.arrival-quarantined").count() == 1
    assert RecordingRow.objects.count() == 0


@pytest.mark.django_db
def test_the_sweep_takes_in_what_is_whole_as_its_owner(film: bytes) -> None:
    whole, half = _begin(film), _begin(CONTENT)
    _send(whole, film)
    _send(half, CONTENT[:10])
    assert finish_uploads(_now()) == 1
    assert Event.objects.get(type="recording.stored").actor == OFFICER.uid
    assert standing_of(OFFICER, half).offset == 10
    assert [one.upload.uid for one in unfinished_uploads(OFFICER)] == [half]


@pytest.mark.django_db
def test_one_bad_file_does_not_keep_the_others_waiting(film: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = _begin(CONTENT, "坏.mp4"), _begin(film, "好.mp4")
    _send(bad, CONTENT)
    _send(good, film)
    real = ingest_file

    def failing(path: Path, *given: Any) -> Any:
        if path.name == "坏.mp4":
            raise OSError(errno.EIO, "Input/output error")
        return real(path, *given)

    with monkeypatch.context() as patch:
        patch.setattr(finishing, "ingest_file", failing)
        assert finish_uploads(_now()) == 1
    assert standing_of(OFFICER, bad).is_whole and standing_of(OFFICER, good).outcome is not None
    assert finish_uploads(_now()) == 1 and QuarantineRow.objects.get().name == "坏.mp4"


def test_only_one_takes_it_in(film: bytes) -> None:
    uid = _begin(film)
    _send(uid, film)
    place = place_of(OFFICER).open(uid)
    assert place is not None
    with place.turn():
        with pytest.raises(UploadBusy):
            finish_upload(_on(), uid)
        with pytest.raises(UploadBusy):
            give_up(OFFICER, uid)
        assert finish_uploads(_now()) == 0
    give_up(OFFICER, uid)


@pytest.mark.django_db
def test_what_nobody_continues_expires_and_what_is_whole_does_not(film: bytes) -> None:
    old, whole = _begin(CONTENT), _begin(film)
    _send(old, CONTENT[:10])
    _send(whole, film)
    standing = standing_of(OFFICER, old)
    assert standing.expires is not None
    assert expire_uploads(standing.expires - timedelta(seconds=1)) == 0
    assert expire_uploads(standing.expires + timedelta(seconds=2)) == 1
    with pytest.raises(NotFound):
        standing_of(OFFICER, old)
    assert standing_of(OFFICER, whole).is_whole
    finish_uploads(_now())
    assert standing_of(OFFICER, whole).outcome is not None
    assert expire_uploads(_now() + KEPT_FOR + timedelta(seconds=2)) == 1
    with pytest.raises(NotFound):
        standing_of(OFFICER, whole)
    assert RecordingRow.objects.count() == 1


def test_a_piece_for_an_upload_given_up_meanwhile_is_not_acknowledged() -> None:
    uid = _begin(CONTENT)

    def read(most: int) -> bytes:
        give_up(OFFICER, uid)
        return CONTENT[:most]

    with pytest.raises(NotFound):
        take_piece(OFFICER, uid, Piece(0, 1000), read)
