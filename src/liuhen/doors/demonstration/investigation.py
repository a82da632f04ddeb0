"""Scene two: 现场检查, 询问, 查封扣押; two recordings have a story of their own, one of them a planted fault."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from liuhen.core.events.recording import RecordingMarked
from liuhen.doors.demonstration.cast import LI, PARTY, WANG, ZHAO, ZHOU, Stage, moment, opinion, places
from liuhen.doors.demonstration.footage import Shot
from liuhen.doors.demonstration.handing import hand_over
from liuhen.flows.approve import give_opinion
from liuhen.flows.claims import Claims
from liuhen.flows.conduct_act import begin_act, end_act, explain_interruption, show_certificates, tell
from liuhen.flows.ingest import ingest_file, link_recording, mark_recording
from liuhen.flows.sign_document import mark_document
from liuhen.flows.write_document import Content

SHOP = "安禾县城关镇东街 18 号恒达经营部后院库房"
OFFICERS = (LI.uid, WANG.uid)
_WEARER = "李喆 03110226001"


def _shot(name: str, clip: str, start: str, minutes: float, device: str = "DSJ-0117", wearer: str = _WEARER) -> Shot:
    return Shot(name, clip, moment(start), timedelta(minutes=minutes), device, wearer)


SHOTS = (
    _shot("现场检查_DSJ-0117_20260303_091150", "bikes.mp4", "03-03 09:11:50", 8.5),
    _shot("询问_XWS-01_20260303_101000", "carphone_pristine.mp4", "03-03 10:10:00", 6, "XWS-01", "询问室"),
    _shot("查封扣押一_DSJ-0117_20260304_135955", "bikes.mp4", "03-04 13:59:55", 3.6),
    _shot("查封扣押二_DSJ-0118_20260304_140630", "bikes.mp4", "03-04 14:06:30", 3.6, "DSJ-0118", "王玥 03110226002"),
    _shot("留置送达_DSJ-0117_20260323_150000", "bigbuckbunny.mp4", "03-23 15:00:00", 3),
)
INSPECTION, QUESTIONING, SEIZURE_ONE, SEIZURE_TWO, SERVICE = (shot.name for shot in SHOTS)


def take_in(stage: Stage, folder: Path, name: str, when: str, act: str, *marks: tuple[str, str, str]) -> None:
    """Ingest a recording at a moment, link it to its act, and mark what can be seen at which second."""
    device = next(shot.device for shot in SHOTS if shot.name == name)
    uid = {"DSJ-0117": "cam-1", "DSJ-0118": "cam-2", "XWS-01": "room-1"}[device]
    occasion = stage.on(when, LI)
    taken = ingest_file(folder / f"{name}.mp4", occasion, Claims(way="采集站", device=uid, officer=LI.uid))
    if taken.recording is None:
        raise RuntimeError(f"the demonstration's own recording was not taken in: {taken.reason}")
    stage.recordings[name] = taken.recording
    link_recording(stage.case, occasion, recording=taken.recording, act=stage.acts[act])
    if marks:
        found = [RecordingMarked(Decimal(second), topic, note) for second, topic, note in marks]
        mark_recording(occasion, taken.recording, *found)


def inspect(stage: Stage, folder: Path) -> None:
    """Two officers show certificates, tell that they film, inspect, and write it down; filmed from arrival to end."""
    stage.tell("现场检查")
    stage.acts["检查"] = begin_act(
        stage.case,
        stage.on("03-03 09:12", LI),
        kind="现场检查",
        place=SHOP,
        officers=OFFICERS,
        traits=("直接涉及生命健康",),
        party_present=True,
    )
    show_certificates(stage.case, stage.on("03-03 09:12:30", LI), act=stage.acts["检查"], shown_to="刘大勇")
    tell(
        stage.case,
        stage.on("03-03 09:13", LI),
        topics=("音像记录", "陈述", "申辩", "申请回避"),
        told="刘大勇",
        manner="口头",
        act=stage.acts["检查"],
        response="清楚，不申请回避",
    )
    end_act(stage.case, stage.on("03-03 09:20", LI), act=stage.acts["检查"], outcome="发现超量存放烟花 86 箱")
    record = stage.write(
        "03-03 09:40",
        LI,
        "现场检查笔录",
        Content(
            fields={
                "检查时间": "2026 年 3 月 3 日 9 时 12 分至 9 时 20 分",
                "检查地点": SHOP,
                "被检查人": PARTY,
                "现场负责人": "刘大勇",
                "执法人员": "李喆（03110226001）、王玥（03110226002）",
                "出示证件": "已出示行政执法证件，被检查人确认无异议",
            },
            body=(
                "执法人员到达现场后出示执法证件，告知检查事由、依据以及陈述、申辩、申请回避的权利，并告知正在进行音像记录。",
                "经检查，该经营部许可证核定存放量为 20 箱。后院库房实际存放各类烟花 86 箱，"
                "靠墙堆放，高度约 2.1 米，与相邻居民住宅外墙间距约 4 米。",
                "库房内未见温湿度记录，灭火器两具，压力指示正常。库房门口张贴许可证复印件，有效期至 2026 年 12 月 31 日。",
                "现场拍摄照片、录像，由执法人员李喆、王玥制作本笔录。",
            ),
            notes=("以上笔录已向我宣读，与事实相符。",),
            signers=places(("当事人", "刘大勇"), ("执法人员", LI.name), ("执法人员", WANG.name)),
        ),
        act="检查",
    )
    mark_document(stage.case, stage.on("03-03 09:45", LI), document=record, mark="骑缝", manner="手印", name="刘大勇")


def question(stage: Stage) -> None:
    """The person in charge is questioned in the agency's room."""
    stage.tell("询问")
    stage.acts["询问"] = begin_act(
        stage.case,
        stage.on("03-03 10:10", LI),
        kind="询问",
        place="安禾县应急管理局询问室",
        officers=OFFICERS,
        party_present=True,
    )
    show_certificates(stage.case, stage.on("03-03 10:10:20", LI), act=stage.acts["询问"], shown_to="刘大勇")
    end_act(stage.case, stage.on("03-03 10:16", LI), act=stage.acts["询问"])
    record = stage.write(
        "03-03 10:30",
        LI,
        "询问笔录",
        Content(
            fields={
                "询问时间": "2026 年 3 月 3 日 10 时 10 分至 10 时 16 分",
                "询问地点": "安禾县应急管理局询问室",
                "被询问人": "刘大勇",
                "执法人员": "李喆（03110226001）、王玥（03110226002）",
            },
            questions=(
                (
                    "我们是安禾县应急管理局执法人员，这是执法证件。你有陈述、申辩和申请回避的权利，是否清楚？",
                    "清楚，不申请回避。",
                ),
                ("后院库房的烟花是谁的？共有多少？", "是我店里的。年前进的货没卖完，大约八十多箱。"),
                ("许可证核定的存放量是多少？", "二十箱。我知道超了，想着元宵节前能卖完。"),
                ("超量的部分从什么时候开始存放？", "今年 1 月 20 日前后进的货，一直放到现在。"),
                ("以上是否属实？有无补充？", "属实，没有补充。"),
            ),
            notes=("以上笔录我已看过，与我说的一致。",),
            signers=places(("当事人", "刘大勇"), ("执法人员", LI.name), ("执法人员", WANG.name)),
        ),
        act="询问",
    )
    mark_document(stage.case, stage.on("03-03 10:35", LI), document=record, mark="骑缝", manner="手印", name="刘大勇")


def store_inspection(stage: Stage, folder: Path) -> None:
    """The inspection's recording is stored the same afternoon."""
    take_in(
        stage,
        folder,
        INSPECTION,
        "03-03 16:05",
        "检查",
        ("10", "开场告知", "正在进行音像记录"),
        ("40", "出示证件", "两名执法人员出示执法证"),
        ("95", "现场环境", "后院库房与相邻住宅"),
        ("150", "现场人员", "经营者刘大勇在场"),
        ("260", "重要物品", "超量存放的烟花 86 箱"),
        ("470", "文书制作送达", "宣读检查结果"),
    )


def store_questioning_late(stage: Stage, folder: Path) -> None:
    """Planted fault one: the questioning's recording is stored 24 hours and 50 minutes after it ended."""
    stage.tell("音像入库（埋设问题一：询问音像晚 50 分钟入库）")
    take_in(
        stage,
        folder,
        QUESTIONING,
        "03-04 11:06",
        "询问",
        ("20", "开场告知", "权利告知"),
        ("60", "现场人员", "被询问人"),
    )


def approve_seizure(stage: Stage) -> None:
    """The measure is approved before it is taken."""
    form = stage.write(
        "03-04 09:00",
        LI,
        "查封扣押审批表",
        Content(
            fields={
                "案由": "涉嫌超许可范围储存烟花爆竹",
                "当事人": PARTY,
                "拟采取措施": "扣押超许可范围存放的烟花 66 箱，查封后院库房",
                "理由": "超量烟花毗邻住宅，随时可能发生危险，有必要立即排除。",
            },
            opinions=(
                opinion("承办人意见", LI, "建议查封、扣押。", "03-04", "超量存放事实清楚，危险紧迫。"),
                opinion("承办机构意见", ZHAO, "同意。", "03-04"),
                opinion("机关负责人意见", ZHOU, "同意查封、扣押，注意安全。", "03-04"),
            ),
        ),
    )
    for when, actor, step, text in (
        ("03-04 09:00", LI, "承办", "建议查封、扣押"),
        ("03-04 09:30", ZHAO, "审核", "同意"),
        ("03-04 10:00", ZHOU, "批准", "同意查封、扣押"),
    ):
        give_opinion(
            stage.case,
            stage.on(when, actor),
            matter="查封扣押",
            step=step,
            opinion=text,
            reasons="超量存放事实清楚，危险紧迫" if step == "承办" else None,
            document=form,
        )


def seize(stage: Stage, folder: Path) -> None:
    """Goods are seized under camera; one camera fails for three minutes, which is said aloud when filming resumes."""
    stage.tell("查封扣押（音像中断，恢复时语音说明）")
    stage.acts["查封"] = begin_act(
        stage.case,
        stage.on("03-04 14:00", LI),
        kind="查封扣押",
        place=SHOP,
        officers=OFFICERS,
        traits=("直接涉及生命健康", "直接涉及重大财产权益"),
        party_present=True,
    )
    show_certificates(stage.case, stage.on("03-04 14:00:20", LI), act=stage.acts["查封"], shown_to="刘大勇")
    end_act(stage.case, stage.on("03-04 14:10", LI), act=stage.acts["查封"], outcome="扣押 66 箱，查封库房一间")
    _hand_over_decision(stage)
    _hand_over_list(stage)
    _store_seizure(stage, folder)


_SIGNERS = places(("当事人", "刘大勇"), ("执法人员", LI.name), ("执法人员", WANG.name))


def _hand_over_decision(stage: Stage) -> None:
    content = Content(
        body=(
            "经查，你单位在后院库房超许可范围存放烟花，存在发生危险的现实可能。"
            "为防止危险发生，本机关决定对超许可范围存放的烟花 66 箱予以扣押，对后院库房予以查封。",
            "查封、扣押期限自 2026 年 3 月 4 日起三十日。在此期间，任何人不得使用、销毁或者转移。",
            "你单位如不服本决定，可以在收到本决定书之日起六十日内向安禾县人民政府申请行政复议，"
            "或者在六个月内依法提起行政诉讼。",
        ),
        notes=("2026 年 3 月 4 日至 2026 年 4 月 3 日",),
        signers=_SIGNERS,
    )
    stage.write("03-04 14:12", LI, "查封（扣押）决定书", content, act="查封", sealed=True)


def _hand_over_list(stage: Stage) -> None:
    content = Content(
        item_heads=("序号", "名称", "规格", "数量", "单位", "备注"),
        items=(
            ("1", "组合烟花", "49 发", "36", "箱", "完好"),
            ("2", "组合烟花", "100 发", "18", "箱", "完好"),
            ("3", "爆竹", "5000 头", "12", "箱", "完好"),
            ("4", "后院库房", "约 42 平方米", "1", "间", "加贴封条两张"),
        ),
        signers=_SIGNERS,
    )
    stage.write("03-04 14:15", LI, "查封（扣押）财物清单", content, act="查封", sealed=True)
    given = ("查封（扣押）决定书", "查封（扣押）财物清单")
    hand_over(stage, "03-04 14:16", given, place=SHOP, key="查封送达回证", act="查封")


def _store_seizure(stage: Stage, folder: Path) -> None:
    told = ("15", "开场告知", "正在进行音像记录")
    take_in(stage, folder, SEIZURE_ONE, "03-04 17:20", "查封", told, ("80", "重要物品", "清点"))
    take_in(
        stage,
        folder,
        SEIZURE_TWO,
        "03-04 17:25",
        "查封",
        ("12", "中断说明", "14 时 03 分因记录仪故障中断，换用备用机继续"),
        ("60", "强制措施", "加贴封条"),
        ("150", "文书制作送达", "当场交付决定书和清单"),
    )
    explain_interruption(
        stage.case,
        stage.on("03-04 17:30", LI),
        act=stage.acts["查封"],
        stopped_at=moment("03-04 14:03:31"),
        resumed_at=moment("03-04 14:06:30"),
        cause="执法记录仪故障，换用备用机",
        recording=stage.recordings[SEIZURE_TWO],
        second=Decimal("12"),
    )
