"""接入执法记录仪系统: a camera system gets a connection file, shows its key for a token, and can be shut out at any moment.

Invariant: keys and tokens are kept as digests only; a disabled connection opens nothing, with whatever token; connecting,
renewing and disabling are events of the agency.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q

from liuhen import __version__
from liuhen.adapters.cameras.connection import ConnectionFile, ContainerType, render_connection
from liuhen.adapters.cameras.encryption import new_key_pair, public_pem
from liuhen.core.events.agency import DeviceRegistered
from liuhen.core.events.supervision import DeviceMaintained
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write_agency
from liuhen.records.cameras.models import CameraConnection, CameraRefusal, CameraToken
from liuhen.records.ledger.turn import turn

AUTHENTICATION_PATH = "/cameras/auth/v1.0"
STORAGE_PATH = "/cameras/v1/"
_KIND = "执法记录仪系统"
_TOKEN_LIFE = timedelta(minutes=15)
_WINDOW = timedelta(minutes=5)
_MOST_REFUSALS = 10
_SEEN_NOTED_EVERY = timedelta(minutes=10)
_LABEL_LENGTH = 64
_NOBODY = hashlib.sha256(b"nobody").hexdigest()


class LabelTaken(LiuhenError):
    """The agency has a living connection of this label."""


class ConnectionUnknown(LiuhenError):
    """The agency has no living connection of this label."""


class Stranger(LiuhenError):
    """Name and key, or the token, open nothing."""


class TooManyTries(LiuhenError):
    """Too many wrong keys came from one address for one name."""


class ForeignStorage(LiuhenError):
    """The token opens another storage than the one asked for."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a connection file is to say beside its secrets; `addresses` are those of this site as the cameras reach it."""

    addresses: tuple[str, ...]
    container_type: ContainerType = "mp4"
    encrypted: bool = False
    keeps_time: bool = False
    certificates: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """A camera system that may act: its row's key, its public id and label, and the agency it delivers to."""

    pk: int
    uid: str
    label: str
    agency: str

    @property
    def actor(self) -> Actor:
        """Who stands in events for what the camera system delivered; it may take recordings in, as officers may."""
        return Actor(f"camera:{self.uid}", f"{_KIND}“{self.label}”", self.agency, frozenset({"执法人员"}))


def connect_cameras(occasion: Occasion, label: str, terms: Terms) -> bytes:
    """Let a camera system deliver here and give its connection file. Raises NotAllowed, LabelTaken, BadInput."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    if not 0 < len(label.strip()) <= _LABEL_LENGTH:
        raise BadInput("名称", f"应为 1 至 {_LABEL_LENGTH} 个字；请写明是哪一套记录仪系统")
    if _living(occasion.actor.agency, label) is not None:
        raise LabelTaken(f"已有名为“{label}”的接入；请换一个名称，或者用 --renew 更换它的密钥")
    uid, key = occasion.new_id()[:32], secrets.token_urlsafe(32)
    row = CameraConnection(
        uid=uid,
        agency=occasion.actor.agency,
        label=label,
        key_digest=_digest(key),
        container_type=terms.container_type,
        created_at=occasion.recorded_at,
    )
    file = _file(row, key, terms)
    with turn():
        row.save(force_insert=True)
        write_agency(occasion, DeviceRegistered(uid, label, _KIND, uid))
    return file


def renew_connection(occasion: Occasion, label: str, terms: Terms) -> bytes:
    """Give a connection a new key and a new file; the old key and all tokens end. Raises NotAllowed, ConnectionUnknown.

    What cannot change any more is refused as BadInput: the container type, and encryption once it was wanted.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    row = _require_living(occasion.actor.agency, label)
    if terms.container_type != row.container_type:
        raise BadInput("--container", f"接入后不能再改，仍应为 {row.container_type}")
    if row.public_key_id and not terms.encrypted:
        raise BadInput("--encrypt", "加密一经要求就不能取消；请加上 --encrypt")
    key = secrets.token_urlsafe(32)
    file = _file(row, key, terms)
    row.key_digest, row.renewed_at = _digest(key), occasion.recorded_at
    with turn():
        row.save()
        row.tokens.all().delete()
        write_agency(occasion, DeviceMaintained(row.uid, "维护", "更换接入密钥", occasion.actor.name))
    return file


def disable_connection(occasion: Occasion, label: str) -> None:
    """Shut a camera system out at once; what it has delivered stays. Raises NotAllowed, ConnectionUnknown."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    row = _require_living(occasion.actor.agency, label)
    row.disabled_at = occasion.recorded_at
    with turn():
        row.save(update_fields=["disabled_at"])
        row.tokens.all().delete()
        write_agency(occasion, DeviceMaintained(row.uid, "维护", "停用接入", occasion.actor.name, usable=False))


def open_session(user: str, key: str, *, address: str, at: datetime) -> tuple[Connection, str]:
    """Give the connection behind a name and key, and a token good for minutes. Raises Stranger, TooManyTries."""
    address, user = address[:64], user[:64]
    recent = Q(address=address, username=user, at__gt=at - _WINDOW)
    if CameraRefusal.objects.filter(recent).count() >= _MOST_REFUSALS:
        raise TooManyTries("密钥多次错误，请五分钟后再试")
    row = CameraConnection.objects.filter(uid=user, disabled_at=None).first()
    # Compared even where there is nobody, so that the time taken does not tell names.
    if not hmac.compare_digest(_digest(key), row.key_digest if row else _NOBODY) or row is None:
        with turn():
            CameraRefusal.objects.filter(at__lt=at - _WINDOW).delete()
            CameraRefusal.objects.create(address=address, username=user, at=at)
        raise Stranger("用户名或者密钥不对，或者接入已停用")
    token = secrets.token_urlsafe(32)
    with turn():
        CameraToken.objects.filter(expires_at__lt=at).delete()
        row.tokens.create(digest=_digest(token), expires_at=at + _TOKEN_LIFE)
        CameraConnection.objects.filter(pk=row.pk).update(seen_at=at)
    return _connection(row), token


def connection_of(token: str, storage: str, *, at: datetime) -> Connection:
    """Give the connection that a token opens. Raises Stranger, and ForeignStorage for another's storage."""
    living = CameraToken.objects.filter(digest=_digest(token), expires_at__gt=at, connection__disabled_at=None)
    found = living.select_related("connection").first()
    if found is None:
        raise Stranger("令牌无效或者已过期；请重新认证")
    row = found.connection
    if row.uid != storage:
        raise ForeignStorage("令牌不属于这个存储地址")
    if row.seen_at is None or at - row.seen_at >= _SEEN_NOTED_EVERY:
        CameraConnection.objects.filter(pk=row.pk).update(seen_at=at)
    return _connection(row)


def private_key_of(uid: str) -> bytes:
    """Give the private key (PEM) with which a connection's content is decrypted. Raises KeyMissing, KeyUnusable."""
    return office().keys.read_pem(_key_name(uid))


def _connection(row: CameraConnection) -> Connection:
    return Connection(row.pk, row.uid, row.label, row.agency)


def _living(agency: str, label: str) -> CameraConnection | None:
    return CameraConnection.objects.filter(agency=agency, label=label, disabled_at=None).first()


def _require_living(agency: str, label: str) -> CameraConnection:
    row = _living(agency, label)
    if row is None:
        raise ConnectionUnknown(f"没有名为“{label}”的有效接入；请用 liuhen camera list 核对名称")
    return row


def _file(row: CameraConnection, key: str, terms: Terms) -> bytes:
    """Write the connection file, making the key pair where encryption is wanted; the row learns of it."""
    file = ConnectionFile(
        site=agency_facts(row.agency).agency.short_name or row.agency,
        application="Liuhen 留痕",
        version=__version__,
        addresses=tuple(address.rstrip("/") + AUTHENTICATION_PATH for address in terms.addresses),
        user=row.uid,
        key=key,
        container_type=terms.container_type,
        keeps_time=terms.keeps_time,
        certificates=terms.certificates,
    )
    render_connection(file)  # refuses before a key is made
    if not terms.encrypted:
        return render_connection(file)
    public = _public_key(row.uid)
    row.public_key_id = hashlib.sha256(public).hexdigest()[:32]
    return render_connection(replace(file, public_key=public, public_key_id=row.public_key_id))


def _public_key(uid: str) -> bytes:
    keys, name = office().keys, _key_name(uid)
    if not keys.has(name):
        keys.write_pem(name, new_key_pair()[0])
    return public_pem(keys.read_pem(name))


def _key_name(uid: str) -> str:
    return f"camera-{uid}"


def _digest(text: str) -> str:
    # Keys and tokens have 256 random bits: there is nothing to guess, so one fast digest is enough.
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
