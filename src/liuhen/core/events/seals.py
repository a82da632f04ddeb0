"""Events of an agency's seal keys: by which keys its seal also signs detached, from when and until when."""

from dataclasses import dataclass


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
