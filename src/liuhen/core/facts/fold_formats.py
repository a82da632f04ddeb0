"""How adopting a format of documents changes the facts: the newest of each code stands, and counts as a 文书范本 in use."""

from liuhen.core.events.catalogue import Event
from liuhen.core.events.formats import DocumentTypeAdopted
from liuhen.core.facts.agency_model import AdoptedType, Format
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step

_KIND = "文书范本"


def _adopted(facts: Facts, event: Event, said: DocumentTypeAdopted) -> None:
    agency = facts.agency
    agency.adopted_types[said.code] = AdoptedType([event.id], said, event.header.recorded_at)
    agency.latest[event.header.type] = event.id
    name = f"{said.name}（{said.code}）"
    if said.definition is None:
        agency.formats.pop(name, None)
    else:
        agency.formats[name] = Format([event.id], name, _KIND, str(said.version), agency.name)


STEPS: dict[str, Step] = {"agency.document-type-adopted": _adopted}
