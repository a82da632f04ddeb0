"""Verdicts: what the evaluator returns. `because` is the return value, not an afterthought: a clerk and a judge read it.

They are named tuples because every look at a case makes hundreds of them, and a frozen dataclass takes thrice as long to make.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from liuhen.core.kernel.moments import render_instant
from liuhen.core.rules.model import Pack, Rule, pack_of

Answered = Literal["met", "unmet", "pending", "undetermined", "not_applicable"]

LABELS: dict[Answered, str] = {
    "met": "符合",
    "unmet": "不符合",
    "pending": "待办",
    "undetermined": "无法判断",
    "not_applicable": "不适用",
}


class SubjectRef(NamedTuple):
    """What was judged: a kind, its id, and what people call it."""

    kind: str
    id: str
    label: str


class Verdict(NamedTuple):
    """The answer of one rule for one subject. `due` is the end instant of the term where there is one."""

    clause: str
    rule: str
    title: str
    verdict: Answered
    level: str
    subject: SubjectRef
    because: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    due: datetime | None = None
    provisional: bool = False
    remedy: str | None = None


def rule_of(packs: Iterable[Pack], verdict: Verdict) -> Rule | None:
    """Give the rule that a verdict answers; packs give the same id to rules of their own, so the pack of its clause counts."""
    own = pack_of(verdict.clause)
    return next((rule for pack in packs if pack.id == own for rule in pack.rules if rule.id == verdict.rule), None)


def to_json(verdict: Verdict) -> dict[str, Any]:
    """Give the stable shape of `liuhen assess --json`, of the API and of the compliance statement."""
    shape: dict[str, Any] = {
        "clause": verdict.clause,
        "rule": verdict.rule,
        "title": verdict.title,
        "verdict": verdict.verdict,
        "level": verdict.level,
        "subject": {"kind": verdict.subject.kind, "id": verdict.subject.id, "label": verdict.subject.label},
        "due": render_instant(verdict.due) if verdict.due else None,
        "because": list(verdict.because),
        "evidence": list(verdict.evidence),
    }
    if verdict.provisional:
        shape["provisional"] = True
    if verdict.remedy:
        shape["remedy"] = verdict.remedy
    return shape
