"""Lies about the proofs in a package: checkpoints, their witnesses and time stamps, and the places of events."""

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import timedelta

from liuhen.core.tlog.checkpoint import Checkpoint, sign_checkpoint
from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.note import Note, NoteSignature, parse_note
from liuhen.core.verifier.layout import CHECKPOINTS, PROOFS
from liuhen.core.verifier.logs import ProofEntry, SeriesEntry
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import SERIES, Forgery
from liuhen.doors.tamper.shadow import ShadowLog, size_of

_PROOF = About("proofs", "proof")
_POINT = About("checkpoints", "checkpoint")


def attacks() -> tuple[Attack, ...]:
    """Give the lies about proofs and checkpoints."""
    return (*_proofs(), *_signatures(), *_times(), *_series())


def _proofs() -> tuple[Attack, ...]:
    lie = _PROOF.lie
    return (
        lie("deleted", "delete", "a proof is left out", _on_proofs(lambda them: them[1:]), "LOG-001"),
        lie("tail", "cut", "the last proofs are left out", _on_proofs(lambda them: them[:-3]), "LOG-001"),
        lie("doubled", "insert", "a proof stands twice", _on_proofs(lambda them: [them[0], *them]), "LOG-005"),
        lie(
            "stranger",
            "insert",
            "a proof of no event",
            _on_proofs(lambda them: [*them, _of_nobody(them[0])]),
            "LOG-005",
        ),
        lie(
            "reordered",
            "reorder",
            "two proofs exchange their lines",
            _on_proofs(lambda them: [them[1], them[0], *them[2:]]),
            "LOG-008",
        ),
        lie("places", "swap", "two events exchange their places in the log", _exchange_places, "LOG-002"),
        lie("same-place", "edit", "two events claim the same place", _same_place, "LOG-007", "LOG-002"),
        lie("hash", "edit", "a hash of a proof is changed", _change_hash, "LOG-002"),
        lie("log", "edit", "an event claims another agency's log", _other_log, "LOG-002"),
        lie("index", "back-date", "an event claims an earlier place", _earlier_place, "LOG-002"),
        lie("older", "replay", "the proofs of the older package", _older(PROOFS), "LOG-001", "LOG-002"),
        lie("touched", "edit", "a line is no longer of its form", _touch(PROOFS), "PKG-002"),
    )


def _on_proofs(change: Callable[[list[ProofEntry]], list[ProofEntry]]) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.proofs = change(forgery.proofs)

    return lie


def _of_nobody(proof: ProofEntry) -> ProofEntry:
    return dataclasses.replace(proof, event="nobody")


def _exchange_places(forgery: Forgery) -> None:
    first, second, *rest = forgery.proofs
    one = dataclasses.replace(second, event=first.event)
    forgery.proofs = [one, dataclasses.replace(first, event=second.event), *rest]


def _same_place(forgery: Forgery) -> None:
    first, second, *rest = forgery.proofs
    forgery.proofs = [first, dataclasses.replace(first, event=second.event), *rest]


def _change_hash(forgery: Forgery) -> None:
    first, *rest = forgery.proofs
    forgery.proofs = [dataclasses.replace(first, hashes=(bytes(32), *first.hashes[1:])), *rest]


def _other_log(forgery: Forgery) -> None:
    first, *rest = forgery.proofs
    forgery.proofs = [dataclasses.replace(first, origin="liuhen.example/zz-yj/2026"), *rest]


def _earlier_place(forgery: Forgery) -> None:
    *rest, last = forgery.proofs
    forgery.proofs = [*rest, dataclasses.replace(last, index=last.index - 1)]


def _older(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[name] = forgery.specimen.older[name]

    return lie


def _touch(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[name] = b"#" + forgery.files[name][1:]

    return lie


def _on_last(change: Callable[[Forgery, SeriesEntry], SeriesEntry]) -> Lie:
    def lie(forgery: Forgery) -> None:
        *rest, last = forgery.series
        forgery.series = [*rest, change(forgery, last)]

    return lie


def _signed_by(kind: KeyKind, forgery: Forgery) -> set[tuple[str, bytes]]:
    policy = forgery.specimen.trust.policy
    keys = [line.key for line in policy.logs] + [line.key for line in policy.witnesses]
    return {key.identity for key in keys if key.kind is kind}


def _strip(kind: KeyKind) -> Lie:
    def change(forgery: Forgery, entry: SeriesEntry) -> SeriesEntry:
        note, gone = parse_note(entry.note), _signed_by(kind, forgery)
        kept = tuple(line for line in note.signatures if line.identity not in gone)
        return dataclasses.replace(entry, note=Note(note.text, kept).render())

    return _on_last(change)


def _alter(kind: KeyKind, change_line: Callable[[NoteSignature], NoteSignature]) -> Lie:
    def change(forgery: Forgery, entry: SeriesEntry) -> SeriesEntry:
        note, meant = parse_note(entry.note), _signed_by(kind, forgery)
        lines = tuple(change_line(line) if line.identity in meant else line for line in note.signatures)
        return dataclasses.replace(entry, note=Note(note.text, lines).render())

    return _on_last(change)


def _cosigned_earlier(line: NoteSignature) -> NoteSignature:
    seconds = int.from_bytes(line.signature[:8], "big") - 86400
    return dataclasses.replace(line, signature=seconds.to_bytes(8, "big") + line.signature[8:])


def _signatures() -> tuple[Attack, ...]:
    lie = _POINT.lie
    return (
        lie("unsigned", "delete", "the log's Ed25519 signature is stripped", _strip(KeyKind.ED25519), "LOG-003"),
        lie("no-sm2", "delete", "the log's SM2 signature is stripped", _strip(KeyKind.SM2), "LOG-003"),
        lie("unwitnessed", "delete", "the cosignatures are stripped", _strip(KeyKind.COSIGNATURE), "LOG-003"),
        lie(
            "cosigned-earlier",
            "back-date",
            "the time in the cosignatures is put back a day",
            _alter(KeyKind.COSIGNATURE, _cosigned_earlier),
            "LOG-003",
        ),
        lie("resized", "edit", "another size, signed anew with the old cosignatures", _on_last(_resized), "LOG-003"),
        lie("touched", "edit", "a line is no longer of its form", _touch(SERIES), "PKG-002"),
    )


def _resized(forgery: Forgery, entry: SeriesEntry) -> SeriesEntry:
    note = parse_note(entry.note)
    head = forgery.specimen
    fresh = sign_checkpoint(Checkpoint(head.origin, size_of(entry) + 1, bytes(32)), forgery.attesters.signers)
    cosigned = [line for line in note.signatures if line.name != head.origin]
    return dataclasses.replace(entry, note=fresh.with_signatures(cosigned).render())


def _times() -> tuple[Attack, ...]:
    lie = _POINT.lie
    return (
        lie(
            "unstamped",
            "delete",
            "a time stamp is left out",
            _on_last(lambda _, one: dataclasses.replace(one, timestamp=None)),
            "TIME-002",
        ),
        lie("stamps", "swap", "two checkpoints exchange their time stamps", _exchange_stamps, "TIME-001"),
        lie("stamped-late", "edit", "a checkpoint is stamped again today", _stamp_late, "TIME-005"),
    )


def _exchange_stamps(forgery: Forgery) -> None:
    first, second, *rest = forgery.series
    one = dataclasses.replace(first, timestamp=second.timestamp)
    forgery.series = [one, dataclasses.replace(second, timestamp=first.timestamp), *rest]


def _stamp_late(forgery: Forgery) -> None:
    first, *rest = forgery.series
    digest = hashlib.sha256(parse_note(first.note).text.encode()).digest()
    late = forgery.specimen.packed_at - timedelta(minutes=1)
    forgery.series = [dataclasses.replace(first, timestamp=forgery.attesters.stamp(digest, late)), *rest]


def _series() -> tuple[Attack, ...]:
    lie, second = _POINT.lie, CHECKPOINTS.format(number=2)
    looser = "Nothing false is left in the package; times are bounded less closely"

    def double(forgery: Forgery) -> None:
        forgery.files[second] = forgery.files[SERIES]

    return (
        lie("tail", "cut", "the newest checkpoints are left out", _cut, "LOG-002"),
        lie("older", "replay", "the checkpoints of the older package", _older(SERIES), "LOG-002"),
        lie(
            "middle",
            "delete",
            "a checkpoint in the middle is left out, proofs to fit",
            _leave_out_middle,
            remark=looser,
        ),
        lie("middle-bare", "delete", "the same, with the old proofs", _leave_out_bare, "LOG-004"),
        lie("reordered", "reorder", "two checkpoints exchange their lines", _reorder, "LOG-004"),
        lie("consistency", "edit", "a consistency proof is changed", _change_consistency, "LOG-004"),
        lie("second-series", "insert", "the same log's checkpoints stand in a second file", double, "LOG-009"),
        lie("gone", "delete", "the whole file is left out", _gone, "LOG-002"),
        lie("other-note", "insert", "a checkpoint of another log stands among them", _foreign, "LOG-003"),
        lie("gone-touched", "delete", "the whole file is left out", _gone, "BAG-004", attacker=Attacker.PASSER_BY),
    )


def _gone(forgery: Forgery) -> None:
    del forgery.files[SERIES]


def _cut(forgery: Forgery) -> None:
    forgery.series = forgery.series[:3]


def _log(forgery: Forgery) -> ShadowLog:
    return ShadowLog(forgery.specimen.origin, list(forgery.specimen.leaves))


def _leave_out_middle(forgery: Forgery) -> None:
    kept = [one for number, one in enumerate(forgery.series) if number != 2]
    forgery.series = _log(forgery).link(kept)


def _leave_out_bare(forgery: Forgery) -> None:
    forgery.series = [one for number, one in enumerate(forgery.series) if number != 2]


def _reorder(forgery: Forgery) -> None:
    first, second, third, *rest = forgery.series
    forgery.series = [first, third, second, *rest]


def _change_consistency(forgery: Forgery) -> None:
    first, second, *rest = forgery.series
    forgery.series = [first, dataclasses.replace(second, consistency=(bytes(32), *second.consistency[1:])), *rest]


def _foreign(forgery: Forgery) -> None:
    text = Checkpoint("liuhen.example/zz-yj/2026", 3, bytes(32)).render()
    note = Note(text, tuple(signer.sign_text(text) for signer in forgery.attesters.signers))
    forgery.series = [*forgery.series, SeriesEntry(note.render(), None, ())]
