"""An agency's own layout (版式文件): typst source written by somebody else, drawn in a confined process.

Invariant: the text of a document goes in as data; the layout reads nothing but itself and the layouts that come with Liuhen,
reaches no network, and is stopped when it takes too long or too much memory. A layout that fails leaves nothing behind.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from liuhen.adapters.typeset.confined import LAYOUT, SECONDS
from liuhen.adapters.typeset.glyphs import font_folder
from liuhen.core.kernel.errors import LiuhenError

LARGEST = 200_000
_PATIENCE = 3 * SECONDS
_PACKAGE = re.compile(r"""["']@[A-Za-z0-9-]+/""")
_LINE = re.compile(rf"{re.escape(LAYOUT)}:(\d+):")
_NOWHERE = "http://127.0.0.1:1"
_REASONS = (
    (re.compile("download package|package not found|resolve dns"), "引用了外部软件包，这里不联网，也不使用软件包"),
    (re.compile("escape the project root|access denied"), "要读取版式以外的文件，这是不允许的"),
    (re.compile("file not found|failed to load file"), "要读取的文件不存在；版式只能使用自己和内置的版式文件"),
    (re.compile("infinite|always true|call depth"), "有不会结束的循环"),
    (re.compile("too large"), "画出的文件过大"),
)


class LayoutRefused(LiuhenError):
    """The layout could not be drawn, or reached for what it must not have."""


@dataclass(frozen=True, slots=True)
class OwnDrawing:
    """What a layout drew of the first document, and the digest of what it draws of each."""

    pdf: bytes
    digests: tuple[str, ...]


def read_layout(source: bytes) -> str:
    """Read a layout as text. Raises LayoutRefused naming the line for what can be seen without drawing it."""
    if len(source) > LARGEST:
        raise LayoutRefused(f"版式文件超过 {LARGEST // 1000} KB；请删去用不到的内容")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LayoutRefused("版式文件不是 UTF-8 编码的文字；请用 typst 的源文件（.typ）") from None
    if not text.strip() or "\0" in text:
        raise LayoutRefused("版式文件是空的，或者不是文字；请用 typst 的源文件（.typ）")
    for number, line in enumerate(text.splitlines(), 1):
        if _PACKAGE.search(line):
            raise LayoutRefused(f"版式文件第 {number} 行引用了外部软件包，这里不联网，也不使用软件包；请删去")
    return text


def draw_own(source: bytes, documents: Sequence[str], day: date) -> OwnDrawing:
    """Draw documents (JSON texts as `contract.drawn` gives them) by a layout. Raises LayoutRefused."""
    text = read_layout(source)
    with tempfile.TemporaryDirectory(prefix="liuhen-layout-") as place:
        folder = Path(place)
        shutil.copytree(
            str(files("liuhen.adapters.typeset").joinpath("forms")), folder, dirs_exist_ok=True, symlinks=False
        )
        (folder / LAYOUT).write_text(text, encoding="utf-8")
        asked = {"documents": list(documents), "day": [day.year, day.month, day.day]}
        answer = _ask(folder, json.dumps(asked, ensure_ascii=False).encode())
    if "fault" in answer:
        raise LayoutRefused(_sentence(str(answer["fault"]), str(answer.get("where", "")), place))
    return OwnDrawing(base64.b64decode(answer["pdf"]), tuple(answer["digests"]))


def _ask(folder: Path, asked: bytes) -> dict[str, Any]:
    command = [sys.executable, "-m", "liuhen.adapters.typeset.confined", str(folder), str(font_folder())]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_surroundings(folder)
    )
    try:
        said, _ = process.communicate(asked, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise LayoutRefused(f"版式文件超过 {_PATIENCE} 秒还没有画完，已经停止；请检查循环") from None
    if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise LayoutRefused(f"版式文件计算超过 {SECONDS} 秒还没有画完，已经停止；请检查循环")
    if process.returncode != 0:
        raise LayoutRefused("版式文件用掉的内存太多，或者使排版程序出错，已经停止；请简化后再试")
    answer: dict[str, Any] = json.loads(said)
    return answer


def _surroundings(folder: Path) -> dict[str, str]:
    """Give what the process knows of its surroundings: nothing of this program's settings, no package store, a dead proxy."""
    own = {name: str(folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR")}
    dead = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), _NOWHERE)
    known = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return known | own | dead | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "LANG": "C.UTF-8"}


def _sentence(said: str, where: str, folder: str) -> str:
    """Say what the typesetter found, in which line of the layout, and without where it was tried."""
    line = _LINE.search(where)
    begin = f"版式文件第 {line[1]} 行" if line else "版式文件"
    found = next((words for pattern, words in _REASONS if pattern.search(said)), None)
    if found:
        return f"{begin}{found}"
    first = said.replace(folder, "").strip().splitlines()
    return f"{begin}有错误：{first[0][:200] if first else '没有说明'}"
