"""Lies about who is to be believed: keys, seals of the package, and whole packages made by strangers."""

import dataclasses
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from liuhen.core.events.envelope import Sealed, leaf_of, render_header
from liuhen.core.tlog.keys import KeyKind
from liuhen.core.tlog.note import Note, parse_note, sign_note
from liuhen.core.verifier.layout import SEAL, TRUST, VERIFIER
from liuhen.core.verifier.seal import parse_seal
from liuhen.core.verifier.trust import Trust, parse_trust
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import Forgery, head
from liuhen.doors.tamper.insider import stranger
from liuhen.doors.tamper.shadow import ShadowLog, size_of, witnessed_at

_TRUST = About("trust.json", "trust")
_SEAL = About("封签.note", "seal")
_TAGS = ("tags",)


def attacks() -> tuple[Attack, ...]:
    """Give the lies about keys and the seal."""
    return (*_keys(), *_seals(), *_strangers())


def _keys() -> tuple[Attack, ...]:
    lie = _TRUST.lie
    return (
        lie("no-quorum", "edit", "the package says that no witness is needed", _no_quorum, "TRUST-003"),
        lie(
            "no-witness",
            "delete",
            "witnesses are taken out of the policy and off a checkpoint",
            _no_witness,
            "LOG-003",
            trusted=True,
        ),
        lie("no-witness-alone", "delete", "the same, without a trust file from elsewhere", _no_witness, "TRUST-003"),
        lie("extra-log", "insert", "a log key is added", _extra_log, "TRUST-002", trusted=True),
        lie("extra-witness", "insert", "a witness key is added", _extra_witness, "TRUST-002", trusted=True),
        lie("extra-root", "insert", "a root certificate is added", _extra_root, "TRUST-002", trusted=True),
        lie("no-root", "delete", "the root certificate is taken out", _no_root, "TIME-001", "SIGN-001"),
        lie("exchanged", "swap", "another's keys stand in place of the log's", _exchange_keys, "SEAL-002", "LOG-003"),
        lie("cut", "cut", "the file ends in the middle", _cut_trust, "PKG-002"),
        lie("touched", "edit", "a byte is changed", _touch_trust, "BAG-006", "BAG-007", attacker=Attacker.PASSER_BY),
    )


def _rewrite(forgery: Forgery, trust: Trust) -> None:
    forgery.files[TRUST] = trust.render()


def _no_quorum(forgery: Forgery) -> None:
    trust = parse_trust(forgery.files[TRUST])
    policy = dataclasses.replace(trust.policy, quorum="none")
    _rewrite(forgery, dataclasses.replace(trust, policy=policy))


def _no_witness(forgery: Forgery) -> None:
    trust = parse_trust(forgery.files[TRUST])
    policy = dataclasses.replace(trust.policy, quorum="none", witnesses=(), groups=())
    _rewrite(forgery, dataclasses.replace(trust, policy=policy))
    *rest, last = forgery.series
    note = parse_note(last.note)
    own = tuple(line for line in note.signatures if line.name == forgery.specimen.origin)
    forgery.series = [*rest, dataclasses.replace(last, note=Note(note.text, own).render())]


def _others(forgery: Forgery) -> Trust:
    with TemporaryDirectory() as folder:
        return stranger(forgery.specimen.origin, forgery.specimen.trust, forgery.now, Path(folder))[1]


def _extra_log(forgery: Forgery) -> None:
    trust, other = forgery.specimen.trust, _others(forgery)
    policy = dataclasses.replace(trust.policy, logs=(*trust.policy.logs, *other.policy.logs))
    _rewrite(forgery, dataclasses.replace(trust, policy=policy))


def _extra_witness(forgery: Forgery) -> None:
    trust, other = forgery.specimen.trust, _others(forgery)
    added = dataclasses.replace(other.policy.witnesses[0], name="friend")
    policy = dataclasses.replace(trust.policy, witnesses=(*trust.policy.witnesses, added))
    _rewrite(forgery, dataclasses.replace(trust, policy=policy))


def _extra_root(forgery: Forgery) -> None:
    _rewrite(forgery, dataclasses.replace(forgery.specimen.trust, roots=_others(forgery).roots))


def _no_root(forgery: Forgery) -> None:
    _rewrite(forgery, dataclasses.replace(forgery.specimen.trust, roots=()))


def _exchange_keys(forgery: Forgery) -> None:
    trust, other = forgery.specimen.trust, _others(forgery)
    policy = dataclasses.replace(trust.policy, logs=other.policy.logs)
    _rewrite(forgery, dataclasses.replace(trust, policy=policy))


def _cut_trust(forgery: Forgery) -> None:
    forgery.files[TRUST] = forgery.files[TRUST][:-200]


def _touch_trust(forgery: Forgery) -> None:
    forgery.replace(TRUST, b"quorum", b"quarum")


def _seals() -> tuple[Attack, ...]:
    lie, passer = _SEAL.lie, Attacker.PASSER_BY
    forger, tags = Attacker.FORGER, {"only": _TAGS}
    return (
        lie(
            "touched",
            "edit",
            "the time of packing is changed",
            _say(b"packed 2026-03-20", b"packed 2026-03-21"),
            "BAG-012",
            "SEAL-002",
            attacker=passer,
        ),
        lie(
            "lengths",
            "edit",
            "another length of a stream; tag manifests to fit",
            _say(b"stream agency", b"stream agencX"),
            "SEAL-002",
            attacker=forger,
            **tags,
        ),
        lie("unsigned", "delete", "the Ed25519 signature is stripped", _strip(KeyKind.ED25519), "SEAL-002", **tags),
        lie("no-sm2", "delete", "the SM2 signature is stripped", _strip(KeyKind.SM2), "SEAL-002", **tags),
        lie("gone", "delete", "the seal is left out", _drop_seal, "PKG-001", **tags),
        lie("older", "replay", "the seal of the older package", _older_seal, "SEAL-003", "SEAL-004", **tags),
        lie(
            "huge",
            "insert",
            "a stream with a length of five thousand digits",
            _say(b"stream case:", b"stream x " + b"9" * 5000 + b"\nstream case:"),
            "SEAL-001",
            **tags,
        ),
        lie("twice", "insert", "a line stands twice", _say(b"case ", b"case x\ncase "), "SEAL-001", **tags),
        lie("reordered", "reorder", "two lines exchange their places", _reorder, "SEAL-001", **tags),
        lie(
            "exchanged",
            "swap",
            "the seal speaks of the agency's other case",
            _other_case,
            "SEAL-004",
            "EVT-011",
            **tags,
        ),
        lie("cut", "cut", "the seal ends before its signatures", _cut_seal, "SEAL-001", **tags),
        lie("tag-left-out", "delete", "sealed anew without the verifier's digest", _untagged, "SEAL-003", **tags),
        lie(
            "packed-early",
            "back-date",
            "packed a day earlier, judged by that day",
            _packed(timedelta(days=-1)),
            "SEAL-005",
            also=True,
        ),
        lie(
            "packed-late",
            "back-date",
            "packed a day later, judged by that day",
            _packed(timedelta(days=1)),
            "SEAL-005",
            also=True,
        ),
    )


def _say(old: bytes, new: bytes) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.replace(SEAL, old, new)

    return lie


def _strip(kind: KeyKind) -> Lie:
    def lie(forgery: Forgery) -> None:
        gone = {line.key.identity for line in forgery.specimen.trust.policy.logs if line.key.kind is kind}
        note = parse_note(forgery.files[SEAL])
        kept = tuple(line for line in note.signatures if line.identity not in gone)
        forgery.files[SEAL] = Note(note.text, kept).render()

    return lie


def _drop_seal(forgery: Forgery) -> None:
    del forgery.files[SEAL]


def _older_seal(forgery: Forgery) -> None:
    forgery.files[SEAL] = forgery.specimen.older[SEAL]


def _resign(forgery: Forgery, text: str) -> None:
    forgery.files[SEAL] = sign_note(text, forgery.attesters.signers).render()


def _reorder(forgery: Forgery) -> None:
    text = parse_note(forgery.files[SEAL]).text
    first, agency, case, *rest = text.split("\n")
    _resign(forgery, "\n".join([first, case, agency, *rest]))


def _other_case(forgery: Forgery) -> None:
    text = parse_note(forgery.files[SEAL]).text
    _resign(forgery, text.replace(forgery.specimen.case, forgery.specimen.other_case))


def _cut_seal(forgery: Forgery) -> None:
    forgery.files[SEAL] = forgery.files[SEAL].partition(b"\n\n")[0] + b"\n"


def _untagged(forgery: Forgery) -> None:
    seal = parse_seal(parse_note(forgery.files[SEAL]).text)
    kept = {name: digests for name, digests in seal.tags.items() if name != VERIFIER}
    _resign(forgery, dataclasses.replace(seal, tags=kept).render())


def _packed(by: timedelta) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.packed_at += by

    return lie


def _strangers() -> tuple[Attack, ...]:
    whole = About("whole package", "stranger", Attacker.STRANGER, also=True)
    does = "a changed event; log, witnesses, time stamps and seal all made anew with other keys"
    alone = "Nobody can tell without a key from elsewhere; the report says so and prints a fingerprint to compare"
    return (
        whole.lie("remade", "swap", does, _remake, "TRUST-002", "SEAL-002", "LOG-003", trusted=True),
        whole.lie("remade-alone", "swap", f"{does}; verified without --trust", _remake, remark=alone),
        whole.lie(
            "older",
            "replay",
            "the older package is shown as the present one",
            _older_package,
            "PKG-007",
            only=(),
            also=False,
            attacker=Attacker.PASSER_BY,
            remark="It is genuine and says when it was packed",
        ),
    )


def _remake(forgery: Forgery) -> None:
    specimen = forgery.specimen
    with TemporaryDirectory() as folder:
        forgery.attesters, trust = stranger(specimen.origin, specimen.trust, forgery.now, Path(folder))
        events, at = forgery.events, forgery.pick("case.act-begun")
        header = dataclasses.replace(head(events[at]), actor="officer-nobody")
        events[at] = Sealed(render_header(header), events[at].content_bytes, events[at].salt)
        places = {event: number for number, event in enumerate(specimen.sealed)}
        leaves = list(specimen.leaves)
        leaves[places[header.id]] = leaf_of(events[at].header_bytes, header.id)
        log, series, before = ShadowLog(specimen.origin, leaves), [], 0
        for entry in forgery.series:
            series.append(log.attest(size_of(entry), before, witnessed_at(entry), forgery.attesters))
            before = size_of(entry)
        forgery.lay_out(events, log, places, series)
    forgery.files[TRUST] = trust.render()


def _older_package(forgery: Forgery) -> None:
    forgery.files = dict(forgery.specimen.older)
