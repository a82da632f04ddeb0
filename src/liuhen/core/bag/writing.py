"""The tag files of a new bag, from the names and digests of what goes into it.

Invariant: the same input gives the same bytes; every file but the tag manifests themselves is listed under both digests.
"""

from collections.abc import Iterable, Sequence

from liuhen.core.bag.manifests import (
    DECLARATION,
    INFO,
    OXUM,
    manifest_name,
    render_declaration,
    render_info,
    render_manifest,
)
from liuhen.core.kernel.digests import Digests, digests_of
from liuhen.core.kernel.errors import BadInput


def render_tag_files(
    payload: Iterable[tuple[str, Digests]],
    info: Sequence[tuple[str, str]] = (),
    tags: Iterable[tuple[str, Digests]] = (),
) -> dict[str, bytes]:
    """Give every tag file of a bag by name.

    `payload`: names below data/ with their digests; `info`: pairs for bag-info.txt, to which Payload-Oxum is added;
    `tags`: further tag files that the caller writes (proofs, the verifier). Raises BadInput for a name or pair that
    cannot be written. Spec: RFC 8493 section 2.
    """
    files, further = list(payload), list(tags)
    if any(label == OXUM for label, _ in info):
        raise BadInput(INFO, f"{OXUM} 由程序计算；请不要自行填写")
    oxum = f"{sum(digests.size for _, digests in files)}.{len(files)}"
    written = {
        DECLARATION: render_declaration(),
        INFO: render_info([*info, (OXUM, oxum)]),
        manifest_name("sha256"): render_manifest((name, digests.sha256) for name, digests in files),
        manifest_name("sm3"): render_manifest((name, digests.sm3) for name, digests in files),
    }
    covered = [*further, *((name, digests_of(data)) for name, data in written.items())]
    return written | {
        manifest_name("sha256", tags=True): render_manifest(((n, d.sha256) for n, d in covered), tags=True),
        manifest_name("sm3", tags=True): render_manifest(((n, d.sm3) for n, d in covered), tags=True),
    }
