"""Events of an agency's seal: by which certificate it seals, by which keys it also signs detached, from when and until when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SealAdopted:
    """启用印章证书: from now on the agency seals under this certificate and no other; one in force before is replaced.

    `certificate` is the SHA-256 of the certificate (DER) in hexadecimal, `subject` and `issuer` are its common names, `kept` where
    its key lies; `timestamps` is the address of the time-stamping authority, `roots` are the root certificates (DER, base64) that
    vouch for seal and time stamps.
    """

    certificate: str
    subject: str
    issuer: str
    valid_until: datetime
    kept: str
    timestamps: str
    roots: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class SealWithdrawn:
    """停用印章证书: what was sealed before stays sealed; the agency seals nothing more until it adopts another."""

    certificate: str
    reason: str


@dataclass(frozen=True, slots=True)
class SealKeyRegistered:
    """登记印章密钥: a public key joins those by which the agency seals; what is sealed from now on is signed by it too.

    `key` is 04‖X‖Y on the curve of SM2 in hexadecimal, `authority` who made the key and keeps it.
    """

    key: str
    authority: str


@dataclass(frozen=True, slots=True)
class SealKeyRetired:
    """停用印章密钥: what was signed by the key before stays signed; from now on it signs nothing."""

    key: str
    reason: str
