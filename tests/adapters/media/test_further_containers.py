"""Ogg, MPEG streams, 3GP, AAC, FLAC and AMR: understood, known when cut, and played by a copy where no browser plays them."""

import random
import re
import shutil
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import av
import pytest

from liuhen.adapters.media.clip import clip
from liuhen.adapters.media.contents import TYPES, detect
from liuhen.adapters.media.examination import OutOfTime
from liuhen.adapters.media.examine import examine
from liuhen.adapters.media.facts import MediaFacts, NoPicture, Unreadable
from liuhen.adapters.media.poster import poster
from liuhen.adapters.media.probe import probe
from liuhen.adapters.media.proxy import proxy
from liuhen.adapters.media.sprite import sprite
from liuhen.adapters.media.still import still
from tests.adapters.media.conftest import FURTHER
from tests.adapters.media.test_broken import refused, written

Specimens = dict[str, Path]

# name, container, kind, codecs, whether a browser plays it
UNDERSTOOD = [
    ("opus.ogg", "ogg", "audio", ["opus"], True),
    ("vorbis.ogg", "ogg", "audio", ["vorbis"], True),
    ("flac.oga", "ogg", "audio", ["flac"], True),
    ("camera.ogv", "ogg", "video", ["vp8", "opus"], False),
    ("recorder.mpg", "mpg", "video", ["mpeg2video", "mp2"], False),
    ("old.mpg", "mpg", "video", ["mpeg1video", "mp2"], False),
    ("disc.vob", "mpg", "video", ["mpeg2video", "ac3"], False),
    ("recorder.ts", "ts", "video", ["h264", "aac"], False),
    ("broadcast.ts", "ts", "video", ["mpeg2video", "mp2"], False),
    ("camera.m2ts", "m2ts", "video", ["h264", "ac3"], False),
    ("old.3gp", "3gp", "video", ["h263", "amr_nb"], False),
    ("phone.3gp", "3gp", "video", ["h264", "aac"], True),
    ("talk.m4a", "m4a", "audio", ["aac"], True),
    ("talk.aac", "aac", "audio", ["aac"], False),
    ("talk.flac", "flac", "audio", ["flac"], True),
    ("talk.amr", "amr", "audio", ["amr_nb"], False),
]
FILMS = [name for name, _, kind, _, _ in UNDERSTOOD if kind == "video"]
# An 3GP and an M4A are cut as the MP4 that they are; what shows there is tested beside it.
CUTTABLE = [name for name in FURTHER if not name.endswith((".3gp", ".m4a"))]
# Where packets begin, and of how many bytes they are: what ends between two of them is not known to be cut.
PACKETS = {
    "recorder.mpg": (0, 2048),
    "old.mpg": (0, 2048),
    "disc.vob": (0, 2048),
    "recorder.ts": (0, 188),
    "broadcast.ts": (0, 188),
    "camera.m2ts": (0, 192),
    "talk.amr": (6, 13),
}
# One key frame in all, or (old.mpg) key frames that begin within a packet, so that nobody can stand at them.
BEGIN_AT_ONCE = ("camera.ogv", "phone.3gp", "old.mpg")


@pytest.mark.parametrize(("name", "container", "kind", "codecs", "playable"), UNDERSTOOD)
def test_a_file_is_understood_whatever_its_name(
    further: Specimens, tmp_path: Path, name: str, container: str, kind: str, codecs: list[str], playable: bool
) -> None:
    facts = probe(Path(shutil.copy(further[name], tmp_path / "现场.jpg")))
    assert (facts.container, facts.kind, facts.playable_in_browser) == (container, kind, playable)
    assert [stream.codec for stream in facts.streams] == codecs
    assert facts.duration is not None and abs(facts.duration - timedelta(seconds=3)) < timedelta(seconds=0.15)
    assert facts.created_at is None and facts.clock_doubt  # none of these was told when it was filmed


def test_a_file_behind_a_recorders_own_head_is_a_program_stream(further: Specimens, tmp_path: Path) -> None:
    """Hikvision's recorders write a head of 40 bytes that begins with IMKH."""
    film = further["recorder.mpg"].read_bytes()
    facts = probe(written(tmp_path / "a.mp4", b"IMKH".ljust(40, b"\1") + film))
    assert (facts.container, [one.codec for one in facts.streams]) == ("mpg", ["mpeg2video", "mp2"])
    assert "无法识别" in refused(written(tmp_path / "b.mp4", b"IMKH".ljust(400, b"\1")))


def test_wide_band_amr(tmp_path: Path) -> None:
    frames = b"#!AMR-WB\n" + (b"\x04" + bytes(17)) * 150
    facts = probe(written(tmp_path / "a.amr", frames))
    assert (facts.container, [one.codec for one in facts.streams]) == ("amr", ["amr_wb"])
    assert facts.duration == timedelta(seconds=3) and not facts.playable_in_browser
    assert str(len(frames)) in refused(written(tmp_path / "b.amr", frames[:-1]))


def test_length_is_measured_where_the_library_would_guess(further: Specimens, tmp_path: Path) -> None:
    """The second half is silent and small: by the rate of the first, the whole would last for seconds."""
    with av.open(str(tmp_path / "a.aac"), "w", format="adts") as container:
        stream = container.add_stream("aac", 16_000, layout="mono")
        dice = random.Random(7)
        for number in range(320):
            sound = bytes(2048) if number > 160 else dice.randbytes(2048)
            frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
            frame.planes[0].update(sound.ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts = 16_000, number * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    duration = probe(tmp_path / "a.aac").duration
    assert duration is not None and abs(duration - timedelta(seconds=320 * 1024 / 16_000)) < timedelta(seconds=0.2)
    cut = clip(tmp_path / "a.aac", Decimal(19), Decimal(20), tmp_path / "a.m4a")
    assert cut.exact and probe(tmp_path / "a.m4a").duration


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("name", CUTTABLE)
def test_cut_off(further: Specimens, tmp_path: Path, name: str, share: float) -> None:
    whole = further[name].read_bytes()
    cut, (start, unit) = int(len(whole) * share), PACKETS.get(name, (0, 1))
    if (cut - start) % unit == 0:
        cut += unit // 2
    refused(written(tmp_path / name, whole[:cut]))


@pytest.mark.parametrize("name", CUTTABLE)
def test_the_last_byte_is_missing(further: Specimens, tmp_path: Path, name: str) -> None:
    reason = refused(written(tmp_path / name, further[name].read_bytes()[:-1]))
    assert "文件不完整" in reason and str(further[name].stat().st_size) in reason


@pytest.mark.parametrize("name", ["opus.ogg", "camera.ogv"])
def test_an_ogg_whose_last_page_is_missing_was_never_closed(further: Specimens, tmp_path: Path, name: str) -> None:
    whole = further[name].read_bytes()
    assert "未正常收尾" in refused(written(tmp_path / name, whole[: whole.rindex(b"OggS")]))


def test_a_flac_whose_last_frame_is_missing(further: Specimens, tmp_path: Path) -> None:
    """Every frame that is there is whole: only the number of samples that the head states tells."""
    whole = further["talk.flac"].read_bytes()
    ends = [at for at in range(len(whole)) if whole[at : at + 2] == b"\xff\xf8"]
    assert "文件不完整" in refused(written(tmp_path / "a.flac", whole[: ends[-1]]))


def test_a_flac_that_was_altered_in_its_last_frame(further: Specimens, tmp_path: Path) -> None:
    whole = bytearray(further["talk.flac"].read_bytes())
    whole[-20] ^= 4
    refused(written(tmp_path / "a.flac", bytes(whole)))


@pytest.mark.parametrize("name", PACKETS)
def test_a_row_of_packets_ends_where_its_packets_do(further: Specimens, tmp_path: Path, name: str) -> None:
    """Nothing in it states its length: what ends between two packets is a shorter recording, and is taken as one."""
    whole, (start, unit) = further[name].read_bytes(), PACKETS[name]
    kept = start + (len(whole) * 2 // 3 - start) // unit * unit
    shorter = probe(written(tmp_path / name, whole[:kept]))
    assert shorter.duration is not None and timedelta(seconds=1) < shorter.duration < timedelta(seconds=3)
    refused(written(tmp_path / name, whole[: kept + 1]))


@pytest.mark.parametrize("name", ["recorder.ts", "recorder.mpg", "opus.ogg"])
def test_space_reserved_but_never_written(further: Specimens, tmp_path: Path, name: str) -> None:
    whole = further[name].read_bytes()
    half = len(whole) // 188 // 2 * 188
    reason = refused(written(tmp_path / name, whole[:half] + bytes(len(whole) - half)))
    assert "未正常收尾" in reason or "文件不完整" in reason or "结构损坏" in reason


@pytest.mark.parametrize("name", ["recorder.mpg", "opus.ogg", "talk.aac"])
def test_padding_behind_the_end_is_no_fault(further: Specimens, tmp_path: Path, name: str) -> None:
    padded = probe(written(tmp_path / name, further[name].read_bytes() + bytes(600)))
    assert padded.kind == probe(further[name]).kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"RIFX\0\0\0\x24WAVEfmt \0\0\0\x10" + bytes(28), "RIFX"),
        (b"OggX" + bytes(600), TYPES),
        (b"G" * 10 + bytes(800), TYPES),
        (b"\0\0\1\xb3" + bytes(800), TYPES),
        (b"#!AMR_MC1.0\n" + bytes(800), TYPES),
        (b"\xff\xf1\xff\xff\xff\xff\xff" + bytes(800), TYPES),
    ],
)
def test_what_is_not_taken_in_is_told_why(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refused(written(tmp_path / "a.mp4", data))


def test_the_guide_lists_what_the_refusal_lists() -> None:
    guide = (Path(__file__).parents[3] / "docs/guide/import.md").read_text(encoding="utf-8")
    listed = guide[guide.index("## 收哪些文件") : guide.index("## 设备时钟比对")]
    for word in re.findall(r"[A-Za-z0-9]+", TYPES):
        assert re.search(rf"\b{word}\b", re.sub(r"[^\x00-\x7f]", " ", listed)), word


@pytest.mark.parametrize("name", [name for name, *_, playable in UNDERSTOOD if not playable])
def test_the_copy_plays_and_second_n_is_second_n(further: Specimens, tmp_path: Path, name: str) -> None:
    made = proxy(further[name], tmp_path / "copy.mp4")
    facts, original = probe(tmp_path / "copy.mp4"), probe(further[name])
    assert facts.playable_in_browser and facts.kind == original.kind
    assert made.sound_coded == (original.streams[-1].codec != "aac")
    assert abs(examine(tmp_path / "copy.mp4").length - examine(further[name]).length) <= Decimal("0.1")
    if original.kind == "video":
        there, here = _shown(further[name]), _shown(tmp_path / "copy.mp4")
        assert len(here) >= len(there) - 1  # a muxer that gave two pictures one time
        assert all(min(abs(at - other) for other in there) < 0.002 for at in here)


def test_a_hole_of_days_is_not_filled_for_ever(tmp_path: Path) -> None:
    """A stamp that was damaged jumps ahead: the silence up to it is made only as long as there is time."""
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        stream = container.add_stream("pcm_s16le", 8_000, layout="mono")
        for second in (0, 20 * 86_400):
            frame = av.AudioFrame(format="s16", layout="mono", samples=8_000)
            frame.sample_rate, frame.pts = 8_000, second * 8_000
            container.mux(stream.encode(frame))
    began = time.monotonic()
    with pytest.raises(OutOfTime):
        proxy(tmp_path / "a.mkv", tmp_path / "copy.mp4", within=1)
    assert time.monotonic() - began < 10 and not list(tmp_path.glob("copy.mp4*"))


def test_pictures_without_a_time_of_their_own_are_coded_again(further: Specimens, tmp_path: Path) -> None:
    """Two pictures in one packet of a transport stream: the second has no time, and copied it would be left out."""
    film = _two_in_a_packet(further["recorder.ts"], tmp_path / "a.ts")
    assert proxy(film, tmp_path / "copy.mp4").picture_coded
    there, here = _shown(further["recorder.ts"]), _shown(tmp_path / "copy.mp4")
    assert len(here) == len(there)
    assert all(abs(one - other + there[0] - here[0]) < 0.002 for one, other in zip(here, there, strict=True))
    assert Decimal("2.8") <= examine(film).length <= 3  # the last two lie in one packet, of a length that nobody states


def _two_in_a_packet(film: Path, target: Path) -> Path:
    with av.open(str(film)) as source, av.open(str(target), "w", format="mpegts") as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        units = [packet for packet in source.demux(video=0) if packet.size]
        for first, second in zip(units[::2], units[1::2], strict=True):
            packet = av.Packet(bytes(first) + bytes(second))
            packet.stream, packet.time_base = stream, first.time_base
            packet.pts, packet.dts = first.pts, first.dts
            container.mux(packet)
    return target


@pytest.mark.parametrize("name", FILMS)
def test_what_is_taken_out_begins_at_or_before_what_was_asked(further: Specimens, tmp_path: Path, name: str) -> None:
    taken = still(further[name], Decimal("2.5"), tmp_path / "a.png")
    assert Decimal("2.35") < taken.second <= Decimal("2.5")
    cut = clip(further[name], Decimal("1.5"), Decimal("2.5"), tmp_path / "a.clip")
    assert cut.from_second <= Decimal("1.5") < Decimal("2.4") < cut.to_second
    assert Decimal("0.4") < cut.from_second or name in BEGIN_AT_ONCE
    assert _shown(tmp_path / "a.clip")[0] < 0.1
    assert sprite(further[name], tmp_path / "a.jpg").tiles in (3, 4)


def _shown(path: Path) -> list[float]:
    """Give when each picture is shown, in seconds from the start."""
    with av.open(str(path)) as container:
        began = (container.start_time or 0) / 1_000_000
        return [frame.time - began for frame in container.decode(video=0) if frame.time is not None]


@pytest.mark.parametrize("name", list(FURTHER))
def test_random_damage_never_raises_anything_else(further: Specimens, tmp_path: Path, name: str) -> None:
    whole, dice = further[name].read_bytes(), random.Random(name)
    for turn in range(25):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 4, 40))):
            at = int(len(data) * dice.random() ** 3)  # mostly in the head, where the structure is
            data[at : at + dice.choice((1, 2, 8))] = dice.randbytes(dice.choice((1, 2, 4, 8)))
        path = written(
            tmp_path / f"{turn}.bin", bytes(data[: dice.choice((len(data), len(data) - dice.randrange(400)))])
        )
        try:
            assert isinstance(probe(path), MediaFacts)
        except Unreadable as refusal:
            assert refusal.reason.endswith("。")
        if turn % 5 == 0:
            _derive_all(path, tmp_path)


def _derive_all(path: Path, folder: Path) -> None:
    """What a worker does with a file must end in a refusal with a sentence, or in a result."""
    try:
        detect(path)
        examine(path, within=30)
        proxy(path, folder / "copy.mp4", within=30)
        poster(path, folder / "poster.jpg")
        sprite(path, folder / "sprite.jpg")
    except (Unreadable, OutOfTime, NoPicture) as refusal:
        assert str(refusal).endswith("。")
    assert not list(folder.glob("*.part"))
