"""How serving a document, and trying to, change the facts of a case."""

from liuhen.core.events import case as served
from liuhen.core.events import serving as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Attempt, Facts, Service
from liuhen.core.facts.step import Step


def _service_made(facts: Facts, event: Event, said: served.ServiceMade) -> None:
    facts.case.services[said.service] = Service(
        evidence=[event.id],
        uid=said.service,
        document=said.document,
        manner=said.manner,
        recipient=said.recipient,
        place=said.place,
        receipt=said.receipt,
        server=said.server,
        witness=said.witness,
        reason=said.reason,
        act=said.act,
        carrier=said.carrier,
        post=said.post,
        post_number=said.post_number,
        left_at=said.left_at,
        consent=said.consent,
        served=event.header.at,
        agent=said.agent,
        proofs=said.proofs,
        attempt=said.attempt,
        effective_on=said.effective_on,
        basis=said.basis,
        paper_signers=said.paper_signers,
    )
    tried = facts.case.attempts.get(said.attempt or "")
    if tried is not None:
        tried.settled = said.service


def _service_attempted(facts: Facts, event: Event, said: happened.ServiceAttempted) -> None:
    facts.case.attempts[said.attempt] = Attempt(
        evidence=[event.id],
        uid=said.attempt,
        document=said.document,
        manner=said.manner,
        recipient=said.recipient,
        place=said.place,
        result=said.result,
        reason=said.reason,
        server=said.server,
        act=said.act,
        agent=said.agent,
        post=said.post,
        post_number=said.post_number,
        proofs=said.proofs,
        tried=event.header.at,
    )


STEPS: dict[str, Step] = {
    "case.service-made": _service_made,
    "case.service-attempted": _service_attempted,
}
