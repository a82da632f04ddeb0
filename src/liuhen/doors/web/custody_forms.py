"""保管: what the archivist or the officer writes down of a recording, each in a form of its own."""

from typing import Any

from django import forms

from liuhen.doors.web.forms import minute_field, text_field
from liuhen.flows.classified import CLASSIFICATIONS


class LateForm(forms.Form):
    """未及时入库说明: the ground, and when the officers were back."""

    ground = text_field("原因", "请写明没有及时入库的原因。", "如 连续执法、异地执法、交通不便")
    returned_at = minute_field("返回机关的时间", hint="返回后的入库期限由此起算", missing="请写明返回机关的时间。")


class KeepForm(forms.Form):
    """延长或者永久保存."""

    period = text_field("保存期限", "请写明保存多长时间。", "永久、长期，或者年数，如 10 年", longest=20)
    situations = text_field("情形", "请写明属于哪种情形。", "如 阻碍执法、群体性事件；有几种的用顿号隔开")
    ground = text_field("认定的事实", "请写明认定的事实。", longest=500)

    @property
    def content(self) -> dict[str, Any]:
        """The content of the event; only of a valid form."""
        said = self.cleaned_data
        situations = [part.strip() for part in said["situations"].replace("，", "、").split("、") if part.strip()]
        return {"period": said["period"], "situations": situations, "ground": said["ground"]}


class ClassifyForm(forms.Form):
    """定密."""

    classification = forms.ChoiceField(
        label="密级或者类别",
        choices=[(word, word) for word in CLASSIFICATIONS],
        error_messages={"required": "请选择。"},
    )
    basis = text_field("依据", "请写明定密或者解除的依据。")

    @property
    def content(self) -> dict[str, Any]:
        """The content of the event; only of a valid form."""
        return dict(self.cleaned_data)


class HoldForm(forms.Form):
    """暂缓处置."""

    ground = text_field("原因", "请写明为什么暂缓处置。", "如 行政复议、行政诉讼、信访未结")


class ReleaseForm(forms.Form):
    """解除暂缓处置."""

    hold = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = text_field("解除的原因", "请写明解除的原因。")


class TransferForm(forms.Form):
    """移交."""

    to = text_field("接收人", "请写明交给谁。", "单位和经办人")
    carrier = text_field("载体", "请写明载体。", "光盘、U盘、硬盘和编号", longest=60)
    purpose = text_field("用途", "请写明用途。")
    approval = text_field("依据的批准", "请写明谁在什么时候批准。")


FORMS: dict[str, type[forms.Form]] = {
    "late": LateForm,
    "keep": KeepForm,
    "classify": ClassifyForm,
    "hold": HoldForm,
    "release": ReleaseForm,
    "transfer": TransferForm,
}
