"""Tag files are read back as written, and strange ones are refused by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.bag.manifests import (
    Fault,
    parse_declaration,
    parse_info,
    parse_manifest,
    parse_oxum,
    render_declaration,
    render_info,
    render_manifest,
)
from liuhen.core.bag.names import decode_name, encode_name, is_safe
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.digests import digests_of
from liuhen.core.kernel.errors import BadInput

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
NAMES = TEXT.map(lambda text: "data/" + normal(text)).filter(is_safe)
DIGESTS = st.binary(max_size=4).map(lambda data: digests_of(data).sm3)


@given(st.dictionaries(NAMES, DIGESTS, max_size=6))
def test_a_manifest_comes_back(digests: dict[str, str]) -> None:
    found = parse_manifest(render_manifest(digests.items()), "sm3")
    assert found.faults == ()
    assert {entry.path: entry.digest for entry in found.entries} == digests


@given(TEXT)
def test_a_name_comes_back_and_never_breaks_its_line(name: str) -> None:
    written = encode_name(name)
    assert "\n" not in written and "\r" not in written
    assert decode_name(written) == normal(name)


@pytest.mark.parametrize(
    ("written", "version", "name"),
    [
        ("a%0Ab", "1.0", "a\nb"),
        ("a%0db", "1.0", "a\rb"),
        ("100%25", "1.0", "100%"),
        ("%250A", "1.0", "%0A"),
        ("100%25", "0.97", "100%25"),
        ("a%20b", "1.0", "a%20b"),
    ],
)
def test_percent_encoding(written: str, version: str, name: str) -> None:
    assert decode_name(written, version=version) == name


@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n"])
def test_any_line_ending_and_an_asterisk_are_read(ending: str) -> None:
    digest = digests_of(b"").sha256
    lines = f"{digest.upper()} *data/甲.mp4{ending}{digest}\tdata/乙\u2028丙{ending}"
    found = parse_manifest(lines.encode(), "sha256")
    assert [entry.path for entry in found.entries] == ["data/甲.mp4", "data/乙\u2028丙"]
    assert {entry.digest for entry in found.entries} == {digest}


def test_faults_carry_their_line() -> None:
    digest = digests_of(b"").sha256
    data = f"{digest}  data/a\n\n{digest}  ../b\nxyz  data/c\n{digest}  data/a\n".encode() + b"\xff\xfe\n"
    found = parse_manifest(data, "sha256")
    assert [(fault.kind, fault.line) for fault in found.faults] == [
        ("malformed", 2),
        ("unsafe", 3),
        ("malformed", 4),
        ("twice", 5),
        ("malformed", 6),
    ]


@pytest.mark.parametrize(
    "name", ["", "/a", "a/../b", "..", "./a", "a//b", "a/", "a\\b", "C:/a", "c:a", "~root/a", "a\0b"]
)
def test_unsafe_names(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["a", "a/b.c", "现场 检查…/第1段.mp4", "a..b", "-rf", "a~"])
def test_safe_names(name: str) -> None:
    assert is_safe(name)


@pytest.mark.parametrize("path", ["x.txt", "/data/x", "data/../x", "data/"])
def test_a_name_that_cannot_be_listed_is_refused(path: str) -> None:
    with pytest.raises(BadInput):
        render_manifest([(path, "0" * 64)])


def test_a_name_listed_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="两次"):
        render_manifest([("data/\u00e9", "0" * 64), ("data/e\u0301", "0" * 64)])


def test_declaration() -> None:
    assert parse_declaration(render_declaration()) == "1.0"
    assert parse_declaration(b"BagIt-Version: 0.97\r\nTag-File-Character-Encoding: utf-8\r\n") == "0.97"
    for bad in (b"", b"\xef\xbb\xbf" + render_declaration(), b"BagIt-Version: 1.0\n", b"a\nb\n"):
        assert isinstance(parse_declaration(bad), Fault)


def test_info_keeps_order_and_repeats_and_unfolds() -> None:
    data = "Contact-Name: 张三\nContact-Name:李四\nExternal-Description: 一\n  二\n\t三\n".encode()
    assert parse_info(data)[0] == (
        ("Contact-Name", "张三"),
        ("Contact-Name", "李四"),
        ("External-Description", "一 二 三"),
    )
    assert [fault.line for fault in parse_info(b" x\nno colon\nA: b\n")[1]] == [1, 2]


def test_info_comes_back_or_is_refused() -> None:
    pairs = (("Source-Organization", "陵川县财政局"), ("Internal-Sender-Description", "a: b"))
    assert parse_info(render_info(pairs)) == (pairs, ())
    for label, value in (("A:B", "x"), ("", "x"), ("A", "x\ny"), ("A\nB", "x")):
        with pytest.raises(BadInput):
            render_info([(label, value)])


def test_oxum() -> None:
    assert parse_oxum("279164409832.1198") == (279164409832, 1198)
    assert [parse_oxum(bad) for bad in ("", "1", "1.x", "-1.2", "1.2.3", "１.2")] == [None] * 6
