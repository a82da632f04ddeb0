"""Keeping the logs of this installation: its keys, its witnesses, its time stamps, and where its tiles lie.

Witnesses come from the environment (LIUHEN_WITNESSES: `name vkey url` separated by ;). A demonstration has two in its own
process, named as such: they prove the machinery, not independence.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from liuhen.adapters.keys.folder import KeyFolder, KeyPair
from liuhen.adapters.signing.ed25519 import Ed25519Signer, verify_ed25519
from liuhen.adapters.signing.sm2 import Sm2Signer, verify_sm2
from liuhen.adapters.tiles.directory import TileDirectory
from liuhen.adapters.witnesses.client import HttpWitness, InProcessWitness
from liuhen.adapters.witnesses.state import WitnessState
from liuhen.adapters.witnesses.witness import Witness as LocalWitness
from liuhen.core.tlog.keys import KeyKind, Primitives, VerifierKey, parse_verifier_key
from liuhen.core.tlog.note import Signer
from liuhen.core.tlog.policy import GroupLine, LogLine, Policy, WitnessLine
from liuhen.flows.ask_witnesses import Witness
from liuhen.flows.ground import agency_facts
from liuhen.flows.office import office
from liuhen.flows.seal import Sealing, seal
from liuhen.flows.seals import timestamper_of
from liuhen.records.ledger import read

# The server checks signatures with compiled code; the offline verifier does the same sums in Python.
FAST = Primitives(ed25519=verify_ed25519, sm2=verify_sm2)
_DEMONSTRATION_WITNESSES = ("witness.example/justice-demo", "witness.example/notary-demo")
Clock = Callable[[], datetime]


def key_name(origin: str) -> str:
    """Give the file name under which a log's key lies: origins have characters that file names do not."""
    return f"log-{hashlib.sha256(origin.encode()).hexdigest()[:24]}"


def log_signers(origin: str) -> tuple[Signer, ...]:
    """Give the signers of a log, made on first use: Ed25519 first, SM2 beside it."""
    keys, name = office().keys, key_name(origin)
    pair = _open(keys, name, keys.ed25519, keys.new_ed25519)
    sm2 = _open(keys, f"{name}-sm2", keys.sm2, keys.new_sm2)
    return (
        Signer(VerifierKey(origin, KeyKind.ED25519, pair.public), Ed25519Signer(pair.private)),
        Signer(VerifierKey(origin, KeyKind.SM2, sm2.public), Sm2Signer(sm2.private, sm2.public)),
    )


def _open(keys: KeyFolder, name: str, read_key: Callable[[str], KeyPair], make: Callable[[str], KeyPair]) -> KeyPair:
    return read_key(name) if keys.has(name) else make(name)


def tiles_of(origin: str) -> TileDirectory:
    """Give the folder of a log's tiles."""
    return TileDirectory(tile_folder(origin))


def log_folder(path: Path) -> TileDirectory:
    """Give any folder as a place for a log's files, to export one to."""
    return TileDirectory(path)


def tile_folder(origin: str) -> Path:
    """Give the path of a log's tiles."""
    return office().data / "logs" / key_name(origin).removeprefix("log-")


def witnesses(clock: Clock) -> tuple[Witness, ...]:
    """Give the witnesses that this installation asks; a demonstration's cosign by the given clock."""
    configured = str(getattr(settings, "WITNESSES", "") or "")
    if configured:
        return tuple(_http_witness(line) for line in configured.split(";") if line.strip())
    if is_demonstration():
        return tuple(_local_witness(name, clock) for name in _DEMONSTRATION_WITNESSES)
    return ()


def is_demonstration() -> bool:
    """Say whether this data folder holds the worked demonstration, with its test authorities and witnesses."""
    return (office().data / "demonstration").exists()


def _http_witness(line: str) -> Witness:
    name, vkey, url = line.split()
    return HttpWitness(name, url, (parse_verifier_key(vkey),))


def _local_witness(name: str, clock: Clock) -> Witness:
    keys, short = office().keys, name.rsplit("/", 1)[-1]
    pair = _open(keys, f"witness-{short}", keys.ed25519, keys.new_ed25519)
    signer = Signer(VerifierKey(name, KeyKind.COSIGNATURE, pair.public), Ed25519Signer(pair.private))
    state = WitnessState(office().data / "witnesses" / f"{short}.sqlite3")
    return InProcessWitness(short, LocalWitness([signer], state, FAST), clock)


def seal_logs(agency: str, at: datetime) -> list[Sealing]:
    """Seal every log of an agency that has something new, and complete what witnesses still owe."""
    return [seal_log(log.origin, agency, at) for log in read.logs(agency)]


def seal_log(origin: str, agency: str, at: datetime) -> Sealing:
    """Seal one log with this installation's keys, witnesses and time stamps."""
    asked = witnesses(lambda: at)
    signers = log_signers(origin)
    _introduce(asked, signers)
    return seal(
        origin,
        at=at,
        signers=signers,
        storage=tiles_of(origin),
        witnesses=asked,
        timestamper=timestamper_of(agency_facts(agency).agency, at),
        primitives=FAST,
    )


def _introduce(asked: Sequence[Witness], signers: Sequence[Signer]) -> None:
    """Tell witnesses in this process of a new log; a real witness learns of it from its own operator."""
    for witness in asked:
        if isinstance(witness, InProcessWitness):
            witness.witness.trust(signers[0].key)


def policy_of(origins: Sequence[str], clock: Clock) -> Policy:
    """Give the trust policy for logs of this installation: their keys, and every witness asked as quorum."""
    logs = tuple(LogLine(signer.key) for origin in origins for signer in log_signers(origin))
    lines = tuple(WitnessLine(witness.name, witness.keys[0]) for witness in witnesses(clock))
    if not lines:
        return Policy(logs, (), (), "none")
    group = GroupLine("all-witnesses", len(lines), tuple(line.name for line in lines))
    return Policy(logs, lines, (group,), group.name)
