"""公告期满视为送达: when a public notice has run out the document counts as served, whether or not anybody presses anything.

Invariant: the system adds no judgement: the notice, its reason and carrier are what a person recorded, the day is what the packs
and the calendar say, and the event names its working. Its id follows from the notice, so a sweep that is killed, runs twice or in
two processes counts each notice once.
Cites: 民事诉讼法 art. 95.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from liuhen.core.events.case import ServiceMade
from liuhen.core.facts.model import CaseFacts, Document, Facts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.rules.serving import Effect
from liuhen.flows.ground import ground_of
from liuhen.flows.indexing import refresh_case
from liuhen.flows.list_place import ListPlace
from liuhen.flows.occasion import SYSTEM_NAME, Occasion, system_of
from liuhen.flows.study_serving import serving_law
from liuhen.flows.writing import write_case
from liuhen.records.index.models import DocumentRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_SLICE = 200
_NOTICE = "送达公告"


class NoticesNotCounted(LiuhenError):
    """Some notices could not be counted; they stay as they are and are tried again."""


def count_run_out(at: datetime) -> int:
    """Record for every public notice that has run out by now that its document counts as served; gives how many.

    Raises NoticesNotCounted when all others are done and some failed.
    """
    done, failed = 0, dict[str, LiuhenError]()
    for document, case, agency in _running(at):
        try:
            done += _count(document, case, agency, at)
        except LiuhenError as refusal:
            failed[document] = refusal
    if failed:
        first = next(iter(failed))
        raise NoticesNotCounted(f"{len(failed)} 件公告送达没有计入，将再次尝试；文书 {first}：{failed[first]}")
    return done


def _running(at: datetime) -> Iterator[tuple[str, str, str]]:
    """Walk the notices that run, the oldest first, a slice at a time."""
    rows = DocumentRow.objects.filter(notice_since__lte=at).order_by("notice_since", "pk")
    rest = rows
    while found := list(rest.values_list("notice_since", "pk", "uid", "case__uid", "agency")[:_SLICE]):
        yield from ((uid, case, agency) for _, _, uid, case, agency in found)
        since, pk = found[-1][:2]
        assert since is not None  # the query asked for those that have one
        rest = rows.filter(ListPlace(since, pk).beyond("notice_since"))


def _count(uid: str, case_uid: str, agency: str, at: datetime) -> bool:
    # Most notices run on for weeks: whoever works in the agency does not wait for us to find that.
    if _still_runs(ground_of(case_uid, agency).facts, uid, at):
        return False
    with turn():
        hold(agency)
        ground = ground_of(case_uid, agency)
        case = ground.facts.case
        document = case.documents.get(uid)
        if document is None or case.archived is not None or document.posted is None:
            refresh_case(case_uid, agency, judged_at=at, ground=ground)  # the row was behind its events
            return False
        law = serving_law(ground.facts)
        standing = law.standing(ground.facts, document, at)
        if standing.state != "ran-out" or standing.effect is None:
            return False
        manner = next(one.serving.manner for one in law.manners.values() if one.serving.within is not None)
        content = _service(case, document, manner, standing.effect)
        write_case(case_uid, Occasion(system_of(agency), standing.effect.at, at), content, after=case.version)
    return True


def _still_runs(facts: Facts, uid: str, at: datetime) -> bool:
    document = facts.case.documents.get(uid)
    return document is not None and serving_law(facts).standing(facts, document, at).state == "posted"


def _service(case: CaseFacts, document: Document, manner: str, effect: Effect) -> ServiceMade:
    proof = case.documents.get(document.posted_proof or "")
    posted = document.posted
    assert posted is not None  # the caller looked
    return ServiceMade(
        service=hashlib.sha256(f"{document.uid} {posted.isoformat()}".encode()).hexdigest()[:32],
        document=document.uid,
        manner=manner,
        recipient=case.party.name if case.party else "当事人",
        place=(case.party.address if case.party else None) or "公告",
        server=f"{SYSTEM_NAME}（公告期满）",
        reason=document.posted_because,
        carrier=document.posted_on,
        receipt=proof.uid if proof is not None and proof.form == _NOTICE else None,
        effective_on=effect.day,
        basis=(*effect.steps, f"依据：{'、'.join(effect.cites)}"),
    )
