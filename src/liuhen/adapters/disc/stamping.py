"""The label and every date of a disc image set as given, so that the same folder gives the same bytes.

pycdlib stamps its structures with the clock, the machine's time zone and a random volume-set number, and takes an ASCII label
only; the structures are therefore gone through before they are written, and each stamp replaced.
Invariant: depends on nothing but the arguments. Spec: ECMA-119 8.4.26.1, 9.1.5; ECMA-167 1/7.3; OSTA UDF 2.60 2.2.2.5.
"""

import hashlib
import struct
from collections.abc import Hashable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, BinaryIO, cast

from pycdlib import PyCdlib, dates, udf

from liuhen.core.kernel.moments import SHANGHAI

_QUARTERS = 32  # UTC+8 in quarters of an hour
_LOCAL_TIME = 1 << 12  # UDF: the stamp is local time with an offset
_SECTOR, _FIRST_DESCRIPTOR, _LAST_DESCRIPTOR = 2048, 16, 255
_MODIFIED = 830  # ECMA-119 8.4.27
_LABELS = {"vol_ident": 32, "log_vol_ident": 128, "logical_vol_ident": 128, "file_set_ident": 32}


def stamp(image: PyCdlib, label: str, at: datetime, seed: str) -> None:
    """Put the full label into UDF and Joliet, `at` (in Asia/Shanghai) into every date, a digest of `seed` into the set id.

    ISO 9660 itself keeps the ASCII label the image was begun with.
    """
    moment = at.astimezone(SHANGHAI)
    number = hashlib.sha256(seed.encode()).hexdigest()[:8]
    texts = {name: _osta(label, size) for name, size in _LABELS.items()}
    texts["vol_set_ident"] = _osta(f"{int(moment.timestamp()) & 0xFFFFFFFF:08x}{number}", 128)
    for thing in list(_structures(image)):
        for name in _fields(thing):
            value = getattr(thing, name, None)
            if isinstance(value, (dates.DirectoryRecordDate, dates.VolumeDescriptorDate, udf.UDFTimestamp)):
                setattr(thing, name, _dated(value, moment))
            elif name in texts and isinstance(value, bytes) and type(thing).__module__ == udf.__name__:
                setattr(thing, name, texts[name])
    if image.joliet_vd is not None:
        image.joliet_vd.volume_identifier = label.ljust(16).encode("utf-16-be")


def stamp_written(image: BinaryIO, at: datetime) -> None:
    """Set the modification date of each volume descriptor in a written image: the library takes it from the clock."""
    sector = _FIRST_DESCRIPTOR
    while True:
        image.seek(sector * _SECTOR)
        head = image.read(6)
        if head[1:] != b"CD001" or head[0] == _LAST_DESCRIPTOR:
            return
        if head[0] in (1, 2):
            image.seek(sector * _SECTOR + _MODIFIED)
            image.write(_digits(at.astimezone(SHANGHAI)))
        sector += 1


def _structures(image: PyCdlib) -> Iterator[Any]:
    """Go through every object of the library that the image holds, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [image]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, dict):
            waiting += thing.values()
        elif isinstance(thing, (list, tuple, set)) or type(thing).__name__ == "deque":
            waiting += thing
        elif type(thing).__module__.startswith("pycdlib."):
            yield thing
            waiting += [getattr(thing, name, None) for name in _fields(thing)]


def _fields(thing: Any) -> tuple[str, ...]:
    return (*_slots(cast(Hashable, type(thing))), *getattr(thing, "__dict__", ()))


@cache
def _slots(kind: Any) -> tuple[str, ...]:
    found: list[str] = []
    for owner in kind.__mro__:
        slots: str | tuple[str, ...] = owner.__dict__.get("__slots__", ())
        found += (slots,) if isinstance(slots, str) else slots
    return tuple(found)


def _dated(old: Any, moment: datetime) -> Any:
    fresh = type(old)()
    clock = (moment.month, moment.day, moment.hour, moment.minute, moment.second)
    if isinstance(old, dates.DirectoryRecordDate):
        fresh.parse(struct.pack("=BBBBBBb", moment.year - 1900, *clock, _QUARTERS))
    elif isinstance(old, udf.UDFTimestamp):
        fresh.parse(struct.pack("<HHBBBBBBBB", _LOCAL_TIME | (15 * _QUARTERS), moment.year, *clock, 0, 0, 0))
    elif old.record().strip(b"0\x00"):
        fresh.parse(_digits(moment))
    else:
        return old  # a date left empty on purpose: no expiry, no effective date
    return fresh


def _digits(moment: datetime) -> bytes:
    return moment.strftime("%Y%m%d%H%M%S00").encode() + struct.pack("=b", _QUARTERS)


def _osta(text: str, size: int) -> bytes:
    """Write an OSTA compressed string in a field whose last byte is its length (UDF 2.1.1, 2.1.3)."""
    try:
        data = b"\x08" + text.encode("latin-1")
    except UnicodeEncodeError:
        data = b"\x10" + text.encode("utf-16-be")
    return data.ljust(size - 1, b"\x00") + bytes([len(data)])
