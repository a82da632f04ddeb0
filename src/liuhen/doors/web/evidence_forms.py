"""作为证据: what is typed of a recording that is used as evidence, and what is to be taken out of it."""

from decimal import Decimal
from typing import Any

from django import forms

from liuhen.doors.web.forms import minute_field, text_field
from liuhen.flows.evidence_passport import Notes

_MOST_SECONDS = Decimal(7 * 24 * 3600)


class NotesForm(forms.Form):
    """What a person notes of a recording as evidence."""

    purpose = text_field("证明对象", "请写明这段音像证明什么。", "这段音像证明什么事实", rows=2, longest=500)
    matter = text_field("事项", hint="所录的执法环节", longest=300)
    place = text_field("地点", longest=300)
    manner = text_field("方式", hint="如 执法记录仪摄像", longest=300)
    maker = text_field("制作人", hint="拍摄的人", longest=300)
    making_method = text_field("制作方法", rows=2, longest=500)
    extractor = text_field("提取人", hint="从设备导出的人", longest=300)
    extracted_at = minute_field("提取时间")
    description = text_field(
        "文字说明", hint="内容摘要，写明关键内容在第几分几秒；另有文字稿的写明所在", rows=5, longest=1000
    )
    location = text_field("原件存放", longest=300)
    disc = text_field("光盘", hint="附卷光盘的编号", longest=300)

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
    purpose = text_field("用途", "请写明截取的用途。", longest=300)

    def clean(self) -> dict[str, Any]:
        """A clip ends after it begins."""
        typed: dict[str, Any] = super().clean() or {}
        start, end = typed.get("start"), typed.get("end")
        if start is not None and end is not None and end <= start:
            self.add_error("end", "结束的秒数应大于开始的秒数。")
        return typed
