"""Lies told by what carries the package: folders with links, zip files that explode, images that are cut."""

import os
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pycdlib import PyCdlib

from liuhen.adapters.disc.containers import open_container
from liuhen.adapters.disc.refusals import DamagedPackage, NotAPackage
from liuhen.core.verifier.report import Finding, Report
from liuhen.core.verifier.verify import verify_package
from liuhen.doors.tamper.attack import About, Attack, Attacker, Judge, Spoil, nothing
from liuhen.doors.tamper.forgery import Forgery
from liuhen.flows.keep_log import FAST

_NOTICE = "data/文书/002 行政处罚事先告知书.pdf"
_RECORD = "data/文书/001 现场检查笔录.pdf"


def judge_path(path: Path) -> Report:
    """Verify what lies at a path as `liuhen verify` does."""
    try:
        with open_container(path) as package:
            return verify_package(package, primitives=FAST)
    except (DamagedPackage, NotAPackage) as damage:
        return Report([Finding("PKG-004", "", str(damage))])


def attacks() -> tuple[Attack, ...]:
    """Give the lies of containers."""
    return (*_folders(), *_zips(), *_images())


def _carried(write: Callable[[Forgery, Path], Path]) -> Judge:
    """Give a judge of a container: it is written, spoilt and opened again."""

    def judge(forgery: Forgery, work: Path, spoil: Spoil) -> Report:
        room = work / "container"
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(parents=True)
        path = write(forgery, room)
        spoil(path)
        return judge_path(path)

    return judge


def _write_folder(forgery: Forgery, room: Path) -> Path:
    for name, data in forgery.files.items():
        path = room / "bag" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return room / "bag"


def _write_zip(forgery: Forgery, room: Path) -> Path:
    with zipfile.ZipFile(room / "bag.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, data in forgery.files.items():
            archive.writestr(f"bag/{name}", data)
    return room / "bag.zip"


def _write_image(forgery: Forgery, room: Path) -> Path:
    return Path(shutil.copyfile(forgery.specimen.image, room / "bag.iso"))


_FOLDER, _ZIP, _IMAGE = (_carried(write) for write in (_write_folder, _write_zip, _write_image))


def _lie(
    judge: Judge, artefact: str, name: str, operation: str, does: str, spoil: Spoil, *expects: str, remark: str = ""
) -> Attack:
    about = About(artefact, artefact.split()[0].strip("."), Attacker.PASSER_BY)
    return about.lie(name, operation, does, nothing, *expects, judge=judge, spoil=spoil, remark=remark)


def _folders() -> tuple[Attack, ...]:
    lie = partial(_lie, _FOLDER, "folder")
    return (
        lie("link", "swap", "a link out of the bag stands for a document", _link_file, "PKG-004"),
        lie("link-folder", "swap", "a link out of the bag stands for a folder", _link_folder, "PKG-004"),
        lie("pipe", "insert", "a pipe that never ends lies in the payload", _pipe, "PKG-004"),
        lie("touched", "edit", "a byte of a document is changed", _rewrite(lambda data: b"X" + data[1:]), "BAG-006"),
        lie("cut", "cut", "the end of a document is missing", _rewrite(lambda data: data[:-9]), "BAG-006", "BAG-013"),
        lie(
            "gone",
            "delete",
            "a document is deleted",
            lambda bag: (bag / _NOTICE).unlink(),
            "BAG-004",
            "BAG-013",
            "FILE-001",
        ),
        lie("emptied", "delete", "nothing is left but the seal", _empty, "BAG-001", "BAG-003", "PKG-001"),
    )


def _rewrite(change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(bag: Path) -> None:
        (bag / _NOTICE).write_bytes(change((bag / _NOTICE).read_bytes()))

    return spoil


def _link_file(bag: Path) -> None:
    (bag / _NOTICE).unlink()
    (bag / _NOTICE).symlink_to("/dev/null")


def _link_folder(bag: Path) -> None:
    shutil.move(bag / "data" / "文书", bag.parent / "aside")
    (bag / "data" / "文书").symlink_to(bag.parent / "aside")


def _pipe(bag: Path) -> None:
    os.mkfifo(bag / "data" / "文书" / "x.pdf")


def _empty(bag: Path) -> None:
    shutil.rmtree(bag / "data")
    for path in bag.iterdir():
        if path.suffix != ".note":
            path.unlink()


def _zips() -> tuple[Attack, ...]:
    lie = partial(_lie, _ZIP, "zip file")
    return (
        lie("cut", "cut", "the end is missing", _cut(200), "PKG-001"),
        lie("touched", "edit", "a byte of a document is changed", _touch(b"%PDF-1.7"), "BAG-015"),
        lie("bomb", "insert", "an entry unpacks to a thousand times its size", _bomb, "PKG-004"),
        lie("outside", "insert", "an entry leads out of the bag", _entry("bag/../../evil"), "PKG-004"),
        lie("absolute", "insert", "an entry names a file of the machine", _entry("/etc/passwd"), "PKG-004"),
        lie("doubled", "insert", "two entries have one name", _entry(f"bag/{_NOTICE}"), "PKG-004"),
        lie("link", "swap", "an entry is a link", _entry("bag/data/link", 0o120777), "PKG-004"),
        lie("locked", "edit", "an entry says that it is encrypted", _patch_entry(8, b"\x01\x08"), "PKG-004"),
        lie("longer", "edit", "an entry says that it is longer", _patch_entry(24, b"\xff\xff\xff\x00"), "BAG-015"),
        lie("gone", "delete", "an entry is renamed away in the directory", _rename_entry, "BAG-004"),
    )


def _cut(by: int) -> Spoil:
    def spoil(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-by])

    return spoil


def _touch(marker: bytes) -> Spoil:
    def spoil(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[data.rindex(marker) + 100] ^= 1
        path.write_bytes(bytes(data))

    return spoil


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bag/data/文书/x.pdf", bytes(64 << 20))


def _entry(name: str, mode: int = 0o100644) -> Spoil:
    def spoil(path: Path) -> None:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
            warnings.simplefilter("ignore")  # zipfile warns of a second entry of one name; that is the point
            archive.writestr(entry, b"x")

    return spoil


def _patch_entry(offset: int, value: bytes) -> Spoil:
    """Change a field of the central directory's first entry (APPNOTE 4.3.12)."""

    def spoil(path: Path) -> None:
        data = bytearray(path.read_bytes())
        start = int.from_bytes(data[-6:-2], "little") + offset  # where the end record says that the directory begins
        data[start : start + len(value)] = value
        path.write_bytes(bytes(data))

    return spoil


def _rename_entry(path: Path) -> None:
    name = f"bag/{_NOTICE}".encode()
    data = path.read_bytes()
    path.write_bytes(data.replace(name, name.replace("书".encode(), b"xxx")))


def _images() -> tuple[Attack, ...]:
    lie = partial(_lie, _IMAGE, ".iso image")
    behind = "A byte between files belongs to none; nobody who opens the disc sees it"
    joliet = "`liuhen verify IMAGE` reads the full names (UDF); mounted under the short names, the verifier on the disc finds it"
    return (
        lie("touched", "edit", "a byte of a document is changed", _touch(b"%PDF-1.7"), "BAG-006", "BAG-007"),
        lie("cut", "cut", "the end of the image is missing", _cut(4096), "PKG-004"),
        lie(
            "exchanged",
            "swap",
            "two documents exchange their places in the full-name directory",
            _exchange_full,
            "FILE-001",
        ),
        lie(
            "exchanged-short",
            "swap",
            "two documents exchange their places in the short-name directory alone",
            _exchange_short,
            remark=joliet,
        ),
        lie("slack", "insert", "bytes are written behind the last file", _slack, remark=behind),
    )


def _slack(path: Path) -> None:
    with path.open("ab") as image:
        image.write(bytes(2048))


def _entries(disc: PyCdlib, **where: str) -> list[Any]:
    """Give the directory entries of both documents in one of the image's trees."""
    children = (one for one in disc.list_children(**where) if one is not None)
    return [one for one in children if not one.is_dot() and not one.is_dotdot()]


def _exchange_short(path: Path) -> None:
    """Exchange place and length of two files in the Joliet tree alone (ECMA-119 9.1.3, 9.1.4)."""
    with _opened(path) as disc:
        first, second = (entry.record() for entry in _entries(disc, joliet_path="/data/文书"))
    _patch(path, (first, first[:2] + second[2:18] + first[18:]), (second, second[:2] + first[2:18] + second[18:]))


def _exchange_full(path: Path) -> None:
    """Exchange place and length of two files in the UDF tree alone (ECMA-167 4/14.9)."""
    with _opened(path) as disc:
        first, second = _entries(disc, udf_path="/data/文书")
        before = first.record(), second.record()
        for name in ("alloc_descs", "info_len", "log_block_recorded"):
            one, other = getattr(first, name), getattr(second, name)
            setattr(first, name, other)
            setattr(second, name, one)
        after = first.record(), second.record()
    _patch(path, *zip(before, after, strict=True))


@contextmanager
def _opened(path: Path) -> Iterator[PyCdlib]:
    disc = PyCdlib()
    disc.open(str(path))
    try:
        yield disc
    finally:
        disc.close()


def _patch(path: Path, *changes: tuple[bytes, bytes]) -> None:
    data = path.read_bytes()
    for before, after in changes:
        if data.count(before) != 1 or len(before) != len(after):
            raise LookupError("the directory entry is not where it was looked for")
    for before, after in changes:
        data = data.replace(before, after)
    path.write_bytes(data)
