"""Whom and when a pack binds: its kinds of enforcement and the days on which it is in force.

Invariant: a pack never judges a case that its own scope clauses leave out.
"""

from datetime import date

from liuhen.core.facts.model import CaseFacts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.model import Pack


class OutsideScope(LiuhenError):
    """A pack does not speak of this kind of enforcement, or was not in force on this day."""


def require_scope(pack: Pack, *, kind: str, day: date) -> None:
    """Refuse a case that a pack does not bind. Raises OutsideScope.

    Cites: the scope clauses of every pack, such as hebei/2 and hebei/33.
    """
    if kind not in pack.kinds:
        kinds = "、".join(pack.kinds)
        raise OutsideScope(f"《{pack.title}》适用于{kinds}，不适用于“{kind}”；请核对执法类别或改用其他规则包")
    if day < pack.in_force_from:
        raise OutsideScope(f"《{pack.title}》自 {pack.in_force_from} 起施行，案件登记于 {day}；请改用当时施行的规则包")
    if pack.in_force_until is not None and day >= pack.in_force_until:
        raise OutsideScope(f"《{pack.title}》自 {pack.in_force_until} 起不再施行，案件登记于 {day}；请改用现行的规则包")


def require_scope_of(pack: Pack, case: CaseFacts) -> None:
    """Refuse a case as the fold left it; one that nobody registered yet says neither kind nor day. Raises OutsideScope."""
    if case.registered is not None:
        require_scope(pack, kind=case.kind, day=local_day(case.registered))
