"""Document types (文书类型): what a document is called, whom it faces, what it holds and who signs it.

Invariant: a type is data. Nothing in the program asks for a type by its name to treat it otherwise; what the law demands of
a document is judged by the packs, which know it by the same name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from liuhen.core.documents.flowing import FACTS, PLACE, facts_in
from liuhen.core.kernel.errors import BadInput

Facing = Literal["出具", "取证", "内部"]
Layout = Literal[
    "approval",
    "record",
    "notice",
    "listing",
    "receipt",
    "statement",
    "inquiry",
    "report",
    "cover",
    "catalogue",
    "remarks",
]
Kind = Literal["一行", "多行", "日期", "时间", "金额"]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A place to fill in. `fact` names what of the case stands there from the start; `choices` are offered, not imposed.

    `follows`: fields of earlier documents of the case that say the same, as 种类.填写项, the nearest first; the newest document of
    the first kind that says something stands there where no fact does.
    `standing`: words that stand there where neither does, with facts of the agency in braces; nothing where one is not known.
    `within`: the field is written into the body where its label stands in braces, and has no line of its own.
    """

    label: str
    kind: Kind = "一行"
    fact: str | None = None
    choices: tuple[str, ...] = ()
    within: bool = False
    hint: str | None = None
    follows: tuple[str, ...] = ()
    standing: str | None = None


@dataclass(frozen=True, slots=True)
class SignerSpec:
    """Who signs by hand and how many of them; `role` in the words of the packs."""

    role: str
    least: int = 1


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One type. `character` stands for it in its numbers (类型代字), empty for a type without numbers.

    `body` are its standing words, paragraph by paragraph; `heads` those of its table; `questions` what is asked in it;
    `opinions` the steps whose opinions it holds; `basis` the laws and clauses that know this document, for whoever reads it.
    `of_volume`: made together with the volume, never by hand. `states` gives, by words that packs ask for, the fields that say it
    when all of them are filled; no field, where the standing words or the frame of the document say it anyway.
    """

    code: str
    name: str
    stage: str
    layout: Layout
    facing: Facing
    character: str = ""
    sealed: bool = False
    of_volume: bool = False
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: tuple[FieldSpec, ...] = ()
    body: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    opinions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    signers: tuple[SignerSpec, ...] = ()
    acts: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


def catalogue_of(types: Iterable[DocumentType]) -> Mapping[str, DocumentType]:
    """Give the types by name in their order. Raises BadInput naming the type and what is wrong with it."""
    found: dict[str, DocumentType] = {}
    codes: dict[str, str] = {}
    characters: dict[str, str] = {}
    for one in types:
        if one.name in found:
            raise BadInput(one.name, "this type stands twice; leave one of them")
        if one.code in codes:
            raise BadInput(one.name, f"has the code {one.code} of {codes[one.code]}; give it one of its own")
        if one.character and one.character in characters:
            other = characters[one.character]
            raise BadInput(
                one.name, f"takes its numbers from {one.character} as {other} does; give it its own character"
            )
        _require_sound(one)
        found[one.name], codes[one.code] = one, one.name
        if one.character:
            characters[one.character] = one.name
    _require_followed(found)
    return found


def _require_followed(types: Mapping[str, DocumentType]) -> None:
    known = {f"{one.name}.{item.label}" for one in types.values() for item in one.fields}
    for one in types.values():
        for item in one.fields:
            if strange := next((named for named in item.follows if named not in known), None):
                raise BadInput(f"{one.name}.{item.label}", f"follows “{strange}”, and no type has such a field")


def _require_sound(one: DocumentType) -> None:
    labels = [item.label for item in one.fields]
    if twice := next((label for label in labels if labels.count(label) > 1), None):
        raise BadInput(one.name, f"has two fields “{twice}”; give each its own label")
    for item in one.fields:
        if item.fact is not None and item.fact not in FACTS:
            raise BadInput(f"{one.name}.{item.label}", f"“{item.fact}” is no fact; known are {', '.join(FACTS)}")
        for name in facts_in(item.standing or ""):
            if name not in FACTS:
                raise BadInput(f"{one.name}.{item.label}", f"“{{{name}}}” is no fact; known are {', '.join(FACTS)}")
        if item.within and not any(f"{{{item.label}}}" in text for text in one.body):
            raise BadInput(f"{one.name}.{item.label}", "is to stand in the body, and no paragraph names it in braces")
    for text in one.body:
        if strange := next((place for place in PLACE.findall(text) if place not in labels), None):
            raise BadInput(f"{one.name}.body", f"“{{{strange}}}” names no field; there are {', '.join(labels)}")
    _require_stated(one, labels)
    if one.character and one.facing != "出具":
        raise BadInput(one.name, "has a character for numbers and is not issued; only what is issued takes a number")


def _require_stated(one: DocumentType, labels: Sequence[str]) -> None:
    for word, from_labels in one.states.items():
        if strange := next((label for label in from_labels if label not in labels), None):
            raise BadInput(f"{one.name}.states.{word}", f"“{strange}” names no field; there are {', '.join(labels)}")
        if word in labels:
            raise BadInput(f"{one.name}.states.{word}", "is a field itself; drop it here, or rename the field")


# What a document says in its standing words or its frame, where an event records what it says.
STANDING = "固定文字已载明"


def stated(one: DocumentType, filled: Mapping[str, str]) -> dict[str, str]:
    """Give what a document says in the words of packs, beyond its fields: by word, the texts that say it."""
    said = {label: text.strip() for label, text in filled.items() if text.strip()}
    return {
        word: "；".join(said[label] for label in labels) or STANDING
        for word, labels in one.states.items()
        if all(label in said for label in labels)
    }


# What no field fills stays a line to write on.
_BLANK = "＿＿＿＿＿＿"
_ENDINGS = ("。", "；", "，", "、")


def written(one: DocumentType, filled: Mapping[str, str]) -> tuple[str, ...]:
    """Write the standing words with what was filled in, in one pass: braces in what somebody wrote stay braces.

    A sentence that somebody ended gives way to the mark that follows in the standing words: 住宅。。 would be read out in court.
    """
    labels = {item.label for item in one.fields}

    def fill(place: re.Match[str]) -> str:
        label = place[1]
        if label not in labels:
            return place[0]
        said = filled.get(label, "").strip()
        if place.string[place.end() : place.end() + 1] in _ENDINGS:
            said = said.rstrip("".join(_ENDINGS))
        return said or _BLANK

    return tuple(PLACE.sub(fill, text) for text in one.body)
