"""What forms let people pick from a case and its agency, written everywhere in the same words: documents, acts, people."""

from collections.abc import Iterable

from liuhen.core.facts.model import Act, Document
from liuhen.core.kernel.moments import local_day, say_instant
from liuhen.flows.occasion import Actor

_LONGEST_PLACE = 40
Choice = tuple[str, str]


def documents_to_pick(documents: Iterable[Document]) -> list[Choice]:
    """Give documents by title, number and day."""
    return [(one.uid, _document(one)) for one in documents]


def acts_to_pick(acts: Iterable[Act]) -> list[Choice]:
    """Give acts by kind, begin and place."""
    return [(one.uid, _act(one)) for one in acts]


def people_to_pick(people: Iterable[Actor]) -> list[Choice]:
    """Give people by name, with what they are, since two may bear one name."""
    return [(one.uid, f"{one.name}（{'、'.join(sorted(one.roles))}）") for one in people]


def _document(one: Document) -> str:
    made = one.made_on or (local_day(one.made) if one.made else None)
    return " ".join(part for part in (one.title, one.number, str(made or "")) if part)


def _act(one: Act) -> str:
    begun = say_instant(one.begun) if one.begun else ""
    return " ".join(part for part in (one.kind, begun, one.place[:_LONGEST_PLACE]) if part)
