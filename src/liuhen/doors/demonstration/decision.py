"""Scene three: report, 法制审核, 告知, 陈述申辩 and its review, 集体讨论, the decision."""

from decimal import Decimal

from liuhen.core.events.parts import Participant
from liuhen.doors.demonstration.cast import CHEN, LI, PARTY, SUN, WANG, ZHAO, ZHOU, Stage, opinion, places
from liuhen.doors.demonstration.handing import hand_over
from liuhen.flows.approve import give_opinion
from liuhen.flows.conduct_act import tell
from liuhen.flows.hear_and_decide import decide, discuss, hear_statement, review_legally, review_statement
from liuhen.flows.sign_document import mark_document
from liuhen.flows.write_document import Content

_FACTS = "当事人自 2026 年 1 月 20 日起，在后院库房存放烟花爆竹 86 箱，超过许可证核定的 20 箱，毗邻居民住宅。"
_LAW = "《烟花爆竹安全管理条例》关于经营者应当按照许可证载明的储存规模储存烟花爆竹的规定"
_FINE = Decimal("12000.00")


def report(stage: Stage) -> None:
    """The handlers report what they found and propose, with the discretion they applied."""
    stage.tell("调查终结")
    stage.write(
        "03-09 16:00",
        LI,
        "案件调查终结报告",
        Content(
            fields={
                "事实": _FACTS,
                "证据": "现场检查笔录、询问笔录、查封（扣押）清单、许可证复印件、现场检查和查封扣押音像记录。",
                "依据": _LAW,
                "裁量": "超量三倍以上，毗邻住宅；首次违法，配合调查，已及时移走超量部分。属一般情节。",
                "处理建议": "责令停止违法行为，处罚款 12000 元。",
            },
            signers=places(("承办人", LI.name), ("承办人", WANG.name)),
        ),
    )


def review_law(stage: Stage) -> None:
    """The legal unit, which took no part in the investigation, reviews the case."""
    stage.tell("法制审核")
    document = stage.write(
        "03-10 15:00",
        CHEN,
        "法制审核意见书",
        Content(
            fields={
                "审核内容": "主体、权限、事实、证据、程序、法律适用、裁量",
                "审核结论": "同意",
            },
            opinions=(
                opinion(
                    "法制审核意见",
                    CHEN,
                    "事实清楚，证据确凿，程序合法，适用法律正确，裁量适当，同意按拟处理意见告知。",
                    "03-10",
                ),
            ),
            signers=places(("审核人", CHEN.name)),
        ),
    )
    review_legally(
        stage.case,
        stage.on("03-10 15:05", CHEN),
        opinion="事实清楚，证据确凿，程序合法，适用法律正确，裁量适当，同意",
        passed=True,
        document=document,
    )


def notify(stage: Stage) -> None:
    """The party is told what is intended and its rights, in a document served by hand."""
    stage.tell("事先告知")
    notice = stage.write(
        "03-11 09:30",
        LI,
        "行政处罚事先告知书",
        Content(
            body=(
                f"经查，{_FACTS}以上行为违反了{_LAW}。本机关拟对你单位作出罚款 12000 元的行政处罚。",
                "依照《中华人民共和国行政处罚法》第四十四条、第四十五条、第六十三条、第六十四条，"
                "你单位有权陈述、申辩、申请回避；符合听证条件的，有权在收到本告知书之日起五日内申请听证。"
                "逾期未提出的，视为放弃上述权利。",
            ),
        ),
        sealed=True,
    )
    hand_over(stage, "03-11 10:00", ("行政处罚事先告知书",), place="安禾县应急管理局", key="告知书送达回证")
    tell(
        stage.case,
        stage.on("03-11 10:00", LI),
        topics=("陈述", "申辩", "申请回避", "申请听证"),
        told="刘大勇",
        manner="书面",
        document=notice,
        response="要求陈述申辩，不申请回避，不申请听证",
    )


def hear(stage: Stage) -> None:
    """The party speaks for itself, and its statement is written down."""
    stage.tell("陈述申辩")
    record = stage.write(
        "03-13 09:30",
        LI,
        "陈述申辩笔录",
        Content(
            fields={
                "时间": "2026 年 3 月 13 日 9 时 30 分",
                "地点": "安禾县应急管理局会议室",
                "陈述申辩人": "刘大勇",
                "执法人员": "李喆（03110226001）、王玥（03110226002）",
            },
            body=(
                "刘大勇陈述：超量存放属实。货是年前统一配送时多要的，没有卖完，不是有意囤积。",
                "刘大勇申辩：家里经营困难，这是第一次违法，被查后马上配合搬走，请求从轻处罚。",
            ),
            notes=("以上笔录我已看过，与我说的一致。",),
            signers=places(("当事人", "刘大勇"), ("执法人员", LI.name), ("执法人员", WANG.name)),
        ),
    )
    mark_document(stage.case, stage.on("03-13 09:40", LI), document=record, mark="骑缝", manner="手印", name="刘大勇")
    hear_statement(
        stage.case, stage.on("03-13 09:45", LI), summary="超量属实，首次违法，配合整改，请求从轻处罚", document=record
    )


def review_statement_of_party(stage: Stage) -> None:
    """What the party said is reviewed; it is not punished harder for having spoken."""
    stage.tell("陈述申辩复核")
    review = stage.write(
        "03-16 11:00",
        LI,
        "陈述申辩复核意见书",
        Content(
            fields={"陈述申辩要点": "首次违法、配合整改，请求从轻处罚", "复核结论": "部分采纳"},
            opinions=(
                opinion(
                    "复核意见",
                    LI,
                    "首次违法、配合整改已在裁量时考虑，维持罚款 12000 元的意见。",
                    "03-16",
                    "未因申辩加重处罚。",
                ),
                opinion("承办机构意见", ZHAO, "同意复核意见。", "03-16"),
            ),
            signers=places(("复核人", LI.name), ("复核人", WANG.name)),
        ),
    )
    review_statement(
        stage.case,
        stage.on("03-16 11:10", LI),
        outcome="首次违法、配合整改已在裁量时考虑，维持原拟处理意见",
        document=review,
    )


def deliberate(stage: Stage) -> None:
    """The heads discuss the case together and all of them sign."""
    stage.tell("集体讨论")
    document = stage.write(
        "03-18 15:00",
        ZHAO,
        "集体讨论记录",
        Content(
            fields={
                "时间": "2026 年 3 月 18 日 15 时",
                "地点": "安禾县应急管理局三楼会议室",
                "主持人": "周正",
                "参加人": "周正、孙立群、赵明远",
                "记录人": "李喆",
            },
            body=(
                "李喆汇报案情、证据、当事人陈述申辩及复核意见、拟处理意见和法制审核意见。",
                "孙立群：事实清楚，超量三倍以上且毗邻住宅，应当处罚；首次违法、配合整改，按一般情节适当。",
                "赵明远：同意承办意见，罚款 12000 元适当。",
                "周正：同意。扣押的烟花待罚款缴纳后交有资质单位代储，督促整改。",
                "结论：一致同意责令停止违法行为，处罚款 12000 元。",
            ),
            signers=places(("参加人", ZHOU.name), ("参加人", SUN.name), ("参加人", ZHAO.name)),
        ),
    )
    discuss(
        stage.case,
        stage.on("03-18 15:40", ZHOU),
        participants=(
            Participant(ZHOU.uid, ZHOU.name, "同意处罚款 12000 元"),
            Participant(SUN.uid, SUN.name, "同意，按一般情节处理"),
            Participant(ZHAO.uid, ZHAO.name, "同意承办意见"),
        ),
        conclusion="一致同意责令停止违法行为，处罚款 12000 元",
        document=document,
    )


def decide_case(stage: Stage) -> None:
    """The decision is approved step by step, made and sealed."""
    stage.tell("作出处罚决定")
    form = stage.write(
        "03-19 09:00",
        LI,
        "行政处罚决定审批表",
        Content(
            fields={
                "案由": "超许可范围储存烟花爆竹",
                "当事人": PARTY,
                "违法事实": _FACTS,
                "拟作出的决定": "责令停止违法行为，处罚款 12000 元",
            },
            opinions=(
                opinion("承办人意见", LI, "建议处罚款 12000 元。", "03-19", "事实清楚，证据确凿，属一般情节。"),
                opinion("承办机构意见", ZHAO, "拟同意按集体讨论结论作出决定。", "03-19"),
                opinion("机关负责人意见", ZHOU, "同意。", "03-19"),
            ),
        ),
    )
    for when, actor, step, text in (
        ("03-19 09:00", LI, "承办", "建议处罚款 12000 元"),
        ("03-19 09:40", ZHAO, "审核", "拟同意按集体讨论结论作出决定"),
        ("03-19 10:30", ZHOU, "批准", "同意"),
    ):
        give_opinion(
            stage.case,
            stage.on(when, actor),
            matter="行政处罚决定",
            step=step,
            opinion=text,
            reasons="事实清楚，证据确凿，属一般情节" if step == "承办" else None,
            document=form,
        )
    _decide(stage)


def _decide(stage: Stage) -> None:
    document = stage.write(
        "03-19 11:00",
        LI,
        "行政处罚决定书",
        Content(
            body=(
                f"违法事实和证据：{_FACTS}以上事实有现场检查笔录、询问笔录、查封（扣押）清单及音像记录等证据证明。",
                f"处罚依据和内容：上述行为违反了{_LAW}。鉴于当事人首次违法、配合整改，"
                "本机关决定：一、责令停止违法行为；二、处罚款人民币壹万贰仟元整（¥12000.00）。",
                "履行方式和期限：自收到本决定书之日起十五日内到指定银行缴纳罚款。逾期不缴纳的，每日按罚款数额的百分之三加处罚款。",
                "救济途径：如不服本决定，可以在收到本决定书之日起六十日内向安禾县人民政府申请行政复议，"
                "或者在六个月内向安禾县人民法院提起行政诉讼。",
            ),
        ),
        sealed=True,
    )
    stage.decision = decide(
        stage.case,
        stage.on("03-19 11:05", ZHOU),
        kind="罚款",
        summary="责令停止违法行为，处罚款 12000 元",
        document=document,
        amount=_FINE,
    )
