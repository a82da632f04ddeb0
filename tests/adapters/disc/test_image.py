"""Disc images: full names and exact bytes come back, the same input gives the same image, damage is never quiet."""

import errno
import os
import shutil
import subprocess
import time
import tracemalloc
from collections import namedtuple
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycdlib import PyCdlib

from liuhen.adapters.disc.image import is_image, open_image
from liuhen.adapters.disc.refusals import DamagedPackage, ImageRefused, NotAPackage
from liuhen.adapters.disc.writing import write_image
from liuhen.core.bag.checking import check_bag
from liuhen.core.kernel.errors import LiuhenError
from tests.adapters.disc.packages import AT, FILES, LONG, bag_files, write_folder

LABEL = "陵财罚〔2026〕1号"


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_folder(tmp_path_factory.mktemp("package"), bag_files())
    path = tmp_path_factory.mktemp("images") / "案卷.iso"
    write_image(folder, path, label=LABEL, at=AT)
    return path


def test_every_file_comes_back_under_its_full_name(image: Path) -> None:
    expected = bag_files()
    with open_image(image) as disc:
        assert disc.list_files() == sorted(expected)
        for name, data in expected.items():
            with disc.open(name) as reader:
                assert reader.read() == data
                assert reader.read(1) == b""


def test_the_bag_on_the_disc_is_whole(image: Path) -> None:
    with open_image(image) as disc:
        assert check_bag(disc.list_files, disc.open, required=("sha256", "sm3")) == []


def test_two_files_are_read_side_by_side(image: Path) -> None:
    one, other = f"data/recordings/{LONG}", f"data/recordings/{LONG[:-5]}二.mp4"
    with open_image(image) as disc, disc.open(one) as first, disc.open(other) as second:
        got = [(first.read(500), second.read(500)) for _ in range(3)]
    assert b"".join(piece for piece, _ in got) == FILES[one][:1500]
    assert b"".join(piece for _, piece in got) == FILES[other][:1500]


@pytest.mark.skipif(shutil.which("xorriso") is None, reason="xorriso is not installed")
def test_an_independent_reader_sees_the_full_names(image: Path) -> None:
    listed = subprocess.run(["xorriso", "-indev", image, "-find", "/", "-type", "f"], capture_output=True, check=True)
    assert {line.strip("'") for line in listed.stdout.decode().split("\n") if line} == {f"/{n}" for n in bag_files()}
    copied = image.parent / "copied"
    subprocess.run(
        ["xorriso", "-osirrox", "on", "-indev", image, "-extract", "/", copied], check=True, capture_output=True
    )
    assert {n: (copied / n).read_bytes() for n in bag_files()} == bag_files()


def test_old_readers_get_short_names_that_differ(image: Path) -> None:
    disc = PyCdlib()
    disc.open(str(image))
    names = [
        record.file_identifier().decode("utf-16-be")
        for record in disc.list_children(joliet_path="/data/recordings")
        if not record.is_dot() and not record.is_dotdot()
    ]
    disc.close()
    assert len(names) == len(set(names)) == 2
    assert all(name.startswith("关于对某某有限公司") and ".mp4" in name for name in names)


def test_the_same_folder_gives_the_same_bytes_whatever_the_clock_and_zone(
    tmp_path: Path, image: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "elsewhere", bag_files())
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 86_400 * 400)
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        write_image(folder, tmp_path / "again.iso", label=LABEL, at=AT)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (tmp_path / "again.iso").read_bytes() == image.read_bytes()


def test_a_large_file_is_streamed_both_ways(tmp_path: Path) -> None:
    folder, size = tmp_path / "large", 64 << 20
    folder.mkdir()
    with (folder / "录像.mp4").open("wb") as out:
        out.truncate(size)
    told: list[tuple[int, int]] = []
    tracemalloc.start()
    try:
        write_image(folder, tmp_path / "large.iso", label="A", at=AT, progress=lambda *done: told.append(done))
        with open_image(tmp_path / "large.iso") as disc, disc.open("录像.mp4") as reader:
            read = 0
            while piece := reader.read(1 << 20):
                read += len(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == size
    assert peak < 16 << 20
    assert told[0][0] == 0 and told[-1][0] == told[-1][1] >= size


@pytest.mark.parametrize("kept", [0, 1, 32_768, 32_770, 34_816, 40_000, 100_000, 0.5, 0.9, -2048, -1])
def test_a_cut_image_is_refused(tmp_path: Path, image: Path, kept: float) -> None:
    data = image.read_bytes()
    cut = tmp_path / "cut.iso"
    cut.write_bytes(data[: int(len(data) * kept) if 0 < kept < 1 else int(kept)])
    with pytest.raises(LiuhenError, match=r"cut\.iso"):
        open_image(cut)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_corrupt_image_never_gives_another_error_or_a_wrong_file_unnoticed(image: Path, data: st.DataObject) -> None:
    content = bytearray(image.read_bytes())
    places = data.draw(st.lists(st.integers(32_768, len(content) - 1), min_size=1, max_size=8))
    for place in places:
        content[place] = data.draw(st.integers(0, 255))
    path = image.parent / "corrupt.iso"
    path.write_bytes(content)
    try:
        with open_image(path) as disc:
            found = check_bag(disc.list_files, disc.open, required=("sha256", "sm3"))
            names = disc.list_files()
            contents = {}
            for name in names if not found else ():
                with disc.open(name) as reader:
                    contents[name] = reader.read()
    except LiuhenError:
        return
    assert found or contents == bag_files()


def test_what_is_an_image(tmp_path: Path, image: Path) -> None:
    (tmp_path / "short").write_bytes(b"CD001")
    assert is_image(image)
    assert [is_image(path) for path in (tmp_path / "short", tmp_path, tmp_path / "none")] == [False] * 3
    with pytest.raises(NotAPackage, match="不是光盘映像"):
        open_image(tmp_path / "short")


def test_an_unknown_name_is_refused(image: Path) -> None:
    with open_image(image) as disc, pytest.raises(DamagedPackage, match="没有文件"):
        disc.open("data/none")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a" * 127, "126 个字符"),
        ("喆" * 84, "250 字节"),
        ("a\\b", "反斜杠"),
        ("a\nb", "换行"),
        ("1/2/3/4/5/6/7/8/x", "7 层"),
    ],
)
def test_names_a_disc_cannot_hold_are_refused_and_nothing_is_left(tmp_path: Path, name: str, says: str) -> None:
    folder = write_folder(tmp_path / "package", {name: b"x"})
    with pytest.raises(ImageRefused, match=says):
        write_image(folder, tmp_path / "x.iso", label="A", at=AT)
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_links_labels_and_missing_folders_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "package", {"a": b"x"})
    for label in ("", "一" * 16, "a\nb", "𠮷"):
        with pytest.raises(ImageRefused, match="卷标"):
            write_image(folder, tmp_path / "x.iso", label=label, at=AT)
    with pytest.raises(ImageRefused, match="不是文件夹"):
        write_image(folder / "a", tmp_path / "x.iso", label="A", at=AT)
    with pytest.raises(ImageRefused, match="时区"):
        write_image(folder, tmp_path / "x.iso", label="A", at=AT.replace(tzinfo=None))
    (folder / "link").symlink_to("/etc/hostname")
    with pytest.raises(ImageRefused, match="链接"):
        write_image(folder, tmp_path / "x.iso", label="A", at=AT)


def test_a_disk_with_too_little_room_is_refused_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 1))
    folder = write_folder(tmp_path / "package", {"a": b"x"})
    with pytest.raises(ImageRefused, match="剩余 0 MB"):
        write_image(folder, tmp_path / "x.iso", label="A", at=AT)


def test_a_disk_that_fills_leaves_the_old_image_and_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = write_folder(tmp_path / "package", {"a": b"x"})
    (tmp_path / "x.iso").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ImageRefused, match="磁盘已满"):
        write_image(folder, tmp_path / "x.iso", label="A", at=AT)
    assert {path.name for path in tmp_path.iterdir()} == {"package", "x.iso"}
    assert (tmp_path / "x.iso").read_bytes() == b"old"


def test_many_small_files(tmp_path: Path) -> None:
    files = {f"data/照片 {number:04d}.jpg": str(number).encode() for number in range(600)}
    write_image(write_folder(tmp_path / "package", files), tmp_path / "x.iso", label="A", at=AT)
    with open_image(tmp_path / "x.iso") as disc:
        assert disc.list_files() == sorted(files)
        assert disc.open("data/照片 0599.jpg").read() == b"599"
