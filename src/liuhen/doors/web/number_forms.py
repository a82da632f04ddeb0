"""编号: the forms by which numbers are reserved and given back, and a document is voided."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from liuhen.doors.web.forms import id_field
from liuhen.flows.occasion import random_id
from liuhen.flows.reserved_numbers import MOST_RESERVED

_LONGEST = 200


class ReserveForm(forms.Form):
    """How many numbers of which type are set aside for whom, and why; `id` makes a second sending the same block."""

    id = id_field()
    form = forms.ChoiceField(label="文书种类", error_messages={"required": "请选择文书种类。"})
    count = forms.IntegerField(
        label="预留几个号",
        min_value=1,
        max_value=MOST_RESERVED,
        error_messages={
            "required": "请填写预留几个号。",
            "invalid": "个数应写成整数。",
            "min_value": "至少预留 1 个号。",
            "max_value": f"一次最多预留 {MOST_RESERVED} 个号；更多的请分次预留。",
        },
    )
    holder = forms.ChoiceField(label="由谁领用", error_messages={"required": "请选择领用人。"})
    reason = forms.CharField(
        label="为什么预留",
        help_text="如 下乡执法没有网络，带空白表格填写",
        max_length=_LONGEST,
        error_messages={"required": "请写明为什么预留。", "max_length": f"原因超过 {_LONGEST} 个字；请精简。"},
    )

    def __init__(
        self,
        types: Iterable[str],
        officers: Iterable[tuple[str, str]],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"id": random_id()}, prefix="reserve")
        self.fields["form"].choices = [("", "请选择"), *((name, name) for name in types)]  # type: ignore[attr-defined]
        self.fields["holder"].choices = [("", "请选择"), *officers]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why numbers are given back unused, or a document is voided."""

    reason = forms.CharField(label="原因", max_length=500)

    def __init__(
        self, label: str, hint: str, missing: str, data: Mapping[str, Any] | None = None, *, prefix: str = "void"
    ) -> None:
        super().__init__(data, prefix=prefix)
        field = self.fields["reason"]
        field.label, field.help_text = label, hint
        field.error_messages |= {"required": missing, "max_length": "原因超过 500 个字；请精简。"}


def return_form(block: str, data: Mapping[str, Any] | None = None) -> ReasonForm:
    """Give the form of a block's return."""
    return ReasonForm(
        "没有用掉的号为什么作废",
        "如 空白表格已经带回并销毁；全部用完的写“全部用完”",
        "请写明没有用掉的号为什么作废。",
        data,
        prefix=f"return-{block}",
    )


def void_form(data: Mapping[str, Any] | None = None) -> ReasonForm:
    """Give the form by which a document is voided."""
    return ReasonForm("作废的原因", "如 当事人名称写错，已经另行制作", "请写明作废的原因。", data)
