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


@dataclass(frozen=True, slots=True)
class DefaultChains:
    """The chains by matter, in the order in which people are offered them, and the cases that some matters are for: by their
    kind or by how they started."""

    chains: Mapping[str, Chain]
    kinds: Mapping[str, tuple[str, ...]]

    def is_for(self, matter: str, *traits: str) -> bool:
        """Say whether a matter is one that a case of this kind and this start has; one that is not listed all have."""
        named = self.kinds.get(matter)
        return named is None or any(trait in named for trait in traits)


@cache
def shipped_chains() -> DefaultChains:
    """Give the chains that come with Liuhen."""
    return read_chains(Path(str(resources.files("liuhen") / "approvals" / "chains.yaml")))


def read_chains(file: Path) -> DefaultChains:
    """Read a file of chains. Raises BadInput with file and line."""
    located = read_yaml(file, file.name)
    data = located.data if isinstance(located.data, dict) else {}
    found, kinds = data.get("chains"), data.get("kinds", {})
    if not isinstance(found, list) or not isinstance(kinds, dict) or set(data) - {"chains", "kinds"}:
        raise BadInput(
            f"{file.name}:1", "expected `chains:` with a list of chains, and `kinds:` with matters, nothing else"
        )
    chains: dict[str, Chain] = {}
    for place, one in enumerate(found):
        try:
            entry = decode(_Entry, one, f"chains[{place}]")
            _require_sound(entry, chains, f"chains[{place}]")
        except BadInput as fault:
            raise located.relocate(fault) from None
        chains |= dict.fromkeys(entry.matters, entry.steps)
    for matter, named in kinds.items():
        if matter not in chains or not isinstance(named, list):
            raise located.relocate(
                BadInput(f"kinds.{matter}", "name a matter that has a chain, with a list of kinds of case")
            )
    return DefaultChains(chains, {matter: tuple(named) for matter, named in kinds.items()})


def _require_sound(entry: _Entry, known: Mapping[str, Chain], place: str) -> None:
    for fault in chain_faults(entry.steps):
        raise BadInput(f"{place}.steps", fault)
    for matter in entry.matters:
        if matter in known or entry.matters.count(matter) > 1:
            raise BadInput(f"{place}.matters", f"“{matter}” has a chain already; name every matter once")
