"""YAML with its places: plain data, and for every path in it the line where it stands.

Only YAML's plain parts are read (no tags, no aliases to make a small file huge beyond `_MOST_NODES`), times stay text.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from liuhen.core.kernel.errors import BadInput

_MOST_NODES = 200_000
# libyaml's parser where the wheel has it: the same nodes and marks, several times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data of one file and the line of each of its paths."""

    file: str
    data: Any
    lines: dict[str, int]

    def relocate(self, fault: BadInput) -> BadInput:
        """Turn the path in a refusal into file and line, keeping the nearest enclosing place that exists."""
        path = fault.place
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        line = self.lines.get(path, 1)
        return BadInput(f"{self.file}:{line}", f"{fault.place}: {fault.sentence}" if fault.place else fault.sentence)


def read_yaml(path: Path, name: str | None = None) -> Located:
    """Read a YAML file; raises BadInput with file and line when it is missing, not UTF-8, or not YAML."""
    shown = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput(shown, "no such file; check the path") from None
    except (UnicodeDecodeError, IsADirectoryError):
        raise BadInput(shown, "is not a UTF-8 text file") from None
    return read_text(text, shown)


def read_text(text: str, shown: str) -> Located:
    """Read YAML text that came from `shown`."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(f"{shown}:{line}", f"not YAML: {error.problem}; check the indentation and quotation") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise BadInput(shown, f"not YAML: {error}") from None
    lines: dict[str, int] = {}
    data = _plain(root, "", lines, shown) if root is not None else None
    return Located(shown, data, lines)


def _plain(node: yaml.Node, path: str, lines: dict[str, int], shown: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if path.count(".") + path.count("[") > _DEEPEST:
        raise BadInput(f"{shown}:{lines[path]}", "is nested too deeply, or an alias leads back to itself; write it out")
    if len(lines) > _MOST_NODES:
        raise BadInput(shown, f"holds more than {_MOST_NODES} values; split the file")
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, shown)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, f"{path}[{index}]", lines, shown) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: str, lines: dict[str, int], shown: str) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = f"{path}.{key}" if path else key
        line = key_node.start_mark.line + 1
        if key in result:
            raise BadInput(f"{shown}:{line}", f"the key “{key}” stands twice in one place; keep one")
        result[key] = _plain(value_node, here, lines, shown)
        lines[here] = line
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.style in ('"', "'", "|", ">"):
        return node.value
    tag = node.tag.rsplit(":", 1)[-1]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() in ("true", "yes", "on")
    if tag == "int" and node.value.lstrip("+-").isdigit():
        return int(node.value)
    return node.value
