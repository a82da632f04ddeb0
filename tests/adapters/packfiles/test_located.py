"""YAML with its places: strict, plain, every refusal with file and line."""

from pathlib import Path

import pytest

from liuhen.adapters.packfiles.located import read_text, read_yaml
from liuhen.core.kernel.errors import BadInput


def test_plain_data_comes_with_the_line_of_every_path() -> None:
    located = read_text("a: 1\nb:\n  - c: 二\n    d: true\n  - e: ~\n", "x.yaml")
    assert located.data == {"a": 1, "b": [{"c": "二", "d": True}, {"e": None}]}
    assert located.lines["b[0].d"] == 4
    assert located.lines["b[1].e"] == 5


def test_times_days_and_quoted_words_stay_text() -> None:
    text = 'at: 2026-03-02T09:10:00+08:00\nday: 2026-03-02\nquoted: "12"\nyes: "true"\ndecimal: 12.5\noctal: 0o17\n'
    assert read_text(text, "x.yaml").data == {
        "at": "2026-03-02T09:10:00+08:00",
        "day": "2026-03-02",
        "quoted": "12",
        "yes": "true",
        "decimal": "12.5",
        "octal": "0o17",
    }


def test_a_fault_is_told_at_the_nearest_line_that_exists() -> None:
    located = read_text("a: 1\nb:\n  - c: 二\n", "x.yaml")
    assert str(located.relocate(BadInput("b[0].c", "is wrong"))) == "x.yaml:3: b[0].c: is wrong"
    assert str(located.relocate(BadInput("b[0].missing", "is missing"))) == "x.yaml:3: b[0].missing: is missing"
    assert str(located.relocate(BadInput("gone", "is missing"))) == "x.yaml:1: gone: is missing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "x.yaml:2: the key “a” stands twice"),
        ("a:\n  b: 1\n  b: 2\n", "x.yaml:3: the key “b” stands twice"),
        ("a: [1, 2\n", "x.yaml:2: not YAML"),
        ("a: 'open\n", "not YAML"),
        ("a: 1\n  b: 2\n", "x.yaml:2: not YAML"),
        ("\tb: 2\n", "not YAML"),
        ("a: 1\n---\nb: 2\n", "not YAML"),
        ("a: *nobody\n", "not YAML"),
        ("[" * 3000, "not YAML"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_text(text, "x.yaml")
    assert said in str(refusal.value)


def test_a_small_file_cannot_grow_huge() -> None:
    levels = ["a0: &a0 [" + ",".join("x" * 10) + "]"]
    levels += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    with pytest.raises(BadInput, match="more than 200000 values"):
        read_text("\n".join(levels), "x.yaml")


def test_an_alias_to_itself_is_refused() -> None:
    with pytest.raises(BadInput):
        read_text("a: &a [*a]\n", "x.yaml")


def test_a_missing_file_a_folder_and_other_bytes_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="is not a UTF-8 text file"):
        read_yaml(tmp_path)
    gbk = tmp_path / "gbk.yaml"
    gbk.write_bytes("标题: 河北".encode("gbk"))
    with pytest.raises(BadInput, match=r"gbk\.yaml: is not a UTF-8 text file"):
        read_yaml(gbk)
