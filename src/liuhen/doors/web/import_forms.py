"""The import desk's forms: which act a recording shows, when it was really filmed, what became of a file, what a clock shows."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from liuhen.core.kernel.moments import SHANGHAI

_MINUTES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_MISSING_TIME = "请填写时间，例如 2026-03-02 10:05。"


class LinkForm(forms.Form):
    """An act chosen for a recording, as case and act in one word."""

    act = forms.RegexField(
        regex=r"^[0-9A-Za-z_-]{1,64}/[0-9A-Za-z_-]{1,64}$",
        error_messages={"required": "请选择一项执法活动。", "invalid": "请从列表中选择一项执法活动。"},
    )

    def chosen(self) -> tuple[str, str]:
        """Give the uids of case and act."""
        case, _, act = str(self.cleaned_data["act"]).partition("/")
        return case, act


class TimeForm(forms.Form):
    """When a recording was really filmed; the end follows from its length where none is given."""

    started = forms.DateTimeField(
        input_formats=_MINUTES, error_messages={"required": _MISSING_TIME, "invalid": _MISSING_TIME}
    )
    ended = forms.DateTimeField(input_formats=_MINUTES, required=False, error_messages={"invalid": _MISSING_TIME})
    basis = forms.CharField(
        max_length=500, error_messages={"required": "请写明认定时间的依据，例如“与现场检查笔录的时间核对”。"}
    )

    def span(self, length: timedelta) -> tuple[datetime, datetime]:
        """Give start and end, in Shanghai."""
        started = self.cleaned_data["started"].astimezone(SHANGHAI)
        ended = self.cleaned_data["ended"]
        return started, ended.astimezone(SHANGHAI) if ended else started + length


class OutcomeForm(forms.Form):
    """What became of a file that was set aside."""

    outcome = forms.CharField(
        max_length=500, error_messages={"required": "请写明处理结果，例如“已从记录仪重新导出并入库”。"}
    )


class SealForm(forms.Form):
    """A transfer of a camera that is not waited for any longer, and why."""

    system = forms.CharField(max_length=32)
    name = forms.CharField(max_length=255, strip=False)
    reason = forms.CharField(
        max_length=300, error_messages={"required": "请写明为什么不再等待，例如“记录仪摔坏，无法继续传送”。"}
    )


class ClockForm(forms.Form):
    """What a device's clock shows now, or that it agrees with ours."""

    device = forms.CharField(max_length=64, error_messages={"required": "请选择要比对的设备。"})
    shown = forms.DateTimeField(
        input_formats=_MINUTES,
        required=False,
        error_messages={"invalid": "时间应写到秒，例如 2026-03-02 09:12:05。"},
    )
    same = forms.BooleanField(required=False)

    def clean_shown(self) -> datetime | None:
        """Refuse what lies beyond all clocks."""
        shown = self.cleaned_data["shown"]
        try:
            return shown.astimezone(SHANGHAI) if shown is not None else None
        except OverflowError:
            raise forms.ValidationError("时间应写到秒，例如 2026-03-02 09:12:05。") from None

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        said = super().clean() or self.cleaned_data
        if not self.errors and said.get("shown") is None and not said.get("same"):
            raise forms.ValidationError("没有填写设备显示的时间；请填到秒，时间一致的按“与本机一致”。")
        return said

    def moment(self, now: datetime) -> datetime:
        """Give what the device shows at this moment."""
        shown: datetime | None = self.cleaned_data["shown"]
        return now if self.cleaned_data["same"] or shown is None else shown


def first_error(form: forms.Form) -> str:
    """Give the first sentence that says what is wrong."""
    errors: dict[str, Any] = form.errors
    return str(next(iter(errors.values()))[0])
