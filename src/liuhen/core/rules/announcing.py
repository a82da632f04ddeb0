"""开场告知: what officers read aloud when filming begins, and the causes for which filming may break off, out of the packs.

Invariant: every sentence and cause of a pack carries its clauses. Custom speaks only where no pack of the case does, and
carries none, so that nobody takes it for law.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.asking import possible
from liuhen.core.rules.model import Pack, Sentence

# What a sentence may leave open, to be filled in where the act takes place.
BLANKS = ("时间", "地点", "机关", "执法人员", "事由", "当事人", "活动")
_BLANK = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class CustomarySentence:
    """A sentence that no clause asks for but that is good to say."""

    topic: str
    say: str


@dataclass(frozen=True, slots=True)
class Custom:
    """What stands in where the packs are silent: an opening, the causes of breaks, and causes that stand beside any pack's."""

    announcement: tuple[CustomarySentence, ...]
    interruption_causes: tuple[str, ...]
    further_causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the opening and the clauses that ask for it; without clauses it is custom."""

    topic: str
    say: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of a film; `demanded` says that a pack asks for it."""

    lines: tuple[Line, ...]
    demanded: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of a break and the clauses that name it; without clauses it is custom."""

    cause: str
    clauses: tuple[str, ...] = ()


def opening_of(packs: Sequence[Pack], custom: Custom, *, act: str, traits: tuple[str, ...] = ()) -> Opening:
    """Give what is read aloud before an act is filmed: of several packs the union, in the order of the stricter.

    The stricter is the one that asks for more; of two that ask for as much, the one named first. A topic that several ask
    for is said once, in the stricter one's words, with the clauses of all.
    """
    spoken = [tuple(_sentences(pack, act, traits)) for pack in packs]
    lines: dict[str, Line] = {}
    for sentence in (one for sentences in sorted(spoken, key=len, reverse=True) for one in sentences):
        said = lines.get(sentence.topic, Line(sentence.topic, sentence.say))
        lines[sentence.topic] = Line(said.topic, said.say, _with(said.clauses, sentence.cites))
    if lines:
        return Opening(tuple(lines.values()), demanded=True)
    return Opening(tuple(Line(one.topic, one.say) for one in custom.announcement), demanded=False)


def _sentences(pack: Pack, act: str, traits: tuple[str, ...]) -> Iterator[Sentence]:
    for announcement in pack.announcements:
        if possible(announcement.when, {"kind": act, "traits": frozenset(traits)}):
            yield from announcement.items


def _with(clauses: tuple[str, ...], clause: str) -> tuple[str, ...]:
    return clauses if clause in clauses else (*clauses, clause)


def causes_of(packs: Iterable[Pack], custom: Custom) -> tuple[Cause, ...]:
    """Give the causes that the packs name, then those of custom; the causes that stand in are left out where a pack names any."""
    named: dict[str, Cause] = {}
    for one in (cause for pack in packs for cause in pack.interruption_causes):
        there = named.get(one.cause, Cause(one.cause))
        named[one.cause] = Cause(one.cause, _with(there.clauses, one.cites))
    others = custom.further_causes if named else (*custom.interruption_causes, *custom.further_causes)
    return (*named.values(), *(Cause(cause) for cause in others if cause not in named))


def fill(say: str, known: Mapping[str, str]) -> str:
    """Fill in the blanks of a sentence; one that is not known yet stays, set off as 〔时间〕."""
    return _BLANK.sub(lambda blank: known.get(blank[1]) or f"〔{blank[1]}〕", say)


def strange_blanks(say: str) -> list[str]:
    """Give the blanks of a sentence that nobody can fill in, and braces that belong to no blank."""
    strange = [blank for blank in _BLANK.findall(say) if blank not in BLANKS]
    return [*strange, *re.findall(r"[{}]", _BLANK.sub("", say))]


def require_plain(custom: Custom) -> Custom:
    """Give the custom back. Raises BadInput naming a sentence that cannot be said."""
    for index, one in enumerate(custom.announcement):
        if not one.say.strip() or strange_blanks(one.say):
            known = "、".join(f"{{{blank}}}" for blank in BLANKS)
            raise BadInput(f"announcement[{index}].say", f"“{one.say}” cannot be said; blanks are {known}")
    return custom
