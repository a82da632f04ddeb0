"""What a delivery says before it is taken in: its name, its companions, its place in the recorder's ledger.

Invariant: reading changes nothing and asks the register only; what it could not settle stands in `doubts`, in sentences.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path, PurePath

from liuhen.adapters.station.companions import LARGEST, MEDIA_TYPES, Statement, read_companion
from liuhen.adapters.station.ledger import LARGEST as LARGEST_LEDGER
from liuhen.adapters.station.ledger import Entry, KeyMoment, Ledger, read_ledger
from liuhen.adapters.station.naming import NameRead, Pattern, read_name
from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.moments import say_instant
from liuhen.flows.claims import Claims, Way
from liuhen.flows.station.found import Delivery, open_plain
from liuhen.flows.station.roll import Roll
from liuhen.records.index.models import RecordingRow

_APART = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Companion:
    """A file to lie beside the recording."""

    path: Path
    kind: str
    media_type: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery says: claims for the flow, companions, the place in the ledger, and what remains doubtful."""

    claims: Claims
    name: NameRead | None = None
    companions: tuple[Companion, ...] = ()
    entry: Entry | None = None
    moments: tuple[KeyMoment, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """How the deliveries of one folder are read: by which patterns, on whose register, as come by which way."""

    patterns: Sequence[Pattern]
    roll: Roll
    agency: str
    way: Way
    root: Path
    _parts: dict[str, set[int]] = field(default_factory=dict)
    _ledger: tuple[Path, int, int, Ledger] | None = None

    def expect(self, films: Iterable[Path]) -> None:
        """Look at the names of all files that lie there: what numbers mean is told by the names beside them."""
        for film in films:
            name = read_name(self.patterns, self._shown(film))
            if name is not None and name.whole is not None and name.part is not None:
                self._parts.setdefault(name.whole, set()).add(name.part)

    def read(self, delivery: Delivery) -> Told:
        """Read a delivery; what is gone or cannot be read says nothing."""
        name = read_name(self.patterns, self._shown(delivery.film))
        companions = [(path, _statement(path)) for path in delivery.companions]
        doubts: list[str] = []
        claims = self._claims(delivery.film, name, [said for _, said in companions], doubts)
        ledger = self.ledger_at(delivery.ledger) if delivery.ledger else None
        return Told(
            claims=claims,
            name=name,
            companions=tuple(_companion(path, said) for path, said in companions),
            entry=ledger.entry_of(delivery.film.name) if ledger else None,
            moments=ledger.moments_of(delivery.film.name) if ledger else (),
            doubts=tuple(doubts),
        )

    def _shown(self, path: Path) -> PurePath:
        try:
            return path.relative_to(self.root)
        except ValueError:
            return path

    def ledger_at(self, path: Path) -> Ledger | None:
        """Read a ledger once for all files of its folder, and again when it has grown."""
        try:
            found = path.stat()
            known = self._ledger
            if known is None or known[:3] != (path, found.st_size, found.st_mtime_ns):
                data = _head(path, LARGEST_LEDGER)
                self._ledger = known = (path, found.st_size, found.st_mtime_ns, read_ledger(data))
        except OSError:
            return None  # gone with its card: what is taken in without it says nothing of it
        return known[3]

    def _claims(
        self,
        film: Path,
        name: NameRead | None,
        statements: Sequence[Statement],
        doubts: list[str],
    ) -> Claims:
        device = self._registered("设备", [one.device for one in statements], name.device if name else None, doubts)
        officer = self._registered("人员", [one.officer for one in statements], name.officer if name else None, doubts)
        part = self._part(name)
        started = next((one.started for one in statements if one.started), None)
        ended = next((one.ended for one in statements if one.ended), None)
        by_name = name.started if name and (part is None or part == 1) else None
        if started and by_name and abs(started - by_name) > _APART:
            doubts.append(f"随附文件写的开始时间是 {say_instant(started)}，文件名写的是 {say_instant(by_name)}，请核对")
        return Claims(
            way=self.way,
            device=device,
            officer=officer,
            started_at=started or by_name,
            ended_at=ended if started else (name.ended if name and by_name else None),
            said_by="设备" if started else "文件名",
            whole=name.whole if name and part is not None else None,
            part=part,
            original_name=shown_name(film),
        )

    def _part(self, name: NameRead | None) -> int | None:
        """Give the part that a name says; a number that may only count files needs another part beside it or before it."""
        if name is None or name.part is None or name.whole is None:
            return None
        if name.certain_parts or self._parts.get(name.whole, set()) - {name.part}:
            return name.part
        before = RecordingRow.objects.filter(agency=self.agency, whole=name.whole).exclude(part=name.part)
        return name.part if before.exists() else None

    def _registered(self, what: str, stated: Sequence[str | None], named: str | None, doubts: list[str]) -> str | None:
        """Look up what companions say, else what the name says; a number that the register does not know is a doubt."""
        find = self.roll.device if what == "设备" else self.roll.officer
        numbers = list(dict.fromkeys(number for number in (*stated, named) if number))
        found = list(dict.fromkeys(uid for number in numbers if (uid := find(number))))
        if len(found) > 1:
            doubts.append(f"随附文件与文件名写的{what}不一致（{'、'.join(numbers)}），没有采用，请核对")
            return None
        if numbers and not found:
            doubts.append(f"{what}“{numbers[0]}”不在本机关名册上")
        return found[0] if found else None


def shown_name(path: Path) -> str:
    """Give a file's name in one spelling; bytes that are no text are shown as �."""
    text = path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return normal("".join(char if char.isprintable() else "\ufffd" for char in text))


def companion_at(path: Path) -> Companion:
    """Read a companion whose film is not there."""
    return _companion(path, _statement(path))


def _companion(path: Path, said: Statement) -> Companion:
    return Companion(path, said.kind, MEDIA_TYPES[path.suffix.casefold()], said.note)


def _statement(path: Path) -> Statement:
    try:
        return read_companion(path.suffix.casefold(), _head(path, LARGEST))
    except OSError as error:
        return Statement("说明", note=f"读取时出错（{error.strerror}）")


def _head(path: Path, most: int) -> bytes:
    with open_plain(path) as file:
        return file.read(most)
