"""The agency's seal and its time stamps: by the certificate it has adopted, else from the test authority (named as such).

Invariant: an agency that has adopted a certificate never seals under the test authority again, not even when its own seal fails.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from ssl import DER_cert_to_PEM_cert

from liuhen.adapters.keys.authority import Authority, open_test_authority
from liuhen.adapters.signing.port import Seal, Signer
from liuhen.adapters.signing.seal_file import SealFile, read_seal_file
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.signing_keys import FileKey
from liuhen.adapters.signing.sm2 import Sm2Signer
from liuhen.adapters.timestamps.client import HttpTimestamper
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.adapters.timestamps.port import Timestamper, TimestampRefused, TimestampUnavailable
from liuhen.core.crypto.pem import certificate_der
from liuhen.core.facts.agency_model import AgencyFacts, SealCertificate
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.flows.office import office


class SealKeyElsewhere(LiuhenError):
    """The private key of the seal does not lie here, or is not the one that was registered."""


class SealOutOfForce(LiuhenError):
    """The agency's certificate was withdrawn or has expired."""


class SealNotStamped(LiuhenError):
    """The time-stamping authority did not answer, or answered something else; nothing was sealed."""


@dataclass(frozen=True, slots=True)
class AgencySeal:
    """A seal with the name of the authority that vouches for it."""

    seal: Seal
    authority: str

    def apply(self, pdf: bytes, *, at: datetime) -> bytes:
        """Append the seal to a PDF. Raises SealNotStamped, DeviceUnusable, SealNotApplied."""
        try:
            return self.seal.apply(pdf, at=at)
        except TimestampUnavailable as fault:
            raise SealNotStamped("时间戳服务没有应答，没有盖章；请检查网络，稍后重试") from fault
        except TimestampRefused as fault:
            raise SealNotStamped(f"时间戳服务的应答不能用，没有盖章；请系统管理员检查（{fault}）") from fault


def seal_of(agency: AgencyFacts, at: datetime) -> AgencySeal:
    """Give the seal of an agency as of a moment.

    Raises SealOutOfForce, SealKeyElsewhere and BadInput (`seal.toml`) for an adopted seal, OutsideValidity for the test seal.
    """
    if not agency.seal_certificates:
        return _test_seal(agency, at)
    adopted = agency.seal_certificate
    if adopted is None:
        raise SealOutOfForce("本机关的印章证书已经停用，不能盖章；请系统管理员启用新的印章证书")
    if adopted.valid_until is not None and adopted.valid_until < at:
        raise SealOutOfForce(
            f"印章证书已于 {say_instant(adopted.valid_until)} 到期，不能盖章；请系统管理员换领证书后重新启用"
        )
    file = read_seal_file(seal_folder(agency.uid))
    if file.fingerprint != adopted.certificate:
        raise SealKeyElsewhere(
            "服务器上的印章证书不是已经启用的那一张，没有盖章；请系统管理员用 liuhen seal adopt 启用新证书，或者恢复原证书"
        )
    return own_seal(agency.name, file, timestamper_of(agency, at))


def own_seal(agency_name: str, file: SealFile, timestamper: Timestamper) -> AgencySeal:
    """Give the seal that a `seal.toml` tells of."""
    seal = PadesSeal(agency_name, file.key, timestamper, file.picture)
    return AgencySeal(seal, f"{file.subject}（{file.issuer}签发）")


def seal_folder(agency_uid: str) -> Path:
    """Give the folder in which the agency's `seal.toml` lies."""
    return office().data / "seals" / agency_uid


def known_roots(agency_uid: str) -> Path:
    """Give the folder of the roots (DER) that the agency's seals have stood under."""
    return seal_folder(agency_uid) / "roots"


def timestamper_of(agency: AgencyFacts, at: datetime) -> Timestamper:
    """Give who stamps the time for an agency: the authority it has adopted, else the test authority."""
    if agency.seal_certificates:
        latest = agency.seal_certificates[-1]
        return HttpTimestamper(latest.timestamps, roots_pem=[pem_of(base64.b64decode(root)) for root in latest.roots])
    return _test_timestamper(authority_of(agency, at))


def roots_of(agency: AgencyFacts, at: datetime) -> tuple[bytes, ...]:
    """Give every root (DER) that vouches for a seal or time stamp of the agency, the test authority's where it was ever used."""
    adopted = [base64.b64decode(root) for one in agency.seal_certificates for root in one.roots]
    tested = not adopted or (_authority_folder(agency) / "test-root.crt").exists()
    test = [certificate_der(authority_of(agency, at).root_pem)] if tested else []
    return tuple(dict.fromkeys((*test, *adopted)))


def authority_of(agency: AgencyFacts, at: datetime) -> Authority:
    """Open the test authority of an agency, made on first use."""
    return open_test_authority(_authority_folder(agency), agency.name or agency.uid, at)


def seal_signer(agency: AgencyFacts) -> Signer | None:
    """Give what signs by the agency's seal key, None for an agency that registered none.

    Raises SealKeyElsewhere: a seal is never applied with one of its two halves left out.
    """
    registered = agency.seal_key
    if registered is None:
        return None
    name = key_name(agency.uid, list(agency.seal_keys).index(registered.key))
    pair = office().keys.sm2(name) if office().keys.has(name) else None
    if pair is None or pair.public.hex() != registered.key:
        raise SealKeyElsewhere(
            f"本机关登记的印章密钥（{registered.short}…）不在这台服务器上，没有盖章；请系统管理员从备份恢复密钥，或者停用后另行登记"
        )
    return Sm2Signer(pair.private, pair.public)


def key_name(agency_uid: str, ordinal: int) -> str:
    """Give the name under which the key pair of a seal lies, counted from 0 in the order of registration."""
    return f"seal-{agency_uid}-{ordinal}"


def _test_seal(agency: AgencyFacts, at: datetime) -> AgencySeal:
    authority = authority_of(agency, at)
    key = FileKey(authority.seal.key_pem, authority.seal.certificate_pem, authority.seal.chain_pem)
    seal = PadesSeal(agency.name, key, _test_timestamper(authority))
    return AgencySeal(seal, f"{agency.name}测试印章（测试机构签发）")


def _test_timestamper(authority: Authority) -> Timestamper:
    return DummyAuthority(authority.tsa.key_pem, authority.tsa.certificate_pem, authority.tsa.chain_pem)


def _authority_folder(agency: AgencyFacts) -> Path:
    return office().data / "authority" / agency.uid


def pem_of(root: bytes) -> bytes:
    """Write a certificate (DER) as PEM."""
    return DER_cert_to_PEM_cert(root).encode()


def is_replaced(standing: SealCertificate | None, file: SealFile) -> bool:
    """Say whether a `seal.toml` tells of another seal, place of key or authority than the one in force."""
    if standing is None:
        return True
    told = file.fingerprint, file.kept, file.timestamps, roots_text(file)
    return told != (standing.certificate, standing.kept, standing.timestamps, standing.roots)


def roots_text(file: SealFile) -> tuple[str, ...]:
    """Write the roots of a seal as events carry them."""
    return tuple(base64.b64encode(root).decode() for root in file.roots_der)
