"""Names and moments as cameras write them, old and new, and what hostile ones are refused for."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.cameras.names import (
    kind_of_container,
    kind_of_object,
    parse_moment,
    parse_recording_name,
    recording_id,
    require_name,
    start_in_name,
)
from liuhen.core.kernel.errors import BadInput

NOON = datetime(2022, 8, 23, 11, 48, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2022-08-23T11:48:10Z",
        "20220823T114810Z",
        "20220823_114810".replace("_", "T"),
        "20220823114810",
        "1661255290",
        "1661255290.0",
        "1661255290000",
        "1661255290000000",
        "2022-08-23T19:48:10+08:00",
        " 2022-08-23T11:48:10.000Z ",
    ],
)
def test_moments(text: str) -> None:
    assert parse_moment(text) == NOON


@pytest.mark.parametrize("text", ["", "UnknownTime", "99999999999999", "2022-13-01T00:00:00Z", "9" * 400, "12"])
def test_what_is_no_moment(text: str) -> None:
    assert parse_moment(text) is None


def test_fractions_of_seconds_are_kept() -> None:
    assert parse_moment("1661255290.25") == NOON.replace(microsecond=250_000)
    assert parse_moment("1661255290250") == NOON.replace(microsecond=250_000)


@pytest.mark.parametrize("tail", ["20220823T114810Z", "20220823_114810", "2022-08-23_11:48:10"])
def test_recording_names_old_and_new(tail: str) -> None:
    found = parse_recording_name(f"6a3e8f56-4f0b-4b6a-9a53-0b7f0c5f2f11_ACCC8E0001_{tail}")
    assert found is not None and found.triggered_at == NOON
    assert (found.user, found.serial) == ("6a3e8f56-4f0b-4b6a-9a53-0b7f0c5f2f11", "ACCC8E0001")


@pytest.mark.parametrize("name", ["", "a", "a_b", "a_b_c", "_b_20220823T114810Z", "现场_一"])
def test_other_names_say_nothing(name: str) -> None:
    assert parse_recording_name(name) is None


@pytest.mark.parametrize(
    ("name", "told", "kind"),
    [
        ("20220823T114810Z_x7.mkv", {}, "clip"),
        ("clip", {"containertype": "MP4"}, "clip"),
        ("20220823T114810Z_x7.key", {}, "key"),
        ("20220823T114810Z_x7.mkv.key", {}, "key"),
        ("bookmark_2022_1", {}, "bookmark"),
        ("20220823_114810_x7_ACCC_gpstrail.json", {}, "track"),
        ("a.bin", {"filetype": "json"}, "track"),
        ("a.bin", {}, "other"),
    ],
)
def test_kinds_of_objects(name: str, told: dict[str, str], kind: str) -> None:
    assert kind_of_object(name, told) == kind


def test_kinds_of_containers() -> None:
    names = ["System", "Users", "Devices", "RejectedContent_UnknownTime_1", "u_s_20220823T114810Z", "Rejected"]
    assert [kind_of_container(name) for name in names] == [
        "system",
        "users",
        "devices",
        "rejected",
        "recording",
        "recording",
    ]


def test_ids_and_starts_in_names() -> None:
    assert recording_id("20220823T114810Z_x7Qp.mkv") == "x7Qp"
    assert recording_id("20220823_114810_x7Qp_ACCC8E_gpstrail.json") == "x7Qp"
    assert start_in_name("20220823T114810Z_x7Qp.mkv") == NOON
    assert start_in_name("20220823_114810_x7Qp.mkv") == NOON
    assert start_in_name("clip.mkv") is None


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\x00", "a\nb", "啊" * 86])
def test_hostile_names(name: str) -> None:
    with pytest.raises(BadInput):
        require_name(name, "名称")


@pytest.mark.parametrize("name", ["a:b", "...", "现场 录像", "a" * 255, "%2e%2e"])
def test_names_that_are_only_odd(name: str) -> None:
    assert require_name(name, "名称") == name


@given(st.text())
def test_anything_can_be_asked(text: str) -> None:
    parse_moment(text), parse_recording_name(text), recording_id(text), start_in_name(text), kind_of_container(text)
