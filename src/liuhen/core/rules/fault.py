"""A fault of a pack, as the linter tells it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` is the rule, clause or topic, `sentence` says what is wrong and what to do, `path` where in the pack's files."""

    place: str
    sentence: str
    path: str = ""
