"""Forms: what a person types, cleaned, and refused with a sentence that says what to do."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm

MINUTE = "%Y-%m-%dT%H:%M"
Choices = Iterable[tuple[str, str]]
_MOST_SECONDS = 7 * 24 * 3600
_INDEX = re.compile(r"\[\d*\]")


def minute_field(label: str = "", *, hint: str = "", missing: str = "") -> forms.DateTimeField:
    """A moment to the minute, as the browser's own field sends it; `missing` is said where it must be given."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=bool(missing),
        input_formats=[MINUTE],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE),
        error_messages={"required": missing, "invalid": f"{label}应写成年月日和时分，例如 2026-03-02 10:05。"},
    )


class Text(forms.CharField):
    """A text whose lines end as everywhere in the ledger, whatever the browser sends."""

    def to_python(self, value: Any) -> Any:
        """Give the text with its lines ended by one sign each."""
        said = super().to_python(value)
        return said.replace("\r\n", "\n") if isinstance(said, str) else said


def text_field(
    label: str, missing: str | bool = "", hint: str = "", *, longest: int = 200, rows: int = 0, initial: str = ""
) -> Text:
    """A text of one line, or of `rows` in a box; `missing` is said where it must be given, True for the usual words."""
    return Text(
        label=label,
        help_text=hint,
        initial=initial,
        required=bool(missing),
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": f"请填写{label}。" if missing is True else str(missing),
            "max_length": f"{label}太长，请精简到 {longest} 字以内。",
        },
    )


def pick_field(
    label: str, choices: Choices, missing: str | bool = "", hint: str = "", *, empty: str = "请选择"
) -> forms.ChoiceField:
    """One of a list; `empty` is the words of the choice that picks nothing, `missing` as for a text."""
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        required=bool(missing),
        choices=[("", empty), *choices],
        error_messages={
            "required": f"请选择{label}。" if missing is True else str(missing),
            "invalid_choice": f"请从列表中选择{label}。",
        },
    )


def id_field() -> forms.RegexField:
    """The id that makes a form sent twice one entry; the page gives it."""
    return forms.RegexField(
        r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput, error_messages={"required": "请重新打开页面后填写。"}
    )


def field_at(form: forms.Form, place: str, aliases: Mapping[str, str] | None = None) -> str | None:
    """Give the field that a flow's refusal is about, None for the form as a whole.

    `place` is that of an event sent: `events[0].content.party.name` is about `party`, or about `name` where only that is shown.
    `aliases` gives the field of a part that the form calls otherwise.
    """
    shown = {field.name for field in form.visible_fields()}
    if place.startswith("events[0]") and not place.startswith("events[0].content"):
        return "happened" if "happened" in shown else None
    parts = _INDEX.sub("", place.removeprefix("events[0].content.")).split(".")
    named = (dict(aliases or {}).get(part, part) for part in (parts[0], parts[-1]))
    return next((name for name in named if name in shown), None)


class SignInForm(AuthenticationForm):
    """Account and password."""

    error_messages = {
        "invalid_login": "账号或者口令不对。请核对后重试；连续五次错误，该账号将暂停登录三十分钟。",
        "inactive": "该账号已停用，请联系本机关系统管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["password"].label = "口令"
        for field in self.fields.values():
            field.error_messages["required"] = f"请填写{field.label}。"


def code_field() -> forms.CharField:
    """动态口令: the six digits that a telephone shows."""
    return forms.CharField(
        label="动态口令",
        max_length=12,
        help_text="手机验证器上现在显示的 6 位数字",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "请填写动态口令。", "max_length": "动态口令是 6 位数字；请核对后再填。"},
    )


class CodeOfFactorForm(forms.Form):
    """One code of the second factor."""

    code = code_field()


class PasswordForm(PasswordChangeForm):
    """改口令: the old one once, the new one twice."""

    error_messages = {
        "password_incorrect": "原来的口令不对；请核对后再填。",
        "password_mismatch": "两次填写的新口令不一样；请重新填写。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"old_password": "原来的口令", "new_password1": "新口令", "new_password2": "再填一次新口令"}
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.error_messages["required"] = f"请填写{label}。"
            field.widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].help_text = "至少十个字符，不要用姓名、账号或者常见的口令"


class ArchiveForm(forms.Form):
    """归档: the number in the archive and how long the case is kept."""

    archive_number = forms.CharField(
        label="档号",
        max_length=64,
        error_messages={"required": "请填写档号，例如 A012-XZ·2026-Y-0017。"},
    )
    retention = forms.ChoiceField(
        label="保管期限",
        choices=[("永久", "永久"), ("30 年", "30 年"), ("10 年", "10 年")],
        error_messages={"required": "请选择保管期限。"},
    )


class MarkForm(forms.Form):
    """A moment of a recording."""

    second = forms.DecimalField(
        min_value=0,
        max_value=_MOST_SECONDS,
        max_digits=9,
        decimal_places=3,
        error_messages={"required": "没有收到时间点；请在播放时按 M 键标记。"},
    )
    topic = forms.CharField(max_length=60, error_messages={"required": "请写明标记的内容，例如“告知权利”。"})
    note = forms.CharField(max_length=200, required=False)


class CodeForm(forms.Form):
    """The number and the checking code printed on a document."""

    number = forms.CharField(label="文号", max_length=64, error_messages={"required": "请填写文书上的文号。"})
    code = forms.CharField(label="核验码", max_length=32, error_messages={"required": "请填写文书上的核验码。"})
