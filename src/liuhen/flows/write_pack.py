"""Writing what packs are written with: a new pack in an empty folder, and the schemas by which editors help.

Invariant: a pack is made only where nothing stood; nothing of the user's is ever overwritten but schemas, which are made.
"""

import json
import re
from pathlib import Path
from typing import Any

from liuhen.adapters.packfiles.schema import schemas
from liuhen.adapters.packfiles.template import NewPack, files_of
from liuhen.core.kernel.errors import BadInput

__all__ = ["NewPack", "pack_schemas", "write_pack", "write_schemas"]

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def write_pack(folder: Path, new: NewPack) -> list[Path]:
    """Write a new pack and the schemas it refers to; gives the files of the pack.

    Raises BadInput for an id that cannot name a pack, an empty title, or a folder that is not empty.
    """
    if not _ID.fullmatch(new.id):
        raise BadInput(
            "--id", f"“{new.id}” cannot name a pack; write small letters, digits and hyphens, like chengguan"
        )
    if not new.title.strip():
        raise BadInput("--title", "is empty; write the full title of the regulation")
    if not 1950 <= new.in_force_from.year <= 2990:
        raise BadInput("--in-force-from", f"{new.in_force_from} is no day on which a regulation came into force")
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise BadInput(str(folder), "is not empty; give a folder that does not exist yet")
    made = []
    for name, text in files_of(new).items():
        file = folder / name
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        except OSError as fault:
            raise BadInput(str(file), f"cannot be written: {fault.strerror}; give another folder") from None
        made.append(file)
    write_schemas(folder / "schema")
    return made


def pack_schemas() -> dict[str, Any]:
    """Give the schemas of a pack's files by their names."""
    return schemas()


def write_schemas(folder: Path) -> list[Path]:
    """Write one file a schema. Raises BadInput where the folder cannot be written."""
    made = []
    for name, schema in schemas().items():
        file = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as fault:
            raise BadInput(str(file), f"cannot be written: {fault.strerror}; give another folder") from None
        made.append(file)
    return made
