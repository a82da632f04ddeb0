"""The audit names every file that lies, and only those."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import TreeHead
from liuhen.core.tlog.merkle import leaf_hash
from liuhen.core.tlog.refusals import Code
from liuhen.core.tlog.tiles import full_tile_hash, parse_bundle, parse_path, render_bundle
from tests.core.tlog.memory import MemoryFiles, grow, numbered

ENTRIES = numbered(66000)
_SOURCE = MemoryFiles()
HEAD = grow(_SOURCE, ENTRIES, 66000)


def copy() -> MemoryFiles:
    return MemoryFiles(dict(_SOURCE.files))


def named(files: MemoryFiles, head: TreeHead = HEAD) -> set[tuple[str, Code]]:
    return {(item.path, item.code) for item in audit(files, head).findings}


def flip(files: MemoryFiles, path: str, at: int = -1) -> None:
    data = bytearray(files.files[path])
    data[at] ^= 1
    files.files[path] = bytes(data)


def test_an_honest_log_is_clean() -> None:
    report = audit(copy(), HEAD)
    assert report.is_clean and report.entries == 66000 and report.root == HEAD.root


@pytest.mark.parametrize("number", ["000", "007", "255", "256", "257.p/208"])
def test_a_changed_entry_is_named(number: str) -> None:
    files, path = copy(), f"tile/entries/{number}"
    flip(files, path)
    assert named(files) == {(path, Code.BUNDLE_DIFFERS)}


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/256", "tile/0/257.p/208", "tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"]
)
def test_a_changed_tile_is_named(path: str) -> None:
    files = copy()
    flip(files, path)
    assert named(files) == {(path, Code.TILE_DIFFERS)}


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/257.p/208", "tile/1/000", "tile/2/000.p/1", "tile/entries/003"])
def test_a_missing_file_is_named(path: str) -> None:
    files = copy()
    del files.files[path]
    assert named(files) == {(path, Code.FILE_MISSING)}


@pytest.mark.parametrize("path", ["tile/0/000", "tile/1/001.p/1", "tile/entries/257.p/208"])
def test_a_cut_file_is_named(path: str) -> None:
    files = copy()
    files.files[path] = files.files[path][:-1]
    assert named(files) == {(path, Code.FILE_MALFORMED)}


def test_an_entry_changed_together_with_its_tile_is_named() -> None:
    files = copy()
    flip(files, "tile/entries/004")
    item = parse_path("tile/entries/004")
    files.files["tile/0/004"] = b"".join(map(leaf_hash, parse_bundle(files.files["tile/entries/004"], item)))  # type: ignore[arg-type]
    assert named(files) == {("tile/0/004", Code.TILE_DIFFERS), ("tile/entries/004", Code.BUNDLE_DIFFERS)}


def test_a_history_rewritten_throughout_is_noticed_by_its_root() -> None:
    files = MemoryFiles()
    head = grow(files, [b"forged", *ENTRIES[1:300]], 300)
    honest = MemoryFiles()
    signed = grow(honest, ENTRIES[:300], 300)
    assert named(files, TreeHead(300, signed.root)) == {("checkpoint", Code.ROOT_DIFFERS)}
    assert named(files, head) == set()


@given(st.sampled_from(sorted(_SOURCE.files)), st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_no_flipped_bit_goes_unnamed(path: str, seed: int) -> None:
    files = copy()
    flip(files, path, seed % len(files.files[path]))
    assert path in {item.path for item in audit(files, HEAD).findings}


def test_two_damaged_edge_tiles_are_both_named() -> None:
    files = copy()
    flip(files, "tile/0/257.p/208")
    flip(files, "tile/1/001.p/1")
    assert named(files) == {("tile/0/257.p/208", Code.TILE_DIFFERS), ("tile/1/001.p/1", Code.TILE_DIFFERS)}


def test_swapped_entries_are_named() -> None:
    files = copy()
    entries = parse_bundle(files.files["tile/entries/002"], parse_path("tile/entries/002"))  # type: ignore[arg-type]
    entries[0], entries[1] = entries[1], entries[0]
    files.files["tile/entries/002"] = render_bundle(entries)
    assert named(files) == {("tile/entries/002", Code.BUNDLE_DIFFERS)}
    assert full_tile_hash(files.files["tile/0/002"]) == files.files["tile/1/000"][64:96]
