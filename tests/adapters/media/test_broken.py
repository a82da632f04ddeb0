"""Broken, cut and hostile files: one Chinese reason each, and nothing else is ever raised."""

import random
import struct
import zlib
from pathlib import Path

import pytest

from liuhen.adapters.media.facts import MediaFacts, NoPicture, Unreadable
from liuhen.adapters.media.poster import poster
from liuhen.adapters.media.probe import probe
from tests.adapters.media.specimens import photograph

Specimens = dict[str, Path]

CUTTABLE = [
    "field.mp4",
    "front.mp4",
    "fragments.mp4",
    "camera.mov",
    "recorder.mkv",
    "live.mkv",
    "screen.webm",
    "recorder.avi",
    "talk.wav",
    "scene.jpg",
    "bikes.mp4",
    "bigbuckbunny.mp4",
]


def refused(path: Path) -> str:
    with pytest.raises(Unreadable) as refusal:
        probe(path)
    assert refusal.value.reason.endswith(("。", "来源。"))
    return refusal.value.reason


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_empty(tmp_path: Path) -> None:
    assert "长度为零" in refused(written(tmp_path / "a.mp4", b""))


def test_absent(tmp_path: Path) -> None:
    assert "无法打开" in refused(tmp_path / "gone.mp4")


@pytest.mark.parametrize(
    "data",
    [
        b"just some words",
        b"\0" * 4096,
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"%PDF-1.7\n",
        b"RIFF\x04\0\0\0WEBP",
        b"\xff",
    ],
)
def test_unknown_types_and_playlists(tmp_path: Path, data: bytes) -> None:
    assert "无法识别" in refused(written(tmp_path / "a.mp4", data))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("name", CUTTABLE)
def test_cut_off(specimens: Specimens, tmp_path: Path, name: str, share: float) -> None:
    whole = specimens[name].read_bytes()
    refused(written(tmp_path / name, whole[: int(len(whole) * share)]))


def test_index_in_front_and_data_cut_names_the_missing_bytes(specimens: Specimens, tmp_path: Path) -> None:
    whole = specimens["front.mp4"].read_bytes()
    reason = refused(written(tmp_path / "a.mp4", whole[:-1]))
    assert str(len(whole)) in reason
    assert str(len(whole) - 1) in reason


def test_index_that_points_beyond_an_honest_box(specimens: Specimens, tmp_path: Path) -> None:
    """The data box claims to run to the end of the file, so that only the index betrays the cut."""
    whole = bytearray(specimens["front.mp4"].read_bytes())
    at = whole.index(b"mdat")
    whole[at - 4 : at] = bytes(4)
    assert "索引指向" in refused(written(tmp_path / "a.mp4", bytes(whole[:-2000])))


def test_without_index(specimens: Specimens, tmp_path: Path) -> None:
    whole = specimens["field.mp4"].read_bytes()
    assert "moov" in refused(written(tmp_path / "a.mp4", whole[: whole.index(b"moov") - 4]))


def test_index_alone(specimens: Specimens, tmp_path: Path) -> None:
    whole = specimens["front.mp4"].read_bytes()
    head = whole[: whole.index(b"mdat") - 4]
    assert "没有画面和声音数据" in refused(written(tmp_path / "a.mp4", head))


def test_space_reserved_but_never_written(specimens: Specimens, tmp_path: Path) -> None:
    """Power was cut: the index is there, the second half of the data is zeros."""
    whole = bytearray(specimens["bikes.mp4"].read_bytes())
    end = whole.index(b"moov") - 4
    whole[end // 2 : end] = bytes(end - end // 2)
    assert "结尾" in refused(written(tmp_path / "a.mp4", bytes(whole)))


def test_data_of_zeros(specimens: Specimens, tmp_path: Path) -> None:
    whole = bytearray(specimens["bikes.mp4"].read_bytes())
    start, end = whole.index(b"mdat") + 4, whole.index(b"moov") - 4
    whole[start:end] = bytes(end - start)
    refused(written(tmp_path / "a.mp4", bytes(whole)))


def test_riff_whose_writer_died(specimens: Specimens, tmp_path: Path) -> None:
    wav = bytearray(specimens["talk.wav"].read_bytes())
    at = wav.index(b"data")
    wav[at + 4 : at + 8] = bytes(4)
    assert "未正常收尾" in refused(written(tmp_path / "a.wav", bytes(wav)))
    avi = bytearray(specimens["recorder.avi"].read_bytes())
    avi[4:8] = bytes(4)
    assert "未正常收尾" in refused(written(tmp_path / "a.avi", bytes(avi)))


def test_video_without_streams(tmp_path: Path) -> None:
    moov = struct.pack(">I4s", 8 + 108, b"moov") + struct.pack(">I4s", 108, b"mvhd") + bytes(100)
    data = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + moov + struct.pack(">I4s", 16, b"mdat") + bytes(8)
    refused(written(tmp_path / "a.mp4", data))


def test_a_bomb_of_a_picture(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    assert "超出合理范围" in refused(written(tmp_path / "a.png", bomb))


def test_photograph_with_damaged_exif_is_kept(tmp_path: Path) -> None:
    plain = photograph(tmp_path / "a.jpg").read_bytes()
    rubbish = b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xee" * 40
    segment = b"\xff\xe1" + struct.pack(">H", len(rubbish) + 2) + rubbish
    facts = probe(written(tmp_path / "b.jpg", plain[:2] + segment + plain[2:]))
    assert facts.created_at is None
    assert facts.clock_doubt


@pytest.mark.parametrize("name", [*CUTTABLE, "talk.mp3", "carphone_pristine.mp4"])
def test_random_damage_never_raises_anything_else(specimens: Specimens, tmp_path: Path, name: str) -> None:
    whole, dice = specimens[name].read_bytes()[:400_000], random.Random(name)
    for turn in range(25):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 4, 40))):
            at = int(len(data) * dice.random() ** 3)  # mostly in the head, where the structure is
            data[at : at + dice.choice((1, 2, 8))] = dice.randbytes(dice.choice((1, 2, 4, 8)))
        path = written(tmp_path / f"{turn}.bin", bytes(data))
        try:
            assert isinstance(probe(path), MediaFacts)
        except Unreadable as refusal:
            assert refusal.reason
        try:
            poster(path, tmp_path / "poster.jpg")
        except (Unreadable, NoPicture):
            assert not (tmp_path / "poster.jpg.part").exists()
