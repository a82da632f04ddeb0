"""What a seal signs with: a key in this process's memory, or one that never leaves a cryptographic device (密码设备, PKCS #11).

Invariant: a device is opened for one signature and closed after it, so that one that was pulled out or replaced is noticed at once.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Protocol

from asn1crypto import keys, pem, x509
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from liuhen.core.kernel.errors import LiuhenError

# What goes wrong with devices in practice, by the names of the library.
_FAULTS = {
    "NoSuchToken": "没有接上这个设备",
    "TokenNotPresent": "没有接上这个设备",
    "DeviceRemoved": "设备已被拔出",
    "PinIncorrect": "口令不对",
    "PinLocked": "口令输错次数过多，设备已锁定",
}
# A device has one table of sessions for the whole process.
_ONE_AT_A_TIME = Lock()


class DeviceUnusable(LiuhenError):
    """The cryptographic device cannot be reached, does not let us in, or has no such key."""


class SigningKey(Protocol):
    """A key with its certificate and the issuers above it."""

    def open(self) -> AbstractContextManager[Signer]:
        """Give what signs, for as long as the context lasts. Raises DeviceUnusable."""
        ...


class FileKey:
    """A key at hand as PEM (PKCS #8, not encrypted), with its certificate and the issuers above it (PEM)."""

    def __init__(self, key_pem: bytes, certificate_pem: bytes, chain_pem: Sequence[bytes]) -> None:
        self._signer = SimpleSigner(
            signing_cert=read_certificate(certificate_pem),
            signing_key=keys.PrivateKeyInfo.load(pem.unarmor(key_pem)[2]),
            cert_registry=_store(chain_pem),
        )

    def open(self) -> AbstractContextManager[Signer]:
        """Give what signs."""
        return nullcontext(self._signer)


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A key on a device: the driver (a PKCS #11 library), the labels of token and key, and the PIN."""

    driver: Path
    token: str
    label: str
    certificate_pem: bytes
    chain_pem: tuple[bytes, ...]
    pin: str = field(repr=False)

    @contextmanager
    def open(self) -> Iterator[Signer]:
        """Log in to the device and give what signs on it. Raises DeviceUnusable. Spec: PKCS #11 2.40, CKU_USER."""
        try:
            import pkcs11
            from pyhanko.sign.pkcs11 import PKCS11Signer
        except ImportError as missing:
            raise DeviceUnusable("没有安装密码设备所需的组件；请安装 liuhen[device] 后重试") from missing
        certificate, *chain = [read_certificate(one) for one in (self.certificate_pem, *self.chain_pem)]
        with _ONE_AT_A_TIME:
            try:
                driver = pkcs11.lib(str(self.driver))
            except (pkcs11.PKCS11Error, OSError, RuntimeError) as fault:
                raise DeviceUnusable(
                    f"密码设备的驱动 {self.driver} 装载不了，没有盖章；请系统管理员检查驱动"
                ) from fault
            try:
                with driver.get_token(token_label=self.token).open(user_pin=self.pin) as session:
                    yield PKCS11Signer(session, signing_cert=certificate, ca_chain=chain, key_label=self.label)
            except pkcs11.PKCS11Error as fault:
                said = _FAULTS.get(type(fault).__name__, f"{type(fault).__name__} {fault}".strip())
                if "private key with label" in str(fault):  # found out by pyHanko, which has no name for it
                    said = f"设备里没有标签为 {self.label} 的密钥"
                raise DeviceUnusable(f"密码设备“{self.token}”用不了：{said}；没有盖章，请系统管理员检查") from fault


def read_certificate(certificate_pem: bytes) -> x509.Certificate:
    """Read a certificate in PEM."""
    return x509.Certificate.load(pem.unarmor(certificate_pem)[2])


def _store(chain_pem: Sequence[bytes]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([read_certificate(one) for one in chain_pem])
    return store
