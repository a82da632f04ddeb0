"""File names of makers and offices: what is read of them, and what is not guessed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.station.forms import PLACEHOLDERS, compile_form
from liuhen.adapters.station.naming import NameRead, Pattern, read_name
from liuhen.adapters.station.pattern_file import SHIPPED, check_patterns, read_patterns
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI

NINE = datetime(2026, 3, 2, 9, 12, 5, tzinfo=SHANGHAI)


def read(form: str, name: str, **more: object) -> NameRead | None:
    return read_name([Pattern("样式", compile_form(form, "form"), **more)], PurePosixPath(name))  # type: ignore[arg-type]


def test_the_common_form_says_device_person_start_and_part() -> None:
    found = read_name(read_patterns(), PurePosixPath("DSJ0117_012345_20260302_091205_0001.mp4"))
    assert found is not None
    assert (found.device, found.officer, found.started) == ("DSJ0117", "012345", NINE)
    assert (found.whole, found.part) == ("DSJ0117_012345_20260302_091205", 1)


@pytest.mark.parametrize("text", ["20260302_091205", "2026-03-02_09-12-05", "2026.03.02_09.12.05"])
def test_days_and_hours_are_read_in_every_common_spelling(text: str) -> None:
    found = read("{date}_{time}", f"{text}.mp4")
    assert found is not None and found.started == NINE


@pytest.mark.parametrize(
    "name",
    ["20260230_091205.mp4", "20260302_251205.mp4", "2026-0302_091205.mp4", "x20260302_091205.mp4"],
)
def test_what_is_no_time_is_no_name_of_this_form(name: str) -> None:
    assert read("{date}_{time}", name) is None


def test_the_end_may_be_a_clock_time_after_midnight() -> None:
    found = read("{moment}-{until}", "20260302235500-001000.mp4")
    assert found is not None and found.started is not None
    assert found.ended == found.started + timedelta(minutes=15)


def test_seconds_and_milliseconds_since_1970_are_read() -> None:
    for text, beyond in (("1772413925", 0), ("1772413925250", 250)):
        found = read("{device}_{epoch}", f"D1_{text}.mp4")
        assert found is not None
        assert found.started == datetime.fromtimestamp(1772413925, UTC) + timedelta(milliseconds=beyond)


def test_a_clock_on_universal_time_is_said_so() -> None:
    found = read("{moment}", "20260302011205.mp4", zone=UTC)
    assert found is not None and found.started == NINE


def test_folders_above_the_file_are_read_where_the_form_speaks_of_them() -> None:
    found = read_name(read_patterns(), PurePosixPath("/mnt/dock/2026-03-02/012345/09.12.05_0002.mp4"))
    assert found is not None
    assert (found.officer, found.started, found.part) == ("012345", NINE, 2)
    assert found.whole == "2026-03-02/012345/09.12.05"
    assert read("{date}/{officer}/{time}", "012345/091205.mp4") is None


def test_a_number_that_only_counts_files_makes_no_parts() -> None:
    own = read("{device}_{moment}_{part}", "D1_20260302091205_0007.mp4", parts="own")
    shared = read("{device}_{moment}_{part}", "D1_20260302091205_0007.mp4", parts="shared")
    open_question = read("{device}_{moment}_{part}", "D1_20260302091205_0007.mp4")
    assert own is not None and (own.whole, own.part) == (None, None)
    assert shared is not None and shared.certain_parts and shared.part == 7
    assert open_question is not None and not open_question.certain_parts


def test_parts_may_count_from_nought() -> None:
    found = read("{device}_{moment}_{part}", "D1_20260302091205_0.mp4", first=0)
    assert found is not None and found.part == 1


def test_optional_stretches_may_be_left_out() -> None:
    for name in ("D1_20260302091205.mp4", "D1_20260302091205_IMP.mp4"):
        assert read("{device}_{moment}<_IMP>", name) is not None
    assert read("{device}_{moment}<_IMP>", "D1_20260302091205_IM.mp4") is None


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("{divice}_{date}_{time}", "{device}"),
        ("{device}{officer}_{moment}", "紧挨着"),
        ("{device}<_>{officer}_{moment}", "紧挨着"),
        ("{device}_{device}_{moment}", "两次"),
        ("{device}_{date}", "一起写"),
        ("{moment}_{epoch}", "两种"),
        ("{device}_{until}", "开始时间"),
        ("{any}_{part}", "至少写"),
        ("{device}_<{part}", "“>”"),
        ("{device}_{part>", "配成一对"),
        ("{device:9-4}_{moment}", "写反"),
        ("{date:8}_{time}", "固定"),
    ],
)
def test_a_form_that_cannot_work_is_refused_with_the_remedy(form: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        compile_form(form, "样式.yaml:3")
    assert refusal.value.place == "样式.yaml:3" and said in refusal.value.sentence


@given(st.lists(st.sampled_from([f"{{{name}}}" for name in PLACEHOLDERS] + ["_", "-", "<", ">", "DSJ"]), max_size=9))
def test_whatever_form_is_accepted_reads_no_name_slowly(pieces: list[str]) -> None:
    try:
        form = compile_form("".join(pieces), "form")
    except BadInput:
        return
    for name in ("a" * 255, "1" * 255, "2026" * 60, "_" * 255):
        read_name([Pattern("样式", form)], PurePosixPath(f"{name}.mp4"))


@given(st.text(max_size=80))
def test_no_name_whatever_is_more_than_read_or_not(name: str) -> None:
    read_name(read_patterns(), PurePosixPath(name or "x"))


def test_the_shipped_patterns_have_no_fault_and_an_example_each() -> None:
    checked = check_patterns(SHIPPED)
    assert checked.faults == () and all(pattern.examples for pattern in checked.patterns)


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "样式.yaml"
    path.write_text(text, encoding="utf-8")
    return [str(fault).removeprefix(f"{path}:") for fault in check_patterns(path).faults]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    said = faults(
        tmp_path,
        "patterns:\n"
        "- name: 一\n  from: '{device}_{moment}'\n"
        "- name: 二\n  form: '{device}_{moment}'\n  examples: [D1_20260302091205.mp4, 别的.mp4]\n"
        "- name: 二\n  form: '{officer}_{moment}'\n  examples: [D2_20260302091205.mp4]\n"
        "- name: 三\n  form: '{moment}'\n  zone: 北京\n  parts: 看情况\n  first: 2\n",
    )
    lines = [line.split("：")[0].split(":")[0] for line in said]
    assert lines == ["3", "2", "6", "7", "13", "14", "12"]
    assert "是不是 form" in said[0] and "别的.mp4" in said[2] and "都叫" in said[3]


def test_an_example_that_an_earlier_pattern_takes_is_named(tmp_path: Path) -> None:
    (said,) = faults(
        tmp_path,
        "patterns:\n"
        "- {name: 宽, form: '{any}_{moment}'}\n"
        "- {name: 窄, form: 'DSJ{device:4}_{moment}', examples: [DSJ0117_20260302091205.mp4]}\n",
    )
    assert "“宽”" in said and "前面" in said


@pytest.mark.parametrize(
    "text", ["", "patterns: []\n", "patterns: 3\n", "- a\n", "patterns:\n- 一句话\n", "a: [\n", "\t"]
)
def test_what_is_no_list_of_patterns_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "样式.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        read_patterns(path)
    assert "样式.yaml" in refusal.value.place


def test_a_file_that_is_not_there_or_not_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for name in ("missing", "bytes"):
        with pytest.raises(BadInput):
            read_patterns(tmp_path / name)
