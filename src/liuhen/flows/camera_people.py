"""人员和设备对应: whom and what a camera system means by its ids, on the agency's own roll and register.

Invariant: nobody is guessed at: a person is found by the certificate number that an operator entered, a camera by its serial
number; who is not found is named, and the footage is taken in all the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.flows.camera_contents import worn_by
from liuhen.flows.ground import agency_facts
from liuhen.records.cameras.models import CameraConnection, CameraContainer, CameraObject


@dataclass(frozen=True, slots=True)
class Wearing:
    """The officer and the device of a recording as far as they are known, and a sentence for each that is not."""

    officer: str | None
    device: str | None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A user or camera as the camera system lists it; `uid` is who or what it is on our roll or register, if found."""

    ident: str
    name: str
    number: str
    active: bool
    uid: str | None


def wearing_of(container: CameraContainer) -> Wearing:
    """Find who wore which camera for a recording."""
    agency = agency_facts(container.connection.agency).agency
    user, serial = worn_by(container)
    officer = _officer_of(agency, container.connection_id, user)
    device = _device_numbered(agency, serial)
    doubts = []
    if officer is None:
        shown = _shown_user(container.connection_id, user)
        doubts.append(
            f"使用人{shown}没有对应到本机关执法人员；请在记录仪管理软件中把其用户编号填为执法证号，或者人工核对"
        )
    if device is None:
        doubts.append(f"执法记录仪 {serial or '（未写明）'} 没有登记在本机关设备台账；请登记设备，编号填写序列号")
    return Wearing(officer, device, tuple(doubts))


def device_of(agency: AgencyFacts, container: CameraContainer) -> str:
    """Say with which camera a recording is made: as our register names it, else by the serial number it states."""
    _, serial = worn_by(container)
    uid = _device_numbered(agency, serial)
    if uid is None:
        return f"{serial}（未登记）" if serial else "未写明的记录仪"
    return f"{agency.devices[uid].name} {agency.devices[uid].number}"


def list_users(connection: CameraConnection) -> tuple[Entry, ...]:
    """Give the users that a camera system has announced."""
    agency = agency_facts(connection.agency).agency
    return tuple(
        _entry(row, row.metadata.get("userid", ""), _officer_certified(agency, row.metadata.get("userid", "")))
        for row in _listed(connection.pk, "users")
    )


def list_devices(connection: CameraConnection) -> tuple[Entry, ...]:
    """Give the cameras that a camera system has announced."""
    agency = agency_facts(connection.agency).agency
    return tuple(_entry(row, row.name, _device_numbered(agency, row.name)) for row in _listed(connection.pk, "devices"))


def _entry(row: CameraObject, number: str, uid: str | None) -> Entry:
    active = row.metadata.get("active", "true").lower() != "false"
    return Entry(row.name, row.metadata.get("name", ""), number, active, uid)


def _listed(connection_pk: int, kind: str) -> Iterable[CameraObject]:
    return CameraObject.objects.filter(
        container__connection_id=connection_pk, container__kind=kind, current=True
    ).order_by("name")


def _officer_of(agency: AgencyFacts, connection_pk: int, user: str) -> str | None:
    row = _user_row(connection_pk, user)
    number = row.metadata.get("userid", "") if row else user
    return _officer_certified(agency, number)


def _user_row(connection_pk: int, user: str) -> CameraObject | None:
    return next((row for row in _listed(connection_pk, "users") if row.name.lower() == user.lower()), None)


def _shown_user(connection_pk: int, user: str) -> str:
    row = _user_row(connection_pk, user)
    name = row.metadata.get("name", "") if row else ""
    return f"“{name}”（{user}）" if name else f"（{user or '未写明'}）"


def _officer_certified(agency: AgencyFacts, number: str) -> str | None:
    wanted = number.strip()
    if not wanted:
        return None
    found = [officer.uid for officer in agency.officers.values() if officer.certificate == wanted]
    return found[0] if len(found) == 1 else None


def _device_numbered(agency: AgencyFacts, serial: str) -> str | None:
    wanted = serial.strip().casefold()
    found = [device.uid for device in agency.devices.values() if wanted and device.number.strip().casefold() == wanted]
    return found[0] if len(found) == 1 else None
