"""Which key and which algorithm a certificate or a signature names, and one way to check them all.

Invariant: only algorithms in the tables below are ever accepted; an unknown or broken one is refused by name.
"""

import hashlib
from dataclasses import dataclass

from liuhen.core.crypto import curves, der, ecdsa, ed25519, rsa, sm2
from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.kernel.digests import new_sm3

HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "1.2.156.10197.1.401": "sm3",
}
_SIGNATURES = {
    "1.2.840.113549.1.1.1": ("pkcs1", None),  # rsaEncryption: CMS names the hash apart
    "1.2.840.113549.1.1.11": ("pkcs1", "sha256"),
    "1.2.840.113549.1.1.12": ("pkcs1", "sha384"),
    "1.2.840.113549.1.1.13": ("pkcs1", "sha512"),
    "1.2.840.113549.1.1.10": ("pss", None),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    "1.2.840.10045.2.1": ("ecdsa", None),
    "1.3.101.112": ("ed25519", "sha512"),
    "1.2.156.10197.1.501": ("sm2", "sm3"),
    "1.2.156.10197.1.301.1": ("sm2", "sm3"),
}
_RSA, _RSA_PSS, _EC, _ED25519, _SM2 = (
    "1.2.840.113549.1.1.1",
    "1.2.840.113549.1.1.10",
    "1.2.840.10045.2.1",
    "1.3.101.112",
    "1.2.156.10197.1.301",
)
_MGF1 = "1.2.840.113549.1.1.8"
_CURVES = {"1.2.840.10045.3.1.7": curves.P256, "1.3.132.0.34": curves.P384, _SM2: curves.SM2}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key of a certificate; `kind` is rsa, ec, sm2 or ed25519."""

    kind: str
    rsa_key: rsa.RsaKey | None = None
    curve: curves.Curve | None = None
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A signature algorithm with its parameters; `hash_name` is None where only the context knows it."""

    kind: str
    hash_name: str | None
    salt_size: int = 0
    mask_hash: str = ""


def digest(hash_name: str, data: bytes) -> bytes:
    """Hash bytes with one of the accepted functions."""
    return new_sm3(data).digest() if hash_name == "sm3" else hashlib.new(hash_name, data).digest()


def read_hash(item: der.Element) -> str:
    """Read an AlgorithmIdentifier of a hash. Raises SignatureRefused for any that is not accepted, SHA-1 included."""
    reader = item.require(der.SEQUENCE).reader()
    name = reader.take().oid()
    if name not in HASHES:
        raise SignatureRefused(Code.ALGORITHM_UNKNOWN, item.place, f"the hash function {name} is not accepted")
    return HASHES[name]


def read_scheme(item: der.Element) -> Scheme:
    """Read an AlgorithmIdentifier of a signature. Raises SignatureRefused for one that is not accepted."""
    reader = item.require(der.SEQUENCE).reader()
    name = reader.take().oid()
    if name not in _SIGNATURES:
        raise SignatureRefused(Code.ALGORITHM_UNKNOWN, item.place, f"the signature algorithm {name} is not accepted")
    kind, hash_name = _SIGNATURES[name]
    if kind == "pss":
        return _read_pss(reader.take(der.SEQUENCE))
    return Scheme(kind, hash_name)


def _read_pss(item: der.Element) -> Scheme:
    reader = item.reader()
    fields = {number: reader.take_if(der.context(number)) for number in range(4)}
    reader.finish()
    hash_item, mask_item, salt_item, trailer = fields[0], fields[1], fields[2], fields[3]
    if hash_item is None or mask_item is None or trailer is not None:  # the defaults are SHA-1
        raise SignatureRefused(Code.ALGORITHM_UNKNOWN, item.place, "PSS must name a SHA-2 hash; SHA-1 is not accepted")
    mask = mask_item.reader().take(der.SEQUENCE).reader()
    if mask.take().oid() != _MGF1:
        raise SignatureRefused(Code.ALGORITHM_UNKNOWN, item.place, "PSS with another mask than MGF1 is not accepted")
    salt_size = salt_item.reader().take().integer() if salt_item else 20
    mask_hash = _sha2(read_hash(mask.take()), item.place)
    return Scheme("pss", _sha2(read_hash(hash_item.reader().take()), item.place), salt_size, mask_hash)


def _sha2(hash_name: str, place: str) -> str:
    if hash_name == "sm3":
        raise SignatureRefused(Code.ALGORITHM_UNKNOWN, place, "RSA-PSS with SM3 is not accepted")
    return hash_name


def read_public_key(item: der.Element) -> PublicKey:
    """Read a SubjectPublicKeyInfo. Raises SignatureRefused for a kind or curve that is not accepted.

    SM2 keys come under id-ecPublicKey or under the SM2 identifier itself, depending on who made them.
    """
    reader = item.require(der.SEQUENCE).reader()
    algorithm = reader.take(der.SEQUENCE).reader()
    name, data = algorithm.take().oid(), reader.take().bits()
    if name in (_RSA, _RSA_PSS):
        numbers = der.read_integer_pair(data, item.place)
        return PublicKey("rsa", rsa_key=rsa.RsaKey(*numbers))
    if name == _ED25519:
        return PublicKey("ed25519", data=data)
    curve = curves.SM2 if name == _SM2 else None
    if name == _EC:
        curve = _CURVES.get(algorithm.take().oid())
    if curve is None:
        raise SignatureRefused(Code.ALGORITHM_UNKNOWN, item.place, f"a public key of kind {name} is not accepted")
    return PublicKey("sm2" if curve is curves.SM2 else "ec", curve=curve, data=data)


def verify(key: PublicKey, scheme: Scheme, message: bytes, signature: bytes, hash_name: str | None = None) -> bool:
    """Tell whether a signature over the message is good; `hash_name` serves where the scheme names no hash."""
    used = scheme.hash_name or hash_name
    if used is None or (hash_name is not None and scheme.hash_name not in (None, hash_name) and key.kind != "ed25519"):
        return False
    if key.rsa_key is not None and scheme.kind == "pkcs1":
        return rsa.verify_pkcs1(key.rsa_key, used, message, signature)
    if key.rsa_key is not None and scheme.kind == "pss":
        return rsa.verify_pss(
            key.rsa_key, used, message, signature, salt_size=scheme.salt_size, mask_hash=scheme.mask_hash
        )
    if key.curve is not None and key.kind == "ec" and scheme.kind == "ecdsa":
        return ecdsa.verify_digest(key.curve, key.data, digest(used, message), signature)
    if key.kind == "sm2" and scheme.kind == "sm2":
        return sm2.verify_der(key.data, message, signature)
    return key.kind == "ed25519" == scheme.kind and ed25519.verify(key.data, message, signature)
