"""Whether a bag is whole: every file read once, under every digest, and every difference named.

Invariant: nothing is trusted from a name or a length; a file that could not be read is a finding, never a pass.
Spec: RFC 8493 section 3.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from liuhen.core.bag import findings as codes
from liuhen.core.bag.findings import BagFinding
from liuhen.core.bag.manifests import (
    DECLARATION,
    DIGEST_LENGTHS,
    INFO,
    OXUM,
    Entry,
    Fault,
    algorithm_of,
    manifest_name,
    parse_declaration,
    parse_info,
    parse_manifest,
    parse_oxum,
)
from liuhen.core.bag.names import is_payload
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.digests import Digests, Hasher, new_sm3
from liuhen.core.kernel.errors import LiuhenError

_CHUNK = 1 << 20
_LARGEST_TAG_FILE = 256 << 20  # two million lines; a parsed tag file is held in memory
_FAULTS = {"malformed": codes.BAD_LINE, "unsafe": codes.UNSAFE_PATH, "twice": codes.LISTED_TWICE}
_DIFFERS = {"sha256": codes.SHA256_DIFFERS, "sm3": codes.SM3_DIFFERS}


class ByteReader(Protocol):
    """What a file opened for reading gives."""

    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


OpenFile = Callable[[str], ByteReader]


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found wrong, and the digests of every file as read, for checks that must not read it again."""

    findings: tuple[BagFinding, ...]
    digests: dict[str, Digests]


@dataclass(slots=True)
class _Bag:
    """What is known of the bag while it is read; `listed` maps (algorithm, tags?) to the entries of that manifest."""

    names: dict[str, str]
    findings: list[BagFinding] = field(default_factory=list)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    listed: dict[tuple[str, bool], dict[str, Entry]] = field(default_factory=dict)
    oxum: tuple[int, int] | None = None

    def report(self, code: str, path: str, line: int = 0, detail: str = "") -> None:
        self.findings.append(BagFinding(code, path, line, detail))


def check_bag(
    list_files: Callable[[], Iterable[str]],
    open_file: OpenFile,
    *,
    required: Sequence[str] = ("sha256",),
) -> list[BagFinding]:
    """Check a bag and give what is wrong with it; an empty list means it is whole."""
    return list(examine_bag(list_files, open_file, required=required).findings)


def examine_bag(
    list_files: Callable[[], Iterable[str]],
    open_file: OpenFile,
    *,
    required: Sequence[str] = ("sha256",),
    progress: Callable[[int], None] | None = None,
) -> Examination:
    """Check a bag, reading each file once in pieces of 1 MiB, and keep the digests that were computed.

    `required`: the algorithms whose manifests must be there, so that nobody can drop one. `progress` is told the bytes
    of every piece. Tag files that are understood (manifests, bag-info) are held in memory, up to 256 MiB.
    """
    bag = _opened(list_files())
    kept = {name: _read(bag, name, open_file, (), progress, keep=True) for name in bag.names if _is_parsed(name)}
    version = _declaration(bag, kept.get(DECLARATION))
    _manifests(bag, kept, version, required)
    _info(bag, kept.get(INFO))
    further = sorted({algorithm for algorithm, _ in bag.listed} - {"sha256", "sm3"})
    for name, data in kept.items():
        bag.digests[name] |= {algorithm: _further_hasher(algorithm, data or b"").hexdigest() for algorithm in further}
    for name in sorted(bag.names.keys() - kept.keys()):
        _read(bag, name, open_file, further, progress)
    _compare(bag)
    return Examination(
        tuple(bag.findings),
        {name: Digests(found["sha256"], found["sm3"], bag.sizes[name]) for name, found in bag.digests.items() if found},
    )


def _opened(listed: Iterable[str]) -> _Bag:
    """Take in what the container lists: each name in NFC, with the spelling the container opens it by."""
    bag = _Bag({})
    for name in listed:
        if normal(name) in bag.names:
            bag.report(codes.SAME_NAME, normal(name))
        else:
            bag.names[normal(name)] = name
    return bag


def _further_hasher(algorithm: str, data: bytes = b"") -> Hasher:
    """Give a hasher for a further manifest that somebody else wrote (MD5, SHA-1, SHA-512 …)."""
    return hashlib.new(algorithm, data, usedforsecurity=False)


def _is_parsed(name: str) -> bool:
    known = (algorithm_of(name), algorithm_of(name, tags=True))
    return name in (DECLARATION, INFO) or any(known)


def _read(
    bag: _Bag,
    name: str,
    open_file: OpenFile,
    further: Sequence[str],
    progress: Callable[[int], None] | None,
    *,
    keep: bool = False,
) -> bytes | None:
    hashers: dict[str, Hasher] = {"sha256": hashlib.sha256(), "sm3": new_sm3()}
    hashers |= {algorithm: _further_hasher(algorithm) for algorithm in further}
    bag.digests[name], bag.sizes[name] = {}, 0
    pieces: list[bytes] = []
    try:
        for piece in _pieces(open_file(bag.names[name])):
            bag.sizes[name] += len(piece)
            for hasher in hashers.values():
                hasher.update(piece)
            if keep:
                pieces.append(piece)
                if bag.sizes[name] > _LARGEST_TAG_FILE:
                    raise LiuhenError("标签文件过大，不可能是档案包的清单")
            if progress:
                progress(len(piece))
    except (OSError, LiuhenError) as error:
        bag.report(codes.UNREADABLE, name, detail=str(error))
        return None
    bag.digests[name] = {algorithm: hasher.hexdigest() for algorithm, hasher in hashers.items()}
    return b"".join(pieces) if keep else None


def _pieces(reader: ByteReader) -> Iterator[bytes]:
    try:
        while piece := reader.read(_CHUNK):
            yield piece
    finally:
        reader.close()


def _declaration(bag: _Bag, data: bytes | None) -> str:
    if DECLARATION not in bag.names:
        bag.report(codes.NO_DECLARATION, DECLARATION)
    if data is None:
        return "1.0"
    version = parse_declaration(data)
    if isinstance(version, Fault):
        bag.report(codes.BAD_DECLARATION, DECLARATION, version.line, version.detail)
        return "1.0"
    return version


def _manifests(bag: _Bag, kept: dict[str, bytes | None], version: str, required: Sequence[str]) -> None:
    for tags in (False, True):
        for name, data in kept.items():
            algorithm = algorithm_of(name, tags=tags)
            if algorithm is None or data is None:
                continue
            if algorithm not in DIGEST_LENGTHS:
                bag.report(codes.UNKNOWN_ALGORITHM, name, detail=algorithm)
                continue
            manifest = parse_manifest(data, algorithm, tags=tags, version=version)
            bag.listed[algorithm, tags] = {entry.path: entry for entry in manifest.entries}
            for fault in manifest.faults:
                bag.report(_FAULTS[fault.kind], name, fault.line, fault.detail)
        for algorithm in required:
            if manifest_name(algorithm, tags=tags) not in kept:
                bag.report(codes.NO_MANIFEST, manifest_name(algorithm, tags=tags))


def _info(bag: _Bag, data: bytes | None) -> None:
    pairs, faults = parse_info(data or b"")
    for fault in faults:
        bag.report(codes.BAD_LINE, INFO, fault.line, fault.detail)
    for label, value in pairs:
        if label.lower() == OXUM.lower():
            bag.oxum = parse_oxum(value)
            if bag.oxum is None:
                bag.report(codes.OXUM_DIFFERS, INFO, detail=f"“{value}”应为“字节数.文件数”")


def _compare(bag: _Bag) -> None:
    payload = {name for name in bag.names if is_payload(name)}
    tags = {name for name in bag.names if not is_payload(name) and algorithm_of(name, tags=True) is None}
    for present, is_tag in ((payload, False), (tags, True)):
        manifests = {algorithm: entries for (algorithm, kind), entries in bag.listed.items() if kind is is_tag}
        union = {path for entries in manifests.values() for path in entries}
        for path in sorted(present | union):
            _compare_file(bag, path, manifests, is_tag)
    if bag.oxum is not None:
        actual = (sum(bag.sizes[name] for name in payload), len(payload))
        if actual != bag.oxum:
            detail = f"记载 {bag.oxum[0]} 字节 {bag.oxum[1]} 个文件，实有 {actual[0]} 字节 {actual[1]} 个文件"
            bag.report(codes.OXUM_DIFFERS, INFO, detail=detail)


def _compare_file(bag: _Bag, path: str, manifests: dict[str, dict[str, Entry]], is_tag: bool) -> None:
    holding = sorted(algorithm for algorithm, entries in manifests.items() if path in entries)
    lacking = sorted(set(manifests) - set(holding))
    if not holding:
        bag.report(
            codes.TAG_NOT_COVERED if is_tag else codes.UNLISTED_FILE,
            path,
            detail="、".join(manifest_name(algorithm, tags=True) for algorithm in lacking) or "任何标签清单",
        )
        return
    for algorithm in lacking:
        bag.report(codes.MANIFESTS_DISAGREE, path, detail=manifest_name(algorithm, tags=is_tag))
    if path not in bag.names:
        listed_in = "、".join(manifest_name(algorithm, tags=is_tag) for algorithm in holding)
        bag.report(codes.MISSING_FILE, path, detail=listed_in)
        return
    for algorithm in holding:
        _compare_digest(bag, path, algorithm, manifests[algorithm][path].digest, is_tag)


def _compare_digest(bag: _Bag, path: str, algorithm: str, listed: str, is_tag: bool) -> None:
    actual = bag.digests[path].get(algorithm)
    if actual is None or actual == listed:  # an unreadable file was reported when it was read
        return
    code = codes.TAG_DIFFERS if is_tag else _DIFFERS.get(algorithm, codes.OTHER_DIGEST_DIFFERS)
    bag.report(code, path, detail=f"{algorithm} 清单 {listed[:16]}…，实际 {actual[:16]}…")
