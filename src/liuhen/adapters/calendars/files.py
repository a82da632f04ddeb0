"""Calendar files as people keep them: JSON, YAML or CSV, read into what was typed, to be checked by the core.

Invariant: reading decides nothing about days; a file's own shape is all that is judged here, and every fault of it that can
be told from the others is told at once. The form is docs/formats/calendar.md.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from liuhen.core.calendar.calendar_data import FORMAT
from liuhen.core.calendar.entry import Mistake, Typed, TypedNotice, TypedSpan, parse_day
from liuhen.core.kernel.errors import BadInput

LARGEST = 1 << 20
_HEADINGS = ("年度", "类别", "起", "止", "名称", "依据")
_KINDS = ("放假", "上班", "地方休息")
_BETWEEN = re.compile(r"\s*(?:至|~|～|—|\.\.)\s*")
_YAML_REFERENCE = re.compile(rb"(?:^|[\s\[{,:-])[&*][A-Za-z0-9_]")


def read_calendar_file(data: bytes, name: str) -> Typed:
    """Read a file by the ending of its name. Raises BadInput for a file that is no calendar at all."""
    ending = name.rpartition(".")[2].lower()
    if len(data) > LARGEST:
        raise BadInput(name, "文件超过 1 MiB，不像是节假日安排；请核对是否选错了文件")
    if ending == "csv":
        return _from_rows(_text(data, name), name)
    if ending in ("json", "yaml", "yml"):
        return read_calendar_data(_parsed(data, name, ending), name)
    raise BadInput(name, "不认识这种文件；请用 .json、.yaml 或 .csv，写法见 docs/formats/calendar.md")


def _text(data: bytes, name: str) -> str:
    """Read text as UTF-8 or, as spreadsheets on Chinese Windows save it, GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(name, "既不是 UTF-8 也不是 GB 18030 编码的文字；请用表格软件另存为 CSV UTF-8")


def _parsed(data: bytes, name: str, ending: str) -> Any:
    try:
        if ending == "json":
            return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_no_twins)
        if _YAML_REFERENCE.search(data):
            raise BadInput(name, "不能使用 YAML 的锚点和引用；请把内容直接写出")
        # Every scalar stays the text that somebody typed: 2027-02-30 is for the core to refuse, 010 is no eight.
        return yaml.load(data.decode("utf-8-sig"), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise BadInput(f"{name} 第 {line} 行", "不是合法的 YAML；请核对缩进和冒号") from None
    except json.JSONDecodeError as fault:
        raise BadInput(f"{name} 第 {fault.lineno} 行", "不是合法的 JSON；请核对引号和逗号") from None
    except (UnicodeDecodeError, RecursionError, ValueError, yaml.YAMLError):
        raise BadInput(name, "不是 UTF-8 编码的文件，或者结构无法读取；请核对后重试") from None


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets the last of two equal keys win; a day that is written twice must be told instead."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise BadInput(str(twin), "同一处写了两次；请删去一条")
    return found


def read_calendar_data(data: Any, name: str) -> Typed:
    """Read what a JSON or YAML file holds, or a program sent. Raises BadInput where it is no calendar at all."""
    if not isinstance(data, Mapping):
        raise BadInput(name, "应有 notices（年度安排）或者 regional（地方休息日）；写法见 docs/formats/calendar.md")
    mistakes = [
        Mistake(name, f"没有“{key}”这一项；只有 format、notices、regional")
        for key in data
        if key not in ("format", "notices", "regional")
    ]
    if str(data.get("format", FORMAT)) != FORMAT:
        raise BadInput(name, f"format 应为“{FORMAT}”；这份文件由其他版本写成")
    notices = [
        notice
        for number, item in enumerate(_list(data.get("notices"), "notices", mistakes), 1)
        if (notice := _notice(item, f"第 {number} 份年度安排", mistakes))
    ]
    regional = None
    if data.get("regional") is not None:
        items = enumerate(_list(data["regional"], "regional", mistakes), 1)
        regional = tuple(span for number, item in items if (span := _rest(item, f"第 {number} 条地方休息日", mistakes)))
    return Typed(tuple(notices), regional, tuple(mistakes))


def _notice(item: Any, place: str, mistakes: list[Mistake]) -> TypedNotice | None:
    if not _is_group(item, ("year", "source", "days_off", "make_up_days"), place, mistakes):
        return None
    year = _scalar(item.get("year"))
    place = f"{year} 年" if year else place
    off: list[TypedSpan] = []
    days = item.get("days_off")
    if isinstance(days, Mapping):
        off = [_span(f"{place} {key}", str(key), _scalar(said)) for key, said in days.items()]
    elif days not in (None, ""):
        mistakes.append(Mistake(place, "days_off 应为“日期: 节日名称”的对照表"))
    made_up = [
        _span(f"{place} 上班日 {day}", _scalar(day), "") for day in _list(item.get("make_up_days"), place, mistakes)
    ]
    return TypedNotice(place, year, _scalar(item.get("source")), tuple(off), tuple(made_up))


def _rest(item: Any, place: str, mistakes: list[Mistake]) -> TypedSpan | None:
    if not _is_group(item, ("day", "name", "source"), place, mistakes):
        return None
    first, last = _ends(_scalar(item.get("day")))
    return TypedSpan(place, first, last, _scalar(item.get("name")), _scalar(item.get("source")))


def _is_group(item: Any, keys: tuple[str, ...], place: str, mistakes: list[Mistake]) -> bool:
    if not isinstance(item, Mapping):
        mistakes.append(Mistake(place, f"应为一组字段：{'、'.join(keys)}"))
        return False
    mistakes += [Mistake(place, f"没有“{key}”这一项；只有{'、'.join(keys)}") for key in item if key not in keys]
    return True


def _list(value: Any, place: str, mistakes: list[Mistake]) -> list[Any]:
    if value in (None, ""):
        return []
    if isinstance(value, list):
        return value
    mistakes.append(Mistake(place, "应为列表"))
    return []


def _scalar(value: Any) -> str:
    return "" if value is None or isinstance(value, (Mapping, list)) else str(value).strip()


def _span(place: str, days: str, name: str) -> TypedSpan:
    first, last = _ends(days)
    return TypedSpan(place, first, last, name)


def _ends(days: str) -> tuple[str, str]:
    parts = _BETWEEN.split(days.strip(), maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _from_rows(text: str, name: str) -> Typed:
    lines = text.splitlines()
    heading = lines[0] if lines else ""
    try:
        table = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in heading else ","))
    except csv.Error:
        raise BadInput(name, "不是合法的 CSV；请用表格软件重新另存") from None
    found = [cell.strip() for cell in table[0]] if table else []
    if missing := [word for word in ("类别", "起") if word not in found]:
        raise BadInput(f"{name} 第 1 行", f"缺少表头{'、'.join(missing)}；第一行应为{'、'.join(_HEADINGS)}")
    mistakes = [
        Mistake("第 1 行", f"不认识表头“{word}”；只有{'、'.join(_HEADINGS)}")
        for word in found
        if word and word not in _HEADINGS
    ]
    rows = [
        (f"第 {number} 行", dict(zip(found, (cell.strip() for cell in cells), strict=False)))
        for number, cells in enumerate(table[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    mistakes += [
        Mistake(place, f"类别“{row.get('类别', '')}”应为{'、'.join(_KINDS)}之一")
        for place, row in rows
        if row.get("类别") not in _KINDS
    ]
    rests = tuple(_row_span(place, row) for place, row in rows if row.get("类别") == "地方休息")
    return Typed(tuple(_row_notices(rows, mistakes)), rests or None, tuple(mistakes))


def _row_span(place: str, row: dict[str, str]) -> TypedSpan:
    return TypedSpan(place, row.get("起", ""), row.get("止", ""), row.get("名称", ""), row.get("依据", ""))


def _row_notices(rows: list[tuple[str, dict[str, str]]], mistakes: list[Mistake]) -> Iterator[TypedNotice]:
    """Gather the rows of each year; a row without a year belongs to the year of its first day."""
    years: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for place, row in rows:
        if row.get("类别") not in _KINDS[:2]:
            continue
        first = parse_day(row.get("起", ""))
        year = row.get("年度", "").removesuffix("年").strip() or (str(first.year) if first else "")
        if year:
            years.setdefault(year, []).append((place, row))
        else:
            mistakes.append(Mistake(place, f"“{row.get('起', '')}”不是日期；请写成 2027-02-06 的形式"))
    for year, mine in years.items():
        sources = list(dict.fromkeys(row["依据"] for _, row in mine if row.get("依据")))
        if len(sources) > 1:
            mistakes.append(Mistake(f"{year} 年", f"写了 {len(sources)} 个不同的依据；一年的安排请写同一个"))
        off = [_row_span(place, row) for place, row in mine if row["类别"] == "放假"]
        made_up = [_row_span(place, row) for place, row in mine if row["类别"] == "上班"]
        yield TypedNotice(f"{year} 年", year, sources[0] if sources else "", tuple(off), tuple(made_up))
