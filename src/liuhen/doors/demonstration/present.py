"""Three cases of the present day, so that the workbench of a demonstration has something to do; by the real clock."""

from datetime import datetime, timedelta

from liuhen.core.calendar.deadline import deadline
from liuhen.core.calendar.periods import NaturalDays
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import local_day
from liuhen.doors.demonstration.cast import AGENCY, LI, WANG, ZHAO, ZHOU, Stage, moment, opinion, places
from liuhen.doors.demonstration.story import PACKED_AT
from liuhen.flows.approval_rounds import Proposal, Word, request_approval, take_step
from liuhen.flows.approve import give_opinion
from liuhen.flows.conclude import conclude_case
from liuhen.flows.conduct_act import begin_act, end_act, show_certificates
from liuhen.flows.keep_log import seal_logs
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import file_case, register_case
from liuhen.flows.sign_document import complete_document
from liuhen.flows.write_document import Content, make_document


def open_present_cases(stage: Stage, now: datetime) -> bool:
    """Open a complaint of today, an investigation of yesterday, and a case whose archiving is due about today.

    Gives false where the clock stands before the story's end: the ledger would refuse to run backwards.
    """
    if now < moment(PACKED_AT):
        return False
    stage.tell("今天的案件")
    _complaint(stage, now)
    _investigation(stage, now)
    _to_be_archived(stage, now)
    seal_logs(AGENCY, now)
    return True


def _on(stage: Stage, at: datetime, now: datetime, actor: Actor) -> Occasion:
    return Occasion(actor, at, now, stage.new_id)


def _complaint(stage: Stage, now: datetime) -> None:
    at = now - timedelta(hours=1)
    case = register_case(
        _on(stage, at, now, LI),
        kind="行政处罚",
        matter="涉嫌未按规定组织从业人员安全培训",
        source=Source("依职权", "检查发现", "日常检查中发现车间三名新员工没有三级安全教育记录。"),
        party=Party("安禾县永固机械加工厂", "企业", address="安禾县工业园 6 号", representative="郑志强"),
    )
    proposer, reviewer = (
        _on(stage, at + timedelta(minutes=15), now, LI),
        _on(stage, at + timedelta(minutes=30), now, ZHAO),
    )
    request = proposer.new_id()
    said = Proposal("立案", "建议立案。", "三名新员工没有三级安全教育记录，有检查记录和花名册为证，属本机关管辖。")
    request_approval(case, proposer, request, said)
    take_step(case, reviewer, request, Word("审核", "同意", "同意立案，报局领导批准。"))


def _investigation(stage: Stage, now: datetime) -> None:
    start = now - timedelta(days=2)
    case = register_case(
        _on(stage, start, now, LI),
        kind="行政处罚",
        matter="涉嫌危险化学品未分类存放",
        source=Source("依职权", "移送", "市场监管部门移送线索：仓库内酸碱混放。"),
        party=Party("安禾县鑫源化工物资有限公司", "企业", address="安禾县北环路 22 号", representative="孙玥"),
    )
    _approve(stage, case, start, now)
    file_case(case, _on(stage, start + timedelta(hours=3), now, LI))
    begun = now - timedelta(days=1)
    act = begin_act(
        case,
        _on(stage, begun, now, LI),
        kind="现场检查",
        place="安禾县北环路 22 号库房",
        officers=(LI.uid, WANG.uid),
        traits=("直接涉及生命健康",),
        party_present=True,
    )
    show_certificates(case, _on(stage, begun + timedelta(minutes=1), now, LI), act=act, shown_to="孙玥")
    end_act(case, _on(stage, begun + timedelta(minutes=25), now, LI), act=act, outcome="酸碱混放，已拍照")
    occasion = _on(stage, begun + timedelta(minutes=40), now, LI)
    content = Content(
        fields={"检查地点": "安禾县北环路 22 号库房", "被检查人": "安禾县鑫源化工物资有限公司"},
        body=("库房东侧货架盐酸与氢氧化钠相邻存放，间距约 0.5 米，未设隔离。",),
        signers=places(("当事人", "孙玥"), ("执法人员", LI.name), ("执法人员", WANG.name)),
    )
    record = make_document(case, occasion, form="现场检查笔录", content=content, act=act)
    stage.case = case
    stage.sign(occasion, record, content.signers)
    complete_document(case, occasion, document=record)


def _to_be_archived(stage: Stage, now: datetime) -> None:
    """An inspection that was concluded thirty days ago and lies on a desk."""
    concluded = _concluded_at(now)
    start = concluded - timedelta(days=3)
    case = register_case(
        _on(stage, start, now, LI),
        kind="行政检查",
        matter="加油站安全生产检查",
        source=Source("依职权", "年度检查计划", "按年度计划检查。"),
        party=Party("安禾县城东加油站", "企业", address="安禾县东环路 3 号", representative="马建"),
    )
    act = begin_act(
        case,
        _on(stage, start + timedelta(hours=1), now, WANG),
        kind="现场检查",
        place="安禾县东环路 3 号",
        officers=(LI.uid, WANG.uid),
        party_present=True,
    )
    show_certificates(case, _on(stage, start + timedelta(hours=1, minutes=1), now, WANG), act=act, shown_to="马建")
    end_act(case, _on(stage, start + timedelta(hours=2), now, WANG), act=act, outcome="未发现隐患")
    conclude_case(case, _on(stage, concluded, now, LI), reason="检查完毕，未发现隐患", document=None)


def _concluded_at(now: datetime) -> datetime:
    """Find the day from which thirty days end today, or where today is a rest day at the next working day."""
    calendar, today = office().calendar, local_day(now)
    candidates = (now - timedelta(days=days) for days in range(60, 0, -1))
    return next(at for at in candidates if deadline(at, NaturalDays(30), calendar).last_day >= today)


def _approve(stage: Stage, case: str, start: datetime, now: datetime) -> None:
    day = local_day(start).isoformat()
    form = make_document(
        case,
        _on(stage, start + timedelta(minutes=30), now, LI),
        form="立案审批表",
        content=Content(
            fields={"案由": "涉嫌危险化学品未分类存放", "当事人": "安禾县鑫源化工物资有限公司"},
            opinions=(
                opinion("承办人意见", LI, "建议立案。", day, "线索具体，属本机关管辖。"),
                opinion("承办机构意见", ZHAO, "同意立案。", day),
                opinion("机关负责人意见", ZHOU, "同意立案。", day),
            ),
        ),
    )
    for hours, actor, step, reasons in (
        (1, LI, "承办", "线索具体，属本机关管辖"),
        (2, ZHAO, "审核", None),
        (2, ZHOU, "批准", None),
    ):
        give_opinion(
            case,
            _on(stage, start + timedelta(hours=hours), now, actor),
            matter="立案",
            step=step,
            opinion="建议立案" if step == "承办" else "同意立案",
            reasons=reasons,
            document=form,
        )
