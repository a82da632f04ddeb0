"""What the vocabulary of one kind of subject is made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liuhen.core.facts import model
from liuhen.core.facts.model import Facts
from liuhen.core.rules.conditions import Value

ReadValue = Callable[[Facts, Any], Value | None]
ReadMoment = Callable[[Facts, Any], datetime | None]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One kind of subject: how to list it, name it, and read its attributes and moments, each with a Chinese label."""

    label: str
    list: Callable[[Facts], Iterable[Any]]
    uid: Callable[[Any], str]
    name: Callable[[Facts, Any], str]
    attributes: Mapping[str, tuple[str, ReadValue]]
    moments: Mapping[str, tuple[str, ReadMoment]]


def texts(items: Iterable[str]) -> frozenset[str]:
    """Give texts as a value that conditions can test."""
    return frozenset(items)


def filled(**items: object) -> frozenset[str]:
    """Give the labels of those items that say something."""
    return frozenset(label for label, said in items.items() if said)


def media_kinds(facts: Facts, act: model.Act | None) -> frozenset[str]:
    """Give the kinds (video, audio, photo) of the recordings linked to an act."""
    linked = (facts.recordings.get(uid) for uid in (act.recordings if act else ()))
    return frozenset(item.media.kind for item in linked if item and item.media)
