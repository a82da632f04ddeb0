"""How adopting a format of documents changes the facts: the newest of each code stands, and counts as a format in use.

Invariant: only what is published to those below is a 文书范本 for them; what an agency keeps to itself is its own format.
"""

from liuhen.core.events.catalogue import Event
from liuhen.core.events.formats import DocumentTypeAdopted
from liuhen.core.facts.agency_model import AdoptedType, Format
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step

_FOR_ALL, _FOR_ITSELF = "文书范本", "本机关文书格式"


def _adopted(facts: Facts, event: Event, said: DocumentTypeAdopted) -> None:
    agency = facts.agency
    agency.adopted_types[said.code] = AdoptedType([event.id], said, event.header.recorded_at)
    agency.latest[event.header.type] = event.id
    name = f"{said.name}（{said.code}）"
    if said.definition is None:
        agency.formats.pop(name, None)
    else:
        kind = _FOR_ALL if said.published else _FOR_ITSELF
        agency.formats[name] = Format([event.id], name, kind, str(said.version), agency.name)


STEPS: dict[str, Step] = {"agency.document-type-adopted": _adopted}
