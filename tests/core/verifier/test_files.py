"""Where files must lie: one place for each, from events alone; everything else is named."""

import dataclasses
from collections.abc import Callable

import pytest

from liuhen.core.bag.writing import render_tag_files
from liuhen.core.events.case import DocumentCompleted, DocumentMade, DocumentSigned
from liuhen.core.events.catalogue import Event, open_sealed
from liuhen.core.events.parts import FileRef
from liuhen.core.facts.fold import fold
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.digests import Digests, digests_of
from liuhen.core.verifier import layout
from liuhen.core.verifier.contents import info_of, volume_files
from liuhen.core.verifier.files import check_files, check_tags
from tests.core.verifier.making import CASE, event, seal

STREAM = f"case:{CASE}"
RECORD, FINISHED, INK, PICTURE = b"%PDF record", b"%PDF record and hands", b"ink", b"picture"


def ref(data: bytes, name: str) -> FileRef:
    digests = digests_of(data)
    return FileRef(digests.sha256, digests.sm3, digests.size, name, "application/octet-stream")


def story() -> tuple[list[Event], Facts]:
    """Two documents with the same bytes, one of them signed twice by the same hand and completed."""
    first = DocumentMade("d1", "笔录", "笔录", "取证", ref(RECORD, "笔录.pdf"))
    twin = DocumentMade("d2", "笔录", "笔录/二", "取证", ref(FINISHED, "笔录.pdf"))
    hand = DocumentSigned(
        "d1", first.file.sha256, "当事人", "罗进", ref(INK, "罗进笔迹.json"), ref(PICTURE, "罗进签名.png")
    )
    told = [first, hand, hand, DocumentCompleted("d1", ref(FINISHED, "笔录.pdf")), twin]
    opened = [open_sealed(event(STREAM, seq, said, seq)) for seq, said in enumerate(told, 1)]
    return opened, fold(opened)


PLACES = {
    "data/文书/001 笔录.pdf": FINISHED,
    "data/文书/002 笔录_二.pdf": FINISHED,
    "data/签名/case_c1_2 罗进笔迹.json": INK,
    "data/签名/case_c1_2 罗进签名.png": PICTURE,
}


def test_every_file_has_one_place() -> None:
    opened, facts = story()
    assert {path: file.sha256 for path, (_, file) in volume_files(opened, facts).items()} == {
        path: digests_of(data).sha256 for path, data in PLACES.items()
    }


def test_two_files_of_one_name_in_one_event_both_find_a_place() -> None:
    made = DocumentMade("d1", "笔录", "笔录", "取证", ref(RECORD, "x"))
    hand = DocumentSigned("d1", made.file.sha256, "当事人", "罗进", ref(INK, "x"), ref(PICTURE, "x"))
    opened = [open_sealed(event(STREAM, seq, said, seq)) for seq, said in enumerate((made, hand), 1)]
    assert len(volume_files(opened, fold(opened))) == 3


def present() -> dict[str, Digests]:
    return {path: digests_of(data) for path, data in PLACES.items()}


def codes(files: dict[str, Digests]) -> list[str]:
    return [item.code for item in check_files(*story(), files)]


def renamed(files: dict[str, Digests]) -> dict[str, Digests]:
    return {path.replace("002", "009"): item for path, item in files.items()}


def exchanged(files: dict[str, Digests]) -> dict[str, Digests]:
    ink, picture = list(files)[2:]
    return files | {ink: files[picture], picture: files[ink]}


def misnamed(files: dict[str, Digests]) -> dict[str, Digests]:
    first = next(iter(files))
    return files | {first: dataclasses.replace(files[first], sm3="0" * 64)}


@pytest.mark.parametrize(
    ("expected", "change"),
    [
        ([], dict),
        (["FILE-001", "PKG-003"], renamed),
        (["FILE-001", "FILE-001"], exchanged),
        (["FILE-002"], misnamed),
        (["PKG-003"], lambda files: files | {"data/文书/003 笔录.pdf": digests_of(FINISHED)}),
        (["PKG-003"], lambda files: files | {"autorun.inf": digests_of(b"x")}),
        (["PKG-003"], lambda files: files | {"data/法律/hebei@2019-12-01.json": digests_of(b"x")}),
        ([], lambda files: files | {layout.CHECKPOINTS.format(number=12): digests_of(b"x")}),
        (["PKG-003"], lambda files: files | {"data/证明/checkpoints-01.jsonl": digests_of(b"x")}),
    ],
)
def test_what_is_out_of_place_is_named(
    expected: list[str], change: Callable[[dict[str, Digests]], dict[str, Digests]]
) -> None:
    assert codes(change(present())) == expected


def bag(info: list[tuple[str, str]]) -> dict[str, bytes]:
    payload = list(present().items())
    companions = [(name, digests_of(b"x")) for name in (layout.SEAL, layout.GUIDE, layout.VERIFIER)]
    return render_tag_files(payload, info, companions) | {name: b"x" for name, _ in companions}


def tag_codes(files: dict[str, bytes]) -> list[str]:
    everything = present() | {name: digests_of(data) for name, data in files.items()}
    return [item.code for item in check_tags(seal(), story()[1], everything)]


def test_the_description_of_a_bag_follows_from_its_facts() -> None:
    info = info_of(story()[1], seal().packed_at)
    assert tag_codes(bag(info)) == []
    assert tag_codes(bag([*info[:-1], ("Bag-Software-Agent", "other")])) == ["PKG-006"]
    assert tag_codes(bag(info) | {"bagit.txt": b"BagIt-Version: 0.97\n"}) == ["PKG-006", "PKG-006", "PKG-006"]


@pytest.mark.parametrize("name", layout.TAG_MANIFESTS)
def test_a_tag_manifest_has_one_spelling(name: str) -> None:
    files = bag(info_of(story()[1], seal().packed_at))
    assert tag_codes(files | {name: files[name].upper()}) == ["PKG-006"]
    assert tag_codes(files | {name: b"".join(reversed(files[name].splitlines(keepends=True)))}) == ["PKG-006"]
