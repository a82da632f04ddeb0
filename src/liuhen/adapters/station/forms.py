"""The form of a file name: placeholders in braces, optional stretches in angle brackets, everything else as it stands.

Invariant: a form is bounded and unambiguous: two placeholders that could share characters never touch, so a name reads in
one way or not at all, and no name, however long, makes reading slow.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from liuhen.core.kernel.errors import BadInput

# “sep” stands for a group of the placeholder's own: what separates the first two parts must separate the next two.
_DAY = r"[12][0-9]{3}(?P<sep>[-_.]?)[01][0-9](?P=sep)[0-3][0-9]"
_CLOCK = r"[0-2][0-9](?P<sep>[-_.:]?)[0-5][0-9](?P=sep)[0-5][0-9]"
_MOMENT = r"[12][0-9]{3}[01][0-9][0-3][0-9][T_-]?[0-2][0-9][0-5][0-9][0-5][0-9]"
# placeholder → what it matches without a stated length, and the characters that a stated length counts
_SHAPES: dict[str, tuple[str, str]] = {
    "device": (r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", r"[A-Za-z0-9-]"),
    "officer": (r"[^\W_]{1,32}", r"[^\W_]"),
    "date": (_DAY, ""),
    "time": (_CLOCK, ""),
    "moment": (_MOMENT, ""),
    "until": (rf"(?:{_MOMENT}|{_CLOCK})", ""),
    "epoch": (r"(?:[0-9]{13}|[0-9]{10})", ""),
    "part": (r"[0-9]{1,6}", r"[0-9]"),
    "any": (r"[^/]{0,80}?", r"[^/]"),
}
PLACEHOLDERS = tuple(_SHAPES)
_FIXED = ("date", "time", "moment", "epoch")
_PIECE = re.compile(r"\{([^{}]*)\}|([<>])|([{}])|([^{}<>]+)")
_INSIDE = re.compile(r"([A-Za-z]+)(?::(\d{1,2})(?:-(\d{1,2}))?)?")
_MOST = 40


@dataclass(frozen=True, slots=True)
class Form:
    """A form made ready: `depth` says how many folders above the file it speaks of, `names` which placeholders it has."""

    text: str
    regex: re.Pattern[str]
    depth: int
    names: frozenset[str]

    def match(self, tail: str) -> dict[str, str] | None:
        """Read a name (without its extension, with `depth` folders before it); None where it has another form."""
        found = self.regex.fullmatch(tail)
        if found is None:
            return None
        return {name: text for name, text in found.groupdict().items() if text is not None and name in self.names}


def compile_form(text: str, place: str) -> Form:
    """Make a form ready. Raises BadInput with the place, what is wrong and what to write instead."""
    pieces: list[str] = []
    names: list[str] = []
    is_open, last_variable, before = False, "", ""
    for number, (inside, angle, stray, plain) in enumerate(_PIECE.findall(text)):
        if number >= _MOST:
            raise BadInput(place, f"有 {_MOST} 处以上的占位或文字；请拆成几个样式")
        if stray:
            raise BadInput(place, f"“{stray}”没有配成一对；占位要写成 {{device}} 这样")
        if angle:
            is_open = _toggle(angle, is_open, place)
            pieces.append("(?:" if is_open else ")?")
            # What stands before an optional stretch touches what stands behind it when the stretch is left out.
            before, last_variable = (last_variable, last_variable) if is_open else ("", last_variable or before)
        elif plain:
            pieces.append(re.escape(plain))
            last_variable = ""
        else:
            name, piece, variable = _placeholder(inside, len(names), place)
            if last_variable and variable:
                raise BadInput(place, _touching(last_variable, name))
            names.append(name)
            pieces.append(piece)
            last_variable = name if variable else ""
    if is_open:
        raise BadInput(place, "“<”没有对应的“>”；可有可无的部分要写成 <_{part}> 这样")
    _require_sense(names, place)
    return Form(text, re.compile("".join(pieces), re.IGNORECASE), text.count("/"), frozenset(names))


def _toggle(angle: str, is_open: bool, place: str) -> bool:
    if (angle == "<") == is_open:
        raise BadInput(place, "“<”和“>”没有一一配对，也不能套在一起；可有可无的部分要写成 <_{part}> 这样")
    return not is_open


def _placeholder(inside: str, number: int, place: str) -> tuple[str, str, bool]:
    """Give a placeholder's name, its expression, and whether its length may vary."""
    found = _INSIDE.fullmatch(inside)
    name = found[1].lower() if found else inside
    if found is None or name not in _SHAPES:
        near = get_close_matches(name.lower(), PLACEHOLDERS, 1)
        hint = f"，是不是 {{{near[0]}}}？" if near else f"；可以用 {'、'.join(PLACEHOLDERS)}"
        raise BadInput(place, f"不认得占位 {{{inside}}}{hint}")
    shape, unit = _SHAPES[name]
    if found[2] is None:
        return name, _group(name, shape.replace("sep", f"sep{number}")), name not in _FIXED
    if not unit:
        raise BadInput(place, f"{{{name}}} 的长度是固定的，不能写“:{found[2]}”；去掉冒号后面的数字")
    least, most = int(found[2]), int(found[3] or found[2])
    if not 1 <= least <= most:
        raise BadInput(place, f"{{{inside}}} 的长度写反了或者是零；写成 {{{name}:4}} 或 {{{name}:4-8}}")
    return name, _group(name, f"{unit}{{{least},{most}}}"), least != most


def _group(name: str, shape: str) -> str:
    return f"(?:{shape})" if name == "any" else f"(?P<{name}>{shape})"


def _touching(first: str, second: str) -> str:
    return (
        f"{{{first}}} 和 {{{second}}} 紧挨着，分不清从哪里断开；"
        f"在中间写上分隔符，或者给前一个写明长度，如 {{{first}:7}}{{{second}}}"
    )


def _require_sense(names: list[str], place: str) -> None:
    twice = next((name for name in names if name != "any" and names.count(name) > 1), None)
    if twice:
        raise BadInput(place, f"{{{twice}}} 出现了两次；留一个，另一处改成 {{any}}")
    known = set(names)
    if not known - {"any", "part"}:
        raise BadInput(place, "读不出设备、人员或者时间；至少写 {device}、{officer}、{date} 之一")
    if ("date" in known) != ("time" in known):
        raise BadInput(place, "{date} 和 {time} 要一起写；合在一起的时间写 {moment}")
    starts = [name for name in ("date", "moment", "epoch") if name in known]
    if len(starts) > 1:
        raise BadInput(place, f"开始时间写了两种：{'、'.join(starts)}；留一种")
    if "until" in known and not starts:
        raise BadInput(place, "写了结束时间 {until}，没有写开始时间；请加上 {date}、{time} 或 {moment}")
