"""Default chains of approval on disk: `approvals/chains.yaml`.

Invariant: what cannot be read, names a matter twice or is no chain is refused with file and line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from liuhen.adapters.packfiles.located import read_yaml
from liuhen.core.approvals.chain import Chain, chain_faults
from liuhen.core.events.parts import ChainStep
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class _Entry:
    """One chain and the matters it is for."""

    matters: tuple[str, ...]
    steps: tuple[ChainStep, ...]


@cache
def shipped_chains() -> Mapping[str, Chain]:
    """Give the chains that come with Liuhen, by matter, in the order in which people are offered them."""
    return read_chains(Path(str(resources.files("liuhen") / "approvals" / "chains.yaml")))


def read_chains(file: Path) -> Mapping[str, Chain]:
    """Read a file of chains. Raises BadInput with file and line."""
    located = read_yaml(file, file.name)
    found = located.data.get("chains") if isinstance(located.data, dict) else None
    if not isinstance(found, list) or set(located.data) != {"chains"}:
        raise BadInput(f"{file.name}:1", "expected `chains:` with a list of chains and nothing else")
    chains: dict[str, Chain] = {}
    for place, data in enumerate(found):
        try:
            entry = decode(_Entry, data, f"chains[{place}]")
            _require_sound(entry, chains, f"chains[{place}]")
        except BadInput as fault:
            raise located.relocate(fault) from None
        chains |= dict.fromkeys(entry.matters, entry.steps)
    return chains


def _require_sound(entry: _Entry, known: Mapping[str, Chain], place: str) -> None:
    for fault in chain_faults(entry.steps):
        raise BadInput(f"{place}.steps", fault)
    for matter in entry.matters:
        if matter in known or entry.matters.count(matter) > 1:
            raise BadInput(f"{place}.matters", f"“{matter}” has a chain already; name every matter once")
