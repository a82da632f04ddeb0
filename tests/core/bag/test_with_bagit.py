"""Our bags and those of the reference implementation are each other's."""

from pathlib import Path
from typing import Any

import bagit
import pytest

from liuhen.core.bag.checking import check_bag
from liuhen.core.bag.writing import render_tag_files
from liuhen.core.kernel.digests import digests_of
from tests.core.bag.memory import make_bag

PAYLOAD = {"a\nb.txt": b"line", "询问笔录/喆玥䶮.pdf": b"%PDF", "空": b""}


def _names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_the_reference_implementation_accepts_our_bag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bagit, "CHECKSUM_ALGOS", {*bagit.CHECKSUM_ALGOS, "sm3"})
    _write(tmp_path, make_bag({f"data/{name}": data for name, data in PAYLOAD.items()}))
    bag = bagit.Bag(str(tmp_path))
    assert {"sha256", "sm3"} <= set(bag.algorithms)
    assert bag.validate()
    (tmp_path / "data" / "空").write_bytes(b"x")
    with pytest.raises(bagit.BagValidationError):
        bag.validate()


@pytest.mark.parametrize("algorithms", [["sha256", "sha512"], ["md5", "sha1", "sha256"]])
def test_we_accept_a_bag_of_the_reference_implementation(tmp_path: Path, algorithms: list[str]) -> None:
    _write(tmp_path, PAYLOAD)
    info: dict[str, Any] = {"Contact-Name": ["张三", "李四"], "External-Description": "长" * 200}
    bagit.make_bag(str(tmp_path), bag_info=info, checksums=algorithms)
    assert check_bag(lambda: _names(tmp_path), lambda name: (tmp_path / name).open("rb")) == []
    (tmp_path / "data" / "空").write_bytes(b"x")
    found = check_bag(lambda: _names(tmp_path), lambda name: (tmp_path / name).open("rb"))
    assert {"BAG-006", "BAG-013", "BAG-017"} == {finding.code for finding in found}


def test_the_same_input_gives_the_same_bytes() -> None:
    files = [(f"data/{name}", digests_of(data)) for name, data in PAYLOAD.items()]
    assert render_tag_files(files) == render_tag_files(reversed(files))
