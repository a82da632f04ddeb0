"""结案, 证据列示 and 归档."""

from liuhen.core.events.case import CaseArchived, CaseConcluded, EvidenceListed
from liuhen.core.events.parts import Evidence
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import Permission, case_for
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.record_step import record_content
from liuhen.flows.writing import write_case


class NotConcluded(LiuhenError):
    """The case has not come to its end."""


def list_evidence(case_uid: str, occasion: Occasion, evidence: Evidence) -> None:
    """List a recording or document as evidence with what its passport says. Raises as `record_step`."""
    record_content(case_uid, occasion, EvidenceListed(evidence))


def conclude_case(case_uid: str, occasion: Occasion, *, reason: str, document: str | None) -> None:
    """结案 (行政执法行为终结): archiving terms run from here. Raises as `record_step`."""
    record_content(case_uid, occasion, CaseConcluded(reason, document))


def archive_case(case_uid: str, occasion: Occasion, *, archive_number: str, retention: str) -> None:
    """归档 by the archivist, after the end of the case. Raises NotConcluded, NotAllowed."""
    case_for(occasion.actor, case_uid, Permission.ARCHIVE)
    facts = ground_of(case_uid, occasion.actor.agency).facts
    if facts.case.concluded is None:
        raise NotConcluded("案件尚未结案，不能归档；请先完成结案审批")
    recordings = sum(recording.act is not None for recording in facts.recordings.values())
    content = CaseArchived(archive_number, occasion.actor.name, retention, len(facts.case.documents), recordings)
    write_case(case_uid, occasion, content, after=facts.case.version)
