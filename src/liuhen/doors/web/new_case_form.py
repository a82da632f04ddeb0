"""登记新案件, what is typed: how the matter came, whom it concerns, and the traits that the packs of this agency ask about.

Invariant: the form carries the random id that the case is to have, so that sending it twice makes one case.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms

from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.forms import MINUTE, id_field, minute_field, text_field
from liuhen.flows.foresee_case import Foreseen
from liuhen.flows.occasion import random_id

_STARTS = ("依职权", "依申请")
# How matters reach an agency, behind the words that its packs turn on; whatever else it is goes under 其他.
_MANNERS = ("举报", "投诉", "巡查检查发现", "上级交办", "下级报请", "其他机关移送", "当事人申请", "媒体反映", "其他")
_PARTIES = ("自然人", "个体工商户", "企业", "事业单位", "社会组织", "机关", "其他组织")
_NAMED, _ANONYMOUS, _NOBODY = "named", "anonymous", "nobody"
_REPORTING = ((_NOBODY, "没有举报人或者申请人"), (_NAMED, "实名"), (_ANONYMOUS, "匿名"))
ANONYMOUS = "匿名"


class NewCaseForm(forms.Form):
    """One case to be: `data` is what was sent, else the form is filled with what is known before anybody types."""

    id = id_field()

    def __init__(self, foreseen: Foreseen, person: str, now: datetime, data: Mapping[str, Any] | None = None) -> None:
        initial = {"id": random_id(), "kind": foreseen.kind, "received_by": person, "start": "依职权"}
        initial |= {"received_at": now.strftime(MINUTE), "reporting": _NOBODY}
        super().__init__(data, initial=initial)
        self._foreseen = foreseen
        self.fields |= {name: field for name, field in _fields(foreseen)}
        for name, field in self.fields.items():
            field.error_messages["invalid_choice"] = f"请从列表中选择{field.label}。"
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}-hint"

    def clean(self) -> dict[str, Any]:
        """Ask for who reported where somebody did so by name."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("reporting") == _NAMED and not said.get("reporter"):
            self.add_error("reporter", "请写明举报人、申请人或者移送的机关；要保密的，写明身份信息另存。")
        return said

    @property
    def source(self) -> Source:
        """案件来源; only of a valid form."""
        said = self.cleaned_data
        named = said["reporting"] == _NAMED
        received = said["received_at"]
        return Source(
            start=said["start"],
            manner=said["manner"],
            summary=said["summary"].strip().replace("\r\n", "\n"),
            real_name=named,
            reporter=said["reporter"].strip() if named else ANONYMOUS if said["reporting"] == _ANONYMOUS else None,
            received_by=said["received_by"].strip() or None,
            received_at=received.astimezone(SHANGHAI) if received else None,
        )

    @property
    def party(self) -> Party:
        """当事人; only of a valid form."""
        said = self.cleaned_data
        more = ("id_number", "address", "representative", "phone")
        return Party(said["party"].strip(), said["party_kind"], *(said[name].strip() or None for name in more))

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits that were ticked, in the order of the packs; only of a valid form."""
        return tuple(item.word for item in self._foreseen.traits if item.word in self.cleaned_data["traits"])


def _fields(foreseen: Foreseen) -> Iterator[tuple[str, forms.Field]]:
    yield "kind", _pick("执法类别", foreseen.kinds)
    yield "matter", text_field("案由", "请写明案由，例如 涉嫌超许可范围储存烟花爆竹。", hint="涉嫌……；申请……")
    yield "start", _pick("启动方式", _STARTS)
    yield "manner", _pick("来源", tuple(dict.fromkeys((*foreseen.manners, *_MANNERS))), blank="请选择来源。")
    yield (
        "summary",
        text_field(
            "来源的内容", "请写明来源的内容和启动的原因。", longest=4000, rows=3, hint="谁反映了什么、为什么要启动"
        ),
    )
    yield "reporting", _pick("举报人、申请人或者移送机关", (), choices=_REPORTING)
    yield "reporter", text_field("姓名或者名称", hint="实名的填写；要保密的，写明身份信息另存")
    yield "received_by", text_field("接到的人")
    yield "received_at", minute_field("接到的时间")
    yield "party", text_field("当事人", "请写明当事人；还不清楚的，写“不明”。")
    yield "party_kind", _pick("当事人类型", _PARTIES, blank="请选择当事人类型。")
    yield "id_number", text_field("证件号码或者统一社会信用代码", longest=64)
    yield "address", text_field("住所或者经营场所")
    yield "representative", text_field("法定代表人、负责人或者经营者", longest=100)
    yield "phone", text_field("联系电话", longest=40)
    units = foreseen.units
    yield (
        "unit",
        forms.ChoiceField(label="承办机构", required=False, choices=[("", "不写明"), *((one, one) for one in units)]),
    )
    yield "entrusted_by", text_field("委托机关", hint="受其他机关委托执法的填写")
    words = [(item.word, item.word) for item in foreseen.traits]
    yield "traits", forms.MultipleChoiceField(label="案件的情形", required=False, choices=words)


def _pick(
    label: str, words: tuple[str, ...], *, blank: str = "", choices: tuple[tuple[str, str], ...] = ()
) -> forms.ChoiceField:
    offered = list(choices) or [(word, word) for word in words]
    return forms.ChoiceField(
        label=label,
        choices=[("", "请选择"), *offered] if blank else offered,
        error_messages={"required": blank or f"请选择{label}。"},
    )
