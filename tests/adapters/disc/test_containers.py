"""A package opens the same way from a folder, a zip file or an image; hostile ones are refused."""

import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from liuhen.adapters.disc.containers import open_container
from liuhen.adapters.disc.refusals import DamagedPackage, NotAPackage
from liuhen.adapters.disc.writing import write_image
from liuhen.core.bag.checking import check_bag
from tests.adapters.disc.packages import AT, bag_files, write_folder


def _folder(place: Path) -> Path:
    return write_folder(place / "package", bag_files())


def _zip(place: Path, prefix: str = "", compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place / "package.zip", "w", compression) as archive:
        for name, data in bag_files().items():
            archive.writestr(prefix + name, data)
    return place / "package.zip"


def _image(place: Path) -> Path:
    write_image(_folder(place), place / "package.iso", label="A", at=AT)
    return place / "package.iso"


def _wrapped_folder(place: Path) -> Path:
    return write_folder(place / "package", {f"案卷/{name}": data for name, data in bag_files().items()})


WAYS: list[Callable[[Path], Path]] = [
    _folder,
    _image,
    _zip,
    lambda place: _zip(place, compression=zipfile.ZIP_STORED),
    lambda place: _zip(place, "案卷/"),
    _wrapped_folder,
]


@pytest.mark.parametrize("make", WAYS, ids=["folder", "image", "zip", "stored zip", "wrapped zip", "wrapped folder"])
def test_a_package_opens_the_same_way_whatever_it_comes_as(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with open_container(make(tmp_path)) as package:
        assert package.list_files() == sorted(bag_files())
        assert check_bag(package.list_files, package.open, required=("sha256", "sm3")) == []
        with pytest.raises(DamagedPackage, match="没有文件"):
            package.open("../bagit.txt")


def test_a_zip_made_by_windows_has_its_chinese_names(tmp_path: Path) -> None:
    class GbkInfo(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own hook
            return self.filename.encode("gb18030"), self.flag_bits

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(GbkInfo("data/询问笔录.pdf"), b"x")
    with open_container(tmp_path / "a.zip") as package:
        assert package.list_files() == ["data/询问笔录.pdf"]
        assert package.open("data/询问笔录.pdf").read() == b"x"


def _write_entries(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return path


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("data/link")
    info.external_attr = 0o120777 << 16
    return info


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([("../x", b"")], "不安全"),
        ([("/etc/x", b"")], "不安全"),
        ([("data/../../x", b"")], "不安全"),
        ([("C:/x", b"")], "不安全"),
        ([("a", b"1"), ("a", b"2")], "重复"),
        ([(_link(), b"/etc/passwd")], "链接"),
        ([("bomb", bytes(32 << 20))], "炸弹"),
    ],
)
def test_hostile_zips_are_refused(
    tmp_path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]], says: str
) -> None:
    with pytest.raises(DamagedPackage, match=says):
        open_container(_write_entries(tmp_path / "a.zip", *entries))


def test_a_zip_whose_entries_share_bytes_is_refused(tmp_path: Path) -> None:
    path = _write_entries(tmp_path / "a.zip", ("a", os.urandom(5000)), ("b", os.urandom(5000)))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    place = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<I", data, place + 20, entries[1].compress_size + 6000)
    path.write_bytes(data)
    with pytest.raises(DamagedPackage, match="重叠"):
        open_container(path)


def test_an_entry_that_is_longer_than_it_says_is_cut_off_and_refused(tmp_path: Path) -> None:
    path = _write_entries(tmp_path / "a.zip", ("a", bytes(5000)))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 100)
    path.write_bytes(data)
    with open_container(path) as package, package.open("a") as reader, pytest.raises(DamagedPackage, match="已损坏"):
        while reader.read(1 << 16):
            pass


def test_an_encrypted_zip_says_what_to_do(tmp_path: Path) -> None:
    path = _write_entries(tmp_path / "a.zip", ("a", b"x"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DamagedPackage, match="先解密"):
        open_container(path)


def test_a_flipped_byte_in_a_zip_is_noticed_when_read(tmp_path: Path) -> None:
    content = os.urandom(5000)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", content)
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[data.index(content[:50]) + 100] ^= 1
    (tmp_path / "a.zip").write_bytes(data)
    with (
        open_container(tmp_path / "a.zip") as package,
        package.open("a") as reader,
        pytest.raises(DamagedPackage, match="a "),
    ):
        while reader.read(1000):
            pass


@pytest.mark.parametrize("kept", [0, 10, 0.3, 0.9, -10])
def test_a_cut_zip_is_refused(tmp_path: Path, kept: float) -> None:
    path = _zip(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept) if 0 < kept < 1 else int(kept)])
    with pytest.raises((NotAPackage, DamagedPackage)):
        open_container(path)


def test_links_and_devices_in_a_folder_are_refused(tmp_path: Path) -> None:
    for make in (lambda path: path.symlink_to("/etc/hostname"), lambda path: path.symlink_to("/etc"), os.mkfifo):
        folder = _folder(tmp_path)
        make(folder / "data" / "odd")
        with pytest.raises(DamagedPackage, match="链接或特殊文件"):
            open_container(folder)
        (folder / "data" / "odd").unlink()


def test_a_file_that_shrinks_while_read_is_noticed(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "package", {"a": bytes(10_000)})
    with open_container(folder) as package, package.open("a") as reader:
        (folder / "a").write_bytes(b"")
        with pytest.raises(DamagedPackage, match="缺少末尾"):
            while reader.read(1 << 20):
                pass


def test_what_is_no_package_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"hello")
    with pytest.raises(NotAPackage, match="不是文件夹、zip 文件或光盘映像"):
        open_container(tmp_path / "a.txt")
    with pytest.raises(NotAPackage, match="不存在"):
        open_container(tmp_path / "none")


def test_two_top_folders_are_not_looked_through(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "package", {"a/bagit.txt": b"", "b/bagit.txt": b""})
    with open_container(folder) as package:
        assert package.list_files() == ["a/bagit.txt", "b/bagit.txt"]
