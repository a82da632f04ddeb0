"""The seal: one spelling, whatever it names; any other spelling is refused."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel.errors import BadInput
from liuhen.core.verifier.seal import PackageSeal, parse_seal
from tests.core.verifier.making import MORNING, seal

HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
WORD = st.text(
    st.characters(min_codepoint=33, exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=20
)
NAME = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=20)
SEALS = st.builds(
    PackageSeal,
    agency=WORD,
    case=WORD,
    packed_at=st.integers(0, 10**9).map(lambda seconds: MORNING + timedelta(seconds=seconds)),
    manifest_sha256=HEX,
    manifest_sm3=HEX,
    tags=st.dictionaries(NAME, st.tuples(HEX, HEX), max_size=3),
    streams=st.dictionaries(NAME, st.integers(1, 10**9 - 1), max_size=3),
)


@given(SEALS)
def test_what_is_written_reads_back(one: PackageSeal) -> None:
    assert parse_seal(one.render()) == one


@given(SEALS, st.data())
def test_no_two_texts_say_the_same(one: PackageSeal, data: st.DataObject) -> None:
    text = one.render()
    place = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.characters(codec="utf-8"))
    other = text[:place] + char + text[place + 1 :]
    try:
        read = parse_seal(other)
    except BadInput:
        return
    assert (read == one) is (other == text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("liuhen-package/1", "liuhen-package/2"),
        ("case c1\n", ""),
        ("case c1\n", "case c1\ncase c1\n"),
        ("agency a1\ncase c1\n", "case c1\nagency a1\n"),
        ("packed 2026-03-02T10:00:00+08:00", "packed 2026-03-02T02:00:00+00:00"),
        ("packed 2026-03-02T10:00:00+08:00", "packed 2026-03-02"),
        ("stream case:c1 2", "stream case:c1 02"),
        ("stream case:c1 2", f"stream case:c1 {'9' * 5000}"),
        ("stream case:c1 2", "stream case:c1 −2"),
        ("tag 3333", "tag 333"),
        ("case c1\n", "case c1\nremark x\n"),
    ],
)
def test_other_spellings_are_refused(old: str, new: str) -> None:
    text = seal().render()
    assert old in text
    with pytest.raises(BadInput):
        parse_seal(text.replace(old, new, 1))


def test_a_seal_without_an_end_is_refused() -> None:
    with pytest.raises(BadInput):
        parse_seal(seal().render().removesuffix("\n"))
