"""Patterns of file names on the command line: checking a file of them, and saying what would be read of files that lie there."""

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from liuhen.adapters.station.naming import NameRead, Pattern, read_name
from liuhen.adapters.station.pattern_file import check_patterns, read_patterns
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import render_instant
from liuhen.doors.cli.printing import print_json

if TYPE_CHECKING:
    from liuhen.flows.station.found import Delivery
    from liuhen.flows.station.reading import Reader, Told

_LABELS = {
    "pattern": "样式",
    "device": "设备",
    "officer": "人员",
    "started_at": "开始",
    "ended_at": "结束",
    "whole": "同一录制",
    "part": "第几段",
}


def patterns_of(file: str | None) -> tuple[Pattern, ...]:
    """Read the patterns to use, without a file the shipped ones. Raises BadInput with file and line."""
    return read_patterns(Path(file) if file else None)


def check_file(given: Sequence[str], *, json: bool) -> int:
    """Check a file of patterns and say what it reads of its examples and of further names; 1 when it has a fault."""
    if not given:
        raise BadInput("ingest patterns check", "no file named; write liuhen ingest patterns check FILE [NAME...]")
    path, names = Path(given[0]), given[1:]
    checked = check_patterns(path)
    shown = [*(example for pattern in checked.patterns for example in pattern.examples), *names]
    read = [] if checked.faults else [(name, read_name(checked.patterns, PurePath(name))) for name in shown]
    if json:
        faults = [{"place": fault.place, "message": fault.sentence} for fault in checked.faults]
        print_json({"faults": faults, "names": [{"name": name, **_said(found)} for name, found in read]})
    else:
        for fault in checked.faults:
            print(fault)
        for name, found in read:
            print(f"{name}\n{_lines(_said(found))}")
        print(
            f"{path}：{len(checked.faults)} 处问题"
            if checked.faults
            else f"{path}：{len(checked.patterns)} 个样式，没有问题"
        )
    unread = any(found is None for name, found in read if name in names)
    return 1 if checked.faults or unread else 0


def explain(deliveries: "Sequence[Delivery]", reader: "Reader", *, json: bool) -> int:
    """Say for every delivery what would be claimed of it, and what is doubtful; nothing is taken in."""
    rows = [_row(delivery, reader.read(delivery)) for delivery in deliveries]
    if json:
        print_json(rows)
        return 0
    for row in rows:
        print(f"{row['path']}\n{_lines(row)}")
        for companion in row["companions"]:
            print(f"    随附：{companion['kind']}  {companion['path']}")
        for doubt in row["doubts"]:
            print(f"    存疑：{doubt}")
    return 0


def _row(delivery: "Delivery", told: "Told") -> dict[str, Any]:
    claims = told.claims
    return {
        "path": _shown(delivery.film),
        **_said(told.name),
        "device_uid": claims.device,
        "officer_uid": claims.officer,
        "started_at": render_instant(claims.started_at) if claims.started_at else None,
        "ended_at": render_instant(claims.ended_at) if claims.ended_at else None,
        "whole": claims.whole,
        "part": claims.part,
        "ledger_line": told.entry.line if told.entry else None,
        "companions": [{"path": _shown(one.path), "kind": one.kind} for one in told.companions],
        "doubts": list(told.doubts),
    }


def _said(found: NameRead | None) -> dict[str, Any]:
    if found is None:
        return dict.fromkeys(_LABELS)
    return {
        "pattern": found.pattern.name,
        "device": found.device,
        "officer": found.officer,
        "started_at": render_instant(found.started) if found.started else None,
        "ended_at": render_instant(found.ended) if found.ended else None,
        "whole": found.whole,
        "part": found.part,
    }


def _lines(said: dict[str, Any]) -> str:
    told = [f"    {label}：{said[key]}{_known(said, key)}" for key, label in _LABELS.items() if said[key] is not None]
    return "\n".join(told) if said["pattern"] else "\n".join(["    没有样式读得通这个名称", *told])


def _known(said: dict[str, Any], key: str) -> str:
    uid = said.get(f"{key}_uid")
    return f"（本机关登记：{uid}）" if uid else ""


def _shown(path: Path) -> str:
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
