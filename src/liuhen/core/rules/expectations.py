"""What the author of a scenario demands of the judgement, held against what was judged.

Invariant: an expectation that names no subject speaks of every subject of its rule; one that meets nothing has failed.
"""

from collections.abc import Iterable, Sequence

from liuhen.core.events.scenario import Expectation
from liuhen.core.kernel.moments import render_instant
from liuhen.core.rules.verdict import LABELS, Verdict


def differences(expected: Iterable[Expectation], verdicts: Sequence[Verdict]) -> list[str]:
    """Say, one sentence each, where the judgement is not what was expected; empty when all is as expected."""
    return [sentence for item in expected for sentence in _differences(item, verdicts)]


def _differences(item: Expectation, verdicts: Sequence[Verdict]) -> list[str]:
    of_rule = [verdict for verdict in verdicts if verdict.rule == item.rule]
    if not of_rule:
        return [f"{item.rule}：没有这条规则；请核对规则编号和 packs"]
    found = [verdict for verdict in of_rule if item.subject is None or verdict.subject.id == item.subject]
    if not found:
        subjects = "、".join(verdict.subject.id or "无" for verdict in of_rule)
        return [f"{item.rule}：没有对 {item.subject} 作出判断；有判断的是 {subjects}"]
    return [sentence for verdict in found if (sentence := _difference(item, verdict))]


def _difference(item: Expectation, verdict: Verdict) -> str:
    wrong: list[str] = []
    if verdict.verdict != item.verdict:
        wrong.append(f"应为{LABELS[item.verdict]}，实为{LABELS[verdict.verdict]}")
    if item.clause is not None and verdict.clause != item.clause:
        wrong.append(f"应依 {item.clause}，实依 {verdict.clause}")
    if item.due is not None and verdict.due != item.due:
        due = render_instant(verdict.due) if verdict.due else "无"
        wrong.append(f"期限应至 {render_instant(item.due)}，实至 {due}")
    if not wrong:
        return ""
    whom = f"（{verdict.subject.id}）" if verdict.subject.id else ""
    return f"{item.rule}{whom}：{'；'.join(wrong)}。理由：{'；'.join(verdict.because)}"
