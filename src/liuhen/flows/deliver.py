"""交付: packages of archived cases, built by the archivist and fetched by whoever may see the case, leaving a trace each time.

Invariant: what can be fetched was verified when it was built; a name in an address never becomes a path of its own; a package
holds every recording of its case, so it exists only for those who may know of them all, and none with 国家秘密 is made or given.
"""

import io
import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from liuhen.adapters.vault.ranges import Window
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import NotFound, Permission, case_for, unseen_recordings
from liuhen.flows.hand_out import release, require_no_state_secret
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.package import Package, build_package

Form = Literal["zip", "iso"]
_DRAFT = ".draft"


class NotArchived(LiuhenError):
    """A package is made of an archived case only."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One form of a package, ready to be fetched."""

    manifest: str
    form: Form
    path: Path
    size: int
    built_at: datetime

    def open(self, start: int, length: int) -> BinaryIO:
        """Open `length` bytes from `start` for sending."""
        file = self.path.open("rb")
        file.seek(start)
        return io.BufferedReader(cast(Any, Window(file, length)))


def make_parcels(case_uid: str, occasion: Occasion) -> Package:
    """Build the package of an archived case as a zip file and a disc image. Raises NotAllowed, NotFound, NotArchived.

    Raises HoldsStateSecrets where a recording of the case is closed as 国家秘密.
    """
    row = case_for(occasion.actor, case_uid, Permission.ARCHIVE)
    require_no_state_secret(case_uid)
    if row.archived_at is None:
        raise NotArchived("案件尚未归档，不能制作归档包；请先办理归档")
    draft = _shelf(case_uid) / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    try:
        package = build_package(case_uid, occasion, draft)
        zipped = _zip(package.folder)
        target = _shelf(case_uid) / package.manifest_sha256
        target.mkdir(exist_ok=True)
        for file in (zipped, package.image):
            file.replace(target / file.name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return package


def _shelf(case_uid: str) -> Path:
    return office().data / "packages" / case_uid


def _zip(folder: Path) -> Path:
    """Pack a bag as it stands: recordings do not shrink, so nothing is compressed and nothing waits for it."""
    target = folder.with_name(f"{folder.name}.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{folder.name}/{file.relative_to(folder).as_posix()}")
    return target


def parcels(actor: Actor, case_uid: str) -> tuple[Parcel, ...]:
    """Give what can be fetched of a case, the newest first. Raises NotAllowed, NotFound."""
    row = case_for(actor, case_uid)
    if unseen_recordings(actor, row):
        return ()
    files = [
        file for file in _shelf(row.uid).glob("*/*") if file.parent.name != _DRAFT and file.suffix in (".zip", ".iso")
    ]
    return tuple(sorted((_parcel(file) for file in files), key=lambda item: (item.built_at, item.form), reverse=True))


def _parcel(file: Path) -> Parcel:
    known = file.stat()
    form: Form = "iso" if file.suffix == ".iso" else "zip"
    return Parcel(file.parent.name, form, file, known.st_size, datetime.fromtimestamp(known.st_mtime, SHANGHAI))


def fetch_parcel(
    case_uid: str, occasion: Occasion, *, manifest: str, form: str, purpose: str = "", access: str = ""
) -> Parcel:
    """Give one form of a package after leaving the trace of its export, or of its being given out on a granted request.

    Raises NotAllowed, NotFound, NotGranted, HoldsStateSecrets.
    """
    found = next(
        (item for item in parcels(occasion.actor, case_uid) if (item.manifest, item.form) == (manifest, form)), None
    )
    if found is None:
        raise NotFound("归档包")
    require_no_state_secret(case_uid)
    what = f"归档包 {found.path.name}（{manifest[:16]}）"
    release(case_uid, occasion, what=what, manner="导出", purpose=purpose, access=access)
    return found
