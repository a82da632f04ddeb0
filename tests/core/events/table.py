"""The table of event types in docs/formats/scenario.md, made from the catalogue; `python -m tests.core.events.table` renews it.

Invariant: every field of every type is explained; a new field without a meaning fails the test that keeps the page fresh.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from liuhen.adapters.packfiles.event_meanings import MEANINGS, meaning_of
from liuhen.core.events import parts
from liuhen.core.events.catalogue import BY_NAME
from liuhen.core.events.parts import FileRef, MediaSummary

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "scenario.md"
BEGIN, END = "<!-- events: made by tests/core/events/table.py -->", "<!-- end of events -->"
_STREAMS = {"agency": "机关的事件", "case": "案件的事件", "recording": "音像的事件（每条都写 `recording`，如 r1）"}
_SCALARS = {str: "文字", int: "整数", bool: "true 或 false", datetime: "时间", date: "日期", Decimal: "数字，加引号"}
_PARTS = (
    "Source",
    "Party",
    "WorkingOfficer",
    "Participant",
    "Evidence",
    "ListEntry",
    "SignerPlace",
    "MediaSummary",
    "Span",
)


def event_tables() -> str:
    """Write all types with their fields, by stream, then the groups that fields hold."""
    sections = []
    for stream, title in _STREAMS.items():
        sections.append(f"### {title}")
        kinds = [kind for kind in BY_NAME.values() if kind.stream == stream]
        sections += [f"**`{kind.name}` {kind.label}**\n\n{_table(kind.name, kind.content)}" for kind in kinds]
    sections.append("### 字段里的小组")
    used = [getattr(parts, name) for name in _PARTS if hasattr(parts, name)]
    sections += [f"**{part.__name__}**：{MEANINGS[part.__name__]}\n\n{_table(part.__name__, part)}" for part in used]
    return "\n\n".join(sections)


def _table(owner: str, content: type) -> str:
    hints = typing.get_type_hints(content)
    rows = ["| 字段 | 写法 | 必填 | 意思 |", "|---|---|---|---|"]
    for field in dataclasses.fields(content):
        how, optional = _how(hints[field.name])
        needed = not _has_default(field) and not optional and not _filled_in(owner, field.name, hints[field.name])
        rows.append(f"| `{field.name}` | {how} | {'是' if needed else ''} | {meaning_of(owner, field.name)} |")
    return "\n".join(rows)


def _has_default(field: Any) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _filled_in(owner: str, name: str, hint: Any) -> bool:
    """Say whether the reader of scenarios fills the field in when it is not written."""
    return hint in (FileRef, MediaSummary) or f"{owner}.{name}" in (
        "case.registered.packs",
        "case.document-signed.file_sha256",
    )


def _how(hint: Any) -> tuple[str, bool]:
    """Say how a value is written, and whether it may be left out."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _how(next(arg for arg in args if arg is not type(None)))[0], True
    if origin is Literal:
        return "、".join(f"“{choice}”" for choice in args) + "之一", False
    if origin is tuple:
        return f"列表：{_how(args[0])[0]}", False
    if origin is Mapping or str(origin).endswith("Mapping'>"):
        return "“项目: 文字”的对照", False
    if hint is FileRef:
        return "文件名", False
    if hint is MediaSummary:
        return "video、audio 或 photo", False
    if dataclasses.is_dataclass(hint):
        return f"一组字段（{typing.cast(type, hint).__name__}）", False
    return _SCALARS[hint], False


def main() -> None:
    """Renew the page in place."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{event_tables()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
