"""机关台账, what is typed: one table of fields for every type of entry, made into a form and read back as the content of an event.

Invariant: a form shows exactly the fields of its type that people fill in; what does not fit is refused by the flow, in its words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from liuhen.doors.web.forms import MINUTE, Text, id_field, minute_field
from liuhen.flows.occasion import random_id

_SEPARATORS = re.compile(r"[、，,；;\n]+")
Options = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A field: what it is called, how it is typed (text, long, list, pairs, number, money, day, yes, pick, made)."""

    name: str
    label: str
    typed: str = "text"
    needed: bool = True
    hint: str = ""


_PROBLEM = Entry("problem", "问题", "pick")
ENTRIES: Mapping[str, tuple[Entry, ...]] = {
    "agency.device-registered": (
        Entry("device", "代号", hint="自己起，不重复，如 cam-7"),
        Entry("name", "名称"),
        Entry("kind", "种类", hint="执法记录仪、照相机、采集站等"),
        Entry("number", "设备编号"),
        Entry("features", "特种功能", "list", False, "防爆、夜视、定位等，用顿号隔开"),
    ),
    "agency.device-maintained": (
        Entry("device", "设备", "pick"),
        Entry("work", "做了什么", "pick"),
        Entry("outcome", "结果"),
        Entry("name", "维护人"),
        Entry("usable", "还能使用", "yes", False),
    ),
    "agency.backup-made": (
        Entry("backup", "", "made"),
        Entry("place", "地点"),
        Entry("remote", "异地备份", "yes", False),
        Entry("covers", "备份了哪些记录"),
        Entry("sha256", "备份的 SHA-256 摘要", needed=False),
    ),
    "agency.backup-restored": (
        Entry("backup", "备份", "pick"),
        Entry("passed", "恢复后核对一致", "yes", False),
        Entry("outcome", "结果"),
    ),
    "agency.problem-found": (
        Entry("problem", "", "made"),
        Entry("kind", "问题种类", hint="薄弱环节、未记录、未归档、未维护设备、未按规定存储、泄露、毁损等"),
        Entry("summary", "情况", "long"),
        Entry("found_by", "由谁发现"),
        Entry("responsible", "责任人", needed=False),
        Entry("case", "见于哪个案件", needed=False, hint="案号或者来源登记号"),
        Entry("inspection", "见于哪次检查", "pick", False),
        Entry("rectify_by", "整改期限", "day", False),
    ),
    "agency.problem-rectified": (_PROBLEM, Entry("measures", "整改措施", "long"), Entry("name", "整改负责人")),
    "agency.accountability-decided": (
        _PROBLEM,
        Entry("measure", "处理措施", hint="限期改正、书面检查、通报批评等"),
        Entry("persons", "被追究责任的人员", "list", hint="用顿号隔开"),
        Entry("decided_by", "由谁决定"),
        Entry("basis", "依据的条款"),
    ),
    "agency.inspection-held": (
        Entry("inspection", "", "made"),
        Entry("by", "由谁进行"),
        Entry("manner", "方式", hint="现场检查、案卷评查、指导、调阅等"),
        Entry("units", "涉及的科室", "list", hint="用顿号隔开"),
        Entry("findings", "发现的情况", "long"),
    ),
    "agency.statistics-made": (
        Entry("period", "期间", hint="如 2026 年上半年"),
        Entry("summary", "摘要", "long"),
        Entry("uses", "用于", "list", hint="案卷评查、执法监督、评议考核、舆情应对、行政决策、信用体系"),
        Entry("figures", "数据", "pairs", False, "每行一项，写成“案件数：12”"),
    ),
    "agency.appraisal-made": (
        Entry("period", "期间"),
        Entry("by", "由谁进行"),
        Entry("results", "各科室的结果", "pairs", hint="每行一项，写成“执法大队：优秀”"),
        Entry("counted_in", "计入", hint="年终考评、法治政府建设考评等"),
    ),
    "agency.training-held": (
        Entry("topic", "内容"),
        Entry("participants", "参加人数", "number"),
        Entry("teacher", "讲授人", needed=False),
    ),
    "agency.room-registered": (
        Entry("room", "代号", hint="自己起，不重复；再次登记同一代号即为更新"),
        Entry("name", "名称"),
        Entry("kind", "种类", hint="询问室、听证室、办案区等"),
        Entry("equipment", "配有的设备", needed=False),
    ),
    "agency.unit-registered": (
        Entry("unit", "代号", hint="自己起，不重复；再次登记同一代号即为更新"),
        Entry("name", "科室名称"),
        Entry("head", "负责人"),
        Entry("duties", "职责", "long", False),
    ),
    "agency.funds-entered": (
        Entry("year", "年度", "number"),
        Entry("purpose", "用途", hint="购置、维护、管理"),
        Entry("amount", "金额（元）", "money"),
        Entry("source", "来源", needed=False),
    ),
    "agency.format-issued": (
        Entry("format", "格式的名称"),
        Entry("kind", "种类", hint="文书范本、案卷标准、记录标准"),
        Entry("version", "版本"),
        Entry("issued_by", "由谁发布"),
        Entry("matters", "适用的执法事项", "list", False, "用顿号隔开"),
    ),
}


class EntryForm(forms.Form):
    """One entry of the registers; `id` makes sending it twice one entry, `happened` is when it was."""

    id = id_field()

    table: ClassVar[Mapping[str, tuple[Entry, ...]]] = ENTRIES
    begun: Mapping[str, Any] = {}

    def __init__(self, name: str, options: Options, now: datetime, data: Mapping[str, Any] | None = None) -> None:
        self.slug = name.partition(".")[2]
        initial = {"id": random_id(), "happened": now.strftime(MINUTE), "usable": True, **self.begun}
        super().__init__(data, auto_id=f"{self.slug}-%s", initial=initial)
        self.entries = self.table[name]
        for entry in self.entries:
            if entry.typed == "made":
                initial[entry.name] = random_id()
            self.fields[entry.name] = _field(entry, options.get(entry.name, []))
            self._require_words(entry)
        self.fields["happened"] = minute_field("发生时间", missing="请填写发生时间。")

    def _require_words(self, entry: Entry) -> None:
        field = self.fields[entry.name]
        field.error_messages |= {
            "required": f"请{'选择' if entry.typed == 'pick' else '填写'}{entry.label}。",
            "invalid": f"{entry.label}写法不对，请核对。",
            "invalid_choice": f"请从列表中选择{entry.label}。",
        }
        if entry.hint:
            field.widget.attrs["aria-describedby"] = f"{self.slug}-{entry.name}-hint"

    def content(self) -> dict[str, Any]:
        """Give the typed content as an event's plain data; what was left empty is left out."""
        said = ((entry, self.cleaned_data[entry.name]) for entry in self.entries)
        return {entry.name: _plain(entry, value) for entry, value in said if value not in (None, "") or entry.needed}


def _field(entry: Entry, choices: list[tuple[str, str]]) -> forms.Field:
    shared: dict[str, Any] = {"label": entry.label, "required": entry.needed, "help_text": entry.hint}
    match entry.typed:
        case "made":
            return forms.CharField(widget=forms.HiddenInput, max_length=64, required=True)
        case "long" | "pairs":
            return Text(widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, **shared)
        case "number":
            return forms.IntegerField(**shared)
        case "money":
            return forms.DecimalField(max_digits=14, decimal_places=2, **shared)
        case "day":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **shared)
        case "yes":
            return forms.BooleanField(**shared)
        case "pick":
            return forms.ChoiceField(choices=[("", "请选择"), *choices], **shared)
    return forms.CharField(max_length=400, **shared)


def _plain(entry: Entry, value: Any) -> Any:
    match value:
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case str() if entry.typed == "list":
            return [part.strip() for part in _SEPARATORS.split(value) if part.strip()]
        case str() if entry.typed == "pairs":
            return dict(_pairs(value.splitlines()))
    return value


def _pairs(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        name, _, said = line.replace(":", "：").partition("：")
        if name.strip():
            yield name.strip(), said.strip() or "—"
