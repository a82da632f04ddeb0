"""The agency's seal: from a vendor where one is configured, from the test authority (named as such) otherwise."""

from dataclasses import dataclass
from datetime import datetime

from liuhen.adapters.keys.authority import Authority, open_test_authority
from liuhen.adapters.signing.port import Seal, Signer
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.sm2 import Sm2Signer
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.office import office


class SealKeyElsewhere(LiuhenError):
    """The private key of the seal does not lie here, or is not the one that was registered."""


@dataclass(frozen=True, slots=True)
class AgencySeal:
    """A seal with the name of the authority that vouches for it."""

    seal: Seal
    authority: str

    def apply(self, pdf: bytes, *, at: datetime) -> bytes:
        """Append the seal to a PDF."""
        return self.seal.apply(pdf, at=at)


def authority_of(agency_uid: str, agency_name: str, at: datetime) -> Authority:
    """Open the test authority of an agency, made on first use."""
    return open_test_authority(office().data / "authority" / agency_uid, agency_name, at)


def seal_of(agency_uid: str, agency_name: str, at: datetime) -> AgencySeal:
    """Give the seal of an agency as of a day. Raises OutsideValidity for a day its certificates do not cover."""
    authority = authority_of(agency_uid, agency_name, at)
    tsa = DummyAuthority(authority.tsa.key_pem, authority.tsa.certificate_pem, authority.tsa.chain_pem)
    seal = PadesSeal(agency_name, authority.seal.key_pem, authority.seal.certificate_pem, authority.seal.chain_pem, tsa)
    return AgencySeal(seal, f"{agency_name}测试印章（测试机构签发）")


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
