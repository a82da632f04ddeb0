"""A file that brings down whoever reads it: by any way in, three processes and no more; a power cut is nobody's fault."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from liuhen.adapters.media.facts import Unreadable
from liuhen.flows import careful
from liuhen.flows.careful import read_carefully
from liuhen.flows.office import office
from liuhen.flows.station.crashes import REASON
from tests.adapters.media.specimens import Recipe, encode
from tests.flows.station.test_crashes import BOX, HOSTILE


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return encode(tmp_path / "film.mp4", Recipe(seconds=1.0))


def _ingest(tmp_path: Path, film: Path) -> "subprocess.CompletedProcess[str]":
    (tmp_path / "sitecustomize.py").write_text(HOSTILE)
    (tmp_path / "data").mkdir(exist_ok=True)
    surroundings = os.environ | {
        "PYTHONPATH": str(tmp_path),
        "DEATHS": str(tmp_path / "deaths"),
        "LIUHEN_DATABASE": f"sqlite:///{tmp_path / 'data' / 'liuhen.sqlite3'}",
        "LIUHEN_VAULT": str(tmp_path / "data" / "vault"),
    }
    command = [sys.executable, "-m", "liuhen.doors.cli.main", "ingest", str(film), "--data", str(tmp_path / "data")]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_the_third_death_is_the_last(tmp_path: Path, film: Path) -> None:
    film.write_bytes(film.read_bytes() + BOX)
    first = _ingest(tmp_path, film)
    assert first.returncode == -signal.SIGSEGV, first.stderr
    second = _ingest(tmp_path, film)
    assert "连续 3 次异常退出" in second.stdout, second.stdout + second.stderr
    assert len(set((tmp_path / "deaths").read_text().split())) == 3
    third = _ingest(tmp_path, film)
    assert "连续 3 次异常退出" in third.stdout and len((tmp_path / "deaths").read_text().split()) == 3
    assert list((tmp_path / "data" / "begun").iterdir()) == []


@pytest.mark.django_db
def test_who_was_only_being_read_when_the_power_went_is_read_again(film: Path) -> None:
    note = office().data / "begun" / ("a" * 64)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.touch()
    assert read_carefully(film, "a" * 64).kind == "video"
    assert not note.exists()


@pytest.mark.django_db
def test_a_note_goes_however_the_reading_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing.mp4").write_bytes(b"no film")
    with pytest.raises(Unreadable) as refused:
        read_carefully(tmp_path / "nothing.mp4", "b" * 64)
    assert refused.value.reason != REASON
    monkeypatch.setattr(careful, "probe", lambda path: pytest.fail("stopped"))
    with pytest.raises(pytest.fail.Exception):
        read_carefully(tmp_path / "nothing.mp4", "c" * 64)
    assert not (office().data / "begun").exists() or list((office().data / "begun").iterdir()) == []
