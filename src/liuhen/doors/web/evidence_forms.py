"""作为证据: what is typed of a recording that is used as evidence, and what is to be taken out of it."""

from decimal import Decimal
from typing import Any

from django import forms

from liuhen.doors.web.forms import minute_field
from liuhen.flows.evidence_passport import Notes

_MOST_SECONDS = Decimal(7 * 24 * 3600)


def _text(label: str, hint: str = "", *, needed: str = "", longest: int = 300, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(needed),
        max_length=longest,
        widget=widget,
        error_messages={"required": needed},
    )


class NotesForm(forms.Form):
    """What a person notes of a recording as evidence."""

    purpose = _text("证明对象", "这段音像证明什么事实", needed="请写明这段音像证明什么。", rows=2, longest=500)
    matter = _text("事项", "所录的执法环节")
    place = _text("地点")
    manner = _text("方式", "如 执法记录仪摄像")
    maker = _text("制作人", "拍摄的人")
    making_method = _text("制作方法", rows=2, longest=500)
    extractor = _text("提取人", "从设备导出的人")
    extracted_at = minute_field("提取时间")
    description = _text("文字说明", "内容摘要，写明关键内容在第几分几秒；另有文字稿的写明所在", rows=5, longest=1000)
    location = _text("原件存放")
    disc = _text("光盘", "附卷光盘的编号")

    @property
    def notes(self) -> Notes:
        """What was typed; only of a valid form."""
        typed: dict[str, Any] = self.cleaned_data
        return Notes(**typed)


class ExtractForm(forms.Form):
    """A still at a second, or a clip from one to another, and what for."""

    start = forms.DecimalField(
        label="从第几秒",
        min_value=0,
        max_value=_MOST_SECONDS,
        max_digits=9,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
        error_messages={"required": "请写明从第几秒截取。"},
    )
    end = forms.DecimalField(
        label="到第几秒",
        help_text="只要一张截图的，不填",
        required=False,
        min_value=0,
        max_value=_MOST_SECONDS,
        max_digits=9,
        decimal_places=3,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )
    purpose = _text("用途", needed="请写明截取的用途。", longest=300)

    def clean(self) -> dict[str, Any]:
        """A clip ends after it begins."""
        typed: dict[str, Any] = super().clean() or {}
        start, end = typed.get("start"), typed.get("end")
        if start is not None and end is not None and end <= start:
            self.add_error("end", "结束的秒数应大于开始的秒数。")
        return typed
