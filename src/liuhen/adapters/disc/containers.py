"""One way to open an archive package, whatever it comes as: a folder, a zip file, or a disc image."""

import zipfile
from pathlib import Path

from liuhen.adapters.disc.folders import Container, FolderContainer, ZipContainer, rooted
from liuhen.adapters.disc.image import is_image, open_image
from liuhen.adapters.disc.refusals import NotAPackage

__all__ = ["Container", "open_container"]


def open_container(path: Path) -> Container:
    """Open the package at a path; one folder wrapped around the package is looked through.

    Raises NotAPackage when it is none of the three, DamagedPackage when it is corrupt or hostile.
    """
    if path.is_dir():
        return rooted(FolderContainer(path))
    if is_image(path):
        return rooted(open_image(path))
    if path.is_file() and zipfile.is_zipfile(path):
        return rooted(ZipContainer(path))
    if not path.exists():
        raise NotAPackage(f"{path} 不存在；请核对档案包的位置")
    raise NotAPackage(f"{path} 不是文件夹、zip 文件或光盘映像，或者已经残缺；请重新取得档案包")
