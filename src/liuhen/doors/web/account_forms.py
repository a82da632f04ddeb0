"""人员账号: the forms by which people join an agency and get other roles."""

from django import forms

from liuhen.doors.web.forms import text_field
from liuhen.flows.access import ROLES


def _roles() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="角色",
        choices=[(role, role) for role in ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text="三员（系统管理员、安全管理员、审计管理员）互不兼任，也不兼任办案的角色",
        error_messages={"required": "请至少选择一个角色。", "invalid_choice": "请从列表中选择角色。"},
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": f"{label}应写成年月日，例如 2026-01-01。"},
    )


class PersonForm(forms.Form):
    """Somebody who joins."""

    username = text_field("账号", "请填写账号。", "登录用，字母、数字和 @ . + - _", longest=150)
    name = text_field("姓名", "请填写姓名。", "与文书上的签名一致", longest=60)
    title = text_field("职务", hint="不填的，写角色", longest=60)
    roles = _roles()
    certificate = text_field("执法证号", hint="不执法的不填", longest=60)
    valid_from = _day("执法证有效期自")
    valid_until = _day("执法证有效期至")


class RolesForm(forms.Form):
    """Other roles for somebody."""

    roles = _roles()
