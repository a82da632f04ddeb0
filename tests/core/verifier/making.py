"""Small parts of packages for the verifier's tests: events of a made-up agency, a seal over them, a log that holds them."""

from datetime import datetime, timedelta
from typing import Any

from liuhen.core.events.agency import AgencyEstablished, CustodianAppointed
from liuhen.core.events.case import CaseConsulted, CaseFiled
from liuhen.core.events.catalogue import encode_content
from liuhen.core.events.envelope import Draft, Header, Sealed, leaf_of, parse_stream, seal_draft
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.checkpoint import Checkpoint, TreeHead, sign_checkpoint
from liuhen.core.tlog.cosignature import cosign
from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.policy import GroupLine, LogLine, Policy, WitnessLine
from liuhen.core.tlog.reader import LogReader
from liuhen.core.verifier.logs import ProofEntry, SeriesEntry
from liuhen.core.verifier.records import render_event
from liuhen.core.verifier.seal import PackageSeal
from tests.core.tlog.memory import MemoryFiles, grow
from tests.core.tlog.signers import new_signer

AGENCY, CASE = "a1", "c1"
ORIGIN = f"liuhen.example/{AGENCY}/2026"
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
LOG = new_signer(ORIGIN, 1)
WITNESS = new_signer("witness.example/w", 2, KeyKind.COSIGNATURE)
POLICY = Policy((LogLine(LOG.key),), (WitnessLine("w", WITNESS.key),), (GroupLine("all", 1, ("w",)),), "all")


def at(minute: float) -> datetime:
    """Give the moment so many minutes after nine."""
    return MORNING + timedelta(minutes=minute)


def event(stream: str, seq: int, content: Any, minute: float, *, entered: float | None = None, **draft: Any) -> Sealed:
    """Make an event; its salt is its place, so equal events are equal bytes."""
    name, data = encode_content(content)
    fields = {"id": f"{stream}/{seq}", "agency": AGENCY, "actor": "p1"} | draft
    made = Draft(stream=parse_stream(stream), type=name, at=at(minute), content=data, **fields)
    entered_at = at(minute if entered is None else entered)
    return seal_draft(made, seq=seq, recorded_at=entered_at, salt=bytes([seq]) * 32)


def events() -> list[Sealed]:
    """Give a few events of one agency and one case, in the order of their lines."""
    return [
        event(f"agency:{AGENCY}", 1, AgencyEstablished("某局", "某", "某", "130000", ("hebei",)), 0),
        event(f"agency:{AGENCY}", 2, CustodianAppointed("吴敏", "保管"), 1),
        event(f"case:{CASE}", 1, CaseFiled("某案〔2026〕1号"), 10),
        event(f"case:{CASE}", 2, CaseConsulted("卷宗", "查看"), 20),
    ]


def lines(items: list[Sealed]) -> bytes:
    """Write events as a package holds them."""
    return b"".join(render_event(item) for item in items)


def seal(**changes: Any) -> PackageSeal:
    """Give a seal that fits `events`."""
    fields: dict[str, Any] = {
        "agency": AGENCY,
        "case": CASE,
        "packed_at": at(60),
        "manifest_sha256": "1" * 64,
        "manifest_sm3": "2" * 64,
        "tags": {"bagit.txt": ("3" * 64, "4" * 64)},
        "streams": {f"agency:{AGENCY}": 2, f"case:{CASE}": 2},
    }
    return PackageSeal(**{**fields, **changes})


def checkpoint(items: list[Sealed], size: int, minute: float, before: int = 0) -> SeriesEntry:
    """Give the checkpoint over the first `size` events, cosigned at a minute, consistent with size `before`."""
    files, head = _tree(items[:size])
    note = sign_checkpoint(Checkpoint(ORIGIN, size, head.root), [LOG])
    cosigned = note.with_signatures([cosign(note, WITNESS, at(minute))])
    proof = LogReader(files, size).prove_consistency(before) if before else []
    return SeriesEntry(cosigned.render(), None, tuple(proof))


def proofs(items: list[Sealed]) -> list[ProofEntry]:
    """Prove every event in the tree of all of them."""
    reader = LogReader(_tree(items)[0], len(items))
    return [
        ProofEntry(item.header.id, ORIGIN, index, tuple(reader.prove_inclusion(index)))
        for index, item in enumerate(items)
    ]


def entries(items: list[Sealed]) -> list[tuple[Header, bytes]]:
    """Give events as the checks of places take them."""
    return [(item.header, item.header_bytes) for item in items]


def _tree(items: list[Sealed]) -> tuple[MemoryFiles, TreeHead]:
    files = MemoryFiles()
    head = grow(files, [leaf_of(item.header_bytes, item.header.id) for item in items], batch=64)
    return files, head
