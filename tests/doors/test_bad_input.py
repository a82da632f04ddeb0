"""Bad input is normal: one clear sentence each, the promised exit code, nothing half-written."""

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy
import pytest

from tests.doors.test_whole_case import liuhen

FOOTAGE_SECONDS = 3


def _clip(path: Path, created: datetime | None, *, seconds: int = FOOTAGE_SECONDS) -> Path:
    """Write a small MP4 that says when it was taken."""
    with av.open(str(path), "w", format="mp4") as container:
        if created is not None:
            container.metadata["creation_time"] = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 320, 240, "yuv420p", Fraction(1, 10)
        noise = numpy.random.default_rng(7)
        for number in range(seconds * 10):
            picture = noise.integers(0, 255, (240, 320, 3), dtype=numpy.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _clip(tmp_path_factory.mktemp("clips") / "现场.mp4", datetime(2026, 3, 1, 1, 2, 3, tzinfo=UTC))


def _rows(done: "subprocess.CompletedProcess[str]") -> list[dict[str, str | None]]:
    rows: list[dict[str, str | None]] = json.loads(done.stdout)
    return rows


def _one_sentence(done: "subprocess.CompletedProcess[str]") -> str:
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("liuhen: ")
    return lines[0]


def test_an_unknown_file_type_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    strange = tmp_path / "报告.docx"
    strange.write_bytes(b"PK\x03\x04 not a recording")
    done = liuhen(tmp_path / "data", "ingest", str(strange), "--json")
    assert done.returncode == 1
    assert [(row["status"], row["recording"]) for row in _rows(done)] == [("quarantined", None)]
    assert "无法识别的文件类型" in str(_rows(done)[0]["reason"])


def test_an_empty_file_and_a_truncated_mp4_are_set_aside_and_kept(clip: Path, tmp_path: Path) -> None:
    empty, cut = tmp_path / "空.mp4", tmp_path / "残缺.mp4"
    empty.touch()
    cut.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    data = tmp_path / "data"
    done = liuhen(data, "ingest", str(empty), str(cut), "--json")
    assert done.returncode == 1
    rows = _rows(done)
    assert [row["status"] for row in rows] == ["quarantined", "quarantined"]
    assert all(row["reason"] for row in rows)
    kept = data / "vault" / "objects" / str(rows[1]["sha256"])[:2] / str(rows[1]["sha256"])[2:4]
    assert (kept / str(rows[1]["sha256"])).read_bytes() == cut.read_bytes()


def test_the_same_file_twice_is_one_recording(clip: Path, tmp_path: Path) -> None:
    twin = tmp_path / "另一个名字.mp4"
    twin.write_bytes(clip.read_bytes())
    done = liuhen(tmp_path / "data", "ingest", str(clip), str(twin), "--json")
    first, second = _rows(done)
    assert done.returncode == 0
    # Both are read at once: whichever is whole first is stored.
    assert {first["status"], second["status"]} == {"stored", "known"}
    assert first["recording"] == second["recording"]


def test_a_clock_in_1970_is_not_believed(tmp_path: Path) -> None:
    old = _clip(tmp_path / "时钟错误.mp4", datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC), seconds=1)
    done = liuhen(tmp_path / "data", "ingest", str(old), "--json")
    (row,) = _rows(done)
    assert row["status"] == "stored"
    assert "时" in str(row["reason"])


def test_a_full_disk_is_one_sentence_and_leaves_nothing(clip: Path, tmp_path: Path) -> None:
    """The file-size limit stands in for the full disk: the same refusal by the kernel, without filling this machine's."""
    data = tmp_path / "data"
    assert liuhen(data, "ledger", "check").returncode == 0  # the database exists before the disk is full
    large = tmp_path / "大文件.mp4"
    large.write_bytes(clip.read_bytes() + b"\0" * (8 << 20))

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))

    done = subprocess.run(
        [sys.executable, "-m", "liuhen.doors.cli.main", "ingest", str(large)],
        env=os.environ | {"LIUHEN_DATA": str(data)},
        capture_output=True,
        text=True,
        preexec_fn=fill,
    )
    assert done.returncode == 2
    assert "空间" in _one_sentence(done)
    leftovers = [path for path in (data / "vault").rglob("*") if path.is_file()]
    assert leftovers == []
    assert liuhen(data, "ingest", str(clip)).returncode == 0


def test_a_missing_file_is_misuse(tmp_path: Path) -> None:
    done = liuhen(tmp_path / "data", "ingest", str(tmp_path / "没有.mp4"))
    assert done.returncode == 2
    assert "没有.mp4" in _one_sentence(done)


def test_a_pack_with_an_unknown_key_names_file_line_and_remedy(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "src" / "liuhen" / "packs" / "hebei"
    pack = tmp_path / "hebei"
    for file in source.rglob("*.yaml"):
        target = pack / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    rules = pack / "rules" / "art-24-storage.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("  kind: time\n", "  kind: time\n  witin: 1\n", 1))
    done = liuhen(tmp_path / "data", "packs", "check", str(pack))
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "art-24-storage.yaml:" in said
    assert "witin" in said


def test_a_path_that_is_no_package_is_misuse(tmp_path: Path) -> None:
    plain = tmp_path / "随便.txt"
    plain.write_text("不是归档包", encoding="utf-8")
    done = liuhen(tmp_path / "data", "verify", str(plain))
    assert done.returncode == 2
    assert "随便.txt" in _one_sentence(done)


def test_a_word_nobody_knows_is_misuse(tmp_path: Path) -> None:
    done = liuhen(tmp_path / "data", "verfy")
    assert done.returncode == 2
    assert "verify" in _one_sentence(done)
