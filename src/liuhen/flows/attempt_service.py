"""送达未成或者待回执: an attempt to serve a document, with the paper that shows it.

Invariant: the paper and the attempt stand together or not at all, and the same form sent twice is one of each: the uid of the
paper follows from the id of the form.
"""

import hashlib
from dataclasses import replace

from liuhen.adapters.signing.scans import scan_to_pdf
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_batch import CaseArchived, record_batch
from liuhen.flows.sent_batch import Sent
from liuhen.flows.serve import Scan, received
from liuhen.flows.study_serving import serving_law
from liuhen.flows.writing import write_case
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn


def attempt_service(case_uid: str, occasion: Occasion, sent: Sent, scan: Scan | None) -> None:
    """Record an attempt; `scan` becomes a document of the case and a proof of it.

    Raises NotAllowed, NotFound, CaseArchived, IdTaken, and BadInput naming the field.
    """
    case_for(occasion.actor, case_uid, Permission.INVESTIGATE)
    if scan is None:
        record_batch(case_uid, occasion, [sent])
        return
    scanned = scan_to_pdf(scan.data)
    paper = hashlib.sha256(f"{sent.id} scan".encode()).hexdigest()[:32]
    proofs = [*sent.content.get("proofs", []), paper]
    with turn():
        hold(occasion.actor.agency)
        facts = ground_of(case_uid, occasion.actor.agency).facts
        if facts.case.archived is not None:
            raise CaseArchived("案件已经归档，不能再补记送达；请与档案管理员联系")
        manner = serving_law(facts).manners.get(str(sent.content.get("manner")))
        if manner is not None and scan.form not in manner.serving.failed:
            known = "、".join(manner.serving.failed)
            raise BadInput("scan_form", f"{manner.serving.manner}送达未成的凭证应为{known}；请重新选择种类")
        if paper not in facts.case.documents:
            write_case(case_uid, occasion, received(paper, scanned, scan, occasion), after=facts.case.version)
        record_batch(case_uid, occasion, [replace(sent, content={**sent.content, "proofs": proofs})])
