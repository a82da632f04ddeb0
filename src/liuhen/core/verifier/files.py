"""Checking the files: everything that events name lies in its place and is what they name; nothing else is there."""

from collections.abc import Iterator, Mapping, Sequence

from liuhen.core.bag.manifests import DECLARATION, INFO, OXUM, render_declaration, render_info, render_manifest
from liuhen.core.events.catalogue import Event
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.digests import Digests, sha256
from liuhen.core.verifier import layout
from liuhen.core.verifier.attachments import check_attachments, check_extracts
from liuhen.core.verifier.contents import info_of, volume_files
from liuhen.core.verifier.report import Finding, finding
from liuhen.core.verifier.seal import PackageSeal

_OWN = frozenset(
    {layout.EVENTS, layout.PROOFS, layout.TRUST, layout.CALENDAR, layout.STATEMENT, layout.CATALOGUE, *layout.GENERATED}
)


def check_files(events: Sequence[Event], facts: Facts, present: Mapping[str, Digests]) -> Iterator[Finding]:
    """Compare what lies in the package, path by path, with what events say must lie there."""
    places = volume_files(events, facts)
    yield from check_attachments(events, places, present)
    yield from check_extracts(events, facts, present)
    for path, (event, file) in places.items():
        if path.startswith(layout.COMPANIONS):
            continue
        found = present.get(path)
        if found is None or found.sha256 != file.sha256:
            yield finding("FILE-001", path, event=event, name=file.name)
        elif (found.sm3, found.size) != (file.sm3, file.size):
            yield finding("FILE-002", path, event=event, name=file.name)
    editions = {layout.EDITION.format(id=edition.id, edition=edition.edition) for edition in facts.case.packs}
    for path in present:
        if path.startswith(layout.COMPANIONS):
            continue
        known = path in places or path in editions or path in _OWN or path in layout.TOP
        if not known and not layout.is_checkpoints(path):
            yield finding("PKG-003", path)


def check_tags(seal: PackageSeal, facts: Facts, present: Mapping[str, Digests]) -> Iterator[Finding]:
    """Check that the bag's own description says what the facts say, and in the one spelling that the format knows.

    Nothing signs the tag manifests: that they are exactly what the other files make them is what protects each byte.
    """
    payload = [item.size for name, item in present.items() if name.startswith("data/")]
    oxum = (OXUM, f"{sum(payload)}.{len(payload)}")
    expected = {
        DECLARATION: render_declaration(),
        INFO: render_info([*info_of(facts, seal.packed_at), oxum]),
    }
    tags = {name: item for name, item in present.items() if name in layout.TOP and name not in layout.TAG_MANIFESTS}
    for algorithm, name in zip(layout.ALGORITHMS, layout.TAG_MANIFESTS, strict=True):
        lines = [(path, str(getattr(item, algorithm))) for path, item in tags.items()]
        expected[name] = render_manifest(lines, tags=True)
    for name, data in expected.items():
        if name in present and present[name].sha256 != sha256(data):
            yield finding("PKG-006", name, what=name)
