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


@pytest.fixture(scope="session")
def specimens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("specimens")
    made = {name: encode(folder / name, recipe) for name, recipe in RECIPES.items()}
    made["scene.jpg"] = photograph(folder / "scene.jpg", exif=field_exif())
    for name in ("bikes.mp4", "bigbuckbunny.mp4", "carphone_pristine.mp4"):
        made[name] = real_clip(name)
    return made
