"""The data contract of every form: checks what a caller gives and turns it into what the layouts draw.

Invariant: nothing a caller wrote is dropped in silence. An unknown key is refused, a character without a glyph is written
as its code point, and a party that no field names gets a field of its own. The contract is told in forms/README.md.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from liuhen.adapters.typeset.dates import read_day, say_date
from liuhen.adapters.typeset.glyphs import legible
from liuhen.adapters.typeset.squares import draw_squares
from liuhen.core.documents.model import DocumentType
from liuhen.core.kernel.errors import BadInput

_T = TypeVar("_T")
# A text, or what the layouts draw of one with its changes.
Wording = str | dict[str, Any]

_PNG = b"\x89PNG\r\n\x1a\n"
_TEXTS = ("title", "number", "agency", "case_number", "party", "items_title")
_TABLE = ("items", "item_heads", "item_widths")
_LISTS = ("fields", "body", "questions", "question_words", "opinions", "signatures", "notes")
_KEYS = frozenset([*_TEXTS, *_TABLE, *_LISTS, "form", "date", "verification", "seal"])
_KINDS = ("kept", "struck", "added")
_OPINION_KEYS = frozenset(["role", "name", "opinion", "reasons", "date", "image"])
_SIGNATURE_KEYS = frozenset(["role", "name", "date", "note", "image", "each_page"])
_VERIFICATION_KEYS = frozenset(["code", "text", "link"])
# A text of at most this many characters shares its row with the next short one.
_SHORT = 14
_CENTRED = 7
# A signature block with a longer role than this takes the whole width.
_LONG_ROLE = 8


def drawn(name: str, form: DocumentType, data: Mapping[str, object]) -> dict[str, Any]:
    """Give the plain JSON value that the layout of a form draws.

    Raises BadInput naming the key for anything outside the contract.
    """
    _require_keys(data, _KEYS, name)
    if data.get("form", name) != name:
        raise BadInput(f"{name}.form", f"the data is for “{data['form']}”; render it as that form")
    result: dict[str, Any] = {key: _text(data.get(key), f"{name}.{key}") for key in _TEXTS}
    day = read_day(data.get("date"), f"{name}.date")
    fields = _pairs(data.get("fields"), f"{name}.fields")
    result |= {
        "title": result["title"] or name,
        "date": [day.year, day.month, day.day],
        "date_text": say_date(day, f"{name}.date"),
        "body": _each(data.get("body"), f"{name}.body", _wording),
        "questions": _pairs(data.get("questions"), f"{name}.questions"),
        "question_words": _texts(data.get("question_words") or ("问", "答"), f"{name}.question_words"),
        "notes": _texts(data.get("notes"), f"{name}.notes"),
        "opinions": _each(data.get("opinions"), f"{name}.opinions", _opinion),
        "signatures": _signatures(data.get("signatures"), f"{name}.signatures"),
        "verification": _verification(data.get("verification"), f"{name}.verification"),
        "seal": _switch(data.get("seal", form.sealed), f"{name}.seal"),
    }
    # The standing words of most notices begin with whom they address, and once is enough.
    first = "".join(_plain(text) for text in result["body"][:1])
    addressed = form.layout == "notice" and bool(result["party"]) and first.startswith(result["party"])
    result["salutation"] = form.layout == "notice" and not fields and not addressed
    if not result["salutation"] and not addressed:
        fields = _with_party(fields, result["party"])
    return result | {"rows": _rows(fields)} | _table(data, name)


def _require_keys(value: Mapping[str, object], known: frozenset[str], place: str) -> None:
    if strange := sorted(set(value) - known):
        raise BadInput(place, f"the form has no place for “{strange[0]}”; it takes {', '.join(sorted(known))}")


def _text(value: object, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise BadInput(place, f"expected text, found {type(value).__name__}; write it as text")
    return legible(value)


def _each(value: object, place: str, read: Callable[[Any, str], _T]) -> list[_T]:
    if value is None:
        return []
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise BadInput(place, f"expected a list, found {type(value).__name__}; put the entries in a list")
    return [read(entry, f"{place}[{n}]") for n, entry in enumerate(value)]


def _texts(value: object, place: str) -> list[str]:
    return _each(value, place, _text)


def _pairs(value: object, place: str) -> list[list[Wording]]:
    pairs = _each(value, place, lambda pair, there: _each(pair, there, _wording))
    for n, pair in enumerate(pairs):
        if len(pair) != 2:
            raise BadInput(f"{place}[{n}]", f"expected two texts, found {len(pair)}; write it as [label, text]")
    return pairs


def _wording(value: object, place: str) -> Wording:
    """Read a text, or one with its changes: {"runs": [[kind, text, number of the change or None], …]}."""
    if not isinstance(value, Mapping):
        return _text(value, place)
    _require_keys(value, frozenset({"runs"}), place)
    return {"runs": _each(value.get("runs"), f"{place}.runs", _run)}


def _run(value: object, place: str) -> dict[str, Any]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 3 or value[0] not in _KINDS:
        raise BadInput(place, f"expected [kind, text, number], kind one of {', '.join(_KINDS)}")
    number = value[2]
    if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
        raise BadInput(place, f"expected the number of the change from 1, found {number!r}")
    return {"kind": value[0], "text": _text(value[1], place), "number": number}


def _plain(text: Wording) -> str:
    return text if isinstance(text, str) else "".join(run["text"] for run in text["runs"])


def _mapping(value: object, known: frozenset[str], place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadInput(place, f"expected an object, found {type(value).__name__}")
    _require_keys(value, known, place)
    return value


def _opinion(value: object, place: str) -> dict[str, Any]:
    given = _mapping(value, _OPINION_KEYS, place)
    texts = {key: _text(given.get(key), f"{place}.{key}") for key in ("role", "name", "opinion", "reasons")}
    return texts | _signed(given, place)


def _signature(value: object, place: str) -> dict[str, Any]:
    given = _mapping(value, _SIGNATURE_KEYS, place)
    texts = {key: _text(given.get(key), f"{place}.{key}") for key in ("role", "name", "note")}
    wide = len(texts["role"]) > _LONG_ROLE or len(texts["name"]) > _LONG_ROLE or bool(texts["note"])
    return texts | _signed(given, place) | {"wide": wide, "each_page": _switch(given.get("each_page", False), place)}


def _signatures(value: object, place: str) -> list[dict[str, Any]]:
    """Number the signatures: the number names the place on the page where a hand is set down later."""
    return [entry | {"place": n} for n, entry in enumerate(_each(value, place, _signature))]


def _signed(given: Mapping[str, object], place: str) -> dict[str, Any]:
    image = given.get("image") or b""
    if not isinstance(image, bytes) or (image and not image.startswith(_PNG)):
        raise BadInput(f"{place}.image", "expected the bytes of a PNG picture; draw the strokes first")
    return {"date": say_date(given.get("date"), f"{place}.date"), "image": list(image)}


def _switch(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(place, f"expected true or false, found {value!r}")
    return value


def _verification(value: object, place: str) -> dict[str, Any]:
    """Read the words at the foot, and the link that stands beside them as a QR code."""
    given = _mapping(value or {}, _VERIFICATION_KEYS, place)
    words: dict[str, Any] = {key: _text(given.get(key), f"{place}.{key}") for key in ("code", "text")}
    link = _text(given.get("link"), f"{place}.link")
    return words | {"squares": list(draw_squares(link)) if link else []}


def _with_party(fields: list[list[Wording]], party: str) -> list[list[Wording]]:
    if not party or any(party in _plain(text) for _, text in fields):
        return fields
    return [["当事人", party], *fields]


def _rows(fields: list[list[Wording]]) -> list[list[Wording]]:
    """Put two short fields beside each other; a long one keeps its row, and so does one that was changed."""
    rows: list[list[Wording]] = []
    for label, text in fields:
        if _is_short(label, text) and rows and len(rows[-1]) == 2 and _is_short(*rows[-1]):
            rows[-1] = [*rows[-1], label, text]
        else:
            rows.append([label, text])
    return rows


def _is_short(label: Wording, text: Wording) -> bool:
    plain = isinstance(text, str) and "\n" not in text
    return plain and len(text) <= _SHORT and len(_plain(label)) <= _SHORT // 2


def _table(data: Mapping[str, object], name: str) -> dict[str, Any]:
    heads = _texts(data.get("item_heads"), f"{name}.item_heads")
    items = _each(data.get("items"), f"{name}.items", lambda row, place: _each(row, place, _wording))
    width = len(heads) or (len(items[0]) if items else 0)
    for n, row in enumerate(items):
        if len(row) != width:
            raise BadInput(f"{name}.items[{n}]", f"expected {width} cells as in the head, found {len(row)}")
    widths = _each(data.get("item_widths"), f"{name}.item_widths", _weight) or _weights([heads, *items], width)
    if len(widths) != width:
        raise BadInput(f"{name}.item_widths", f"expected {width} numbers, one a column, found {len(widths)}")
    # A column of short texts (numbers, units, verdicts) reads best centred.
    centred = [max((len(_plain(row[n])) for row in items), default=0) <= _CENTRED for n in range(width)]
    return {"item_heads": heads, "items": items, "item_widths": widths, "item_centred": centred}


def _weight(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadInput(place, f"expected a whole number from 1, found {value!r}")
    return value


def _weights(rows: Sequence[Sequence[Wording]], width: int) -> list[int]:
    """Give each column a share that grows with its longest text, more slowly than the text does."""
    longest = [max((len(_plain(row[n])) for row in rows if n < len(row)), default=1) for n in range(width)]
    return [round(10 * min(max(length, 3), 48) ** 0.6) for length in longest]
