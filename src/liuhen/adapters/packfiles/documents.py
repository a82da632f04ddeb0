"""Document types on disk: `documents/*.yaml`, read in the order of their names.

Invariant: what cannot be read is refused with file and line; a catalogue that is given is sound as a whole.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from liuhen.adapters.packfiles.located import read_text, read_yaml
from liuhen.core.documents.model import DocumentType, catalogue_of
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput


@cache
def shipped_documents() -> Mapping[str, DocumentType]:
    """Give the document types that come with Liuhen, by name."""
    return read_documents(Path(str(resources.files("liuhen") / "documents")))


def read_documents(folder: Path) -> Mapping[str, DocumentType]:
    """Read a folder of document types. Raises BadInput with file and line."""
    types = [one for file in sorted(folder.glob("*.yaml")) for one in _read_file(file)]
    return catalogue_of(types)


def read_document_type(text: str, shown: str) -> DocumentType:
    """Read one type from YAML text that came from `shown`. Raises BadInput with file and line."""
    located = read_text(text, shown)
    try:
        return decode(DocumentType, located.data)
    except BadInput as fault:
        raise located.relocate(fault) from None


def write_document_type(kind: DocumentType) -> str:
    """Write one type as YAML for people to change; what is as it would be anyway is left out."""
    plain = encode(kind)
    if "states" in plain:
        plain["states"] = dict(plain["states"])
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=110)


def line_of(text: str, place: str) -> int:
    """Give the line of YAML text at which a place of a type stands, or the nearest around it. Raises BadInput."""
    where = read_text(text, "格式").relocate(BadInput(place, "")).place
    return int(where.rpartition(":")[2])


def _read_file(file: Path) -> list[DocumentType]:
    located = read_yaml(file, file.name)
    found = located.data.get("types") if isinstance(located.data, dict) else None
    if not isinstance(found, list) or set(located.data) != {"types"}:
        raise BadInput(f"{file.name}:1", "expected `types:` with a list of document types and nothing else")
    types = []
    for place, data in enumerate(found):
        try:
            types.append(decode(DocumentType, data, f"types[{place}]"))
        except BadInput as fault:
            raise located.relocate(fault) from None
    return types
