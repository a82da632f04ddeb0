"""What a sender may say is judged in one place, whichever way the file comes."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.receive_recording import Upload, receive_recording
from liuhen.flows.resumable.announcement import announce
from liuhen.flows.sender import file_name
from liuhen.records.index.models import QuarantineRow

OFFICER = Actor("sending-officer", "李喆", "sending", frozenset({"执法人员"}))
AT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
LEADING_ELSEWHERE = [
    "",
    ".",
    "..",
    "a/b.mp4",
    "a\\b.mp4",
    "/etc/passwd",
    "a\nb.mp4",
    "a\x00.mp4",
    "\u202egpm.mp4",
    "\udc80",
]
TOO_LONG = "录" * 67  # 201 bytes


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.mark.parametrize("name", [*LEADING_ELSEWHERE, TOO_LONG])
@pytest.mark.django_db
def test_a_name_that_leads_elsewhere_is_refused_on_every_way(name: str) -> None:
    with pytest.raises(BadInput) as by_pieces:
        announce({"filename": name}, 1)
    with pytest.raises(BadInput) as whole:
        receive_recording(Occasion(OFFICER, AT, AT), Upload(name, 1), lambda _: b"x")
    assert (by_pieces.value.place, whole.value.place) == ("filename", "name")
    assert str(by_pieces.value).removeprefix("filename") == str(whole.value).removeprefix("name")


@pytest.mark.django_db
def test_a_name_has_one_spelling_on_every_way() -> None:
    spelt_apart, together = "cafe\u0301.mp4", "café.mp4"
    assert file_name(spelt_apart, "name") == announce({"filename": spelt_apart}, 1).name == together
    row = receive_recording(Occasion(OFFICER, AT, AT), Upload(spelt_apart, 1), lambda _: b"x")
    assert (row.path, QuarantineRow.objects.get().name) == (together, together)


def test_a_name_of_two_hundred_bytes_is_taken() -> None:
    assert file_name("录" * 66 + ".x", "name") == "录" * 66 + ".x"
