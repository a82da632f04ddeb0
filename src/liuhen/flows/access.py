"""Who may do what: roles of the regulations, the three administrators apart from each other and from cases.

Invariant: fetching is authorising. No door reads a case, a recording or a document but through a function here, and a case
of another agency is indistinguishable from one that does not exist.
"""

from enum import Enum

from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.occasion import Actor
from liuhen.records.index.models import CaseRow, DocumentRow, RecordingRow


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


_ROLES: dict[str, frozenset[Permission]] = {
    "执法人员": frozenset({Permission.VIEW, Permission.INVESTIGATE, Permission.INGEST}),
    "承办机构负责人": frozenset({Permission.VIEW, Permission.INVESTIGATE, Permission.APPROVE}),
    "法制审核人员": frozenset({Permission.VIEW, Permission.REVIEW}),
    "机关负责人": frozenset({Permission.VIEW, Permission.APPROVE}),
    "档案管理员": frozenset({Permission.VIEW, Permission.ARCHIVE, Permission.INGEST}),
    "系统管理员": frozenset({Permission.MANAGE_AGENCY}),
    "安全管理员": frozenset(),
    "审计管理员": frozenset({Permission.INSPECT_LEDGER}),
}
ROLES = tuple(_ROLES)
_ADMINISTRATORS = frozenset({"系统管理员", "安全管理员", "审计管理员"})


class NotAllowed(LiuhenError):
    """The actor's roles do not carry the permission."""

    def __init__(self, actor: Actor, permission: Permission) -> None:
        held = "、".join(sorted(actor.roles)) or "没有角色"
        super().__init__(f"{actor.name}（{held}）没有“{permission.value}”的权限；请由有此权限的人员办理")


class NotFound(LiuhenError):
    """There is no such thing, or it is not the actor's to know."""

    def __init__(self, what: str) -> None:
        super().__init__(f"没有找到该{what}，或者您无权查看")


class RolesClash(LiuhenError):
    """三员分立: one person cannot hold two administrator roles, nor one beside a role in cases."""


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotAllowed unless one of the actor's roles carries the permission."""
    if not any(permission in _ROLES.get(role, frozenset()) for role in actor.roles):
        raise NotAllowed(actor, permission)


def has(actor: Actor, permission: Permission) -> bool:
    """Say whether the actor may, for a page that shows or hides a button; the flow still asks `require`."""
    return any(permission in _ROLES.get(role, frozenset()) for role in actor.roles)


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
    """Give a recording of the actor's agency. Raises NotAllowed, NotFound."""
    require(actor, permission)
    row = RecordingRow.objects.filter(uid=uid, agency=actor.agency).first()
    if row is None:
        raise NotFound("音像记录")
    return row


def document_for(actor: Actor, uid: str, permission: Permission = Permission.VIEW) -> DocumentRow:
    """Give a document of the actor's agency. Raises NotAllowed, NotFound."""
    require(actor, permission)
    row = DocumentRow.objects.filter(uid=uid, agency=actor.agency).select_related("case").first()
    if row is None:
        raise NotFound("文书")
    return row
