"""Events of measures, hearings and execution: what ends a measure, moves a term, asks for a hearing, adds to a fine, goes to court.

Law words (kinds of term, grounds, outcomes) are text that packs know; the code never branches on them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MeasureEnded:
    """措施解除或者处理: things kept, sealed, seized or frozen by an act were released or otherwise dealt with.

    `outcome`: 解除, 退还, 没收, 销毁, 移送, 转为查封扣押 …; the act itself ended when the officers left, the measure ends here.
    """

    act: str
    outcome: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class TermExtended:
    """延长期限: the head, or whom the law names, let a term run until the end of the day `until`.

    `term` is what packs call it: 查封扣押, 冻结, 行政许可决定, 缴纳罚款 …; `act` or `decision` where it is the term of one only.
    """

    term: str
    until: date
    reason: str
    approved_by: str | None = None
    act: str | None = None
    decision: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class TimeExcluded:
    """不计入期限的时间: an interval that stops the clock of some terms, with its ground and the document that tells of it.

    `ground`: 检测, 检验, 检疫, 鉴定, 听证, 专家评审, 复议, 诉讼 …; without `ended_at` it is still going on.
    """

    ground: str
    begun_at: datetime
    ended_at: datetime | None = None
    act: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class NoticePosted:
    """发布送达公告: a document is served by public notice; it counts as served only when the time of the notice has run out.

    `reason`: why it could not be served otherwise, and what was tried.
    """

    document: str
    carrier: str
    reason: str | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class HearingRequested:
    """申请听证: the party, or somebody the decision concerns, asked for a hearing."""

    person: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class SurchargeDemanded:
    """加处罚款: what is demanded on top of a fine paid late, in yuan, counted from `first_day` to `last_day`, both included."""

    decision: str
    amount: Decimal
    first_day: date
    last_day: date
    document: str | None = None


@dataclass(frozen=True, slots=True)
class RedressExpired:
    """救济期限届满: the last day on which the party could ask for review or sue, and why it is that day."""

    decision: str
    expired_on: date
    ground: str


@dataclass(frozen=True, slots=True)
class CourtApplied:
    """申请法院强制执行: the agency asked a court to execute its decision."""

    decision: str
    court: str
    document: str | None = None
