"""文书格式 in force: the types that come with Liuhen, overlaid by what superiors published and by what the agency itself adopted.

Invariant: of all adoptions that bind an agency, the one recorded last holds; one that was taken back binds nobody any more. A
superior's adoption binds those below only where it was published to them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from liuhen.core.documents.definition import read_type
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.agency import AgencyEstablished, SuperiorSet
from liuhen.core.events.envelope import Header
from liuhen.core.events.formats import DocumentTypeAdopted
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.ground import open_kept
from liuhen.flows.office import office
from liuhen.records.ledger.read import sealed_of_types

# Longer lines of agencies do not exist, and a circle of superiors must end.
_LONGEST_LINE = 8
_TYPES = ("agency.established", "agency.superior-set", "agency.document-type-adopted")


class FormUnknown(LiuhenError):
    """No such form."""


@dataclass(frozen=True, slots=True)
class Format:
    """A type of document as it holds for an agency, and who set it: version 0 of nobody is the one that comes with Liuhen."""

    kind: DocumentType
    version: int = 0
    agency: str = ""
    agency_name: str = ""
    event: str = ""
    at: datetime | None = None
    by: str = ""
    note: str = ""
    template: FileRef | None = None
    published: bool = False

    @property
    def name(self) -> str | None:
        """How a document names the version it was made by; nothing for the type that comes with Liuhen."""
        return f"{self.agency}/{self.kind.code}/{self.version}" if self.version else None


@dataclass(frozen=True, slots=True)
class Adoption:
    """An adoption as it was recorded."""

    header: Header
    said: DocumentTypeAdopted


@dataclass(frozen=True, slots=True)
class Setter:
    """An agency that sets formats: its name, the one above it, its adoptions in their order."""

    uid: str
    name: str
    superior: str | None
    adoptions: tuple[Adoption, ...]

    def format(self, adoption: Adoption) -> Format:
        """Give what an adoption set; only of one that was not a taking back."""
        said, header = adoption.said, adoption.header
        return Format(
            kind=_kind(said.definition or ""),
            version=said.version,
            agency=self.uid,
            agency_name=self.name,
            event=header.id,
            at=header.at,
            by=header.actor,
            note=said.note or "",
            template=said.template,
            published=said.published,
        )


_kind = lru_cache(maxsize=512)(read_type)


def setter_of(agency: str) -> Setter:
    """Read what an agency set."""
    name, superior, adoptions = "", None, []
    for kept in sealed_of_types(f"agency:{agency}", *_TYPES):
        event = open_kept(kept, "")
        if isinstance(event.content, AgencyEstablished):
            name, superior = event.content.name, event.content.superior
        elif isinstance(event.content, SuperiorSet):
            superior = event.content.superior
        elif isinstance(event.content, DocumentTypeAdopted):
            adoptions.append(Adoption(event.header, event.content))
    return Setter(agency, name, superior, tuple(adoptions))


def line_of(agency: str) -> Iterator[Setter]:
    """Give the agency and those above it, upwards."""
    seen: set[str] = set()
    uid: str | None = agency
    while uid is not None and uid not in seen and len(seen) < _LONGEST_LINE:
        seen.add(uid)
        setter = setter_of(uid)
        yield setter
        uid = setter.superior


def shipped_types() -> Mapping[str, DocumentType]:
    """Give the types of documents that cases have and that come with Liuhen, by name."""
    return {name: kind for name, kind in office().documents.items() if not kind.of_volume}


def formats_of(agency: str) -> Mapping[str, Format]:
    """Give the formats in force for an agency, by the names of their types."""
    formats = {name: Format(kind) for name, kind in shipped_types().items()}
    names = {kind.code: name for name, kind in shipped_types().items()}
    learned: dict[str, datetime] = {}
    for setter in line_of(agency):
        for code, adoption in _binding(setter, agency).items():
            # The agency itself comes first in the line, so at the same moment its own word holds.
            if code in names and (code not in learned or adoption.header.recorded_at > learned[code]):
                learned[code] = adoption.header.recorded_at
                formats[names[code]] = setter.format(adoption)
    return formats


def _binding(setter: Setter, agency: str) -> dict[str, Adoption]:
    """Give the newest adoption of each code that binds an agency; nothing for a code that was taken back."""
    found: dict[str, Adoption] = {}
    for adoption in setter.adoptions:
        if setter.uid == agency or adoption.said.published:
            found[adoption.said.code] = adoption
    return {code: one for code, one in found.items() if one.said.definition is not None}


def format_of(agency: str, form: str) -> Format:
    """Give the format in force of one type. Raises FormUnknown."""
    known = formats_of(agency)
    if form not in known:
        raise FormUnknown(f"没有“{form}”这种文书；现有：{'、'.join(known)}")
    return known[form]


def layout_of(format: Format) -> bytes | None:
    """Read an agency's own layout, None where documents are drawn by those that come with Liuhen."""
    if format.template is None:
        return None
    with office().vault.open(format.template.sha256) as file:
        return file.read()
