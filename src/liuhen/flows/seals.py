"""The agency's seal: from a vendor where one is configured, from the test authority (named as such) otherwise."""

from dataclasses import dataclass
from datetime import datetime

from liuhen.adapters.keys.authority import Authority, open_test_authority
from liuhen.adapters.signing.port import Seal
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.flows.office import office


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
