"""What an attack is: an artefact, an operation, an attacker, a lie, and what the verifier is to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from liuhen.core.verifier.report import Report
from liuhen.doors.tamper.forgery import Forgery

Lie = Callable[[Forgery], None]
Spoil = Callable[[Path], None]
Judge = Callable[[Forgery, Path, Spoil], Report]

OPERATIONS = ("edit", "delete", "insert", "reorder", "swap", "back-date", "replay", "cut")


class Attacker(Enum):
    """How strong the attacker is; each can do what the ones before can."""

    PASSER_BY = "passer-by"
    FORGER = "forger"
    INSIDER = "insider"
    STRANGER = "stranger"


def nothing(_: Forgery) -> None:
    """The lie of an honest twin."""


def untouched(_: Path) -> None:
    """What happens to the container of an honest twin."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One lie. `expects` are the codes that must be among those found; none means that the lie is not found offline.

    `also` says that the attacker rewrites the statement to fit; `truth` is the honest act that the twin does in place of
    the lie; `only` limits what is put together again (an attacker who leaves the manifests alone); `judge` looks at
    another form of the package than the plain files, which `spoil` may damage as it lies on disk; `trusted` gives the
    verifier a trust file obtained elsewhere.
    """

    name: str
    artefact: str
    operation: str
    attacker: Attacker
    does: str
    lie: Lie
    expects: tuple[str, ...]
    remark: str = ""
    also: bool = False
    truth: Lie = nothing
    only: tuple[str, ...] | None = None
    judge: Judge | None = None
    spoil: Spoil = untouched
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """Writes attacks on one artefact; `prefix` begins their names, `attacker` is whoever is strongest where not said."""

    artefact: str
    prefix: str
    attacker: Attacker = Attacker.INSIDER
    also: bool = False

    def lie(self, name: str, operation: str, does: str, lie: Lie, *expects: str, **further: Any) -> Attack:
        """Write one; `further` are the fields of Attack that are not usual."""
        usual: dict[str, Any] = {"attacker": self.attacker, "also": self.also} | further
        return Attack(
            name=f"{self.prefix}-{name}",
            artefact=self.artefact,
            operation=operation,
            does=does,
            lie=lie,
            expects=expects,
            **usual,
        )
