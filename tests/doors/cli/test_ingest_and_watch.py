"""`liuhen ingest` and `liuhen watch` as people and scripts run them: lines, JSON, exit codes, and what is refused."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from liuhen.doors.cli.main import main
from tests.adapters.media.specimens import Recipe, encode
from tests.doors.test_whole_case import liuhen

NAME = "DSJ0117_012345_20260302_091205_0001"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe(seconds=1.0)).read_bytes()


@pytest.fixture
def dock(tmp_path: Path, film: bytes) -> Path:
    folder = tmp_path / "dock"
    folder.mkdir()
    for number in range(6):
        (folder / f"{NAME[:-1]}{number + 1}.mp4").write_bytes(film + b"\0\0\0\x0cfree" + number.to_bytes(4))
    (folder / f"{NAME}.txt").write_text("警号：012345\n")
    (folder / "x.docx").write_bytes(b"PK\x03\x04")
    return folder


def rows_of(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_a_folder_is_taken_in_several_files_at_once_and_told_in_its_order(dock: Path, tmp_path: Path) -> None:
    done = liuhen(tmp_path / "data", "ingest", str(dock), "--json")
    assert done.returncode == 1, done.stderr
    rows = rows_of(done)
    assert [row["path"] for row in rows] == sorted(str(path) for path in dock.iterdir())
    assert [row["status"] for row in rows].count("stored") == 7
    films = [row for row in rows if row["path"].endswith(".mp4")]
    beside = next(row for row in rows if row["path"].endswith(".txt"))
    assert len({row["recording"] for row in films}) == 6 and beside["recording"] == films[0]["recording"]
    assert liuhen(tmp_path / "data", "ledger", "check").returncode == 0


def test_every_file_is_acknowledged_on_its_own_line(dock: Path, tmp_path: Path) -> None:
    done = liuhen(tmp_path / "data", "ingest", str(dock))
    lines = done.stdout.splitlines()
    assert len(lines) == 8 and sum(line.startswith("已入库  ") for line in lines) == 7
    assert next(line for line in lines if line.startswith("已隔离  ")).split("  ")[1].endswith("x.docx")


def test_explain_says_what_would_be_read_and_takes_nothing_in(dock: Path, tmp_path: Path) -> None:
    done = liuhen(tmp_path / "data", "ingest", "--explain", str(dock), "--json")
    row = rows_of(done)[0]
    assert (row["device"], row["officer"], row["part"]) == ("DSJ0117", "012345", 1)
    assert row["started_at"] == "2026-03-02T09:12:05+08:00" and row["companions"][0]["kind"] == "说明"
    assert any("不在本机关名册" in doubt for doubt in row["doubts"])
    assert "样式：" in liuhen(tmp_path / "data", "ingest", "--explain", str(dock)).stdout
    assert not any((tmp_path / "data" / "vault" / "objects").glob("*"))


def test_an_offices_own_patterns_decide(film: bytes, tmp_path: Path) -> None:
    (tmp_path / "02-03-2026 甲科 D7.mp4").write_bytes(film)
    own = tmp_path / "own.yaml"
    own.write_text("patterns:\n- name: 科室\n  form: '{any:10} 甲科 {device}'\n", encoding="utf-8")
    path = str(tmp_path / "02-03-2026 甲科 D7.mp4")
    (row,) = rows_of(liuhen(tmp_path / "data", "ingest", "--explain", path, "--patterns", str(own), "--json"))
    assert (row["pattern"], row["device"]) == ("科室", "D7")


def test_patterns_are_checked_with_line_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("patterns:\n- name: 一\n  form: '{divice}_{moment}'\n", encoding="utf-8")
    assert main(["ingest", "patterns", "check", str(own)]) == 1
    told = capsys.readouterr().out
    assert f"{own}:3: " in told and "{device}" in told
    own.write_text("patterns:\n- name: 一\n  form: '{device}_{moment}'\n", encoding="utf-8")
    assert main(["ingest", "patterns", "check", str(own), "D1_20260302091205.mp4", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["faults"] == [] and said["names"][0]["device"] == "D1"
    assert main(["ingest", "patterns", "check", str(own), "别的.mp4"]) == 1
    assert "没有样式" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "patterns", "check"],
        ["ingest", "patterns", "check", "/nowhere.yaml"],
        ["ingest", ".", "--patterns", "/nowhere.yaml"],
        ["watch", ".", "--patterns", "/nowhere.yaml"],
        ["watch", ".", "--still", "soon"],
        ["watch", "pyproject.toml"],
        ["watch"],
    ],
)
def test_misuse_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(arguments)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    assert code == 2 and capsys.readouterr().err.count("\n") == 1


def test_watching_once_takes_what_is_at_rest_and_ends(dock: Path, film: bytes, tmp_path: Path) -> None:
    (dock / "半.mp4").write_bytes(film[: len(film) // 2])
    watched = ("watch", str(dock), "--once", "--still", "0.2", "--move-to", str(dock), "--json")
    done = liuhen(tmp_path / "data", *watched)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and len(rows) == 8, done.stderr
    assert "1 个文件" in done.stderr and (dock / "半.mp4").exists()
    assert len(list((dock / "已入库").iterdir())) == 7 and (dock / "已隔离" / "x.docx").exists()
    again = liuhen(tmp_path / "data", *watched)
    assert again.returncode == 0 and again.stdout == ""


def test_a_watch_goes_on_through_a_folder_that_comes_and_goes(film: bytes, tmp_path: Path) -> None:
    dock = tmp_path / "card"
    command = [sys.executable, "-m", "liuhen.doors.cli.main", "watch", str(dock), "--still", "0.2", "--json"]
    watching = subprocess.Popen(
        [*command, "--data", str(tmp_path / "data")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert watching.stdout is not None and watching.stderr is not None
        assert "不在" in watching.stderr.readline()
        dock.mkdir()
        (dock / "a.mp4").write_bytes(film)
        assert json.loads(watching.stdout.readline())["status"] == "stored"
        for path in (dock / "a.mp4", dock):
            path.rmdir() if path.is_dir() else path.unlink()
        assert "不在" in watching.stderr.readline()
        assert watching.poll() is None
    finally:
        watching.kill()
        watching.wait()
        watching.communicate()


def test_a_folder_on_another_disk_is_no_place_to_move_to(dock: Path, tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == dock.stat().st_dev:
        pytest.skip("this machine has no second file system to write to")
    place = shared / f"liuhen-{time.time_ns()}"
    place.mkdir()
    try:
        done = liuhen(tmp_path / "data", "watch", str(dock), "--once", "--move-to", str(place))
        assert done.returncode == 2 and "同一个磁盘" in done.stderr
    finally:
        for path in sorted(place.rglob("*"), reverse=True):
            path.rmdir()
        place.rmdir()
