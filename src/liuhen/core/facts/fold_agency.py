"""How events of an agency's stream change its facts."""

from liuhen.core.events import agency as happened
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.agency_model import Device, Officer, Publication, Retention, Setting
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step


def _established(facts: Facts, event: Event, said: happened.AgencyEstablished) -> None:
    agency = facts.agency
    agency.uid = event.header.agency
    agency.name, agency.short_name = said.name, said.short_name
    agency.number_prefix, agency.region, agency.packs = said.number_prefix, said.region, said.packs
    agency.level, agency.superior = said.level, said.superior
    agency.evidence.append(event.id)


def _superior_set(facts: Facts, event: Event, said: happened.SuperiorSet) -> None:
    facts.agency.superior = said.superior
    facts.agency.evidence.append(event.id)


def _officer_enrolled(facts: Facts, event: Event, said: happened.OfficerEnrolled) -> None:
    facts.agency.officers[said.officer] = Officer(
        evidence=[event.id],
        uid=said.officer,
        name=said.name,
        title=said.title,
        certificate=said.certificate,
        valid_from=said.valid_from,
        valid_until=said.valid_until,
    )


def _account_changed(facts: Facts, event: Event, _: happened.AccountChanged) -> None:
    facts.agency.latest[event.header.type] = event.id


def _device_registered(facts: Facts, event: Event, said: happened.DeviceRegistered) -> None:
    facts.agency.devices[said.device] = Device(
        [event.id], said.device, said.name, said.kind, said.number, said.features, event.header.at
    )


def _custodian_appointed(facts: Facts, event: Event, said: happened.CustodianAppointed) -> None:
    facts.agency.custodian = said.name
    facts.agency.custodian_evidence = [event.id]


def _list_published(facts: Facts, event: Event, said: happened.ListPublished) -> None:
    facts.agency.lists[said.list] = Publication([event.id], said.version, event.header.at, said.entries)


def _retention_set(facts: Facts, event: Event, said: happened.RetentionSet) -> None:
    facts.agency.retentions[said.kind] = Retention([event.id], said.period, said.way)


def _calendar_adopted(facts: Facts, _: Event, said: happened.CalendarAdopted) -> None:
    facts.agency.calendar = said.version


def _setting_adopted(facts: Facts, event: Event, said: happened.SettingAdopted) -> None:
    facts.agency.settings[said.pack, said.setting] = Setting([event.id], said.value, said.basis, event.header.at)


def _redress_named(facts: Facts, _: Event, said: happened.RedressNamed) -> None:
    facts.agency.reconsideration, facts.agency.court = said.reconsideration, said.court


def _arrival_quarantined(facts: Facts, _: Event, said: happened.ArrivalQuarantined) -> None:
    facts.agency.quarantined.append(said)


def _arrival_settled(facts: Facts, _: Event, said: happened.ArrivalSettled) -> None:
    facts.agency.settled[said.sha256] = said


def _transfer_closed(facts: Facts, _: Event, said: happened.TransferClosed) -> None:
    facts.agency.transfers_closed[said.system, said.transfer] = said


def _clock_checked(facts: Facts, event: Event, said: happened.DeviceClockChecked) -> None:
    device = facts.agency.devices[said.device]
    device.drift_ms, device.clock_checked = said.drift_ms, event.header.at


STEPS: dict[str, Step] = {
    "agency.established": _established,
    "agency.superior-set": _superior_set,
    "agency.officer-enrolled": _officer_enrolled,
    "agency.account-changed": _account_changed,
    "agency.device-registered": _device_registered,
    "agency.custodian-appointed": _custodian_appointed,
    "agency.list-published": _list_published,
    "agency.retention-set": _retention_set,
    "agency.calendar-adopted": _calendar_adopted,
    "agency.setting-adopted": _setting_adopted,
    "agency.redress-named": _redress_named,
    "agency.arrival-quarantined": _arrival_quarantined,
    "agency.arrival-settled": _arrival_settled,
    "agency.transfer-closed": _transfer_closed,
    "agency.clock-checked": _clock_checked,
}
