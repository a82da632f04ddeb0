"""How numbers that were reserved or returned, and documents that were voided, change the facts.

Invariant: what is void stands beside the documents, never among them, so that no rule takes it for one.
"""

from liuhen.core.events import numbers as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.agency_model import NumberBlock
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step


def _reserved(facts: Facts, event: Event, said: happened.NumbersReserved) -> None:
    facts.agency.blocks[said.block] = NumberBlock(
        evidence=[event.id],
        uid=said.block,
        form=said.form,
        character=said.character,
        year=said.year,
        first=said.first,
        last=said.last,
        holder=said.holder,
        reason=said.reason,
        reserved=event.header.at,
    )


def _returned(facts: Facts, event: Event, said: happened.NumbersReturned) -> None:
    block = facts.agency.blocks[said.block]
    block.returned, block.returned_because, block.unused = event.header.at, said.reason, said.unused
    block.evidence.append(event.id)


def _voided(facts: Facts, event: Event, said: happened.DocumentVoided) -> None:
    document = facts.case.set_aside(said.document)
    document.voided, document.voided_because, document.voided_by = event.header.at, said.reason, said.by
    document.evidence.append(event.id)


STEPS: dict[str, Step] = {
    "agency.numbers-reserved": _reserved,
    "agency.numbers-returned": _returned,
    "case.document-voided": _voided,
}
