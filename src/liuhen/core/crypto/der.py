"""A small strict reader of DER (X.690): definite, minimal lengths, bounded depth.

Invariant: every read is inside the bytes given; trailing bytes, indefinite lengths and non-minimal forms are refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from liuhen.core.crypto.refusals import Code, SignatureRefused

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, PRINTABLE_STRING, TELETEX_STRING, IA5_STRING, BMP_STRING = 0x0C, 0x13, 0x14, 0x16, 0x1E
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31

_LARGEST_LENGTH = 1 << 31


def context(number: int) -> int:
    """Give the tag of a constructed context-specific element, as [0] EXPLICIT has it."""
    return 0xA0 | number


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag, its content, and its whole encoding; `place` names it in messages."""

    tag: int
    content: bytes
    encoding: bytes
    place: str

    def require(self, tag: int) -> "Element":
        """Give the element back, or refuse it when its tag is another."""
        if self.tag != tag:
            raise SignatureRefused(
                Code.DER_FORM, self.place, f"expected DER tag {tag:#04x}, found {self.tag:#04x}; the file was damaged"
            )
        return self

    def children(self) -> list["Element"]:
        """Read the elements inside. Raises SignatureRefused for a primitive element."""
        if not self.tag & 0x20:
            raise SignatureRefused(
                Code.DER_FORM, self.place, f"DER element {self.tag:#04x} has no parts; the file was damaged"
            )
        return list(_elements(self.content, self.place))

    def reader(self) -> "Reader":
        """Give a reader over the elements inside."""
        return Reader(self.children(), self.place)

    def integer(self) -> int:
        """Read an INTEGER in its shortest form."""
        data = self.require(INTEGER).content
        if not data or (len(data) > 1 and data[0] in (0, 255) and (data[0] ^ data[1]) & 0x80 == 0):
            raise SignatureRefused(Code.DER_FORM, self.place, "an integer must be in its shortest form")
        return int.from_bytes(data, "big", signed=True)

    def boolean(self) -> bool:
        """Read a BOOLEAN: 00 or FF."""
        if self.require(BOOLEAN).content not in (b"\x00", b"\xff"):
            raise SignatureRefused(Code.DER_FORM, self.place, "a boolean must be 00 or FF")
        return self.content == b"\xff"

    def bits(self) -> bytes:
        """Read a BIT STRING that holds whole bytes."""
        if not self.require(BIT_STRING).content or self.content[0] != 0:
            raise SignatureRefused(Code.DER_FORM, self.place, "expected a bit string of whole bytes")
        return self.content[1:]

    def oid(self) -> str:
        """Read an OBJECT IDENTIFIER as dotted numbers."""
        data = self.require(OID).content
        if not data or data[-1] & 0x80 or len(data) > 64:
            raise SignatureRefused(Code.DER_FORM, self.place, "an object identifier is cut off")
        numbers, value = [], 0
        for at, octet in enumerate(data):
            if value == 0 and octet == 0x80 and (at == 0 or not data[at - 1] & 0x80):
                raise SignatureRefused(Code.DER_FORM, self.place, "an object identifier must be in its shortest form")
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                numbers.append(value)
                value = 0
        first = min(numbers[0] // 40, 2)
        return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))

    def text(self) -> str:
        """Read any of the character strings that names use."""
        codec = {UTF8_STRING: "utf-8", BMP_STRING: "utf-16-be", TELETEX_STRING: "latin-1"}.get(self.tag, "ascii")
        try:
            return self.content.decode(codec)
        except UnicodeDecodeError:
            raise SignatureRefused(Code.DER_FORM, self.place, "a character string does not fit its type") from None

    def time(self) -> datetime:
        """Read a UTCTime or GeneralizedTime that ends in Z, as an aware time. Spec: RFC 5280 section 4.1.2.5."""
        return _read_time(self)


class Reader:
    """Takes elements one after the other, optional ones by tag."""

    __slots__ = ("_at", "_items", "_place")

    def __init__(self, items: list[Element], place: str) -> None:
        self._items, self._place, self._at = items, place, 0

    def peek(self) -> int | None:
        """Give the next tag; None at the end."""
        return self._items[self._at].tag if self._at < len(self._items) else None

    def take(self, tag: int | None = None) -> Element:
        """Take the next element. Raises SignatureRefused at the end or when the tag is another."""
        if self._at >= len(self._items):
            raise SignatureRefused(Code.DER_FORM, self._place, "a DER structure ends too early; the file was damaged")
        item = self._items[self._at]
        self._at += 1
        return item if tag is None else item.require(tag)

    def take_if(self, *tags: int) -> Element | None:
        """Take the next element when its tag is one of these."""
        return self.take() if self.peek() in tags else None

    def rest(self) -> list[Element]:
        """Take everything that is left."""
        items, self._at = self._items[self._at :], len(self._items)
        return items

    def finish(self) -> None:
        """Raise SignatureRefused when something is left."""
        if self._at != len(self._items):
            raise SignatureRefused(
                Code.DER_FORM, self._place, "a DER structure has surplus parts; the file was damaged"
            )


def parse(data: bytes, place: str) -> Element:
    """Read exactly one element. Raises SignatureRefused, also for bytes after it."""
    items = list(_elements(data, place))
    if len(items) != 1:
        raise SignatureRefused(Code.DER_FORM, place, f"expected one DER element, found {len(items)}")
    return items[0]


def parse_padded(data: bytes, place: str) -> Element:
    """Read one element followed by nothing but zeros, as a PDF keeps its signatures. Raises SignatureRefused."""
    item = next(_elements(data, place), None)
    if item is None or data[len(item.encoding) :].strip(b"\x00"):
        raise SignatureRefused(Code.DER_FORM, place, "expected one DER element and then only zeros")
    return item


def _elements(data: bytes, place: str) -> Iterator[Element]:
    at = 0
    while at < len(data):
        start = at
        tag = data[at]
        length, at = _read_length(data, at + 1, place)
        if tag & 0x1F == 0x1F or at + length > len(data):
            raise SignatureRefused(
                Code.DER_FORM, place, "a DER element is cut off or has a tag of several bytes; the file was damaged"
            )
        yield Element(tag, data[at : at + length], data[start : at + length], place)
        at += length


def _read_length(data: bytes, at: int, place: str) -> tuple[int, int]:
    head = data[at] if at < len(data) else 0x80
    if head < 0x80:
        return head, at + 1
    count = head & 0x7F
    octets = data[at + 1 : at + 1 + count]
    length = int.from_bytes(octets, "big")
    shortest = len(octets) == count and count and octets[0] and length >= 0x80
    if not shortest or length > _LARGEST_LENGTH:
        raise SignatureRefused(Code.DER_FORM, place, "a DER length is missing, indefinite or not in its shortest form")
    return length, at + 1 + count


def _read_time(item: Element) -> datetime:
    patterns = {UTC_TIME: (13, "%y%m%d%H%M%SZ"), GENERALIZED_TIME: (15, "%Y%m%d%H%M%SZ")}
    if item.tag not in patterns:
        raise SignatureRefused(Code.DER_FORM, item.place, f"expected a DER time, found tag {item.tag:#04x}")
    size, pattern = patterns[item.tag]
    text = item.content.decode("ascii", "replace")
    whole, dot, fraction = text.removesuffix("Z").partition(".")
    try:
        moment = datetime.strptime(f"{whole}Z", pattern).replace(tzinfo=UTC)
    except ValueError:
        raise SignatureRefused(Code.DER_FORM, item.place, f"“{text[:30]}” is not a DER time") from None
    exact = not dot or (item.tag == GENERALIZED_TIME and fraction.isdigit() and fraction[-1] != "0")
    if len(whole) + 1 != size or not text.endswith("Z") or not exact:
        raise SignatureRefused(Code.DER_FORM, item.place, f"“{text[:30]}” is not a DER time in its one form")
    if item.tag == UTC_TIME:  # RFC 5280: two-digit years 50..99 are 19xx; strptime turns at 69
        moment = moment.replace(year=moment.year - 100 if moment.year >= 2050 else moment.year)
    return moment + timedelta(microseconds=int(f"{fraction:0<6}"[:6]) if fraction else 0)


def read_integer_pair(data: bytes, place: str) -> tuple[int, int]:
    """Read a SEQUENCE of two INTEGERs that are not negative: the r and s of a signature. Raises SignatureRefused."""
    reader = parse(data, place).require(SEQUENCE).reader()
    one, two = reader.take().integer(), reader.take().integer()
    reader.finish()
    if one < 0 or two < 0:
        raise SignatureRefused(Code.DER_FORM, place, "the numbers of a signature are never negative")
    return one, two
