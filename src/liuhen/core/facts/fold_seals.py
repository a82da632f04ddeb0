"""How events of an agency's seal change its facts."""

from liuhen.core.events import seals as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.agency_model import SealCertificate, SealKey
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step


def _registered(facts: Facts, event: Event, said: happened.SealKeyRegistered) -> None:
    recorded = event.header.recorded_at
    facts.agency.seal_keys[said.key] = SealKey([event.id], recorded, key=said.key, authority=said.authority)


def _retired(facts: Facts, event: Event, said: happened.SealKeyRetired) -> None:
    key = facts.agency.seal_keys[said.key]
    key.retired = event.header.recorded_at
    key.evidence.append(event.id)


def _adopted(facts: Facts, event: Event, said: happened.SealAdopted) -> None:
    _end(facts, event)
    facts.agency.seal_certificates.append(
        SealCertificate(
            [event.id],
            event.header.recorded_at,
            certificate=said.certificate,
            subject=said.subject,
            issuer=said.issuer,
            valid_until=said.valid_until,
            kept=said.kept,
            timestamps=said.timestamps,
            roots=said.roots,
        )
    )


def _withdrawn(facts: Facts, event: Event, said: happened.SealWithdrawn) -> None:
    _end(facts, event)


def _end(facts: Facts, event: Event) -> None:
    standing = facts.agency.seal_certificate
    if standing is not None:
        standing.retired = event.header.recorded_at
        standing.evidence.append(event.id)


STEPS: dict[str, Step] = {
    "agency.seal-adopted": _adopted,
    "agency.seal-withdrawn": _withdrawn,
    "agency.seal-key-registered": _registered,
    "agency.seal-key-retired": _retired,
}
