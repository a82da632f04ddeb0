"""A whole bag passes; every way of damaging it is found under its own code."""

import io
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.bag.checking import ByteReader, examine_bag
from liuhen.core.bag.findings import SENTENCES, BagFinding
from liuhen.core.bag.manifests import parse_manifest
from liuhen.core.bag.writing import render_tag_files
from liuhen.core.kernel.digests import digests_of
from tests.core.bag.memory import PAYLOAD, check, codes, make_bag

VIDEO = "data/recordings/现场检查（第1段）.mp4"
Damage = Callable[[dict[str, bytes]], object]


def _edit(name: str, old: bytes, new: bytes) -> Damage:
    def damage(bag: dict[str, bytes]) -> None:
        assert old in bag[name]
        bag[name] = bag[name].replace(old, new)

    return damage


def _append(name: str, line: str) -> Damage:
    return lambda bag: bag.update({name: bag[name] + line.encode()})


def _reseal(payload_change: Damage) -> Damage:
    """Damage the payload, then write SHA-256 manifests that agree with it: only SM3 can tell."""

    def damage(bag: dict[str, bytes]) -> None:
        payload_change(bag)
        fresh = make_bag({name: data for name, data in bag.items() if name.startswith("data/")})
        bag["manifest-sha256.txt"] = fresh["manifest-sha256.txt"]

    return damage


SHA_OF_EMPTY = digests_of(b"").sha256
DAMAGES: list[tuple[str, Damage, set[str]]] = [
    ("no declaration", lambda bag: bag.pop("bagit.txt"), {"BAG-001", "BAG-004"}),
    ("other version", _edit("bagit.txt", b"1.0", b"9.9"), {"BAG-002", "BAG-012"}),
    ("other encoding", _edit("bagit.txt", b"UTF-8", b"GB18030"), {"BAG-002", "BAG-012"}),
    ("three lines", _append("bagit.txt", "x\n"), {"BAG-002", "BAG-012"}),
    ("no SM3 manifest", lambda bag: bag.pop("manifest-sm3.txt"), {"BAG-003", "BAG-004"}),
    ("no tag manifest", lambda bag: bag.pop("tagmanifest-sm3.txt"), {"BAG-003"}),
    ("file gone", lambda bag: bag.pop(VIDEO), {"BAG-004", "BAG-013"}),
    ("file added", lambda bag: bag.update({"data/x": b"x"}), {"BAG-005", "BAG-013"}),
    ("one byte", _edit(VIDEO, b"\x07\x08", b"\x07\x09"), {"BAG-006", "BAG-007"}),
    ("one byte, resealed", _reseal(_edit(VIDEO, b"\x07\x08", b"\x07\x09")), {"BAG-007", "BAG-012"}),
    ("cut", lambda bag: bag.update({VIDEO: bag[VIDEO][:-1]}), {"BAG-006", "BAG-007", "BAG-013"}),
    ("out of one manifest", _edit("manifest-sm3.txt", b"data/empty", b"data/other"), {"BAG-004", "BAG-008", "BAG-012"}),
    ("traversal", _append("manifest-sha256.txt", f"{SHA_OF_EMPTY}  data/../../etc/passwd\n"), {"BAG-009", "BAG-012"}),
    ("absolute", _append("manifest-sha256.txt", f"{SHA_OF_EMPTY}  /etc/passwd\n"), {"BAG-009", "BAG-012"}),
    ("backslash", _append("manifest-sha256.txt", f"{SHA_OF_EMPTY}  data\\..\\x\n"), {"BAG-009", "BAG-012"}),
    ("payload as tag", _append("tagmanifest-sha256.txt", f"{SHA_OF_EMPTY}  data/empty\n"), {"BAG-009"}),
    ("listed twice", _append("manifest-sha256.txt", f"{SHA_OF_EMPTY}  data/empty\n"), {"BAG-010", "BAG-012"}),
    ("no digest", _append("manifest-sha256.txt", "data/empty\n"), {"BAG-011", "BAG-012"}),
    ("short digest", _append("manifest-sha256.txt", "abcd  data/empty\n"), {"BAG-011", "BAG-012"}),
    ("not UTF-8", lambda bag: bag.update({"bag-info.txt": bag["bag-info.txt"] + b"\xff\n"}), {"BAG-011", "BAG-012"}),
    ("tag edited", _edit("proofs/checkpoint", b"1", b"2"), {"BAG-012"}),
    ("Oxum edited", _edit("bag-info.txt", b"Payload-Oxum: ", b"Payload-Oxum: 1"), {"BAG-012", "BAG-013"}),
    ("Oxum nonsense", _edit("bag-info.txt", b"Payload-Oxum: ", b"Payload-Oxum: x"), {"BAG-012", "BAG-013"}),
    ("tag added", lambda bag: bag.update({"note.txt": b"x"}), {"BAG-014"}),
    ("unknown algorithm", lambda bag: bag.update({"manifest-crc32.txt": b""}), {"BAG-014", "BAG-016"}),
    ("same name", lambda bag: bag.update({"data/e\u0301": b"", "data/\u00e9": b""}), {"BAG-005", "BAG-013", "BAG-018"}),
]  # fmt: skip


def test_a_whole_bag_passes() -> None:
    assert check(make_bag()) == []


@pytest.mark.parametrize(("damage", "expected"), [row[1:] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
def test_damage_is_found_under_its_code(damage: Damage, expected: set[str]) -> None:
    bag = make_bag()
    damage(bag)
    assert set(codes(check(bag))) == expected


def test_a_finding_names_file_line_and_what_was_found() -> None:
    bag = make_bag()
    bag["manifest-sha256.txt"] += f"{SHA_OF_EMPTY}  data/../x\n".encode()
    found = next(finding for finding in check(bag) if finding.code == "BAG-009")
    assert (found.path, found.line, found.detail) == ("manifest-sha256.txt", 4, "data/../x")
    assert found.message == "清单 manifest-sha256.txt 第 4 行的路径“data/../x”越出了应在的目录；已拒绝读取"


def test_every_code_has_a_sentence_that_can_be_said() -> None:
    for code in SENTENCES:
        assert BagFinding(code, "data/x", 3, "d").message


@given(st.data())
def test_any_changed_byte_of_any_file_is_found(data: st.DataObject) -> None:
    bag = make_bag()
    name = data.draw(st.sampled_from(sorted(name for name in bag if bag[name])))
    place = data.draw(st.integers(0, len(bag[name]) - 1))
    flip = data.draw(st.integers(1, 255))
    bag[name] = bag[name][:place] + bytes([bag[name][place] ^ flip]) + bag[name][place + 1 :]
    if name.startswith("tagmanifest-") and _meaning(bag[name]) == _meaning(make_bag()[name]):
        return  # hexadecimal digits in either case, a tab for a space: nothing vouches for the spelling of these
    assert check(bag)


def _meaning(data: bytes) -> object:
    found = parse_manifest(data, "sha256", tags=True)
    return [(entry.path, entry.digest) for entry in found.entries], found.faults


def test_each_file_is_opened_once_and_read_in_pieces() -> None:
    opened: Counter[str] = Counter()
    sizes: list[int] = []
    bag = make_bag({**PAYLOAD, "data/large": bytes(3 << 20)})

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            sizes.append(size or -1)
            return super().read(size)

    def open_file(name: str) -> ByteReader:
        opened[name] += 1
        return Watched(bag[name])

    told: list[int] = []
    examined = examine_bag(lambda: bag, open_file, required=("sha256", "sm3"), progress=told.append)
    assert examined.findings == ()
    assert set(opened.values()) == {1}
    assert opened.keys() == bag.keys()
    assert set(sizes) == {1 << 20}
    assert sum(told) == sum(map(len, bag.values()))
    assert examined.digests == {name: digests_of(data) for name, data in bag.items()}


def test_an_unreadable_file_is_a_finding() -> None:
    bag = make_bag()

    def open_file(name: str) -> ByteReader:
        if name == VIDEO:
            raise OSError("介质读取错误")
        return io.BytesIO(bag[name])

    examined = examine_bag(lambda: bag, open_file)
    assert "BAG-015" in codes(list(examined.findings))
    assert VIDEO not in examined.digests


def test_names_in_another_unicode_form_are_the_same_file() -> None:
    written = render_tag_files([("data/e\u0301.txt", digests_of(b"1"))])
    assert "data/\u00e9.txt".encode() in written["manifest-sha256.txt"]
    assert check({**written, "data/e\u0301.txt": b"1"}) == []
    assert check({**written, "data/\u00e9.txt": b"1"}) == []
