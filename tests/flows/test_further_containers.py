"""Each container of older recorders, disc cameras and telephones: taken in, looked through, and played by Chromium."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from liuhen.adapters.media.probe import probe
from liuhen.adapters.media.proxy import proxy
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows import study_recording
from liuhen.flows.access import NotFound
from liuhen.flows.ingest import ingest_file
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.posters import picture_of, poster_of
from liuhen.flows.proxies import failures_of, preview_of, proxy_of, waveform_of
from liuhen.flows.read_recording import read_recording
from liuhen.records.index.models import QuarantineRow, RecordingRow
from tests.adapters.media.conftest import FURTHER, RECIPES
from tests.adapters.media.specimens import encode, field_exif, heic_photograph, photograph
from tests.flows.test_study_recording import sweep_until_done

pytestmark = pytest.mark.django_db

CHROMIUM = Path("/usr/bin/chromium")
OFFICER = Actor("further-officer", "李喆", "further", frozenset({"执法人员"}))
AT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
# The type that is sent with the bytes, and whether they play as they are.
TYPES = {
    "opus.ogg": ("audio/ogg", True),
    "vorbis.ogg": ("audio/ogg", True),
    "flac.oga": ("audio/ogg", True),
    "camera.ogv": ("video/ogg", False),
    "recorder.mpg": ("video/mpeg", False),
    "old.mpg": ("video/mpeg", False),
    "disc.vob": ("video/mpeg", False),
    "recorder.ts": ("video/mp2t", False),
    "broadcast.ts": ("video/mp2t", False),
    "camera.m2ts": ("video/mp2t", False),
    "old.3gp": ("video/3gpp", False),
    "phone.3gp": ("video/3gpp", True),
    "talk.m4a": ("audio/mp4", True),
    "talk.aac": ("audio/aac", False),
    "talk.flac": ("audio/flac", True),
    "talk.amr": ("audio/amr", False),
}
# One of each container: a process is begun for every one of them.
SWEPT = (
    "opus.ogg",
    "camera.ogv",
    "recorder.mpg",
    "recorder.ts",
    "camera.m2ts",
    "old.3gp",
    "talk.m4a",
    "talk.aac",
    "talk.flac",
    "talk.amr",
)
PLAY = """([kind, text]) => {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const player = document.createElement("video");
  window.said = "";
  player.muted = true;
  player.onerror = () => { window.said = "error " + player.error.message; };
  player.onended = () => { window.said = "ended " + player.currentTime.toFixed(2) + " " + player.videoWidth; };
  player.onloadedmetadata = () => { player.currentTime = 2; player.play(); };
  player.src = URL.createObjectURL(new Blob([bytes], {type: kind}));
}"""


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA, settings.VAULT = tmp_path / "data", str(tmp_path / "vault")
    (tmp_path / "data").mkdir()
    study_recording._DESK = study_recording._Desk()
    yield
    if study_recording._DESK.work:
        study_recording._DESK.work.child.process.kill()
        study_recording._DESK.work.child.process.wait()


def store(path: Path) -> RecordingRow:
    stored = ingest_file(path, Occasion(OFFICER, AT, AT))
    assert stored.status == "stored", stored.reason
    return RecordingRow.objects.get(uid=stored.recording)


def test_each_is_looked_through_and_gets_a_copy_where_no_browser_plays_it(tmp_path: Path) -> None:
    rows = {name: store(encode(tmp_path / name, FURTHER[name])) for name in SWEPT}
    assert sweep_until_done(AT + timedelta(minutes=1), seconds=120) == len(rows)
    for name, row in rows.items():
        assert failures_of(OFFICER, row.uid) == {}, name
        recording = read_recording(OFFICER, row.uid).recording
        assert recording.media and recording.media.playable == TYPES[name][1], name
        assert recording.examined and abs((recording.examined.length_ms or 0) - 3_000) <= 150, name
        copy = proxy_of(OFFICER, row.uid)
        assert (copy is None) == TYPES[name][1], name
        assert copy is None or probe(copy).playable_in_browser, name
        assert waveform_of(OFFICER, row.uid), name
        assert (preview_of(OFFICER, row.uid) is not None) == (recording.media.kind == "video"), name


def test_chromium_plays_what_is_said_to_play_and_every_copy(tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: install the Debian package `chromium` to run browser tests")
    from playwright.sync_api import sync_playwright

    shown = {name: _shown(encode(tmp_path / name, recipe)) for name, recipe in FURTHER.items()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        for name, (kind, data) in shown.items():
            page.evaluate(PLAY, [kind, base64.b64encode(data).decode()])
            said = str(page.wait_for_function("window.said", timeout=20_000).json_value()).split()
            assert said[0] == "ended" and abs(float(said[1]) - 3) < 0.15, (name, said)
            assert (int(said[2]) > 0) == (FURTHER[name].video is not None), (name, said)
        browser.close()


def _shown(path: Path) -> tuple[str, bytes]:
    """Give what the player is sent: the bytes as they came, or the copy."""
    kind, plays = TYPES[path.name]
    if plays:
        return kind, path.read_bytes()
    proxy(path, path.with_suffix(".copy"))
    return "video/mp4", path.with_suffix(".copy").read_bytes()


def test_every_container_has_a_type_that_says_what_it_is(tmp_path: Path) -> None:
    """Without one a browser that takes no guesses would only offer the file for download."""
    assert TYPES.keys() == FURTHER.keys()
    rows = {name: store(encode(tmp_path / name, recipe)) for name, recipe in (RECIPES | FURTHER).items()}
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    rows |= {"a.png": store(tmp_path / "a.png"), "a.jpg": store(photograph(tmp_path / "a.jpg"))}
    assert {name: row.media_type for name, row in rows.items()} == {
        "field.mp4": "video/mp4",
        "front.mp4": "video/mp4",
        "fragments.mp4": "video/mp4",
        "camera.mov": "video/quicktime",
        "recorder.mkv": "video/x-matroska",
        "live.mkv": "video/x-matroska",
        "screen.webm": "video/webm",
        "recorder.avi": "video/x-msvideo",
        "talk.wav": "audio/wav",
        "talk.mp3": "audio/mpeg",
        "a.png": "image/png",
        "a.jpg": "image/jpeg",
    } | {name: kind for name, (kind, _) in TYPES.items()}


def test_what_stays_outside_says_its_own_remedy(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"RIFX\0\0\0\x24WAVEfmt \0\0\0\x10" + bytes(400))
    taken = ingest_file(tmp_path / "a", Occasion(OFFICER, AT, AT))
    assert taken.status == "quarantined" and "另存为普通 WAV" in QuarantineRow.objects.get().reason


def test_a_photograph_of_a_telephone_is_taken_in_and_shown_as_a_copy(tmp_path: Path) -> None:
    source = heic_photograph(tmp_path / "IMG_0117.HEIC", exif=field_exif())
    taken = ingest_file(source, Occasion(OFFICER, AT, AT))
    row = RecordingRow.objects.get(uid=taken.recording)
    assert (taken.status, row.kind, row.media_type) == ("stored", "photo", "image/heic")
    with office().vault.open(row.sha256) as kept:
        assert kept.read() == source.read_bytes()
    shown = picture_of(OFFICER, row.uid)
    assert shown is not None and shown.read_bytes().startswith(b"\xff\xd8\xff")
    assert picture_of(OFFICER, row.uid) == shown and [one.name for one in shown.parent.iterdir()] == [shown.name]
    assert poster_of(OFFICER, row.uid) is not None
    with pytest.raises(NotFound):
        picture_of(replace(OFFICER, agency="another"), row.uid)
