"""决定以后, what is typed: one table of fields for each act after the decision, made into a form as the registers do it.

Invariant: a form shows exactly the fields of its event that people fill in; what does not fit is refused by the flow.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from liuhen.doors.web.register_forms import Entry, EntryForm, Options

_DECISION = Entry("decision", "决定", "pick")
_DOCUMENT = Entry("document", "文书", "pick", False, "记录这件事的文书；没有的先拟制")
AFTERMATH: Mapping[str, tuple[Entry, ...]] = {
    "case.decision-performed": (
        _DECISION,
        Entry("manner", "怎样履行", hint="缴纳罚款、停止违法行为、拆除等"),
        Entry("amount", "缴纳金额（元）", "money", False, "缴款的填写；分次缴纳的每次记一条"),
        _DOCUMENT,
    ),
    "case.term-extended": (
        Entry("term", "延长的是", "pick"),
        Entry("until", "延长至", "day", hint="延期到哪一天；分期的写最后一期"),
        Entry("reason", "理由", "long"),
        Entry("approved_by", "批准人", needed=False),
        Entry("decision", "决定", "pick", False),
        _DOCUMENT,
    ),
    "case.correction-verified": (
        _DECISION,
        Entry("result", "核查结果", "pick"),
        Entry("document", "核查记录", "pick", False, "整改复查记录等；没有的先拟制"),
        Entry("recording", "音像", "pick", False),
    ),
    "case.surcharge-demanded": (
        _DECISION,
        Entry("first_day", "起算日", "day", hint="缴款期限届满的次日"),
        Entry("last_day", "算至", "day"),
        Entry("amount", "加处金额（元）", "money", hint="每日按罚款数额的百分之三，总额不超过罚款数额"),
        Entry("document", "告知的文书", "pick", False),
    ),
    "case.objection-raised": (
        Entry("objection", "", "made"),
        Entry("against", "对什么有异议", hint="强制执行、查封扣押等"),
        Entry("person", "异议人"),
        Entry("summary", "异议的内容", "long"),
        Entry("act", "执法活动", "pick", False, "对某次执法活动的异议"),
        _DOCUMENT,
    ),
    "case.objection-handled": (
        Entry("objection", "异议", "pick"),
        Entry("outcome", "复核和处理情况", "long"),
        _DOCUMENT,
    ),
    "case.measure-ended": (
        Entry("act", "执法活动", "pick"),
        Entry("outcome", "怎样处理", hint="退还、没收、销毁、拍卖、上缴国库、解除等"),
        _DOCUMENT,
    ),
    "case.redress-expired": (
        _DECISION,
        Entry("expired_on", "届满日", "day", hint="当事人可以申请复议、提起诉讼的最后一天"),
        Entry("ground", "怎样得出", "long", hint="何日送达，何日届满；申请过复议或者起诉的写明结果"),
    ),
    "case.court-applied": (
        _DECISION,
        Entry("court", "人民法院"),
        Entry("document", "强制执行申请书", "pick", False),
    ),
}
# A field that may be left empty is offered an empty choice in words of its own.
_NONE = "没有"


class AftermathForm(EntryForm):
    """One act after the decision."""

    table: ClassVar[Mapping[str, tuple[Entry, ...]]] = AFTERMATH

    def __init__(
        self,
        name: str,
        options: Options,
        now: datetime,
        begun: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.begun = begun or {}
        super().__init__(name, options, now, data)
        for entry in self.entries:
            if entry.typed == "pick" and not entry.needed:
                field: Any = self.fields[entry.name]
                field.choices = [("", _NONE), *options.get(entry.name, [])]
