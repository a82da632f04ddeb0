"""文书格式: what a clerk typed into the form of a type, read back as the type.

Invariant: the form changes what it shows and nothing else; a field that was renamed keeps its place in the words and in what the
law asks for; an empty name takes the field out.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from liuhen.core.documents.adapting import MOST_FIELDS, renamed
from liuhen.core.documents.model import DocumentType, FieldSpec, Kind, SignerSpec
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.errors import BadInput

KINDS: tuple[Kind, ...] = get_args(Kind)
SPARE_FIELDS, SPARE_SIGNERS = 3, 1


def read_format_form(kind: DocumentType, sent: Mapping[str, str]) -> DocumentType:
    """Give the type as the form says it. Raises BadInput naming the part of the form for what is no number."""
    rows = []
    names: dict[str, str] = {}
    for place in range(MOST_FIELDS + SPARE_FIELDS):
        if f"f{place}-label" not in sent:
            break
        label = _text(sent, f"f{place}-label")
        was = sent.get(f"f{place}-was", "")
        if label:
            order = _number(sent, f"f{place}-place", place + 1)
            # Of two that are to stand in one place, the one that was moved there comes first.
            rows.append((order, order == place + 1, place, _field(kind, sent, place, label, was)))
            if was:
                names[was] = label
    changed = replace(
        kind,
        fields=tuple(spec for *_, spec in sorted(rows, key=lambda row: row[:3])),
        signers=tuple(_signers(sent)),
        body=_lines(sent, "body"),
        questions=_lines(sent, "questions"),
        heads=_lines(sent, "heads"),
        notes=_lines(sent, "notes"),
    )
    return renamed(changed, names)


def _field(kind: DocumentType, sent: Mapping[str, str], place: int, label: str, was: str) -> FieldSpec:
    said = sent.get(f"f{place}-kind", KINDS[0])
    if said not in KINDS:
        raise BadInput(f"f{place}-kind", f"“{label}”的种类应为 {'、'.join(KINDS)} 之一")
    shipped = next((one for one in kind.fields if one.label == was), FieldSpec(label))
    choices = tuple(text for part in sent.get(f"f{place}-choices", "").split("|") if (text := normal(part.strip())))
    return FieldSpec(
        label=label,
        kind=said,
        fact=_text(sent, f"f{place}-fact") or None,
        choices=choices,
        within=bool(sent.get(f"f{place}-within")),
        hint=_text(sent, f"f{place}-hint") or None,
        follows=shipped.follows,
        standing=shipped.standing,
    )


def _signers(sent: Mapping[str, str]) -> list[SignerSpec]:
    found = []
    for place in range(20):
        role = _text(sent, f"s{place}-role")
        if role:
            found.append(SignerSpec(role, _number(sent, f"s{place}-least", 1)))
    return found


def _text(sent: Mapping[str, str], name: str) -> str:
    return normal(sent.get(name, "").strip())


def _lines(sent: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(normal(line.strip()) for line in sent.get(name, "").splitlines() if line.strip())


def _number(sent: Mapping[str, str], name: str, otherwise: int) -> int:
    text = sent.get(name, "").strip()
    if not text:
        return otherwise
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise BadInput(name, "顺序和人数应写成整数")
    return int(text)
