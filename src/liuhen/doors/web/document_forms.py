"""拟制文书: the form of a document type, made from its fields; nothing in it is obligatory, for a draft is a draft.

Invariant: a field is called by its label, so that a draft outlives a change of its type: what the type no longer has is not shown,
and nothing slips into another field.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from liuhen.core.documents.flowing import facts_in
from liuhen.core.documents.model import DocumentType, FieldSpec
from liuhen.core.kernel.moments import SHANGHAI, say_day, say_minute
from liuhen.doors.web.forms import minute_field, text_field
from liuhen.flows.draft_document import Filled

_LINE, _LONG = 500, 20_000
_MOST_ROWS, _SPARE_QUESTIONS, _MOST_QUESTIONS = 500, 4, 200
_QUESTION = re.compile(r"[qa](\d{1,3})")


class DocumentForm(forms.Form):
    """One document of a type: `texts` are its fields, then questions, the table, more paragraphs, and who signs.

    `begun` is what the case knows, `saved` what a draft says instead, `data` what was just sent; `free` are the numbers reserved
    for forms of this type filled in offline, one of which may stand on the paper.
    """

    def __init__(
        self,
        kind: DocumentType,
        begun: Filled,
        saved: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
        free: Sequence[str] = (),
    ) -> None:
        super().__init__(data, initial=dict(saved))
        self.kind = kind
        for spec in kind.fields:
            self.fields[f"f-{spec.label}"] = _field(spec, begun.texts.get(spec.label, ""), begun.taken.get(spec.label))
        # Only what is asked and answered has questions; what is seen is described.
        self._asked = _asked(kind, {*saved, *(data or ())}) if kind.questions else []
        for place, question in enumerate(self._asked):
            self.fields[f"q{place}"] = _text("问", question, long=True, rows=1)
            self.fields[f"a{place}"] = _text("答", "", long=True, rows=2)
        if kind.heads:
            hint = f"每行一件，各列依次为 {'、'.join(kind.heads)}，用竖线 | 隔开；可以从表格软件直接粘贴"
            self.fields["items"] = _text("清单内容", "", hint=hint, long=True, rows=6)
        if kind.layout == "notice":
            self.fields["more"] = _text("补充的段落", "", hint="写在固定文字之后，每行一段", long=True, rows=4)
        for signer in kind.signers:
            names = "、".join(name for role, name in begun.signers if role == signer.role)
            hint = f"不少于 {signer.least} 人；几个人用顿号隔开" if signer.least > 1 else "几个人用顿号隔开"
            self.fields[f"s-{signer.role}"] = _text(f"{signer.role}签名", names, hint=hint)
        if free:
            choices = [("", "不是补录，按序取号"), *((number, number) for number in free)]
            refused = {"invalid_choice": "这个号已经用掉或者交回；请核对纸质文书上的文号。"}
            self.fields["n-number"] = forms.ChoiceField(
                label="纸质文书上的文号", choices=choices, required=False, error_messages=refused
            )
            self.fields["n-at"] = minute_field("纸质文书填写的时间", hint="不写的，按现在的时间")

    @property
    def texts(self) -> Iterator[forms.BoundField]:
        """The fields of the type."""
        return (self[name] for name in self.fields if name.startswith("f-"))

    @property
    def questions(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Questions with their answers."""
        return ((self[f"q{place}"], self[f"a{place}"]) for place in range(len(self._asked)))

    @property
    def others(self) -> Iterator[forms.BoundField]:
        """Table, further paragraphs and signers."""
        return (self[name] for name in self.fields if name in ("items", "more") or name.startswith("s-"))

    @property
    def offline(self) -> Iterator[forms.BoundField]:
        """The number and time of a paper filled in offline, where numbers were reserved."""
        return (self[name] for name in self.fields if name.startswith("n-"))

    @property
    def has_offline(self) -> bool:
        """Whether numbers are reserved for this type."""
        return "n-number" in self.fields

    @property
    def number(self) -> str | None:
        """The reserved number that the paper bears; only of a valid form."""
        return self.cleaned_data.get("n-number") or None

    def made_at(self, now: datetime) -> datetime:
        """When the document was made: now, or when its paper was filled in; only of a valid form."""
        said = self.cleaned_data.get("n-at")
        return said.astimezone(SHANGHAI) if said is not None and self.number is not None else now

    def of_this_type(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Give of some texts those that this form has fields for, with the ends of lines as the browser's scripts see them."""
        return {name: text.replace("\r\n", "\n") for name, text in texts.items() if name in self.fields}

    def clean_items(self) -> list[list[str]]:
        """Read the rows; a row with too many cells is refused, one with too few is filled up."""
        rows = [line for line in self.cleaned_data["items"].splitlines() if line.strip()]
        if len(rows) > _MOST_ROWS:
            raise forms.ValidationError(f"清单超过 {_MOST_ROWS} 行；请分成几份清单。")
        width, found = len(self.kind.heads), []
        for number, line in enumerate(rows, 1):
            cells = [cell.strip() for cell in line.replace("\t", "|").replace("｜", "|").split("|")]
            if len(cells) > width:
                raise forms.ValidationError(f"第 {number} 行有 {len(cells)} 列，应为 {width} 列；请检查竖线。")
            found.append(cells + [""] * (width - len(cells)))
        return found

    @property
    def filled(self) -> Filled:
        """What was filled in; only of a valid form."""
        said = self.cleaned_data
        return Filled(
            texts={spec.label: _say(said[f"f-{spec.label}"]) for spec in self.kind.fields},
            questions=[(said[f"q{place}"], said[f"a{place}"]) for place in range(len(self._asked))],
            items=said.get("items", []),
            more=said.get("more", "").splitlines(),
            signers=[
                (spec.role, name)
                for spec in self.kind.signers
                for name in said[f"s-{spec.role}"].replace("，", "、").split("、")
            ],
        )


def _asked(kind: DocumentType, names: Collection[str]) -> list[str]:
    """Give the questions of the type, and room for as many more as were asked, and some."""
    used = [int(found[1]) + 1 for name in names if (found := _QUESTION.fullmatch(name))]
    count = min(max([len(kind.questions) + _SPARE_QUESTIONS, *used]), _MOST_QUESTIONS)
    return [*kind.questions, *[""] * (count - len(kind.questions))]


def _field(spec: FieldSpec, text: str, taken: str | None) -> forms.Field:
    hint = spec.hint or (f"如 {'、'.join(spec.choices)}" if spec.choices else "")
    if spec.standing and not text:
        waiting = "和".join(name.partition(".")[2] for name in facts_in(spec.standing))
        unsaid = f"{waiting}由系统管理员在“机关”页面确定，以后自动写好"
        hint = "；".join(part for part in (hint, unsaid) if part)
    if taken:
        hint = "；".join(part for part in (hint, f"已带入《{taken}》的内容，请核对") if part)
    match spec.kind:
        case "日期":
            return forms.DateField(
                label=spec.label,
                help_text=hint,
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}),
                error_messages={"invalid": f"{spec.label}应写成年月日，例如 2026-03-02。"},
            )
        case "时间":
            return minute_field(spec.label, hint=hint)
        case "金额":
            return forms.DecimalField(
                label=spec.label,
                help_text="元",
                required=False,
                min_value=0,
                max_digits=14,
                decimal_places=2,
                error_messages={"invalid": f"{spec.label}应写成数字，如 12000.00。"},
            )
    return _text(spec.label, text, hint=hint, long=spec.kind == "多行")


def _text(label: str, text: str, *, hint: str = "", long: bool = False, rows: int = 4) -> forms.CharField:
    return text_field(label, hint=hint, initial=text, longest=_LONG if long else _LINE, rows=rows if long else 0)


def _say(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return say_minute(value.astimezone(SHANGHAI))
    return say_day(value) if hasattr(value, "isoformat") else str(value)
