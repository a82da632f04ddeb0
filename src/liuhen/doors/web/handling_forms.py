"""办理, what is typed: one table of fields for every type of step, made into a form and read back as the content of an event.

Invariant: a form shows exactly what people fill in of its type; what does not fit is refused by the flow, in its words. Its `id`
makes sending it twice one step; without a time it happened at the moment of sending.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from liuhen.core.kernel.moments import SHANGHAI, render_instant
from liuhen.doors.web.forms import Text, id_field, minute_field, text_field
from liuhen.flows.occasion import random_id

_SEPARATORS = re.compile(r"[、，,；;\n]+")
Choices = Sequence[tuple[str, str]]
# What of the case can be chosen, by the name of what is chosen: documents, acts, decisions, words of the packs …
Options = Mapping[str, Choices]


@dataclass(frozen=True, slots=True)
class Entry:
    """A field: how it is called, how it is typed, and `of`, which options it picks from.

    Typed: text, long, money, day, minute, yes (a choice of 是 and 否), pick, many (ticks), opinions (a line for each person),
    made (a random id). A pick or ticks with `other` take a word of one's own beside those offered.
    """

    name: str
    label: str
    typed: str = "text"
    needed: bool = True
    hint: str = ""
    of: str = ""
    other: bool = False


_DOCUMENT = Entry("document", "文书", "pick", False, "本案已有的文书；还没有的，先拟制再来登记", "document")
_ACT = Entry("act", "哪项执法活动", "pick", of="act")
_ACT_IF_ANY = Entry("act", "哪项执法活动", "pick", False, "与某一项活动无关的，不选", "act")
_RUNNING = Entry("act", "哪项执法活动", "pick", of="running")

ENTRIES: Mapping[str, tuple[Entry, ...]] = {
    "case.filed": (),
    "case.started-urgently": (Entry("reason", "情况紧急的原因", "long"),),
    "case.urgent-start-reported": (
        Entry("reported_to", "向谁报告"),
        Entry("manner", "报告的方式", "pick", of="reporting", other=True),
    ),
    "case.start-declined": (Entry("reason", "不予立案的理由", "long"), _DOCUMENT),
    "case.recording-chosen": (
        Entry("manners", "记录方式", "many", of="manners", other=True),
        Entry("reason", "为什么这样选", "long"),
        Entry("act", "适用于哪项执法活动", "pick", False, "活动还没有开始的，不选，改选下面的种类", "act"),
        Entry("act_kind", "适用于哪一种执法活动", "pick", False, "", "kind"),
    ),
    "case.act-begun": (
        Entry("act", "", "made"),
        Entry("kind", "活动种类", "pick", of="kind", other=True),
        Entry("place", "地点"),
        Entry("officers", "执法人员", "many", hint="名册上执法证在有效期内的人员", of="officer"),
        Entry("party_present", "当事人在场", "yes", False),
        Entry("host", "听证主持人", needed=False, hint="举行听证的填写"),
        Entry("traits", "活动的情形", "many", False, "决定适用哪些条款", "trait"),
    ),
    "case.certificates-shown": (_RUNNING, Entry("shown_to", "向谁出示")),
    "case.act-ended": (_RUNNING, Entry("outcome", "结果", "long", False)),
    "case.situation-arose": (
        Entry("situations", "情形", "many", of="situation", other=True),
        Entry("ground", "认定的事实", "long"),
        Entry("act", "发生在哪项执法活动", "pick", False, "与整个案件有关的，不选", "act"),
    ),
    "case.measure-ended": (
        Entry("act", "哪项措施", "pick", of="act"),
        Entry("outcome", "怎样处理", "pick", of="outcome", other=True),
        _DOCUMENT,
    ),
    "case.evidence-listed": (
        Entry("evidence", "", "made"),
        Entry("kind", "证据种类", "pick", of="evidence"),
        Entry("purpose", "证明对象", "long", hint="它证明什么"),
        Entry("document", "文书", "pick", False, "音像证据在播放页的“证据”里列示", "document"),
        Entry("matter", "事项", needed=False),
        Entry("taken_at", "取得的时间", "minute", False),
        Entry("place", "取得的地点", needed=False),
        Entry("manner", "取得的方式", needed=False),
        Entry("location", "原件存放在", needed=False),
        Entry("description", "说明", "long", False),
    ),
    "case.time-excluded": (
        Entry("ground", "原因", "pick", of="ground", other=True),
        Entry("begun_at", "从什么时间开始", "minute"),
        Entry("ended_at", "到什么时间结束", "minute", False, "还没有结束的，留空；结束后再登记一条"),
        _ACT_IF_ANY,
        _DOCUMENT,
    ),
    "case.term-extended": (
        Entry("term", "延长什么期限", "pick", of="term", other=True),
        Entry("until", "延长至", "day"),
        Entry("reason", "理由", "long"),
        Entry("approved_by", "批准人", needed=False),
        _ACT_IF_ANY,
        Entry("decision", "哪项决定", "pick", False, "", "decision"),
        _DOCUMENT,
    ),
    "case.party-told": (
        Entry("topics", "告知了什么", "many", of="topic", other=True),
        Entry("told", "告知了谁"),
        Entry("manner", "怎样告知", "pick", of="telling", other=True),
        Entry("response", "被告知人的回应", "long", False),
        _ACT_IF_ANY,
        _DOCUMENT,
    ),
    "case.statement-heard": (Entry("summary", "陈述申辩的内容", "long"), _DOCUMENT),
    "case.statement-waived": (
        Entry("right", "放弃的权利", "pick", of="right", other=True),
        Entry("manner", "怎样放弃", "pick", of="waiving", other=True),
        Entry("document", "证明放弃的文书", "pick", False, "", "document"),
    ),
    "case.statement-reviewed": (Entry("outcome", "复核的结论", "long", hint="不得因陈述申辩加重处罚"), _DOCUMENT),
    "case.hearing-requested": (Entry("person", "谁要求听证"), _DOCUMENT),
    "case.legal-review-given": (
        Entry("passed", "结论", "pick", of="passed"),
        Entry("opinion", "审核意见", "long"),
        _DOCUMENT,
    ),
    "case.discussion-held": (
        Entry("participants", "参加的人和意见", "opinions", hint="每行一人，写成“周正：同意处罚款”", of="member"),
        Entry("conclusion", "讨论的结论", "long"),
        _DOCUMENT,
    ),
    "case.decision-made": (
        Entry("decision", "", "made"),
        Entry("kind", "决定种类", "pick", of="deciding", other=True),
        Entry("summary", "决定的内容", "long"),
        Entry("document", "决定书", "pick", hint="出具给当事人的文书", of="issued"),
        Entry("amount", "金额（元）", "money", False, "罚款、没收违法所得等有金额的填写"),
        Entry("correct_by", "责令改正的期限", "day", False),
    ),
    "case.transferred": (
        Entry("to", "移送给哪个机关", "pick", of="police", other=True),
        Entry("reason", "理由", "long"),
        _DOCUMENT,
    ),
    "case.concluded": (Entry("reason", "结案的理由", "pick", of="ending", other=True), _DOCUMENT),
}
OTHER = "其他"
_OWN = "_other"
_YES_NO = (("是", "在场"), ("否", "不在场"))


class StepForm(forms.Form):
    """One step. `seen` is the version of the case that the page showed."""

    id = id_field()
    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        name: str,
        options: Options,
        now: datetime,
        *,
        seen: int = 0,
        known: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        initial: dict[str, Any] = {"id": random_id(), "seen": seen}
        super().__init__(data, auto_id="step-%s", initial=initial | dict(known or {}))
        self.name, self.entries, self._options, self._now = name, ENTRIES[name], options, now
        for entry in self.entries:
            if entry.typed == "made":
                self.initial.setdefault(entry.name, random_id())
            offered = options.get(entry.of, ())
            if offered or entry.needed or entry.other or entry.typed != "pick":  # nothing to choose from is no question
                self.fields |= dict(_fields(entry, offered))
        self.fields["happened"] = minute_field("发生时间", hint="就是现在的，不用填；补记的，填实际时间")
        for field_name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"step-{field_name}-hint"

    def clean(self) -> dict[str, Any]:
        """Take the words of one's own where 其他 was chosen, and ask for what then is missing."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("happened") and said["happened"] > self._now:
            self.add_error("happened", "发生时间晚于现在，尚未发生的事不能登记；请核对。")
        for entry in self.entries:
            self._take_other(entry, said)
            if entry.typed == "opinions" and entry.name in said:
                said[entry.name] = self._people(entry, said[entry.name])
        return said

    def _take_other(self, entry: Entry, said: dict[str, Any]) -> None:
        if not entry.other or entry.name in self.errors:
            return
        own = [part.strip() for part in _SEPARATORS.split(said.get(entry.name + _OWN) or "") if part.strip()]
        if entry.typed == "many":
            said[entry.name] = list(dict.fromkeys((*said.get(entry.name, ()), *own)))
            if entry.needed and not said[entry.name]:
                self.add_error(entry.name, f"请至少选择一项{entry.label}，或者在“{OTHER}”里写明。")
        elif said.get(entry.name) == OTHER:
            said[entry.name] = (said.get(entry.name + _OWN) or "").strip()
            if not said[entry.name]:
                self.add_error(entry.name + _OWN, f"请写明{entry.label}。")

    @property
    def rows(self) -> Iterator[tuple[forms.BoundField, str]]:
        """The visible fields, each with how it stands on the page: as ticks, or as a word of one's own under a choice."""
        for field in self.visible_fields():
            offered = getattr(field.field, "choices", None)
            if isinstance(field.field.widget, forms.CheckboxSelectMultiple):
                if offered or field.errors:
                    yield field, "ticks"
            else:
                yield field, "own" if field.name.endswith(_OWN) and not self._ticked(field.name) else "line"

    def _ticked(self, name: str) -> bool:
        return isinstance(self.fields[name.removesuffix(_OWN)], forms.MultipleChoiceField)

    @property
    def at(self) -> datetime:
        """When it happened; only of a valid form."""
        happened: datetime | None = self.cleaned_data["happened"]
        return happened.astimezone(SHANGHAI) if happened is not None else self._now

    def content(self) -> dict[str, Any]:
        """Give what was typed as an event's plain data; what was left empty is left out."""
        found: dict[str, Any] = {}
        for entry in self.entries:
            value = self.cleaned_data.get(entry.name)
            if value not in (None, "", []):
                found[entry.name] = _plain(entry, value)
        return found

    def _people(self, entry: Entry, text: str) -> list[dict[str, str]]:
        """Read who took part, with what each held, and find them on the roll by their names."""
        roll: dict[str, list[str]] = {}
        for uid, name in self._options.get(entry.of, ()):
            roll.setdefault(name, []).append(uid)
        found = []
        for line in filter(str.strip, text.splitlines()):
            name, colon, opinion = (part.strip() for part in line.replace(":", "：").partition("："))
            if not colon or not opinion:
                self.add_error(entry.name, f"“{line.strip()}”没有写明意见；请写成“姓名：意见”。")
            elif len(roll.get(name, ())) != 1:
                why = "有同名的人" if name in roll else "没有这个人"
                self.add_error(entry.name, f"本机关名册上{why}：{name}；请核对，或者请系统管理员登记。")
            else:
                found.append({"officer": roll[name][0], "name": name, "opinion": opinion})
        return found


def _fields(entry: Entry, choices: Choices) -> Iterator[tuple[str, forms.Field]]:
    yield entry.name, _field(entry, choices)
    if entry.other:
        if entry.typed == "many":
            yield (
                entry.name + _OWN,
                text_field(f"{OTHER}{entry.label}", hint="上面没有的写在这里，几项用顿号隔开", longest=400),
            )
        else:
            yield entry.name + _OWN, text_field(f"{entry.label}：写明{OTHER}", longest=400)


def _field(entry: Entry, choices: Choices) -> forms.Field:
    shared: dict[str, Any] = {"label": entry.label, "required": entry.needed, "help_text": entry.hint}
    words = {"required": f"请{'选择' if entry.typed in ('pick', 'many') else '填写'}{entry.label}。"}
    words |= {"invalid": f"{entry.label}写法不对，请核对。", "invalid_choice": f"请从列表中选择{entry.label}。"}
    match entry.typed:
        case "made":
            return id_field()
        case "long" | "opinions":
            widget = forms.Textarea(attrs={"rows": 3})
            return Text(widget=widget, max_length=4000, error_messages=words, **shared)
        case "money":
            return forms.DecimalField(max_digits=14, decimal_places=2, error_messages=words, **shared)
        case "day":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), error_messages=words, **shared)
        case "minute":
            return minute_field(entry.label, hint=entry.hint, missing=words["required"] if entry.needed else "")
        case "yes":
            return forms.ChoiceField(choices=[("", "没有写明"), *_YES_NO], error_messages=words, **shared)
        case "pick":
            offered = [("", "请选择" if entry.needed else "不选"), *choices, *([(OTHER, OTHER)] if entry.other else [])]
            return forms.ChoiceField(choices=offered, error_messages=words, **shared)
        case "many":
            shared["required"] = entry.needed and not entry.other
            ticks = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=list(choices), widget=ticks, error_messages=words, **shared)
    return text_field(entry.label, entry.needed, entry.hint, longest=400)


def _plain(entry: Entry, value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value:.2f}"
        case datetime():
            return render_instant(value.astimezone(SHANGHAI))
        case date():
            return value.isoformat()
        case str() if entry.typed == "yes":
            return value == "是"
    return value
