"""The office: the tools of this installation, built once from its settings and handed to flows.

The only room of the flows that knows how a vault, a seal or a key folder comes to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from liuhen.adapters.calendars.published import published_calendar
from liuhen.adapters.keys.folder import KeyFolder
from liuhen.adapters.packfiles.chains import DefaultChains, shipped_chains
from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.packfiles.shelf import Shelf, shipped_shelf
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.adapters.vault.opening import open_vault
from liuhen.adapters.vault.port import Vault
from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.documents.model import DocumentType


@dataclass(frozen=True, slots=True)
class Office:
    """What flows work with: the data folder, the vault, keys, document types and their typesetter, the calendar, the packs,
    the default chains of approval."""

    data: Path
    vault: Vault
    keys: KeyFolder
    documents: Mapping[str, DocumentType]
    typesetter: Typesetter
    calendar: WorkCalendar
    shelf: Shelf
    chains: DefaultChains


def office() -> Office:
    """Give the tools for the settings in force."""
    return _office(Path(settings.DATA), str(settings.VAULT), tuple(settings.PACKS))


@cache
def _office(data: Path, vault: str, packs: tuple[Path, ...]) -> Office:
    return Office(
        data=data,
        vault=open_vault(vault, spool=data / "spool"),
        keys=KeyFolder(data / "keys"),
        documents=shipped_documents(),
        typesetter=Typesetter(shipped_documents()),
        calendar=published_calendar(),
        shelf=(shipped_shelf() + packs).settle(),
        chains=shipped_chains(),
    )
