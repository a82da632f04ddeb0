"""Putting a package together again: what a forger can do without keys, and what an insider can do with them.

Invariant: each step is what the builder does; a step leaves alone what the attacker changed on purpose.
"""

from liuhen.core.bag.manifests import OXUM, render_info
from liuhen.core.bag.names import encode_name
from liuhen.core.calendar.calendar_data import from_data, version_of
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.events.envelope import Sealed
from liuhen.core.facts.fold import fold
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.digests import digests_of
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.evaluate import assess
from liuhen.core.rules.model import Pack
from liuhen.core.tlog.note import sign_note
from liuhen.core.verifier import layout
from liuhen.core.verifier.catalogue import catalogue_of
from liuhen.core.verifier.contents import info_of
from liuhen.core.verifier.seal import PackageSeal
from liuhen.core.verifier.statement import statement_of
from liuhen.doors.tamper.forgery import Forgery, head
from liuhen.doors.tamper.specimen import AGENCY


def _readable(events: list[Sealed]) -> list[Event]:
    found = []
    for item in events:
        try:
            found.append(open_sealed(item))
        except (BadInput, OverflowError):
            continue
    return found


def restate(forgery: Forgery) -> None:
    """Judge the case again and write statement, catalogue and bag-info to fit the events as they now are."""
    facts = fold(_readable(forgery.events))
    calendar = from_data(canonical.parse(forgery.files[layout.CALENDAR]))
    names = [layout.EDITION.format(id=pack.id, edition=pack.edition) for pack in facts.case.packs]
    packs = tuple(decode(Pack, canonical.parse(forgery.files[name]), name) for name in names)
    verdicts = assess(packs, facts, calendar=calendar, at=forgery.packed_at)
    statement = statement_of(facts.case, verdicts, at=forgery.packed_at, calendar=version_of(calendar))
    forgery.files[layout.STATEMENT] = canonical.render(statement)
    forgery.files[layout.CATALOGUE] = canonical.render(catalogue_of(facts))
    payload = [len(data) for name, data in forgery.files.items() if name.startswith("data/")]
    oxum = (OXUM, f"{sum(payload)}.{len(payload)}")
    forgery.files["bag-info.txt"] = render_info([*info_of(facts, forgery.packed_at), oxum])


def relist(forgery: Forgery) -> None:
    """Write the payload manifests and the total in bag-info anew."""
    payload = {name: digests_of(data) for name, data in forgery.files.items() if name.startswith("data/")}
    for algorithm, manifest in zip(layout.ALGORITHMS, layout.MANIFESTS, strict=True):
        lines = sorted(f"{encode_name(name)}\n{getattr(item, algorithm)}" for name, item in payload.items())
        text = "".join(f"{line.split(chr(10))[1]}  {line.split(chr(10))[0]}\n" for line in lines)
        forgery.files[manifest] = text.encode()
    if "bag-info.txt" in forgery.files:
        total = f"{OXUM}: {sum(item.size for item in payload.values())}.{len(payload)}".encode()
        lines_of = forgery.lines("bag-info.txt")
        forgery.set_lines("bag-info.txt", [total if line.startswith(OXUM.encode()) else line for line in lines_of])


def reseal(forgery: Forgery) -> None:
    """Sign the package with the keys at hand."""
    lengths: dict[str, int] = {}
    for item in forgery.events:
        try:
            lengths[head(item).stream] = head(item).seq
        except (BadInput, OverflowError):
            continue
    digests = {name: digests_of(data) for name, data in forgery.files.items() if not name.startswith("data/")}
    seal = PackageSeal(
        agency=AGENCY,
        case=forgery.case,
        packed_at=forgery.packed_at,
        manifest_sha256=digests[layout.MANIFESTS[0]].sha256,
        manifest_sm3=digests[layout.MANIFESTS[1]].sm3,
        tags={name: (digests[name].sha256, digests[name].sm3) for name in layout.SEALED_TAGS if name in digests},
        streams=lengths,
    )
    forgery.files[layout.SEAL] = sign_note(seal.render(), forgery.attesters.signers).render()


def retag(forgery: Forgery) -> None:
    """Write the tag manifests anew."""
    tags = {
        name: digests_of(data)
        for name, data in forgery.files.items()
        if not name.startswith("data/") and name not in layout.TAG_MANIFESTS
    }
    for algorithm, manifest in zip(layout.ALGORITHMS, layout.TAG_MANIFESTS, strict=True):
        lines = [f"{getattr(tags[name], algorithm)}  {encode_name(name)}\n" for name in sorted(tags)]
        forgery.files[manifest] = "".join(lines).encode()
