"""The player's forms: why a stretch was not filmed, and why a link was a mistake."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant
from liuhen.doors.web.cards.filming_table import Choice
from liuhen.doors.web.forms import minute_field

_MOST_SECONDS = 7 * 24 * 3600
VOICE, PAPER = "语音", "书面"


class GapForm(forms.Form):
    """The explanation of a gap: by voice at a second of a recording, or in writing by a document of the case."""

    stopped = forms.CharField(max_length=40)
    cause = forms.CharField(
        max_length=200, error_messages={"required": "请写明没有拍摄的原因，例如“记录仪电量耗尽，更换电池”。"}
    )
    manner = forms.ChoiceField(
        choices=[(VOICE, VOICE), (PAPER, PAPER)],
        error_messages={"required": "请选择用语音还是书面说明。", "invalid_choice": "请选择用语音还是书面说明。"},
    )
    recording = forms.ChoiceField(required=False, error_messages={"invalid_choice": "请从本项活动的音像中选择。"})
    second = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=_MOST_SECONDS,
        max_digits=9,
        decimal_places=3,
        error_messages={"invalid": "请用数字写明语音说明在音像的第几秒。"},
    )
    document = forms.ChoiceField(required=False, error_messages={"invalid_choice": "请从本案的文书中选择。"})
    reported_to = forms.CharField(required=False, max_length=60)
    reported_at = minute_field("报告的时间")

    def __init__(self, data: Any, *, recordings: Sequence[Choice], documents: Sequence[Choice]) -> None:
        super().__init__(data)
        for name, known in (("recording", recordings), ("document", documents)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", ""), *((choice.value, choice.words) for choice in known)]

    def clean_stopped(self) -> datetime:
        """Read the moment at which the gap begins, as the page sent it."""
        try:
            return parse_instant(self.cleaned_data["stopped"])
        except BadInput:
            raise forms.ValidationError("没有收到缺口的起点；请刷新页面后重试。") from None

    def clean(self) -> dict[str, Any]:
        """Demand what the chosen manner needs, and leave out what it does not."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("manner") == VOICE:
            if not said.get("recording"):
                self.add_error("recording", "请选择语音说明在哪一段音像里。")
            if said.get("second") is None and "second" not in self.errors:
                self.add_error("second", "请写明语音说明在音像的第几秒。")
            said["document"] = ""
        elif said.get("manner") == PAPER:
            if not said.get("document"):
                self.add_error("document", "请选择书面说明；还没有的，先制作《音像记录中断情况说明》。")
            said["recording"], said["second"] = "", None
        if bool(said.get("reported_to")) != bool(said.get("reported_at")) and "reported_at" not in self.errors:
            self.add_error("reported_to", "向负责人报告的，请把向谁、什么时候都写明。")
        return said


class ReasonForm(forms.Form):
    """Why a link was a mistake."""

    reason = forms.CharField(
        max_length=500, error_messages={"required": "请写明撤销关联的原因，例如“拍的是另一项检查”。"}
    )
