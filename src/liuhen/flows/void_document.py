"""文书作废: a numbered document counts no more; its number and its bytes are kept, and the number is never given again.

Invariant: what has taken effect outside is not voided but revoked or changed by another document: a document that was served,
posted, or that a decision rests on stays.

Who may: the person in charge (APPROVE), at the request of the handler, and never the one who made the document himself.
"""

from liuhen.core.events.numbers import DocumentVoided
from liuhen.core.facts.model import CaseFacts, Document, Facts
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.sign_document import DocumentUnknown
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_LONGEST_REASON = 500


class NotToBeVoided(LiuhenError):
    """The document has no number, has taken effect, or was voided already."""


class MadeBySelf(LiuhenError):
    """Who made a document does not decide that it is void."""


def is_voidable(facts: Facts, document: Document) -> bool:
    """Say whether a document, as the case stands, can be voided by who may."""
    standing = facts.case.archived is None and document.voided is None
    return standing and bool(document.number) and not _effect(facts.case, document)


def void_document(case_uid: str, occasion: Occasion, *, document: str, reason: str) -> None:
    """Void a document for a reason.

    Raises NotAllowed, NotFound, CaseArchived, DocumentUnknown, NotToBeVoided, MadeBySelf, BadInput.
    """
    actor = occasion.actor
    case_for(actor, case_uid, Permission.APPROVE)
    if not 0 < len(reason.strip()) <= _LONGEST_REASON:
        raise BadInput("reason", f"请写明作废的原因，不超过 {_LONGEST_REASON} 个字")
    with turn():
        hold(actor.agency)
        case = ground_of(case_uid, actor.agency).facts.case
        _require_voidable(case, document, actor)
        content = DocumentVoided(document, reason.strip(), actor.name)
        write_case(case_uid, occasion, content, after=case.version)


def _require_voidable(case: CaseFacts, uid: str, actor: Actor) -> None:
    if case.archived is not None:
        raise CaseArchived("案件已经归档，文书不能再作废；确需处理的，请与档案管理员联系")
    if uid in case.voided_documents:
        raise NotToBeVoided(f"《{case.voided_documents[uid].title}》已经作废，不会重复登记")
    document = case.documents.get(uid)
    if document is None:
        raise DocumentUnknown("本案没有这份文书；请刷新页面后重选")
    if not document.number:
        raise NotToBeVoided(f"《{document.title}》没有文号，不需要作废；写错的，另行制作一份即可")
    if effect := _effect(case, document):
        raise NotToBeVoided(f"《{document.title}》{effect}，不能作废；应当依法另行制作撤销或者变更的文书")
    if document.maker == actor.uid:
        raise MadeBySelf("文书是您自己制作的，不能由您自己决定作废；请由其他负责人办理")


def _effect(case: CaseFacts, document: Document) -> str:
    """Say what the document has done already, empty for nothing."""
    if any(document.uid in (one.document, one.receipt) for one in case.services.values()):
        return "已经送达"
    if document.posted is not None:
        return "已经公告"
    if any(one.document == document.uid for one in case.decisions.values()):
        return "已据以作出决定"
    return ""
