"""Canonical bytes against RFC 8785 as the package `rfc8785` implements it."""

import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel import canonical
from liuhen.core.kernel.errors import BadInput

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
keys = st.text(st.characters(max_codepoint=127), max_size=6)
numbers = st.integers(-(2**53 - 1), 2**53 - 1)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=20,
)


@given(plain)
def test_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical.render(value) == rfc8785.dumps(value)


@given(plain)
def test_what_is_rendered_is_read_back(value: Any) -> None:
    assert canonical.parse(canonical.render(value)) == value


@given(plain, st.integers(0, 10_000), st.integers(0, 255))
def test_one_changed_byte_is_refused_or_says_something_else(value: Any, place: int, byte: int) -> None:
    data = bytearray(canonical.render(value))
    data[place % len(data)] = byte
    changed = bytes(data)
    try:
        read = canonical.parse(changed)
    except BadInput:
        return
    assert canonical.render(read) == changed


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":01}',
        b'"\\u4e2d"',
        b'"\\/"',
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'"\xff"',
        b'"\\ud800"',
        '"e\u0301"'.encode(),
        '{"键":1}'.encode(),
        b"\xef\xbb\xbf{}",
        b"",
        b"[" * 100_000,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_any_other_spelling_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        canonical.parse(data, "record")


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), 2**53, {1: "a"}, {"键": 1}, b"bytes", object(), "\ud800", "e\u0301"]
)
def test_what_cannot_be_recorded_is_refused_with_its_place(value: object) -> None:
    with pytest.raises(BadInput) as refusal:
        canonical.render({"outer": [value]})
    assert refusal.value.place.startswith("$.outer[0]")


def test_names_that_look_alike_become_one() -> None:
    assert canonical.normal("e\u0301") == canonical.normal("\u00e9") == "é"
