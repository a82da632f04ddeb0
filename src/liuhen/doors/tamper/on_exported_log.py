"""Lies about the exported log: what anybody finds who hashes it again under a checkpoint that witnesses cosigned."""

from collections.abc import Callable
from pathlib import Path

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.audit import audit
from liuhen.core.tlog.checkpoint import TreeHead
from liuhen.core.tlog.policy import judge_checkpoint
from liuhen.core.tlog.refusals import LogRefusal
from liuhen.core.tlog.tiles import CHECKPOINT_PATH, bundle_at, parse_bundle, render_bundle, tile_at
from liuhen.core.verifier.report import Finding, Report
from liuhen.core.verifier.series import require_all_kinds
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie, Spoil, nothing
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.shadow import size_of
from liuhen.flows.keep_log import FAST


class _Files:
    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def read_file(self, path: str) -> bytes | None:
        return self._files.get(path)


def audit_log(forgery: Forgery, _: Path, __: Spoil) -> Report:
    """Check the exported log as an auditor does who holds the trust file: checkpoint, then every entry and tile."""
    files, report = forgery.files, Report()
    try:
        verdict = judge_checkpoint(files.get(CHECKPOINT_PATH, b""), forgery.specimen.trust.policy, FAST)
        verdict.require_quorum()
        opened = verdict.opened
        require_all_kinds(opened.log_signatures, forgery.specimen.trust.policy, opened.checkpoint.origin)
    except LiuhenError as fault:
        code = fault.code if isinstance(fault, LogRefusal) else "TLOG-101"
        report.add([Finding(code, CHECKPOINT_PATH, str(fault))])
        return report
    found = audit(_Files(files), TreeHead(opened.checkpoint.size, opened.checkpoint.root)).findings
    report.add(Finding(item.code, item.path, item.message) for item in found)
    return report


def attacks() -> tuple[Attack, ...]:
    """Give the lies about the exported log."""
    entries, tile, point = "tile/entries/000.p/", "tile/0/000.p/", CHECKPOINT_PATH
    remark = "It is genuine; a witness asked for its newest checkpoint says that there is a newer one"
    return (
        *_on(entries, "log entries", "TLOG-503", "TLOG-502"),
        *_on(tile, "log tile", "TLOG-504", "TLOG-504"),
        _lie(
            "exported checkpoint",
            "checkpoint-touched",
            "edit",
            "the size is changed",
            _edit(point, _other_size),
            "TLOG-201",
        ),
        _lie(
            "exported checkpoint", "checkpoint-gone", "delete", "the checkpoint is left out", _drop(point), "TLOG-101"
        ),
        _lie(
            "exported checkpoint",
            "checkpoint-cut",
            "cut",
            "its last cosignature is missing",
            _edit(point, _less_a_line),
            "TLOG-204",
        ),
        _lie(
            "exported checkpoint",
            "checkpoint-line",
            "insert",
            "a line is added to its text",
            _edit(point, _more_text),
            "TLOG-201",
        ),
        _lie(
            "exported checkpoint",
            "checkpoint-reordered",
            "reorder",
            "two of its lines exchange their places",
            _edit(point, _reordered),
            "TLOG-104",
        ),
        _lie(
            "exported checkpoint",
            "checkpoint-swapped",
            "swap",
            "the checkpoint of another log",
            _edit(point, _other_log),
            "TLOG-203",
        ),
        _lie(
            "exported checkpoint",
            "checkpoint-early",
            "back-date",
            "the time of a cosignature is put back",
            _edit(point, _earlier),
            "TLOG-201",
        ),
        _lie(
            "exported checkpoint",
            "checkpoint-older",
            "replay",
            "the checkpoint of the day before, with its tiles",
            _older,
            remark=remark,
        ),
    )


def _lie(artefact: str, name: str, operation: str, does: str, lie: Lie, *expects: str, remark: str = "") -> Attack:
    about = About(artefact, "exported", Attacker.INSIDER)
    return about.lie(
        name, operation, does, _OnLog(lie), *expects, truth=_HONEST, only=(), judge=audit_log, remark=remark
    )


class _OnLog:
    """A lie told to the log's files instead of the package's."""

    def __init__(self, lie: Lie) -> None:
        self._lie = lie

    def __call__(self, forgery: Forgery) -> None:
        forgery.files = dict(forgery.specimen.log)
        self._lie(forgery)


_HONEST = _OnLog(nothing)


def _on(folder: str, artefact: str, differs: str, malformed: str) -> tuple[Attack, ...]:
    short = artefact.removeprefix("log ")

    def lie(name: str, operation: str, does: str, change: Callable[[bytes], bytes], code: str) -> Attack:
        return _lie(artefact, f"{short}-{name}", operation, does, _edit(folder, change), code)

    def touch(data: bytes) -> bytes:
        return data[:60] + bytes([data[60] ^ 1]) + data[61:]

    def shift(data: bytes) -> bytes:
        return data[64:] + data[:64]

    return (
        lie("touched", "edit", "a byte is changed", touch, differs),
        lie("longer", "insert", "bytes are added", lambda data: data + bytes(32), "TLOG-502"),
        lie("cut", "cut", "the end is missing", lambda data: data[:-32], "TLOG-502"),
        lie("reordered", "reorder", "its parts are turned round", shift, malformed),
        _lie(artefact, f"{short}-gone", "delete", "the file is left out", _drop(folder), "TLOG-501"),
    )


def _path(forgery: Forgery, folder: str) -> str:
    return next(path for path in sorted(forgery.files) if path.startswith(folder))


def _edit(folder: str, change: Callable[[bytes], bytes]) -> Lie:
    def lie(forgery: Forgery) -> None:
        path = _path(forgery, folder)
        before = forgery.files[path]
        forgery.files[path] = change(before)
        if forgery.files[path] == before:
            raise LookupError(f"{path} was not changed")

    return lie


def _drop(folder: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        del forgery.files[_path(forgery, folder)]

    return lie


def _other_size(note: bytes) -> bytes:
    origin, size, rest = note.split(b"\n", 2)
    return b"\n".join([origin, str(int(size) - 1).encode(), rest])


def _less_a_line(note: bytes) -> bytes:
    return b"".join(note.splitlines(keepends=True)[:-1])


def _more_text(note: bytes) -> bytes:
    return note.replace(b"\n\n", b"\nmore\n\n", 1)


def _reordered(note: bytes) -> bytes:
    origin, size, root, rest = note.split(b"\n", 3)
    return b"\n".join([origin, root, size, rest])


def _other_log(note: bytes) -> bytes:
    return note.replace(b"ts-yj", b"zz-yj")


def _earlier(note: bytes) -> bytes:
    *lines, last = note.splitlines(keepends=True)
    head, encoded = last.rsplit(b" ", 1)
    flipped = (b"B" if encoded[8:9] == b"A" else b"A").join([encoded[:8], encoded[9:]])
    return b"".join([*lines, head, b" ", flipped])


def _older(forgery: Forgery) -> None:
    """Show the tree as it stood at the last checkpoint of the package, which is real and cosigned."""
    package = Forgery(forgery.specimen, forgery.attesters, forgery.specimen.files, forgery.packed_at, forgery.case)
    last = package.series[-1]
    size, whole = size_of(last), len(forgery.specimen.leaves)
    bundle, tile = bundle_at(0, whole), tile_at(0, 0, whole)
    entries = parse_bundle(forgery.files[bundle.path], bundle)[:size]
    row = forgery.files[tile.path][: size * 32]
    forgery.files = {
        CHECKPOINT_PATH: last.note,
        bundle_at(0, size).path: render_bundle(entries),
        tile_at(0, 0, size).path: row,
    }
