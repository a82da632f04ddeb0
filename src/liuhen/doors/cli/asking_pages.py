"""How `liuhen ask` is printed: first what to bring, say, film and have signed, then each demand with its clause and reasons."""

from collections.abc import Iterator, Sequence

from liuhen.core.rules.announcing import Opening, fill
from liuhen.core.rules.asking import Demand, What
from liuhen.core.rules.checklist import HEADINGS, Item, checklist, say_weighing
from liuhen.core.rules.stricter import Ruling

_DO: dict[What, str] = {
    "make": "制作",
    "sign": "签名",
    "approve": "审批",
    "say": "告知",
    "film": "拍摄",
    "show": "做到",
    "finish": "期限",
}


def say_rulings(rulings: Sequence[Ruling], opening: Opening) -> str:
    """Write what the law demands of an act: the checklist, what is read aloud, then one demand a paragraph."""
    sections = [
        "\n".join([HEADINGS[section.heading], *(f"  · {_line(item)}" for item in section.items)])
        for section in checklist(rulings)
    ]
    details = ["\n".join(_lines(ruling)) for ruling in rulings]
    if not rulings:
        return "没有规则对这种活动提出要求"
    return "\n\n".join([*sections, say_opening(opening), "—— 逐条依据 ——", *details])


def say_opening(opening: Opening) -> str:
    """Write what is read aloud when filming begins, sentence by sentence with its clauses; custom says that it is no law."""
    basis = "" if opening.demanded else "（规定没有要求，习惯说法）"
    lines = (f"  · {fill(line.say, {})}{_cited(line.clauses)}" for line in opening.lines)
    return "\n".join([f"开场告知{basis}", *lines])


def _cited(clauses: Sequence[str]) -> str:
    return f"（{'、'.join(clauses)}）" if clauses else ""


def _line(item: Item) -> str:
    notes = [
        *item.when,
        *([item.by] if item.by else []),
        *([] if item.level == "must" else ["根据实际"]),
        "、".join(item.clauses),
    ]
    return f"{item.text}（{'；'.join(notes)}）"


def _lines(ruling: Ruling) -> Iterator[str]:
    demand = ruling.demand
    yield f"{demand.clause}  {demand.rule.title}（{_level(demand)}）"
    if demand.lifted is not None:
        yield f"  不适用（{demand.lifted.clause}）：{demand.lifted.text}"
        return
    if demand.when:
        yield f"  情形  {'，'.join(demand.when)}"
    yield from (f"  {_DO[duty.what]}  {duty.text}" for duty in demand.duties)
    if demand.by:
        yield f"  时限  {demand.by}"
    yield from (f"  例外  {item.text}（{item.clause}）" for item in demand.exemptions)
    yield from dict.fromkeys(f"  从严  {say_weighing(item, demand)}" for item in ruling.weighed)


def _level(demand: Demand) -> str:
    return "应当" if demand.rule.level == "must" else "根据实际"
