"""Scene four: 留置送达 (with a planted fault), 履行, 结案, evidence, 归档."""

from decimal import Decimal
from pathlib import Path

from liuhen.core.events.parts import Evidence
from liuhen.doors.demonstration.cast import LI, PARTY, WANG, WU, ZHAO, ZHOU, Stage, moment, opinion, places
from liuhen.doors.demonstration.investigation import (
    INSPECTION,
    OFFICERS,
    SEIZURE_ONE,
    SEIZURE_TWO,
    SERVICE,
    SHOP,
    take_in,
)
from liuhen.flows.approve import give_opinion
from liuhen.flows.conclude import archive_case, conclude_case, list_evidence
from liuhen.flows.conduct_act import begin_act, end_act, explain_interruption, show_certificates
from liuhen.flows.hear_and_decide import perform_decision
from liuhen.flows.serve import Delivery, serve
from liuhen.flows.write_document import Content

_HOME = "安禾县城关镇东街 18 号（经营场所）"


def leave_decision(stage: Stage, folder: Path) -> None:
    """The party will not take the decision: it is left before a witness, under camera."""
    stage.tell("留置送达（埋设问题二：书面中断说明只有一名执法人员签名）")
    stage.acts["送达"] = begin_act(
        stage.case, stage.on("03-23 15:00", LI), kind="留置送达", place=_HOME, officers=OFFICERS, party_present=True
    )
    show_certificates(stage.case, stage.on("03-23 15:00:30", LI), act=stage.acts["送达"], shown_to="刘大勇")
    end_act(stage.case, stage.on("03-23 15:05", LI), act=stage.acts["送达"], outcome="当事人拒绝接收，留置送达")
    receipt = stage.write(
        "03-23 15:10",
        LI,
        "送达回证",
        Content(
            fields={
                "送达文书名称": "行政处罚决定书",
                "受送达人": PARTY,
                "送达时间": "2026 年 3 月 23 日 15 时 05 分",
                "送达地点": _HOME,
                "送达方式": "留置送达",
                "拒收情况": "经营者刘大勇在场，认为罚款过重，拒绝接收和签字。邀请居委会工作人员何秀兰到场见证，将决定书留置。",
            },
            signers=places(("送达人", LI.name), ("送达人", WANG.name), ("见证人", "何秀兰")),
        ),
        act="送达",
        key="决定书送达回证",
        sealed=True,
    )
    _leave(stage, receipt)
    take_in(
        stage,
        folder,
        SERVICE,
        "03-23 17:30",
        "送达",
        ("8", "开场告知", "正在进行音像记录"),
        ("70", "文书制作送达", "宣读并留置决定书"),
        ("120", "现场人员", "见证人在场"),
    )
    _explain_in_writing(stage)


def _leave(stage: Stage, receipt: str) -> None:
    """The decision is left where the party does business, in front of a witness."""
    serve(
        stage.case,
        stage.on("03-23 15:10", LI),
        Delivery(
            document=stage.documents["行政处罚决定书"],
            manner="留置",
            recipient=PARTY,
            place=_HOME,
            happened=stage.on("03-23 15:10", LI).at,
            details={
                "receipt": receipt,
                "witness": "何秀兰（东街居委会）",
                "reason": "经营者拒绝接收和签字",
                "left_at": _HOME,
                "act": stage.acts["送达"],
            },
        ),
    )


def _explain_in_writing(stage: Stage) -> None:
    """Planted fault two: the battery died and filming could not go on; the written explanation has one signature."""
    document = stage.write(
        "03-23 17:50",
        LI,
        "音像记录中断情况说明",
        Content(
            fields={
                "执法活动": "留置送达",
                "中断时间": "2026 年 3 月 23 日 15 时 03 分",
                "中断原因": "执法记录仪电量耗尽，现场没有备用电池，无法继续记录。",
            },
            body=("15 时 03 分以后的留置过程由送达人和见证人在送达回证上说明。",),
            signers=places(("执法人员", LI.name), ("执法人员", WANG.name)),
        ),
        act="送达",
        unsigned=(WANG.name,),
    )
    explain_interruption(
        stage.case,
        stage.on("03-23 17:55", LI),
        act=stage.acts["送达"],
        stopped_at=moment("03-23 15:03"),
        resumed_at=None,
        cause="执法记录仪电量耗尽，现场没有备用电池",
        document=document,
    )


def perform(stage: Stage) -> None:
    """The fine is paid."""
    stage.tell("履行")
    document = stage.write(
        "04-01 10:00",
        LI,
        "罚款缴纳凭证登记",
        Content(
            fields={
                "缴款人": PARTY,
                "缴款金额": "12000.00 元",
                "缴款时间": "2026 年 3 月 31 日",
                "缴款银行": "安禾县农村商业银行城关支行",
                "票据号码": "示例 00031876",
            },
            signers=places(("登记人", LI.name)),
        ),
    )
    perform_decision(
        stage.case,
        stage.on("04-01 10:05", LI),
        decision=stage.decision,
        manner="到指定银行缴纳罚款",
        document=document,
        amount=Decimal("12000.00"),
    )


def conclude(stage: Stage) -> None:
    """结案 is approved; the recordings used as evidence get their passports."""
    stage.tell("结案、证据列示")
    form = stage.write(
        "04-03 09:00",
        LI,
        "结案审批表",
        Content(
            fields={"案由": "超许可范围储存烟花爆竹", "当事人": PARTY, "执行情况": "罚款已于 2026 年 3 月 31 日缴清"},
            opinions=(
                opinion("承办人意见", LI, "建议结案。", "04-03", "处罚决定已履行完毕，扣押物品已移交代储。"),
                opinion("承办机构意见", ZHAO, "同意结案。", "04-03"),
                opinion("机关负责人意见", ZHOU, "同意结案。", "04-03"),
            ),
        ),
    )
    for when, actor, step, text in (
        ("04-03 09:00", LI, "承办", "建议结案"),
        ("04-03 09:20", ZHAO, "审核", "同意结案"),
        ("04-03 09:50", ZHOU, "批准", "同意结案"),
    ):
        give_opinion(
            stage.case,
            stage.on(when, actor),
            matter="结案",
            step=step,
            opinion=text,
            reasons="处罚决定已履行完毕，扣押物品已移交代储" if step == "承办" else None,
            document=form,
        )
    _list_recordings(stage)
    conclude_case(stage.case, stage.on("04-03 10:00", LI), reason="处罚决定已履行完毕", document=form)


def _list_recordings(stage: Stage) -> None:
    shown = (
        (INSPECTION, "证明库房存放 86 箱的现场情况", "现场检查", "03-03 09:11:50", SHOP),
        (SEIZURE_ONE, "证明扣押前的清点情况", "查封扣押", "03-04 13:59:55", SHOP),
        (SEIZURE_TWO, "证明加封和当场交付决定书、清单", "查封扣押", "03-04 14:06:30", SHOP),
    )
    for number, (name, purpose, matter, when, place) in enumerate(shown, 1):
        occasion = stage.on("04-03 09:55", LI)
        evidence = Evidence(
            evidence=occasion.new_id(),
            kind="视听资料",
            purpose=purpose,
            recording=stage.recordings[name],
            disc=f"安应急案〔2026〕1号光盘第 {number} 号",
            matter=matter,
            taken_at=moment(when),
            place=place,
            manner="执法记录仪摄像",
            officers=(LI.name, WANG.name),
        )
        list_evidence(stage.case, occasion, evidence)
    stage.write(
        "04-03 09:57",
        LI,
        "音像记录说明",
        Content(
            item_heads=("序号", "记录名称", "环节", "证明对象", "存储"),
            items=tuple(
                (str(number), name, matter, purpose, f"光盘第 {number} 号")
                for number, (name, purpose, matter, _, _) in enumerate(shown, 1)
            ),
            signers=places(("制作人", LI.name), ("核对人", WANG.name)),
        ),
    )


def archive(stage: Stage) -> None:
    """The archivist files the case, seventeen days after its end."""
    stage.tell("归档")
    archive_case(stage.case, stage.on("04-20 10:00", WU), archive_number="AHYJ-2026-CF-D30-0001", retention="30 年")
