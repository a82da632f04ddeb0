"""The DER reader: one spelling of everything, and no byte string that makes it stumble."""

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.crypto import der
from liuhen.core.crypto.cms import parse_signed_data
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.crypto.rfc3161 import parse_timestamp
from liuhen.core.crypto.x509 import parse_certificate


@pytest.mark.parametrize(
    "data",
    [
        "",
        "02",
        "0201",
        "020100ff",
        "02810100",
        "0282000100",
        "3080020100",
        "30800201000000",
        "0284ffffffff00",
        "1f0100",
        "30030201",
        "0289" + "01" * 9,
    ],
)
def test_other_spellings_and_cut_bytes_are_refused(data: str) -> None:
    with pytest.raises(SignatureRefused) as caught:
        der.parse(bytes.fromhex(data), "here").children()
    assert caught.value.code == Code.DER_FORM and caught.value.place == "here"


def element(data: str) -> der.Element:
    return der.parse(bytes.fromhex(data), "here")


def test_integers() -> None:
    assert [element(data).integer() for data in ("020100", "0201ff", "02020080", "0202ff7f")] == [0, -1, 128, -129]
    for data in ("0200", "02020001", "0202ffff", "0202007f", "030100"):
        with pytest.raises(SignatureRefused):
            element(data).integer()


def test_identifiers() -> None:
    assert element("06092a864886f70d010702").oid() == "1.2.840.113549.1.7.2"
    assert element("0603550403").oid() == "2.5.4.3"
    assert element("06038837" + "03").oid() == "2.999.3"
    for data in ("0600", "060155"[:4] + "86", "0602802a", "06032a8001"):
        with pytest.raises(SignatureRefused):
            element(data).oid()


def test_booleans_and_bits() -> None:
    assert element("0101ff").boolean() and not element("010100").boolean()
    assert element("030200aa").bits() == b"\xaa"
    for data in ("010101", "0100", "0102ffff"):
        with pytest.raises(SignatureRefused):
            element(data).boolean()
    for data in ("0300", "030204a0"):
        with pytest.raises(SignatureRefused):
            element(data).bits()


def timed(tag: int, text: str) -> der.Element:
    return der.parse(bytes([tag, len(text)]) + text.encode(), "here")


@pytest.mark.parametrize(
    ("tag", "text", "moment"),
    [
        (der.UTC_TIME, "260302011000Z", datetime(2026, 3, 2, 1, 10, tzinfo=UTC)),
        (der.UTC_TIME, "491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (der.UTC_TIME, "500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
        (der.UTC_TIME, "690101000000Z", datetime(1969, 1, 1, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "20260302011000Z", datetime(2026, 3, 2, 1, 10, tzinfo=UTC)),
        (der.GENERALIZED_TIME, "20260302011000.25Z", datetime(2026, 3, 2, 1, 10, 0, 250000, tzinfo=UTC)),
    ],
)
def test_times(tag: int, text: str, moment: datetime) -> None:
    assert timed(tag, text).time() == moment


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (der.UTC_TIME, "2603020110Z"),
        (der.UTC_TIME, "260302011000+0800"),
        (der.UTC_TIME, "260302011000.5Z"),
        (der.UTC_TIME, "261302011000Z"),
        (der.GENERALIZED_TIME, "20260302011000"),
        (der.GENERALIZED_TIME, "20260302011000.50Z"),
        (der.GENERALIZED_TIME, "20260302011000.Z"),
        (der.GENERALIZED_TIME, "2026030201100Z"),
        (der.GENERALIZED_TIME, ""),
        (der.OCTET_STRING, "20260302011000Z"),
    ],
)
def test_other_times_are_refused(tag: int, text: str) -> None:
    with pytest.raises(SignatureRefused):
        timed(tag, text).time()


def test_padding_is_zeros_only() -> None:
    assert der.parse_padded(bytes.fromhex("02010500000000"), "here").integer() == 5
    for data in ("", "020105000001"):
        with pytest.raises(SignatureRefused):
            der.parse_padded(bytes.fromhex(data), "here")


@given(st.integers())
def test_integers_agree_with_another_implementation(number: int) -> None:
    assert der.parse(core.Integer(number).dump(), "here").integer() == number


@given(st.lists(st.integers(0, 2**70), max_size=12), st.integers(0, 2), st.integers(0, 39))
def test_identifiers_agree_with_another_implementation(tail: list[int], first: int, second: int) -> None:
    text = ".".join(map(str, [first, second, *tail]))
    encoded = core.ObjectIdentifier(text).dump()
    if len(encoded) < 60:
        assert der.parse(encoded, "here").oid() == text


@given(st.binary(max_size=200))
def test_no_bytes_make_a_reader_stumble(data: bytes) -> None:
    for parse in (parse_certificate, parse_signed_data, parse_timestamp):
        with pytest.raises(SignatureRefused):
            parse(data)
