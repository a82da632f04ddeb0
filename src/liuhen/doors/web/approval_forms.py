"""审批, what is typed: a round put forward, an opinion signed, a recusal raised and decided, a chain set, authority delegated.

Invariant: a form offers what the flow will take and nothing else; what the flow refuses all the same is said in its words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django import forms

from liuhen.core.events.parts import ChainStep
from liuhen.doors.web.confirming import Proof
from liuhen.doors.web.forms import code_field, id_field, pick_field, text_field
from liuhen.flows.approval_rounds import LONGEST_TEXT
from liuhen.flows.occasion import random_id

Choices = Sequence[tuple[str, str]]
Data = Mapping[str, Any] | None
Way = Literal["opinion", "review", "discussion"]
WAYS: Mapping[str, str] = {"opinion": "签署意见", "review": "法制审核", "discussion": "集体讨论"}
SPARE_ROWS = 2


class Signed(forms.Form):
    """What every signed word has: one's own name typed, and a proof where the session is no longer fresh."""

    def sign_as(self, name: str, asks: Proof) -> None:
        """Add the places for the signature, last in the form."""
        self.signer = name
        self.fields["signature"] = text_field(
            "签名", "请输入本人姓名，作为签名。", f"输入本人姓名（{name}），即为签名；日期以签署时为准", longest=64
        )
        if asks == "code":
            self.fields["code"] = code_field()
        if asks == "password":
            self.fields["password"] = forms.CharField(
                label="口令",
                help_text="距上次登录或者确认已超过 15 分钟，请再输入一次登录口令",
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                error_messages={"required": "请输入登录口令。"},
            )

    def clean_signature(self) -> str:
        """A signature is one's own name and nobody else's."""
        said = str(self.cleaned_data["signature"]).strip()
        if said != self.signer:
            raise forms.ValidationError(f"签名应与本人姓名一致：{self.signer}。")
        return said


@dataclass(frozen=True, slots=True)
class Offered:
    """What a form about a case can point at, and the people it can name."""

    documents: Choices
    acts: Choices
    people: Choices


class RequestForm(Signed):
    """提请审批: the handler's opinion with reasons, what it is about, and the steps that are a matter of choice."""

    id = id_field()
    opinion = text_field("承办意见", "请写明承办意见，如 建议立案。", rows=2, longest=LONGEST_TEXT)
    reasons = text_field("理由", "请写明理由。", "事实、证据和依据", rows=3, longest=LONGEST_TEXT)

    def __init__(self, chain: Sequence[ChainStep], offered: Offered, data: Data = None) -> None:
        super().__init__(data, initial={"id": random_id()}, auto_id="request-%s")
        self.fields["document"] = pick_field("所报文书", offered.documents, hint="没有文书的可以不选", empty="不附文书")
        if offered.acts:
            self.fields["act"] = pick_field(
                "针对的执法活动", offered.acts, hint="事后补办的请选择", empty="本案这一事项"
            )
        optional = [step.name for step in chain if step.optional]
        if optional:
            self.fields["kept"] = forms.MultipleChoiceField(
                label="是否需要以下环节",
                required=False,
                choices=[(name, name) for name in optional],
                widget=forms.CheckboxSelectMultiple,
                help_text="按案件的情形勾选；不勾选的，这次审批没有这一环节",
            )
        for number, step in enumerate(chain):
            if step.way == "discussion" and not step.persons:
                self.fields[f"talking_{number}"] = forms.MultipleChoiceField(
                    label=f"{step.name}的参加人员",
                    required=False,
                    choices=list(offered.people),
                    widget=forms.CheckboxSelectMultiple,
                    help_text="至少 2 人，本人除外；每个人都发表意见以后才能作出结论",
                )
        self.chain = tuple(chain)

    @property
    def kept(self) -> frozenset[str]:
        """The optional steps that were chosen."""
        return frozenset(self.cleaned_data.get("kept", ()))

    @property
    def persons(self) -> dict[str, tuple[str, ...]]:
        """The members of each discussion."""
        said = {step.name: self.cleaned_data.get(f"talking_{number}", []) for number, step in enumerate(self.chain)}
        return {name: tuple(people) for name, people in said.items() if people}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step asks of whoever takes it: results, reasons, earlier steps to return to, whose place it may be taken in."""

    step: str
    results: Choices
    reasons: bool
    earlier: Choices
    ways: Choices
    documents: Choices
    seen: str


class StepForm(Signed):
    """签署意见 at the step that is next."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=64)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, uid: str, asked: Asked, data: Data = None) -> None:
        initial = {"step": asked.step, "seen": asked.seen}
        super().__init__(data, initial=initial, auto_id=f"{uid[:8]}-%s")
        if len(asked.results) > 1:
            self.fields["result"] = forms.ChoiceField(
                label="结论",
                choices=list(asked.results),
                widget=forms.RadioSelect,
                error_messages={"required": "请选择结论。", "invalid_choice": "请从列表中选择结论。"},
            )
        self.fields["opinion"] = text_field("意见", "请写明意见。", rows=2, longest=LONGEST_TEXT)
        if asked.reasons:
            self.fields["reasons"] = text_field("理由", "请写明理由。", rows=2, longest=LONGEST_TEXT)
        if asked.earlier:
            self.fields["returned_to"] = pick_field("退回到", asked.earlier, hint="退回的才选", empty="提请人")
        if asked.documents:
            self.fields["document"] = pick_field(
                "所报文书", asked.documents, hint="修改后另行制作的，请选新的", empty="仍用原来的"
            )
        if len(asked.ways) > 1:
            self.fields["behalf"] = pick_field("以谁的名义", asked.ways[1:], empty=asked.ways[0][1])
        elif asked.ways and asked.ways[0][0]:
            self.fields["behalf"] = forms.CharField(widget=forms.HiddenInput, initial=asked.ways[0][0], max_length=64)


class WithdrawalForm(forms.Form):
    """撤回审批."""

    reason = text_field("撤回的原因", "请写明为什么撤回。")

    def __init__(self, uid: str, data: Data = None) -> None:
        super().__init__(data, auto_id=f"{uid[:8]}-withdrawal-%s")


class RecusalForm(forms.Form):
    """提出回避."""

    id = id_field()
    raised_by = forms.ChoiceField(
        label="由谁提出",
        choices=[("当事人", "当事人申请"), ("机关", "本机关提出"), ("本人", "本人自行回避")],
        error_messages={"required": "请选择由谁提出。"},
    )
    ground = text_field("回避理由", "请写明理由，如 与当事人是近亲属。", rows=2, longest=LONGEST_TEXT)

    def __init__(self, people: Choices, data: Data = None) -> None:
        super().__init__(data, initial={"id": random_id()}, auto_id="recusal-%s")
        self.fields["person"] = pick_field("回避人员", people, "请选择要求回避的人员。")
        self.order_fields(["id", "person", "raised_by", "ground"])


class RecusalDecisionForm(forms.Form):
    """决定回避; on a head's own with what each member of the discussion held."""

    granted = forms.ChoiceField(
        label="决定",
        choices=[("是", "准予回避"), ("否", "不予回避")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择决定。"},
    )
    reasons = text_field("决定的理由", "请写明决定的理由。", rows=2, longest=LONGEST_TEXT)

    def __init__(self, uid: str, people: Choices, together: bool, data: Data = None) -> None:
        super().__init__(data, auto_id=f"{uid[:8]}-%s")
        self.members = list(people) if together else []
        for number, (_, name) in enumerate(self.members):
            self.fields[f"voice_{number}"] = forms.CharField(
                label=f"{name}的意见",
                required=False,
                max_length=400,
                help_text="没有参加讨论的留空" if number == 0 else "",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    @property
    def voices(self) -> tuple[tuple[str, str, str], ...]:
        """Who took part, by uid and name, and what each held."""
        said = ((uid, name, self.cleaned_data[f"voice_{number}"]) for number, (uid, name) in enumerate(self.members))
        return tuple((uid, name, text.strip()) for uid, name, text in said if text.strip())


class StepRow(forms.Form):
    """One step of a chain; a row without a name is no step."""

    name = forms.CharField(label="环节", required=False, max_length=20)
    way = forms.ChoiceField(label="方式", choices=list(WAYS.items()))
    optional = forms.BooleanField(label="提请时可选", required=False)
    reasons = forms.BooleanField(label="写明理由", required=False)

    def __init__(self, *args: Any, roles: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = forms.CheckboxSelectMultiple
        self.fields["by"] = forms.MultipleChoiceField(
            label="由谁办理", required=False, choices=list(roles), widget=boxes
        )
        self.fields["persons"] = forms.MultipleChoiceField(
            label="指定人员", required=False, choices=list(people), widget=boxes
        )

    def chain_step(self) -> ChainStep | None:
        """The step as it was typed, None for an empty row."""
        said = self.cleaned_data
        if not said.get("name"):
            return None
        way: Way = said["way"]
        by = () if way == "discussion" else tuple(said["by"])
        return ChainStep(said["name"].strip(), by, way, said["reasons"], said["optional"], tuple(said["persons"]))


class DelegationForm(forms.Form):
    """委托审批."""

    id = id_field()
    first_day = forms.DateField(
        label="从",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写委托的第一天。", "invalid": "日期应写成年月日，如 2026-03-02。"},
    )
    last_day = forms.DateField(
        label="到",
        help_text="当日仍有效",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写委托的最后一天。", "invalid": "日期应写成年月日，如 2026-03-02。"},
    )
    ground = text_field("原因", "请写明为什么委托，如 外出培训。")

    def __init__(self, people: Choices, matters: Sequence[str], data: Data = None) -> None:
        super().__init__(data, initial={"id": random_id()}, auto_id="delegation-%s")
        self.fields["holder"] = pick_field("受托人", people, "请选择受托人。")
        self.fields["matters"] = forms.MultipleChoiceField(
            label="委托的事项",
            required=False,
            choices=[(matter, matter) for matter in matters],
            widget=forms.CheckboxSelectMultiple,
            help_text="都不选的，为全部事项",
        )
        self.order_fields(["id", "holder", "first_day", "last_day", "ground", "matters"])


class EndForm(forms.Form):
    """终止委托."""

    reason = text_field("终止的原因", "请写明为什么终止委托。")
