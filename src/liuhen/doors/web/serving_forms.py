"""送达, what is typed: the form of one manner with exactly the fields that the pack records of it, of an attempt, of a notice.

Invariant: the form of a manner is made from the pack's data; what does not fit is refused by the flow, in its words. `id` makes
a form sent twice one record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.model import Serving
from liuhen.core.rules.serving import FIELDS
from liuhen.doors.web.forms import id_field, minute_field, pick_field, text_field
from liuhen.flows.occasion import random_id
from liuhen.flows.serve import MOST_BYTES, Delivery, Scan

_PAPERS = ("receipt", "consent")
_RECEIPT, _ACT, _REASON = "receipt", "act", "reason"
_HINTS = {
    "reason": "为什么用这种方式，当时的情况",
    "left_at": "住所、经营场所等，写到门牌",
    "witness": "姓名和单位，如 何某（东街居委会）",
    "agent": "姓名、与受送达人的关系；或者受托机关、转交单位的名称",
    "act": "拍有送达过程的执法活动",
    "carrier": "公告栏张贴、报纸、网站等，写明名称和期号",
}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a form of a manner offers: documents by field, acts, attempts that wait, words, and what packs want on a receipt."""

    papers: Mapping[str, Choices] = field(default_factory=dict)
    acts: Choices = field(default_factory=list)
    waiting: Choices = field(default_factory=list)
    scan_forms: tuple[str, ...] = ()
    scan_fields: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    initial: Mapping[str, Any] = field(default_factory=dict)


def _paper(label: str, choices: Choices, hint: str, *, needed: bool = False) -> forms.ChoiceField:
    return pick_field(label, choices, needed, hint, empty="请选择" if needed else "没有")


class _ScanField(forms.FileField):
    """A scan, not larger than the flow takes."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse what is too large before it is read."""
        file = super().clean(data, initial)
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(f"扫描件超过 {MOST_BYTES // 1_000_000} MB；请降低分辨率后重新上传。")
        return file


def _scan(label: str) -> forms.FileField:
    return _ScanField(
        label=label,
        required=False,
        help_text="PDF、JPG 或者 PNG，不超过 20 MB；上传后成为本案的文书",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        error_messages={"empty": "上传的文件是空的；请重新选择。", "invalid": "请重新选择要上传的文件。"},
    )


class _Once(forms.Form):
    """A form that is recorded once however often it is sent."""

    id = id_field()

    def __init__(self, data: Mapping[str, Any] | None, files: Any, *, prefix: str, initial: Mapping[str, Any]) -> None:
        start = {"id": random_id(), **initial}
        super().__init__(data, files, auto_id=f"{prefix}-%s", initial=start)
        self._prefix = prefix

    def describe(self) -> None:
        """Tie hints to their fields."""
        for name, one in self.fields.items():
            if one.help_text:
                one.widget.attrs["aria-describedby"] = f"{self._prefix}-{name}-hint"


class ServiceForm(_Once):
    """A service in one manner."""

    def __init__(self, serving: Serving, ask: Ask, data: Mapping[str, Any] | None = None, files: Any = None) -> None:
        super().__init__(data, files, prefix="made", initial=ask.initial)
        self.serving, self.ask = serving, ask
        self.fields["recipient"] = text_field("受送达人", True, longest=400)
        self.fields["place"] = text_field(
            "送达地点", True, "电子送达的写接收的系统和地址" if "consent" in serving.fields else "", longest=400
        )
        if serving.within is None:
            self._ask_for_day()
        for name in serving.fields:
            self.fields[name] = self._detail(name)
        if ask.waiting:
            self.fields["attempt"] = pick_field("收回的是哪一次的回执", ask.waiting, empty="没有")
        if ask.scan_forms:
            self._ask_for_scan()
        self.describe()

    def _ask_for_day(self) -> None:
        self.fields["day"] = forms.DateField(
            label=self.serving.day,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            help_text="送达日由此推算，期限自次日起算",
            error_messages={"required": f"请填写{self.serving.day}。", "invalid": "请写成年月日，例如 2026-03-02。"},
        )
        self.fields["hour"] = forms.TimeField(
            label="时间",
            required=False,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            help_text="回执上没有写时分的不填",
            error_messages={"invalid": "请写成时分，例如 15:30。"},
        )

    def _detail(self, name: str) -> forms.Field:
        label, hint = FIELDS[name], _HINTS.get(name, "")
        needed = name in self.serving.must
        if name in _PAPERS:
            may_scan = name == _RECEIPT and bool(self.ask.scan_forms)
            told = "本案已有的文书；没有的，在下面上传扫描件" if may_scan else hint
            return _paper(label, self.ask.papers.get(name, []), told, needed=needed and not may_scan)
        if name == _ACT:
            return _paper(label, self.ask.acts, hint, needed=needed)
        if name == _REASON:
            return text_field(label, needed, hint, longest=2000, rows=3)
        return text_field(label, needed, hint, longest=400)

    def _ask_for_scan(self) -> None:
        self.fields["scan"] = _scan("回执、凭证的扫描件或者照片")
        if len(self.ask.scan_forms) > 1:
            self.fields["scan_form"] = forms.ChoiceField(
                label="扫描件是", required=False, choices=[(form, form) for form in self.ask.scan_forms]
            )
        if self.ask.signers:
            self.fields["scan_signers"] = forms.MultipleChoiceField(
                label="扫描件上有谁的签名或者盖章",
                required=False,
                choices=[(role, role) for role in self.ask.signers],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "请从列表中勾选。"},
            )
        told = [label for label in self.ask.scan_fields if label in self._says({})]
        if told:
            self.fields["scan_says"] = forms.BooleanField(
                label="扫描件上写明了", required=False, help_text=f"{'、'.join(told)}，与这里填写的一致"
            )
        for number, label in enumerate(self.ask.scan_fields):
            if label not in told:
                self.fields[f"scan_{number}"] = text_field(label, hint="规定要求在凭证上写明", longest=400)

    def of_scan(self) -> list[forms.BoundField]:
        """Give the fields of the scan, which stand apart from the others."""
        return [one for one in self.visible_fields() if one.name.startswith("scan")]

    def of_service(self) -> list[forms.BoundField]:
        """Give the fields of the service itself."""
        return [one for one in self.visible_fields() if not one.name.startswith("scan")]

    def scan_open(self) -> bool:
        """Say whether the scan is to be seen at once: where the case has no such document, or something of it is wrong."""
        return not self.ask.papers.get(_RECEIPT) or any(one.errors for one in self.of_scan())

    def _says(self, said: Mapping[str, Any]) -> dict[str, str]:
        """Give what a receipt says of this service, by the labels that packs use."""
        when = " ".join(str(said[name]) for name in ("day", "hour") if said.get(name))
        own = {
            "受送达人": said.get("recipient", ""),
            "送达地点": said.get("place", ""),
            "送达时间": when,
            "送达方式": f"{self.serving.manner}送达",
            "公告载体": said.get("carrier", ""),
            "拒收事由": said.get(_REASON, ""),
            "拒收情况": said.get(_REASON, ""),
            "原因和经过": said.get(_REASON, ""),
        }
        return {**own, **self.ask.known}

    def clean(self) -> dict[str, Any]:
        """Ask for the receipt or its scan where the manner cannot stand without."""
        said: dict[str, Any] = super().clean() or {}
        # A scan that was refused says so itself.
        if (
            "scan" not in self.errors
            and _RECEIPT in self.serving.must
            and not said.get(_RECEIPT)
            and not said.get("scan")
        ):
            self.add_error(_RECEIPT, f"请选择{FIELDS[_RECEIPT]}，或者上传扫描件。")
        return said

    def delivery(self, document: str) -> Delivery:
        """Give what was said; only of a valid form."""
        said = self.cleaned_data
        day, hour = said.get("day"), said.get("hour")
        happened = datetime.combine(day, hour, SHANGHAI) if day and hour else None
        return Delivery(
            document=document,
            manner=self.serving.manner,
            recipient=said["recipient"],
            place=said["place"],
            happened=happened,
            day=day,
            details={name: said[name] for name in self.serving.fields if said.get(name)},
            attempt=said.get("attempt") or None,
            scan=self._scan(),
            paper_signers=tuple(said.get("scan_signers") or ()),
        )

    def _scan(self) -> Scan | None:
        said = self.cleaned_data
        if not said.get("scan"):
            return None
        form = said.get("scan_form") or self.ask.scan_forms[0]
        known = self._says(said) if said.get("scan_says") else {}
        texts = {label: known.get(label, "") for label in self.ask.scan_fields}
        texts |= {
            label: said[f"scan_{number}"]
            for number, label in enumerate(self.ask.scan_fields)
            if said.get(f"scan_{number}")
        }
        return Scan(said["scan"].read(), form, {label: text for label, text in texts.items() if text})


class AttemptForm(_Once):
    """送达未成, or sent and waiting for its receipt."""

    manner = forms.ChoiceField(
        label="送达方式", error_messages={"required": "请选择送达方式。", "invalid_choice": "请选择送达方式。"}
    )
    result = forms.ChoiceField(
        label="结果",
        choices=[("未送达", "没有送达到"), ("待回执", "已经交邮或者交办，等待回执")],
        error_messages={"required": "请选择结果。"},
    )
    happened = minute_field("时间", missing="请填写时间。")
    recipient = text_field("受送达人", True, longest=400)
    place = text_field("地点", True, longest=400)
    reason = text_field(
        "没有送达的原因、经过",
        hint="如 住所无人、迁移新址不明、邮件退回；等待回执的写为什么用这种方式",
        longest=2000,
        rows=3,
    )
    agent = text_field("受托人或者转交单位", longest=400)
    post = text_field("邮寄种类", hint="挂号信、特快专递等", longest=400)
    post_number = text_field("邮寄单号", longest=400)
    act = _paper("执法活动", [], "拍有经过的执法活动")
    proof = _paper("证明的文书", [], "本案已有的情况说明等")

    def __init__(
        self,
        manners: Mapping[str, tuple[str, ...]],
        acts: Choices,
        proofs: Choices,
        initial: Mapping[str, Any],
        data: Any = None,
        files: Any = None,
    ) -> None:
        super().__init__(data, files, prefix="attempt", initial=initial)
        papers = dict.fromkeys(form for forms_ in manners.values() for form in forms_)
        if papers:
            self.fields["scan"] = _scan("退件封面等凭证的扫描件或者照片")
            self.fields["scan_form"] = forms.ChoiceField(
                label="扫描件是", required=False, choices=[(form, form) for form in papers]
            )
        for name, choices in (("manner", [(one, one) for one in manners]), ("act", acts), ("proof", proofs)):
            picked = self.fields[name]
            assert isinstance(picked, forms.ChoiceField)  # declared above
            picked.choices = [("", "请选择" if picked.required else "没有"), *choices]
        self.describe()

    def content(self, document: str) -> dict[str, Any]:
        """Give the content of the event as plain data; only of a valid form."""
        said = self.cleaned_data
        texts = ("manner", "result", "recipient", "place", "reason", "agent", "post", "post_number", "act")
        content: dict[str, Any] = {name: said[name] for name in texts if said[name]}
        content |= {"attempt": said["id"], "document": document}
        return content | ({"proofs": [said["proof"]]} if said["proof"] else {})

    def scan(self) -> Scan | None:
        """Give the paper that came back, None where there is none; only of a valid form."""
        file = self.cleaned_data.get("scan")
        return Scan(file.read(), self.cleaned_data["scan_form"]) if file else None


class NoticeForm(_Once):
    """发布送达公告."""

    happened = minute_field("发布时间", missing="请填写公告发布的时间。", hint="公告期自次日起算")
    carrier = text_field("公告载体", True, _HINTS["carrier"], longest=400)
    reason = text_field(
        "公告送达的原因和经过", True, "下落不明，或者用过哪些方式、为什么没有送达", longest=2000, rows=3
    )
    proof = _paper("送达公告", [], "留存的书面公告")

    def __init__(self, proofs: Choices, initial: Mapping[str, Any], data: Any = None) -> None:
        super().__init__(data, None, prefix="notice", initial=initial)
        proof = self.fields["proof"]
        assert isinstance(proof, forms.ChoiceField)  # declared above
        proof.choices = [("", "没有"), *proofs]
        self.describe()

    def content(self, document: str) -> dict[str, Any]:
        """Give the content of the event as plain data; only of a valid form."""
        said = self.cleaned_data
        content = {name: said[name] for name in ("carrier", "reason", "proof") if said[name]}
        return {**content, "document": document}
