"""How verdicts, deadlines and packs are printed for people: plain text in columns that line up in Chinese."""

import unicodedata
from collections.abc import Iterable, Sequence

from liuhen.core.calendar.deadline import Deadline
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.comparing import Judgements
from liuhen.core.rules.model import Pack
from liuhen.core.rules.proof import Standing
from liuhen.core.rules.settings import CONFIDENCE
from liuhen.core.rules.verdict import LABELS, Answered, Verdict

_ORDER: tuple[Answered, ...] = ("unmet", "undetermined", "pending", "met", "not_applicable")
_ANSWERS = {"rule": "规则", "guarantee": "保证", "capability": "功能", "scope": "范围", "open": "未答"}
_STATUS = {"proved": "已证明", "open": "未完成"}


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns; a Chinese character is two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(_pad(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def say_deadline(result: Deadline) -> str:
    """Write a deadline with the steps by which anyone can check it."""
    head = [f"截止  {say_instant(result.due)}（在此之前办理均在期限内）", f"最后一日  {result.last_day}"]
    if result.strict_last_day is not None and result.strict_last_day != result.last_day:
        head.append(f"不顺延则为  {result.strict_last_day}")
    if result.provisional:
        head.append("暂定：所涉年度的节假日安排尚未公布，公布后须重算")
    return "\n".join([*head, "", *(f"{number}. {step}" for number, step in enumerate(result.steps, 1))])


def say_verdicts(verdicts: Iterable[Verdict]) -> str:
    """Write verdicts grouped by answer, the gravest first, each with its reasons and remedy."""
    found = list(verdicts)
    parts = []
    for answer in _ORDER:
        group = [verdict for verdict in found if verdict.verdict == answer]
        if group:
            lines = [f"{LABELS[answer]}（{len(group)}）", columns([_row(verdict) for verdict in group])]
            parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _row(verdict: Verdict) -> tuple[str, ...]:
    due = f"至 {say_instant(verdict.due)}{'（暂定）' if verdict.provisional else ''}" if verdict.due else ""
    reasons = "；".join(verdict.because)
    remedy = f"  → {verdict.remedy}" if verdict.remedy else ""
    return (f"  {verdict.clause}", verdict.subject.label, verdict.title, due, f"{reasons}{remedy}")


def say_judgements(found: Judgements) -> str:
    """Write what several editions say of one case: every difference with the verdict of each edition under it."""
    head = f"{'、'.join(found.editions)}：{len(found.differences)} 处不同，{found.agreed} 处相同"
    parts = [head]
    for item in found.differences:
        named = zip(found.editions, item.verdicts, strict=True)
        rows = [(f"  {name}", *_said(verdict)) for name, verdict in named]
        title = next(verdict.title for verdict in item.verdicts if verdict)
        parts.append(f"{item.rule}  {title}（{item.subject.label or item.subject.id}）\n{columns(rows)}")
    return "\n\n".join(parts)


def _said(verdict: Verdict | None) -> tuple[str, ...]:
    if verdict is None:
        return "没有这条规则，或者不判断此对象", "", "", ""
    level = "" if verdict.level == "must" else "（根据实际）"
    due = f"至 {say_instant(verdict.due)}{'（暂定）' if verdict.provisional else ''}" if verdict.due else ""
    return f"{LABELS[verdict.verdict]}{level}", verdict.clause, due, "；".join(verdict.because)


def say_coverage(standings: Sequence[Standing]) -> str:
    """Write the coverage of a pack as a table with its sum."""
    rows = [("条款", "回答", "状态", "规则", "证明")]
    rows += [
        (item.clause.id, _ANSWERS[item.clause.answer], _STATUS[item.status], "、".join(item.rules), say_proofs(item))
        for item in standings
    ]
    proved = sum(item.status == "proved" for item in standings)
    return f"{columns(rows)}\n\n{len(standings)} 条，已证明 {proved} 条"


def say_total(found: Iterable[tuple[Pack, Sequence[Standing]]]) -> str:
    """Write the sum over all packs: the regulations together, and apart from them what every agency stands under."""
    packs = list(found)
    parts = []
    for name, layer in (("各部规定", None), ("国家法律（另计）", "base")):
        rows = [item for pack, standings in packs if pack.layer == layer for item in standings]
        if rows:
            proved = sum(item.status == "proved" for item in rows)
            parts.append(f"{name}合计 {len(rows)} 条，已证明 {proved} 条")
    return "；".join(parts)


def say_settings(pack: Pack) -> list[str]:
    """Write the values that a pack leaves to be confirmed, as rows of a page; none where it has none."""
    if not pack.settings:
        return []
    rows = [
        "",
        "## 设置",
        "",
        "机关经确认可以采用别的值（`agency.setting-adopted`），判断的理由里会说明用的是哪个值。",
        "",
    ]
    rows += ["| 设置 | 值 | 把握 | 待确认 | 来源 |", "|---|---|---|---|---|"]
    for item in pack.settings:
        value = item.value + (f"（可选：{'、'.join(item.choices)}）" if item.choices else "")
        rows.append(
            f"| `{item.id}` {item.title} | {value} | {CONFIDENCE[item.confidence]} | {item.note} | {item.source} |"
        )
    return rows


def say_proofs(standing: Standing) -> str:
    """Write proofs shortly: worked cases counted by their file, tests by their path."""
    files: dict[str, int] = {}
    for proof in standing.proofs:
        name = proof.partition(": ")[0]
        files[name] = files.get(name, 0) + 1
    counted = standing.clause.answer == "rule"
    return "、".join(f"{name}（{count} 例）" if counted else name for name, count in files.items())


def coverage_page(pack: Pack, standings: Sequence[Standing]) -> str:
    """Write docs/coverage/<pack>.md."""
    proved = sum(item.status == "proved" for item in standings)
    lines = [
        f"# {pack.title}：逐条落实情况",
        "",
        "<!-- Made by `liuhen packs coverage --write`; do not edit. -->",
        "",
        f"{len(standings)} 条，已证明 {proved} 条，未完成 {len(standings) - proved} 条。"
        "“规则”由现在全部通过的示例证明：每条规则至少有一例符合、一例不符合；“保证”“功能”“范围”由所列测试证明。",
        "",
        "| 条款 | 要点 | 回答 | 状态 | 规则 | 证明 |",
        "|---|---|---|---|---|---|",
    ]
    for item in standings:
        rules = "、".join(f"`{rule}`" for rule in item.rules)
        cells = (item.clause.id, item.clause.gist, _ANSWERS[item.clause.answer], _STATUS[item.status], rules)
        lines.append(f"| {' | '.join((*cells, say_proofs(item)))} |")
    return "\n".join([*lines, *say_settings(pack)]) + "\n"
