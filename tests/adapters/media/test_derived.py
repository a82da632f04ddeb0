"""What is made out of recordings: copies that browsers play, stills, clips, previews and sound; the original stays as it was."""

import contextlib
import hashlib
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from liuhen.adapters.media.clip import clip
from liuhen.adapters.media.examine import examine
from liuhen.adapters.media.facts import NoPicture, Unreadable
from liuhen.adapters.media.probe import probe
from liuhen.adapters.media.proxy import proxy
from liuhen.adapters.media.sound import samples
from liuhen.adapters.media.sprite import sprite
from liuhen.adapters.media.still import still
from liuhen.core.kernel.errors import BadInput, LiuhenError
from tests.adapters.media.faults import Fault, film
from tests.adapters.media.specimens import Recipe, encode, photograph, real_clip

Specimens = dict[str, Path]
STEADY = (("bf", "0"), ("sc_threshold", "0"))
QUIET = (("x265-params", "log-level=none"),)


def stamps(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [round(frame.time, 3) for frame in container.decode(video=0) if frame.time is not None]


def picture_at(path: Path, second: str, folder: Path) -> Image.Image:
    still(path, Decimal(second), folder / "at.png")
    with Image.open(folder / "at.png") as image:
        return image.convert("RGB")


def _image(frame: av.VideoFrame) -> Image.Image:
    return cast(Image.Image, frame.to_image())  # type: ignore[no-untyped-call]


def alike(one: Image.Image, other: Image.Image) -> bool:
    apart = ImageChops.difference(one, other.resize(one.size))
    return sum(ImageStat.Stat(apart).mean) / 3 < 12


@pytest.mark.parametrize(
    ("name", "codec", "sound"),
    [
        ("a.mp4", "libx265", "aac"),
        ("a.avi", "mpeg4", "pcm_s16le"),
        ("a.avi", "libx264", "libmp3lame"),
        ("a.mkv", "mjpeg", "pcm_s16le"),
        ("a.mkv", "libx265", "libopus"),
    ],
)
def test_proxy_keeps_every_second(tmp_path: Path, name: str, codec: str, sound: str) -> None:
    fault = Fault(seconds=12, black=(4, 7), missing=(8, 9.5), silent=(2, 5), codec=codec, sound=sound, options=QUIET)
    if name == "a.avi":
        fault = Fault(seconds=12, black=(4, 7), silent=(2, 5), codec=codec, sound=sound)
    source, target = film(tmp_path / name, fault), tmp_path / "proxy.mp4"
    before = hashlib.sha256(source.read_bytes()).digest()
    made = proxy(source, target)
    assert made.picture_coded and not list(tmp_path.glob("*.part"))
    facts = probe(target)
    assert facts.playable_in_browser and facts.container == "mp4"
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    was, now = examine(source), examine(target)
    assert abs(was.length - now.length) <= Decimal("0.2")
    faults = [(span.kind, float(span.start), float(span.end)) for span in was.spans]
    copied = [(span.kind, float(span.start), float(span.end)) for span in now.spans]
    assert [kind for kind, _, _ in faults] == [kind for kind, _, _ in copied] and len(faults) >= 2
    assert all(
        abs(a - b) <= 0.21
        for one, other in zip(faults, copied, strict=True)
        for a, b in zip(one[1:], other[1:], strict=True)
    )
    assert alike(picture_at(source, "7.55", tmp_path), picture_at(target, "7.55", tmp_path))
    assert hashlib.sha256(source.read_bytes()).digest() == before


@pytest.mark.parametrize("name", ["a.mkv", "a.mov"])
def test_proxy_copies_what_plays(tmp_path: Path, name: str) -> None:
    source = film(tmp_path / name, Fault(seconds=6))
    made = proxy(source, tmp_path / "p.mp4")
    assert not made.picture_coded and not made.sound_coded
    assert stamps(tmp_path / "p.mp4") == pytest.approx(stamps(source), abs=0.002)
    assert probe(tmp_path / "p.mp4").playable_in_browser


def test_proxy_codes_only_the_sound_of_a_recorder(tmp_path: Path) -> None:
    made = proxy(film(tmp_path / "a.mov", Fault(seconds=4, sound="pcm_s16le")), tmp_path / "p.mp4")
    assert not made.picture_coded and made.sound_coded


def test_proxy_is_small_and_upright(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mp4", Recipe(video="libx265", rotation=90, options={"x265-params": "log-level=none"}))
    proxy(source, tmp_path / "p.mp4")
    upright = [picture_at(path, "1", tmp_path) for path in (source, tmp_path / "p.mp4")]
    assert upright[0].height > upright[0].width
    assert alike(*upright)


def test_proxy_of_late_stamps_and_of_sound(tmp_path: Path) -> None:
    late = encode(tmp_path / "a.mkv", Recipe(video="mpeg4", seconds=3, options={"output_ts_offset": "100"}))
    proxy(late, tmp_path / "p.mp4")
    assert abs(float(examine(tmp_path / "p.mp4").length) - 3) <= 0.2 and stamps(tmp_path / "p.mp4")[0] < 0.1
    proxy(encode(tmp_path / "a.wav", Recipe(video=None, sound="pcm_s16le")), tmp_path / "s.mp4")
    assert abs(float(examine(tmp_path / "s.mp4").length) - 3) <= 0.1


def test_still_is_the_picture_shown(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mp4", Fault(seconds=8, gop=40))
    with av.open(str(source)) as container:
        frames = [
            (Fraction(frame.pts or 0) * (frame.time_base or 0), _image(frame)) for frame in container.decode(video=0)
        ]
    for asked in ("0", "0.05", "3.3", "5.199", "7.95"):
        taken = still(source, Decimal(asked), tmp_path / "s.png")
        second, picture = max((one for one in frames if one[0] <= Fraction(asked)), key=lambda one: one[0])
        assert taken.second == Decimal(str(float(second))).quantize(Decimal("0.001"))
        with Image.open(tmp_path / "s.png") as image:
            assert ImageChops.difference(image.convert("RGB"), picture).getbbox() is None
        assert still(source, taken.second, tmp_path / "again.png").second == taken.second
    assert still(source, Decimal(2), tmp_path / "s.jpg").media_type == "image/jpeg"


@pytest.mark.parametrize("second", ["-1", "8.5", "1000000"])
def test_no_still_beyond_the_end(tmp_path: Path, second: str) -> None:
    with pytest.raises(BadInput):
        still(film(tmp_path / "a.mp4", Fault(seconds=3)), Decimal(second), tmp_path / "s.png")
    assert not (tmp_path / "s.png").exists()


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
def test_clip_is_cut_at_key_frames_and_says_so(tmp_path: Path, name: str) -> None:
    source = film(
        tmp_path / name, Fault(seconds=10, gop=20, codec="mpeg4" if name == "a.avi" else "libx264", options=STEADY)
    )
    cut = clip(source, Decimal("3.0"), Decimal("6.0"), tmp_path / "c.bin")
    assert abs(cut.from_second - 2) <= Decimal("0.1") and not cut.exact and abs(cut.to_second - 6) <= Decimal("0.1")
    assert abs(float(examine(tmp_path / "c.bin").length) - 4) <= 0.2
    assert alike(picture_at(source, "4.05", tmp_path), picture_at(tmp_path / "c.bin", "2.05", tmp_path))
    with av.open(str(source)) as one, av.open(str(tmp_path / "c.bin")) as other:
        whole = {bytes(packet) for packet in one.demux(video=0) if packet.size}
        piece = [bytes(packet) for packet in other.demux(video=0) if packet.size]
        assert len(piece) >= 38 and sum(packet in whole for packet in piece) >= len(piece) - 1
    assert clip(source, Decimal("4.1"), Decimal("6.0"), tmp_path / "d.bin").from_second >= Decimal(4)


def test_clip_of_real_footage_and_of_sound(tmp_path: Path, specimens: Specimens) -> None:
    cut = clip(real_clip("bigbuckbunny.mp4"), Decimal(1), Decimal(3), tmp_path / "c.mp4")
    assert cut.from_second <= 1 and probe(tmp_path / "c.mp4").playable_in_browser
    assert clip(specimens["talk.wav"], Decimal(1), Decimal(2), tmp_path / "c.wav").exact
    assert abs(float(examine(tmp_path / "c.wav").length) - 1) <= 0.2


@pytest.mark.parametrize(("start", "end"), [("2", "1"), ("-1", "2"), ("50", "60")])
def test_no_clip_of_nothing(tmp_path: Path, start: str, end: str) -> None:
    with pytest.raises(BadInput):
        clip(film(tmp_path / "a.mp4", Fault(seconds=3)), Decimal(start), Decimal(end), tmp_path / "c.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_sprite(tmp_path: Path) -> None:
    made = sprite(film(tmp_path / "a.mp4", Fault(seconds=12, options=STEADY)), tmp_path / "s.jpg")
    assert (made.interval, made.columns) == (1, 10) and made.tiles in (12, 13)
    with Image.open(tmp_path / "s.jpg") as image:
        assert image.size == (10 * made.width, 2 * made.height)
        tile = image.crop((5 * made.width, 0, 6 * made.width, made.height))
    assert alike(tile, picture_at(tmp_path / "a.mp4", "5.05", tmp_path))


def test_samples_lie_on_the_recordings_time(specimens: Specimens) -> None:
    sound = b"".join(samples(specimens["talk.wav"], 16_000))
    assert abs(len(sound) / 2 / 16_000 - 3) < 0.05
    assert b"".join(samples(real_clip("bikes.mp4"), 16_000)) == b""


def test_refusals(tmp_path: Path, specimens: Specimens) -> None:
    photo = photograph(tmp_path / "a.jpg")
    for make in (proxy, sprite):
        with pytest.raises(NoPicture):
            make(photo, tmp_path / "t")
    with pytest.raises(NoPicture):
        sprite(specimens["talk.mp3"], tmp_path / "t")
    with pytest.raises(NoPicture):
        still(specimens["talk.mp3"], Decimal(1), tmp_path / "t.png")
    (tmp_path / "b").write_bytes(specimens["bikes.mp4"].read_bytes()[:9000])
    for make in (proxy, sprite):
        with pytest.raises(Unreadable):
            make(tmp_path / "b", tmp_path / "t")
    assert not list(tmp_path.glob("t*"))


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.avi", "mpeg4")])
def test_random_damage_is_refused_or_survived(tmp_path: Path, name: str, codec: str) -> None:
    whole, dice = film(tmp_path / name, Fault(seconds=4, codec=codec)).read_bytes(), random.Random(name)
    path, target = tmp_path / "damaged", tmp_path / "target"
    for _ in range(15):
        data = bytearray(whole)
        for _ in range(dice.choice((1, 4, 40))):
            at = int(len(data) * dice.random() ** 2)
            data[at : at + 2] = dice.randbytes(2)
        path.write_bytes(data)
        for make in (
            lambda: examine(path, within=30),
            lambda: proxy(path, target, within=30),
            lambda: sprite(path, target),
            lambda: still(path, Decimal(2), target),
            lambda: clip(path, Decimal(1), Decimal(3), target),
        ):
            with contextlib.suppress(LiuhenError):
                assert make()
            assert not (tmp_path / "target.part").exists()
