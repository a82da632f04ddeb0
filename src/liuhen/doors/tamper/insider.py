"""What attackers hold: an insider the agency's keys, a stranger keys of their own; the attesters of both.

Invariant: the real witnesses answer from copies of their memory, so that one lie never stands in the way of the next.
"""

import secrets
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path

from liuhen.adapters.keys.authority import Authority, open_test_authority
from liuhen.adapters.signing.ed25519 import Ed25519Signer
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.signing_keys import FileKey
from liuhen.adapters.signing.sm2 import Sm2Signer
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.adapters.witnesses.client import Answer, InProcessWitness
from liuhen.adapters.witnesses.witness import Witness as Watcher
from liuhen.core.crypto.pem import certificate_der
from liuhen.core.tlog.keys import KeyKind, VerifierKey
from liuhen.core.tlog.note import Signer
from liuhen.core.tlog.policy import GroupLine, LogLine, Policy, WitnessLine
from liuhen.core.verifier.trust import Trust
from liuhen.doors.tamper.shadow import Attesters
from liuhen.doors.tamper.specimen import AGENCY, AGENCY_NAME, PACKED_AT, moment
from liuhen.flows.keep_log import log_signers, witnesses
from liuhen.flows.office import office
from liuhen.flows.seals import key_name

OTHER_AGENCY = "邻县住房和城乡建设局"


@cache
def insider(origin: str) -> Attesters:
    """Give the agency's own log keys, with the real witnesses and the real time-stamping authority behind them."""
    return Attesters(log_signers(origin), _ask_real, _stamp_really)


@cache
def _watchers() -> tuple[Watcher, ...]:
    """Open the witnesses of this installation, which live in this process."""
    found = witnesses(lambda: moment(PACKED_AT))
    return tuple(one.witness for one in found if isinstance(one, InProcessWitness))


def _ask_real(request: bytes, at: datetime) -> list[Answer]:
    memory = office().data / "witnesses"
    aside = memory.with_name("witnesses-aside")
    shutil.copytree(memory, aside)
    try:
        decisions = [watcher.answer(request, at) for watcher in _watchers()]
    finally:
        shutil.rmtree(memory)
        aside.rename(memory)
    return [Answer(decision.status, decision.body) for decision in decisions]


@cache
def _authority(agency: str) -> Authority:
    return open_test_authority(office().data / "authority" / AGENCY, agency, moment(PACKED_AT))


@cache
def _tsa() -> DummyAuthority:
    tsa = _authority(AGENCY_NAME).tsa
    return DummyAuthority(tsa.key_pem, tsa.certificate_pem, tsa.chain_pem)


def _stamp_really(digest: bytes, at: datetime) -> bytes:
    return _tsa().stamp(digest, at=at)


def seal_pdf(pdf: bytes, at: datetime, *, agency: str = AGENCY_NAME, stamped_at: datetime | None = None) -> bytes:
    """Put an agency's seal on a PDF; the authority stamps the time it is asked (`stamped_at`), whatever the signer says."""
    seal = _authority(agency).seal
    tsa = _Clocked(_tsa(), stamped_at or at)
    return PadesSeal(agency, FileKey(seal.key_pem, seal.certificate_pem, seal.chain_pem), tsa).apply(pdf, at=at)


@cache
def seal_key_signer() -> Sm2Signer:
    """Give the key by which the agency's seal signs detached."""
    pair = office().keys.sm2(key_name(AGENCY, 0))
    return Sm2Signer(pair.private, pair.public)


def stranger_signer() -> Sm2Signer:
    """Give a new SM2 key that nobody registered."""
    pair = office().keys.new_sm2(f"stranger-{secrets.token_hex(8)}")
    return Sm2Signer(pair.private, pair.public)


class _Clocked:
    """A time-stamping authority that cannot be told the time: it stamps when it is asked."""

    def __init__(self, inner: DummyAuthority, now: datetime) -> None:
        self._inner, self._now = inner, now

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes:
        return self._inner.stamp(digest_sha256, at=self._now)


def stranger(origin: str, genuine: Trust, at: datetime, folder: Path) -> tuple[Attesters, Trust]:
    """Give somebody with new keys for everything under the same names, and the trust file that fits them."""
    signers = (_ed25519(origin, KeyKind.ED25519), _sm2(origin))
    watchers = tuple(_ed25519(line.key.name, KeyKind.COSIGNATURE) for line in genuine.policy.witnesses)
    authority = open_test_authority(folder, AGENCY_NAME, at)
    tsa = DummyAuthority(authority.tsa.key_pem, authority.tsa.certificate_pem, authority.tsa.chain_pem)
    names = tuple(line.name for line in genuine.policy.witnesses)
    lines = tuple(WitnessLine(name, signer.key) for name, signer in zip(names, watchers, strict=True))
    group = GroupLine("all-witnesses", len(names), names)
    policy = Policy(tuple(LogLine(signer.key) for signer in signers), lines, (group,), group.name)
    trust = Trust(policy, (*genuine.roots, certificate_der(authority.root_pem)))

    def cosign(request: bytes, when: datetime) -> list[Answer]:
        text = request.partition(b"\n\n")[2].partition(b"\n\n")[0].decode() + "\n"
        return [Answer(200, watcher.sign_text(text, when).render().encode()) for watcher in watchers]

    def stamp(digest: bytes, when: datetime) -> bytes:
        return tsa.stamp(digest, at=when)

    return Attesters(signers, cosign, stamp), trust


def _ed25519(name: str, kind: KeyKind) -> Signer:
    signer = Ed25519Signer(secrets.token_bytes(32))
    return Signer(VerifierKey(name, kind, signer.public), signer)


def _sm2(name: str) -> Signer:
    signer = stranger_signer()
    return Signer(VerifierKey(name, KeyKind.SM2, signer.public), signer)
