"""How events of an agency's seal keys change its facts."""

from liuhen.core.events import seals as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.agency_model import SealKey
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step


def _registered(facts: Facts, event: Event, said: happened.SealKeyRegistered) -> None:
    facts.agency.seal_keys[said.key] = SealKey([event.id], said.key, said.authority, event.header.recorded_at)


def _retired(facts: Facts, event: Event, said: happened.SealKeyRetired) -> None:
    key = facts.agency.seal_keys[said.key]
    key.retired = event.header.recorded_at
    key.evidence.append(event.id)


STEPS: dict[str, Step] = {
    "agency.seal-key-registered": _registered,
    "agency.seal-key-retired": _retired,
}
