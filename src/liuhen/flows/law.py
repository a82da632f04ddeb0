"""The law in force for a case: the pack editions it pinned when it was opened, read back from the vault by digest.

Invariant: a case is judged by the very bytes it pinned; a later edition of a pack changes nothing for it.
"""

import io
from datetime import date
from functools import lru_cache

from liuhen.core.events.parts import Edition
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.digests import sha256
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.rules.model import Pack, render_pack
from liuhen.core.rules.scope import require_scope
from liuhen.flows.office import office


class EditionMissing(LiuhenError):
    """The bytes of a pinned edition are gone or are not what was pinned."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(
            f"规则包 {edition.id} {edition.edition} 的内容与立案时固定的不一致或者缺失，"
            f"请从备份恢复摘要为 {edition.digest} 的文件"
        )


def binding_packs(names: tuple[str, ...], day: date, kind: str) -> tuple[Pack, ...]:
    """Give the packs that bind a kind of enforcement on a day.

    Where several editions of a pack lie side by side, the day decides; a name such as hebei@2019-12-01 asks for that one.
    An agency under several packs is judged by all that speak of the kind; one alone that does, suffices.
    Raises BadInput for an unknown pack, OutsideScope when none binds the kind or one that does is not in force.
    """
    packs = [office().shelf.named(name, day).pack for name in names]
    binding = tuple(pack for pack in packs if kind in pack.kinds) or tuple(packs)
    for pack in binding:
        require_scope(pack, kind=kind, day=day)
    return binding


def pin_editions(names: tuple[str, ...], day: date, kind: str) -> tuple[Edition, ...]:
    """Put the packs that bind a kind of enforcement on a day into the vault and give what a case pins.

    Raises as `binding_packs`.
    """
    editions = []
    for pack in binding_packs(names, day, kind):
        stored = office().vault.store(io.BytesIO(render_pack(pack)))
        editions.append(Edition(pack.id, pack.edition, stored.digests.sha256))
    return tuple(editions)


def packs_of(editions: tuple[Edition, ...]) -> tuple[Pack, ...]:
    """Give the packs that a case pinned. Raises EditionMissing."""
    return tuple(_pack(edition) for edition in editions)


@lru_cache(maxsize=64)
def _pack(edition: Edition) -> Pack:
    with office().vault.open(edition.digest) as file:
        data = file.read()
    if sha256(data) != edition.digest:
        raise EditionMissing(edition)
    return decode(Pack, canonical.parse(data, f"pack {edition.id}"))
