"""Who may do what: roles of the regulations, the three administrators apart from each other and from cases.

Invariant: fetching is authorising. No door reads a case, a recording or a document but through a function here; a case of
another agency, and a closed recording of a case that is not one's own, are indistinguishable from what does not exist.
"""

from collections.abc import Iterable, Sequence
from enum import Enum

from django.db.models import Q, QuerySet

from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.classified import OPEN_WORDS, is_closed
from liuhen.flows.occasion import Actor
from liuhen.records.index.models import CaseRow, DocumentRow, FindingRow, InsiderRow, RecordingRow


class Permission(Enum):
    """What a flow may ask of an actor."""

    VIEW = "查看案件"
    INVESTIGATE = "办理案件"
    APPROVE = "审批"
    REVIEW = "法制审核"
    ARCHIVE = "归档"
    INGEST = "音像入库"
    MANAGE_AGENCY = "维护机关资料"
    INSPECT_LEDGER = "检查账本"
    KEEP_REGISTERS = "登记台账"
    SUPERVISE = "监督检查"
    KEEP_SECURITY = "安全管理"
    LEAD = "机关负责人决定"


_ROLES: dict[str, frozenset[Permission]] = {
    "执法人员": frozenset({Permission.VIEW, Permission.INVESTIGATE, Permission.INGEST}),
    "承办机构负责人": frozenset({Permission.VIEW, Permission.INVESTIGATE, Permission.APPROVE}),
    "法制审核人员": frozenset({Permission.VIEW, Permission.REVIEW, Permission.SUPERVISE}),
    "机关负责人": frozenset({Permission.VIEW, Permission.APPROVE, Permission.SUPERVISE, Permission.LEAD}),
    "档案管理员": frozenset({Permission.VIEW, Permission.ARCHIVE, Permission.INGEST, Permission.KEEP_REGISTERS}),
    "系统管理员": frozenset({Permission.MANAGE_AGENCY}),
    "安全管理员": frozenset({Permission.KEEP_SECURITY}),
    "审计管理员": frozenset({Permission.INSPECT_LEDGER}),
}
ROLES = tuple(_ROLES)
_ADMINISTRATORS = frozenset({"系统管理员", "安全管理员", "审计管理员"})


class NotAllowed(LiuhenError):
    """The actor's roles do not carry the permission."""

    def __init__(self, actor: Actor, *permissions: Permission) -> None:
        held = "、".join(sorted(actor.roles)) or "没有角色"
        needed = "或者".join(f"“{permission.value}”" for permission in permissions)
        super().__init__(f"{actor.name}（{held}）没有{needed}的权限；请由有此权限的人员办理")


class NotFound(LiuhenError):
    """There is no such thing, or it is not the actor's to know."""

    def __init__(self, what: str) -> None:
        super().__init__(f"没有找到该{what}，或者您无权查看")


class RolesClash(LiuhenError):
    """三员分立: one person cannot hold two administrator roles, nor one beside a role in cases."""


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotAllowed unless one of the actor's roles carries the permission."""
    require_any(actor, (permission,))


def require_any(actor: Actor, permissions: Sequence[Permission]) -> None:
    """Raise NotAllowed unless the actor holds at least one of the permissions."""
    if not may_any(actor, permissions):
        raise NotAllowed(actor, *permissions)


def has(actor: Actor, permission: Permission) -> bool:
    """Say whether the actor may, for a page that shows or hides a button; the flow still asks `require`."""
    return any(permission in _ROLES.get(role, frozenset()) for role in actor.roles)


def may_any(actor: Actor, permissions: Iterable[Permission]) -> bool:
    """Say whether the actor holds at least one of the permissions, as `has` does of one."""
    return any(has(actor, permission) for permission in permissions)


def is_head(actor: Actor) -> bool:
    """Say whether the actor is a head of the agency; to approve and to supervise by two other roles makes nobody one."""
    return has(actor, Permission.LEAD)


def require_head(actor: Actor) -> None:
    """Raise NotAllowed unless the actor is a head of the agency."""
    require(actor, Permission.LEAD)


def roles_with(permission: Permission) -> tuple[str, ...]:
    """Give the roles that carry a permission, in the order of the roles."""
    return tuple(role for role in ROLES if permission in _ROLES[role])


def require_separate(roles: frozenset[str]) -> None:
    """Raise RolesClash when roles cannot be held by one person (三员分立)."""
    administrators = roles & _ADMINISTRATORS
    if len(administrators) > 1 or (administrators and roles - administrators):
        raise RolesClash(f"三员分立：{'、'.join(sorted(roles))} 不能由同一人担任")


def case_for(actor: Actor, uid: str, permission: Permission = Permission.VIEW) -> CaseRow:
    """Give a case of the actor's agency. Raises NotAllowed, NotFound."""
    require(actor, permission)
    row = CaseRow.objects.filter(uid=uid, agency=actor.agency).first()
    if row is None:
        raise NotFound("案件")
    return row


def recording_for(actor: Actor, uid: str, permission: Permission = Permission.VIEW) -> RecordingRow:
    """Give a recording of the actor's agency that the actor may know of. Raises NotAllowed, NotFound."""
    require(actor, permission)
    row = RecordingRow.objects.filter(uid=uid, agency=actor.agency).first()
    if row is None or not may_know(actor, row):
        raise NotFound("音像记录")
    return row


def knows_closed(actor: Actor) -> bool:
    """Say whether the actor's role carries the closed recordings of every case: heads, and who keeps the records."""
    return has(actor, Permission.APPROVE) or has(actor, Permission.ARCHIVE)


def may_know(actor: Actor, row: RecordingRow) -> bool:
    """Say whether a recording exists for the actor: it is open, or one's own, or that of a case one works on."""
    if not is_closed(row.classification) or knows_closed(actor) or row.officer == actor.uid:
        return True
    return InsiderRow.objects.filter(case__uid=row.case_uid, person=actor.uid).exists()


def unseen_recordings(actor: Actor, case: CaseRow) -> frozenset[str]:
    """Give the recordings of a case that do not exist for the actor, by the same rule; empty for nearly every case."""
    if knows_closed(actor):
        return frozenset()
    closed = RecordingRow.objects.filter(case_uid=case.uid).exclude(classification__in=OPEN_WORDS)
    found = frozenset(closed.exclude(officer=actor.uid).values_list("uid", flat=True))
    if found and InsiderRow.objects.filter(case=case, person=actor.uid).exists():
        return frozenset()
    return found


def findings_for(actor: Actor) -> QuerySet[FindingRow]:
    """Give the findings of the actor's agency, without those on closed recordings of cases the actor does not work on."""
    require(actor, Permission.VIEW)
    found = FindingRow.objects.filter(agency=actor.agency)
    if knows_closed(actor):
        return found
    own = InsiderRow.objects.filter(person=actor.uid).values("case_id")
    return found.filter(Q(closed=False) | Q(case_id__in=own))


def document_for(actor: Actor, uid: str, permission: Permission = Permission.VIEW) -> DocumentRow:
    """Give a document of the actor's agency. Raises NotAllowed, NotFound."""
    require(actor, permission)
    row = DocumentRow.objects.filter(uid=uid, agency=actor.agency).select_related("case").first()
    if row is None:
        raise NotFound("文书")
    return row
