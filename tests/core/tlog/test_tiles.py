"""Paths, widths and bytes of tiles and bundles, with the published examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.tlog.merkle import Node
from liuhen.core.tlog.refusals import Malformed
from liuhen.core.tlog.tiles import (
    Bundle,
    Spot,
    Tile,
    bundle_at,
    bundles_of,
    full_tile_hash,
    full_tiles,
    locate,
    parse_bundle,
    parse_path,
    parse_tile,
    partial_width,
    partials_folder,
    render_bundle,
    tile_at,
    tiles_of,
)

PUBLISHED: dict[str, Tile | Bundle] = {
    "tile/0/x001/x234/067": Tile(0, 1234067),
    "tile/0/x001/x234/067.p/8": Tile(0, 1234067, 8),
    "tile/entries/x001/x234/067.p/8": Bundle(1234067, 8),
    "tile/15/x455/667": Tile(15, 455667),
    "tile/63/x999/x999/x999/x999/x999/999.p/255": Tile(63, 999999999999999999, 255),
    "tile/entries/000.p/255": bundle_at(0, 255),
    "tile/entries/001.p/1": bundle_at(1, 257),
    "tile/entries/x123/x456/789": bundle_at(123456789, 123456790 * 256),
    "tile/0/000": Tile(0, 0),
}


@pytest.mark.parametrize("path", PUBLISHED)
def test_published_paths(path: str) -> None:
    assert PUBLISHED[path].path == path
    assert parse_path(path) == PUBLISHED[path]


@pytest.mark.parametrize(
    "number",
    [
        "x001/x234/067.p/",
        "x001/x234/067.p",
        "x001/",
        "x001",
        "x001/.p/abc",
        "067.p/0",
        "067.p/256",
        "067.p/08",
        "067.p/1x",
        "67",
        "0067",
        "x000/067",
        "x01/067",
        "067/",
        "٠٦٧",
        "067\n",
        "x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_other_spellings_are_refused(number: str) -> None:
    for prefix in ("tile/0/", "tile/entries/"):
        with pytest.raises(Malformed):
            parse_path(prefix + number)


@pytest.mark.parametrize(
    "path",
    ["tile/64/000", "tile/00/000", "tile/-1/000", "/tile/0/000", "tile/data/000", "tile/8/0/001", "tile//000", ""],
)
def test_other_levels_are_refused(path: str) -> None:
    with pytest.raises(Malformed):
        parse_path(path)


@given(st.integers(0, 63), st.integers(0, 2**64 - 1), st.integers(1, 256))
def test_every_path_reads_back(level: int, index: int, width: int) -> None:
    for item in (Tile(level, index, width), Bundle(index, width)):
        assert parse_path(item.path) == item
        assert parse_path(f"{partials_folder(item)}7").width == 7


def test_files_of_two_sizes() -> None:
    assert [item.path for item in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert [item.path for item in bundles_of(256)] == ["tile/entries/000"]
    assert list(tiles_of(0)) == [] and list(bundles_of(0)) == []
    names = [item.path for item in tiles_of(70000)]
    assert len(names) == 273 + 1 + 1 + 1 + 1
    assert names[273:] == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
    assert (full_tiles(0, 70000), partial_width(0, 70000), partial_width(1, 70000)) == (273, 112, 17)


def test_where_a_node_lies() -> None:
    assert locate(Node(8, 123456789)) == Spot(1, 482253, 0, 21)
    assert locate(Node(0, 257)) == Spot(0, 1, 0, 1)
    assert locate(Node(7, 3)) == Spot(0, 1, 7, 1)


def test_bundle_bytes() -> None:
    assert render_bundle([b"one", b"two"]).hex() == "00036f6e65000374776f"
    assert parse_bundle(bytes.fromhex("00036f6e65000374776f"), Bundle(0, 2)) == [b"one", b"two"]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert parse_bundle(render_bundle(entries), Bundle(0, len(entries))) == entries


def test_a_full_bundle_or_tile_stands_for_a_partial_one() -> None:
    entries = [bytes([number]) for number in range(256)]
    assert parse_bundle(render_bundle(entries), Bundle(0, 3)) == entries[:3]
    assert parse_tile(bytes(8192), Tile(0, 0, 3)) == bytes(96)


@pytest.mark.parametrize(
    "spoiled", ["00036f6e650003747", "00036f6e6500", "00036f6e65", "00036f6e65000374776f0000", "", "0004"]
)
def test_spoiled_bundles_are_refused(spoiled: str) -> None:
    with pytest.raises(Malformed):
        parse_bundle(bytes.fromhex(spoiled[: len(spoiled) // 2 * 2]), Bundle(0, 2))


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(Malformed):
        render_bundle([b"x" * 65536])
    for size in (0, 31, 64, 8191, 8193):
        with pytest.raises(Malformed):
            parse_tile(bytes(size), Tile(0, 0, 1))
    with pytest.raises(Malformed):
        full_tile_hash(bytes(8160))


@given(st.integers(1, 10**9))
def test_widths_add_up_to_the_size(size: int) -> None:
    count = full_tiles(0, size)
    assert count * 256 + partial_width(0, size) == size
    assert tile_at(0, 0, size).width == min(size, 256)
