"""The strict codec between frozen dataclasses and plain JSON values.

Invariant: `decode(type, encode(value)) == value`, and nothing that a dataclass does not name gets in: an unknown key, a
missing key or a value of another kind is refused with the place where it stands.
A type with `from_plain(data, place)` and `to_plain()` spells itself.
Absent optional fields and empty collections are left out, so adding an optional field never changes old bytes.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant, render_instant

T = TypeVar("T")
# An empty one is left out.
_EMPTIABLE = (tuple, list, frozenset, Mapping)


def encode(value: Any) -> Any:
    """Turn a dataclass (or a field value) into what JSON can hold."""
    return _WRITERS[type(value)](value)


def decode(kind: type[T], data: Any, place: str = "") -> T:
    """Build a dataclass of `kind` from plain values.

    Raises BadInput naming the field, what it should hold, and for an unknown key the keys that exist.
    """
    if not isinstance(data, Mapping):
        raise BadInput(place, f"expected a group of fields, found {_say(data)}")
    readers = _readers(typing.cast(type, kind))
    for key in data:
        if key not in readers:
            raise BadInput(f"{place}.{key}" if place else str(key), f"unknown key; known here: {', '.join(readers)}")
    values: dict[str, Any] = {}
    for name, (reader, absent) in readers.items():
        here = f"{place}.{name}" if place else name
        if name in data and data[name] is not None:
            values[name] = reader(data[name], here)
        elif absent is _REQUIRED:
            raise BadInput(here, "is missing; this field is required")
        elif absent is not _DEFAULT:
            values[name] = absent
    return kind(**values)


Writer = Callable[[Any], Any]


class _Writers(dict[type, Writer]):
    """What spells the values of a type, found out once: every event is spelt twice, field by field."""

    def __missing__(self, kind: type) -> Writer:
        writer = self[kind] = _writer(kind)
        return writer


_WRITERS = _Writers()


def _writer(kind: type) -> Writer:
    if hasattr(kind, "to_plain"):
        return typing.cast(Writer, kind.to_plain)
    if dataclasses.is_dataclass(kind):
        return _fields_writer(tuple(field.name for field in dataclasses.fields(kind)))
    if issubclass(kind, datetime):
        return render_instant
    if issubclass(kind, date):
        return date.isoformat
    if issubclass(kind, Decimal):
        return lambda value: format(value, "f")
    if issubclass(kind, Mapping):
        return lambda value: [[key, encode(value[key])] for key in sorted(value)]
    if issubclass(kind, _EMPTIABLE):
        return lambda value: [encode(item) for item in value]
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _fields_writer(names: tuple[str, ...]) -> Writer:
    def write(value: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in names:
            item = getattr(value, name)
            if item is None:
                continue
            kind = type(item)
            if kind is str:
                found[name] = item
            elif item or not issubclass(kind, _EMPTIABLE):
                found[name] = _WRITERS[kind](item)
        return found

    return write


Reader = Callable[[Any, str], Any]


# What stands for a field that was left out: its own default, an empty value, or nothing at all (a refusal).
_DEFAULT = object()
_REQUIRED = object()


@cache
def _readers(kind: type[Any]) -> dict[str, tuple[Reader, Any]]:
    hints = typing.get_type_hints(kind)
    result: dict[str, tuple[Reader, Any]] = {}
    for field in dataclasses.fields(kind):
        no_default = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        hint = hints[field.name]
        result[field.name] = (_reader(hint), _empty_of(hint) if no_default else _DEFAULT)
    return result


def _empty_of(hint: Any) -> Any:
    """Give what an absent field of this type means: encoding leaves empty collections and None out."""
    origin = get_origin(hint)
    if origin is tuple:
        return ()
    if origin is frozenset:
        return frozenset()
    if origin in (types.UnionType, typing.Union) and type(None) in get_args(hint):
        return None
    return _REQUIRED


def _reader(hint: Any) -> Reader:
    origin = get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = [arg for arg in get_args(hint) if arg is not type(None)]
        return _reader(inner)
    if origin is tuple:
        return _list_reader(_reader(get_args(hint)[0]), tuple)
    if origin is frozenset:
        return _list_reader(_reader(get_args(hint)[0]), frozenset)
    if origin in (dict, Mapping) or str(origin).endswith("Mapping'>"):
        return _table_reader(_reader(get_args(hint)[1]))
    if origin is typing.Literal:
        return _choice_reader(get_args(hint))
    if hasattr(hint, "from_plain"):
        return typing.cast(Reader, hint.from_plain)
    if dataclasses.is_dataclass(hint):
        return lambda data, place: decode(typing.cast(type, hint), data, place)
    return _SCALARS[hint]


def _list_reader(reader: Reader, collect: Callable[[Any], Any]) -> Reader:
    def read(data: Any, place: str) -> Any:
        if not isinstance(data, (list, tuple)):
            raise BadInput(place, f"expected a list, found {_say(data)}")
        return collect(reader(item, f"{place}[{index}]") for index, item in enumerate(data))

    return read


def _choice_reader(choices: tuple[Any, ...]) -> Reader:
    def read(data: Any, place: str) -> Any:
        if data not in choices:
            raise BadInput(place, f"“{data}” is not one of {', '.join(map(str, choices))}")
        return data

    return read


def _table_reader(reader: Reader) -> Reader:
    """Read what is labelled: a mapping (as people write it) or a list of pairs (as records keep it, for Chinese labels)."""

    def read(data: Any, place: str) -> dict[str, Any]:
        pairs = list(data.items()) if isinstance(data, Mapping) else data
        if not isinstance(pairs, (list, tuple)) or any(not isinstance(p, (list, tuple)) or len(p) != 2 for p in pairs):
            raise BadInput(place, f"expected labels with texts, found {_say(data)}")
        return {_read_text(key, place): reader(item, f"{place}.{key}") for key, item in pairs}

    return read


def _read_text(data: Any, place: str) -> str:
    if not isinstance(data, str):
        raise BadInput(place, f"expected text, found {_say(data)}; put it in quotation marks")
    return normal(data)


def _read_bool(data: Any, place: str) -> bool:
    if not isinstance(data, bool):
        raise BadInput(place, f"expected true or false, found {_say(data)}")
    return data


def _read_int(data: Any, place: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise BadInput(place, f"expected a whole number, found {_say(data)}")
    return data


def _read_day(data: Any, place: str) -> date:
    if isinstance(data, date) and not isinstance(data, datetime):
        return data
    try:
        return date.fromisoformat(str(data))
    except ValueError:
        raise BadInput(place, f"“{data}” is not a day; write it like 2026-03-02") from None


def _read_decimal(data: Any, place: str) -> Decimal:
    if isinstance(data, (str, int)) and not isinstance(data, bool):
        try:
            number = Decimal(data)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    raise BadInput(place, f"expected an amount in quotation marks like “12000.00”, found {_say(data)}")


_SCALARS: dict[Any, Reader] = {
    str: _read_text,
    bool: _read_bool,
    int: _read_int,
    date: _read_day,
    datetime: parse_instant,
    Decimal: _read_decimal,
}


def _say(data: Any) -> str:
    return "nothing" if data is None else f"{type(data).__name__} “{str(data)[:40]}”"
