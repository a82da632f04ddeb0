"""One specimen of each container, encoded once a session."""

from pathlib import Path

import pytest

from tests.adapters.media.specimens import Recipe, encode, field_exif, photograph, real_clip

RECIPES = {
    "field.mp4": Recipe(tags={"creation_time": "2026-03-02T01:10:05Z", "location": "+35.7756+113.2806/"}),
    "front.mp4": Recipe(options={"movflags": "faststart"}),
    "fragments.mp4": Recipe(options={"movflags": "frag_keyframe+empty_moov"}),
    "camera.mov": Recipe(),
    "recorder.mkv": Recipe(tags={"creation_time": "2026-03-02T01:10:05Z"}),
    "live.mkv": Recipe(options={"live": "1"}),
    "screen.webm": Recipe(video="libvpx-vp9", sound="libopus"),
    "recorder.avi": Recipe(video="mpeg4", sound="pcm_s16le"),
    "talk.wav": Recipe(video=None, sound="pcm_s16le"),
    "talk.mp3": Recipe(video=None, sound="libmp3lame"),
}
# What older recorders, disc cameras, telephones and dictation machines write.
FURTHER = {
    "opus.ogg": Recipe(video=None, sound="libopus"),
    "vorbis.ogg": Recipe(video=None, sound="vorbis", layout="stereo", coding={"strict": "experimental"}),
    "flac.oga": Recipe(video=None, sound="flac", demuxer="ogg"),
    "camera.ogv": Recipe(video="libvpx", sound="libopus", demuxer="ogg"),
    "recorder.mpg": Recipe(video="mpeg2video", sound="mp2", demuxer="mpeg"),
    "old.mpg": Recipe(video="mpeg1video", sound="mp2", demuxer="mpeg", fps=25),
    "disc.vob": Recipe(video="mpeg2video", sound="ac3", demuxer="vob", fps=25, rate=48_000),
    "recorder.ts": Recipe(demuxer="mpegts"),
    "broadcast.ts": Recipe(video="mpeg2video", sound="mp2", demuxer="mpegts"),
    "camera.m2ts": Recipe(sound="ac3", demuxer="mpegts", fps=25, rate=48_000, options={"mpegts_m2ts_mode": "1"}),
    "old.3gp": Recipe(video="h263", sound="libopencore_amrnb", demuxer="3gp", size=(176, 144), rate=8_000),
    "phone.3gp": Recipe(demuxer="3gp"),
    "talk.m4a": Recipe(video=None, demuxer="ipod"),
    "talk.aac": Recipe(video=None, demuxer="adts"),
    "talk.flac": Recipe(video=None, sound="flac"),
    "talk.amr": Recipe(video=None, sound="libopencore_amrnb", rate=8_000),
}


@pytest.fixture(scope="session")
def further(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One specimen of each container that phones and body cameras of today do not write."""
    folder = tmp_path_factory.mktemp("further")
    return {name: encode(folder / name, recipe) for name, recipe in FURTHER.items()}


@pytest.fixture(scope="session")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("specimens")
    made = {name: encode(folder / name, recipe) for name, recipe in RECIPES.items()}
    made["scene.jpg"] = photograph(folder / "scene.jpg", exif=field_exif())
    for name in ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"):
        made[name] = real_clip(name)
    return made
