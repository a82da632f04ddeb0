"""采集站: a watched folder. Files that have come to rest are taken in, then put out of the way or remembered where they lie.

Invariant: nothing is taken that is still being written; nothing is moved before what became of it stands in the ledger; a
source is never deleted. Killed at any moment, or watched by two at once, the next look does what is left to do, and no file
becomes two recordings; one that brings down every process that reads it is set aside at the third. A folder that is gone (a
card pulled out, a share away) is an empty one until it is back.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from liuhen.adapters.station.naming import Pattern
from liuhen.adapters.vault.port import DiskFull
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows.access import Permission, require
from liuhen.flows.claims import Claims
from liuhen.flows.ingest import Ingested
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.station.crew import together
from liuhen.flows.station.found import Delivery, Mark, find_files, gather, is_companion, is_ledger
from liuhen.flows.station.memory import Memory
from liuhen.flows.station.moving import move, places_in
from liuhen.flows.station.reading import Reader, Told, companion_at
from liuhen.flows.station.roll import roll_of
from liuhen.flows.station.stillness import (
    StillMoving,
    Stillness,
    held,
    is_unfinished,
    readable_name,
    require_unchanged,
)
from liuhen.flows.station.taking import accompany, accompany_later, set_alone, take_in

_AWAY = "采集文件夹现在不在（存储卡已拔出，或者共享断开），接上后继续"


@dataclass(frozen=True, slots=True)
class Watch:
    """Which folder, how names are read, where to put what was dealt with (None: leave it), and how long a file must rest.

    `patience` is for what looks cut off, and for companions without a film: it may yet come.
    """

    folder: Path
    patterns: Sequence[Pattern]
    done: Path | None = None
    settle: timedelta = timedelta(seconds=10)
    patience: timedelta = timedelta(minutes=10)
    streams: int = 1


@dataclass(slots=True)
class Look:
    """What one look at the folder left: how many files wait until they have come to rest, and what is in trouble."""

    waiting: int = 0
    troubles: list[str] = field(default_factory=list)


class Watcher:
    """A folder under watch by an actor; `clock` gives the moment at which a file is stored."""

    def __init__(self, watch: Watch, actor: Actor, clock: Callable[[], datetime]) -> None:
        require(actor, Permission.INGEST)
        self._watch, self._actor, self._clock = watch, actor, clock
        self._memory = Memory(office().data, watch.folder)
        self._stillness = Stillness()
        self._reader = Reader(watch.patterns, roll_of(actor.agency), actor.agency, "采集站", watch.folder)
        self.last, self._is_full = Look(), False

    def look(self, tick: float) -> Iterator[Ingested]:
        """Look once at `tick` (seconds of a clock that only goes forward) and take in what has come to rest.

        Gives each file as soon as it stands; `last` then says what is waiting and what is in trouble.
        """
        self.last, self._is_full = Look(), False
        files = self._files()
        self._stillness.look(files.items(), tick)
        fresh = [path for path, mark in files.items() if self._memory.of(path, mark) is None]
        self._clear_away(files, frozenset(fresh))
        ready = [one for one in gather(fresh) if not is_ledger(one.film) and self._is_ready(one, tick)]
        if ready:
            self._reader.roll = roll_of(self._actor.agency)
            self._reader.expect(path for path in files if not is_companion(path))
        for _, rows in together(ready, self._take, streams=self._watch.streams):
            yield from rows
        for ledger in fresh:
            if is_ledger(ledger) and self._has_rested(ledger, tick, self._watch.settle):
                self._follow_ledger(ledger)

    def _files(self) -> dict[Path, Mark]:
        if not self._watch.folder.is_dir():
            self._tell(self._watch.folder, _AWAY)
            return {}
        skip = places_in(self._watch.done) if self._watch.done else ()
        return dict(find_files(self._watch.folder, trouble=self._fail, skip=skip, everything=False))

    def _clear_away(self, files: Iterable[Path], fresh: frozenset[Path]) -> None:
        """Move what a kill left lying between the ledger and the move."""
        for path in files:
            known = self._memory.of(path, self._stillness.mark(path)) if path not in fresh else None
            if known is not None and not is_ledger(path):
                self._put_away(path, aside=known.status == "quarantined")

    def _is_ready(self, delivery: Delivery, tick: float) -> bool:
        alone = is_companion(delivery.film) and self._memory.recording_beside(delivery.film) is None
        rest = self._watch.patience if alone else self._watch.settle
        members = (delivery.film, *delivery.companions)
        ready = all(self._has_rested(path, tick, rest) for path in members) and (
            is_companion(delivery.film)
            or self._has_rested(delivery.film, tick, self._watch.patience)
            or not is_unfinished(delivery.film)
        )
        self.last.waiting += 0 if ready else len(members)
        return ready

    def _has_rested(self, path: Path, tick: float, rest: timedelta) -> bool:
        """A short rest is only believed of what was watched; a long one may also be read off the file's two clocks."""
        watched = self._stillness.still_for(path, tick)
        if watched >= rest.total_seconds():
            return True
        if rest <= self._watch.settle or watched < self._watch.settle.total_seconds():
            return False
        mark = self._stillness.mark(path)
        return max(mark.modified, mark.changed) / 1e9 <= (self._clock() - rest).timestamp()

    def _take(self, delivery: Delivery) -> tuple[Ingested, ...]:
        """Take one delivery in and put it away; what cannot be taken now is told and tried again at a later look."""
        if self._is_full:
            self.last.waiting += 1
            return ()
        try:
            return self._take_companion(delivery.film) if is_companion(delivery.film) else self._take_film(delivery)
        except StillMoving:
            self.last.waiting += 1
        except OSError as error:
            self._fail(delivery.film, error)
        except LiuhenError as refusal:
            self._is_full = self._is_full or isinstance(refusal, DiskFull)
            self._tell(delivery.film, str(refusal))
        return ()

    def _take_film(self, delivery: Delivery) -> tuple[Ingested, ...]:
        seen = self._stillness.mark(delivery.film)
        with held(delivery.film, seen) as file:
            source = readable_name(file, delivery.film)
            told = self._reader.read(delivery)
            rows = take_in(
                delivery,
                told,
                self._occasion(),
                source=source,
                progress=lambda _: require_unchanged(file, seen),
            )
            require_unchanged(file, seen)
            self._note(rows)
        return rows

    def _take_companion(self, path: Path) -> tuple[Ingested, ...]:
        """A companion whose film came before it lies beside its recording; one that waited in vain is set aside."""
        with held(path, self._stillness.mark(path)):
            companion = companion_at(path)
            recording = self._memory.recording_beside(path)
            if recording is None:
                row = set_alone(companion, self._occasion())
            else:
                row = accompany_later(recording, companion, self._occasion())
            self._note((row,))
        return (row,)

    def _follow_ledger(self, path: Path) -> None:
        """Say of recordings taken in before their ledger came, or before it grew, what it says of them. It stays in its place."""
        ledger = self._reader.ledger_at(path)
        if ledger is None:
            return
        names = dict.fromkeys([entry.file for entry in ledger.entries] + [moment.file for moment in ledger.moments])
        try:
            for name in names:
                film = path.with_name(name)
                recording = self._memory.recording_at(film)
                if recording is not None:
                    told = Told(Claims(), entry=ledger.entry_of(name), moments=ledger.moments_of(name))
                    accompany(recording, self._memory.sha256_at(film), told, (), self._occasion(), ledger=path)
            self._memory.note(path, self._stillness.mark(path), _ledger_row(path), self._clock())
        except OSError as error:
            self._fail(path, error)
        except LiuhenError as refusal:
            self._tell(path, str(refusal))

    def _note(self, rows: Sequence[Ingested]) -> None:
        for row in rows:
            path = Path(row.path)
            self._memory.note(path, self._stillness.mark(path), row, self._clock())
            self._put_away(path, aside=row.status == "quarantined")

    def _put_away(self, path: Path, *, aside: bool) -> None:
        if self._watch.done is None:
            return
        try:
            move(path, self._watch.folder, places_in(self._watch.done)[aside])
        except FileNotFoundError:
            return  # another watcher did, or the card is gone
        except OSError as error:
            self._fail(path, error)

    def _occasion(self) -> Occasion:
        now = self._clock()
        return Occasion(self._actor, now, now)

    def _fail(self, path: Path, error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            self._tell(path, f"无法读取或移动（{error.strerror}）；请检查权限和存储介质，恢复后自动再试")

    def _tell(self, path: Path, sentence: str) -> None:
        shown = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        self.last.troubles.append(sentence if sentence.startswith(shown) else f"{shown}：{sentence}")


def _ledger_row(path: Path) -> Ingested:
    return Ingested(str(path), None, "", "", "stored")
