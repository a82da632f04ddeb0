"""案件作为标签: an agency's open cases and their running acts, as the categories that officers choose on the camera.

Invariant: an id once published means the same case or act for ever, also when the case is long closed.
"""

import hashlib
from datetime import datetime

from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import CaseFacts
from liuhen.flows.ground import open_kept
from liuhen.records.cameras.models import CameraCategory
from liuhen.records.index.models import CaseRow
from liuhen.records.ledger.read import sealed_events
from liuhen.records.ledger.turn import turn

_MOST_CASES = 200
_LONGEST_NAME = 100
_LONGEST_IDENT = 32  # bytes: what the protocol promises to carry


def publish_categories(agency: str, at: datetime) -> list[tuple[str, str]]:
    """Give names and ids of an agency's open cases and running acts, newest case first, and remember what they mean."""
    rows = CaseRow.objects.filter(agency=agency, concluded_at=None, archived_at=None).order_by("-registered_at", "-id")
    wanted: dict[str, CameraCategory] = {}
    for row in rows[:_MOST_CASES]:
        for act, name in _steps(row):
            category = CameraCategory(
                agency=agency,
                ident=ident_of(act or row.uid),
                name=name[:_LONGEST_NAME],
                case_uid=row.uid,
                act_uid=act,
                published_at=at,
            )
            wanted[category.ident] = category
    _remember(agency, wanted)
    return [(category.name, ident) for ident, category in wanted.items()]


def category_of(agency: str, ident: str) -> CameraCategory | None:
    """Give what an id of this agency means; None for ids that came from elsewhere."""
    return CameraCategory.objects.filter(agency=agency, ident=ident.strip()).first() if ident.strip() else None


def ident_of(uid: str) -> str:
    """Give the id under which a case or act is published: its own, or a digest of one that is too long."""
    return uid if len(uid.encode()) <= _LONGEST_IDENT else hashlib.sha256(uid.encode()).hexdigest()[:_LONGEST_IDENT]


def _steps(row: CaseRow) -> list[tuple[str, str]]:
    """Give the case itself and its running acts, each with its name; no party's name goes to a camera."""
    case = _facts(row.uid)
    title = row.number or row.register_number
    running = [act for act in case.acts.values() if act.ended is None]
    return [("", title), *((act.uid, f"{title} {act.kind}") for act in running)]


def _facts(case_uid: str) -> CaseFacts:
    return fold(open_kept(item, "") for item in sealed_events(f"case:{case_uid}")).case


def _remember(agency: str, wanted: dict[str, CameraCategory]) -> None:
    known = {row.ident: row for row in CameraCategory.objects.filter(agency=agency, ident__in=wanted)}
    fresh = [category for ident, category in wanted.items() if ident not in known]
    renamed = [row for ident, row in known.items() if row.name != wanted[ident].name]
    if not fresh and not renamed:
        return
    with turn():
        CameraCategory.objects.bulk_create(fresh, ignore_conflicts=True)
        for row in renamed:
            CameraCategory.objects.filter(pk=row.pk).update(name=wanted[row.ident].name)
