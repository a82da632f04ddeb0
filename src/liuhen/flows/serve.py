"""送达: a document is served in some manner, with the 送达回证 or what stands for it."""

from liuhen.core.events.case import ServiceMade
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.sign_document import require_unvoided
from liuhen.flows.writing import write_case


class DocumentUnknown(LiuhenError):
    """The case has no such document."""


def serve(
    case_uid: str,
    occasion: Occasion,
    *,
    document: str,
    manner: str,
    recipient: str,
    place: str,
    receipt: str | None = None,
    witness: str | None = None,
    reason: str | None = None,
    act: str | None = None,
) -> str:
    """Record a service and give its uid. Raises DocumentUnknown, DocumentFinished for a voided one, and the refusals of access."""
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    for uid in (document, receipt):
        require_unvoided(facts, uid or "")
        if uid is not None and uid not in facts.case.documents:
            raise DocumentUnknown("本案没有这份文书；请先制作文书再录入送达")
    service = occasion.new_id()
    content = ServiceMade(
        service=service,
        document=document,
        manner=manner,
        recipient=recipient,
        place=place,
        receipt=receipt,
        server=occasion.actor.name,
        witness=witness,
        reason=reason,
        act=act,
    )
    write_case(case_uid, occasion, content, after=facts.case.version)
    return service
