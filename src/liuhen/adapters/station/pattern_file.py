"""The file of patterns: a small YAML read strictly, and its linter, which names the line, the fault and the remedy.

Invariant: a file that has a fault gives no pattern at all; every example in it is read by the pattern it stands under.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from liuhen.adapters.station.forms import compile_form
from liuhen.adapters.station.naming import Pattern, read_name
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI

SHIPPED = Path(__file__).with_name("patterns.yaml")
_KEYS = ("name", "form", "parts", "first", "zone", "examples")
_PARTS = ("auto", "shared", "own")
_LARGEST = 256 << 10
_MOST_PATTERNS = 200
_LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Checked:
    """The patterns of a file, and every fault in it; patterns are only to be used where there is no fault."""

    patterns: tuple[Pattern, ...]
    faults: tuple[BadInput, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the list as it stands: its texts by key, and the line of each."""

    place: str
    texts: dict[str, str]
    lines: dict[str, str]
    examples: tuple[tuple[str, str], ...]


def read_patterns(path: Path | None = None) -> tuple[Pattern, ...]:
    """Read a file of patterns, without a path the shipped one. Raises BadInput for the first fault in it."""
    checked = check_patterns(path or SHIPPED)
    if checked.faults:
        raise checked.faults[0]
    return checked.patterns


def check_patterns(path: Path) -> Checked:
    """Read a file and give every fault with file and line. Raises BadInput for what is no YAML file at all."""
    faults: list[BadInput] = []
    patterns: list[Pattern] = []
    for entry in _entries(_load(path), str(path), faults):
        pattern = _pattern(entry, patterns, faults)
        if pattern is not None:
            patterns.append(pattern)
            faults.extend(_example_faults(entry, pattern, patterns))
    if not patterns and not faults:
        faults.append(BadInput(str(path), "一个样式也没有；请在 patterns: 下面写至少一个，每个有 name 和 form"))
    return Checked(tuple(patterns), tuple(faults))


def _load(path: Path) -> yaml.Node:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise BadInput(str(path), f"文件无法读取（{error.strerror}）；请检查路径和权限") from None
    if len(data) > _LARGEST:
        raise BadInput(str(path), f"文件超过 {_LARGEST >> 10} KiB，不像样式文件；请检查路径")
    try:
        root = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise BadInput(str(path), "不是 UTF-8 文本；请另存为 UTF-8 编码") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(f"{path}:{line}", f"不是 YAML（{error.problem}）；请检查缩进和引号") from None
    except (yaml.YAMLError, RecursionError):
        raise BadInput(str(path), "不是 YAML；请检查是否混入了别的内容") from None
    if root is None:
        raise BadInput(str(path), "文件是空的；请写 patterns: 和至少一个样式")
    return root


def _entries(root: yaml.Node, file: str, faults: list[BadInput]) -> Iterator[_Entry]:
    fields = _fields(root, file, ("patterns",), faults)
    listed = fields.get("patterns")
    if not isinstance(listed, yaml.SequenceNode):
        faults.append(BadInput(_place(file, listed or root), "patterns 下面要列出样式，每个以“- ”开头"))
        return
    if len(listed.value) > _MOST_PATTERNS:
        faults.append(BadInput(_place(file, listed), f"样式超过 {_MOST_PATTERNS} 个；请删去不用的"))
        return
    for node in listed.value:
        own = _fields(node, file, _KEYS, faults)
        examples = own.pop("examples", None)
        texts = {key: _text(value, file, key, faults) for key, value in own.items()}
        yield _Entry(
            _place(file, node),
            {key: text for key, text in texts.items() if text is not None},
            {key: _place(file, value) for key, value in own.items()},
            tuple(_examples(examples, file, faults)),
        )


def _fields(node: yaml.Node, file: str, known: Sequence[str], faults: list[BadInput]) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        faults.append(BadInput(_place(file, node), f"这里要写“键: 值”；可以用的键是 {'、'.join(known)}"))
        return {}
    found: dict[str, yaml.Node] = {}
    for key_node, value in node.value:
        key = str(key_node.value)
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"是不是 {near[0]}？" if near else f"可以用的键是 {'、'.join(known)}"
            faults.append(BadInput(_place(file, key_node), f"不认得“{key}”；{hint}"))
        elif key in found:
            faults.append(BadInput(_place(file, key_node), f"“{key}”写了两次；留一个"))
        else:
            found[key] = value
    return found


def _text(node: yaml.Node, file: str, key: str, faults: list[BadInput]) -> str | None:
    if isinstance(node, yaml.ScalarNode) and 0 < len(str(node.value)) <= _LONGEST_TEXT:
        return str(node.value)
    faults.append(BadInput(_place(file, node), f"{key} 要写一段文字，不超过 {_LONGEST_TEXT} 字"))
    return None


def _examples(node: Any, file: str, faults: list[BadInput]) -> Iterator[tuple[str, str]]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        faults.append(BadInput(_place(file, node), "examples 下面要列出文件名，每个以“- ”开头"))
        return
    for item in node.value:
        text = _text(item, file, "文件名", faults)
        if text is not None:
            yield text, _place(file, item)


def _pattern(entry: _Entry, earlier: Sequence[Pattern], faults: list[BadInput]) -> Pattern | None:
    texts, before = entry.texts, len(faults)
    for key in ("name", "form"):
        if key not in entry.lines:
            faults.append(BadInput(entry.place, f"没有写 {key}；每个样式要有 name（叫什么）和 form（怎么写）"))
    if any(one.name == texts.get("name") for one in earlier):
        faults.append(BadInput(entry.lines["name"], f"有两个样式都叫“{texts['name']}”；改一个名称"))
    if any(one.form.text == texts.get("form") for one in earlier):
        faults.append(BadInput(entry.lines["form"], "与前面的样式写法相同，永远用不到；删去一个"))
    _require_choice(entry, "parts", _PARTS, faults)
    _require_choice(entry, "first", ("0", "1"), faults)
    try:
        zone = _zone(texts.get("zone"), entry.lines.get("zone", ""))
        form = compile_form(texts["form"], entry.lines["form"]) if "form" in texts else None
    except BadInput as fault:
        faults.append(fault)
        return None
    if form is None or len(faults) > before:
        return None
    first = int(texts.get("first", "1"))
    shown = tuple(text for text, _ in entry.examples)
    return Pattern(texts["name"], form, texts.get("parts", "auto"), first, zone, shown)


def _require_choice(entry: _Entry, key: str, choices: Sequence[str], faults: list[BadInput]) -> None:
    text = entry.texts.get(key)
    if text is not None and text not in choices:
        faults.append(BadInput(entry.lines[key], f"{key} 不能写“{text}”；可以写 {'、'.join(choices)}"))


def _zone(text: str | None, place: str) -> timezone:
    if text is None:
        return SHANGHAI
    sign, hours, minutes = text[:1], text[1:3], text[4:6]
    if len(text) != 6 or sign not in "+-" or text[3] != ":" or not (hours + minutes).isdecimal():
        raise BadInput(place, f'zone 不能写“{text}”；写成 "+08:00"（加引号），文件名用世界时的写 "+00:00"')
    span = timedelta(hours=int(hours), minutes=int(minutes))
    if span > timedelta(hours=14):
        raise BadInput(place, f'没有 {text} 这个时区；北京时间写 "+08:00"')
    return timezone(span if sign == "+" else -span)


def _example_faults(entry: _Entry, pattern: Pattern, patterns: Sequence[Pattern]) -> Iterator[BadInput]:
    for text, place in entry.examples:
        path = PurePosixPath(text)
        if read_name([pattern], path) is None:
            yield BadInput(place, f"样式“{pattern.name}”读不出“{text}”；改 form，或者改这个例子")
            continue
        chosen = read_name(patterns, path)
        if chosen is not None and chosen.pattern is not pattern:
            yield BadInput(place, f"“{text}”先被前面的样式“{chosen.pattern.name}”读去了；把更具体的样式移到前面")


def _place(file: str, node: yaml.Node) -> str:
    return f"{file}:{node.start_mark.line + 1}"
