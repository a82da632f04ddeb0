"""Scene one: the agency, the complaint, 立案."""

from datetime import date

from liuhen.core.events.agency import CustodianAppointed, DeviceRegistered, ListPublished, RetentionSet
from liuhen.core.events.parts import ListEntry, Party, Source
from liuhen.core.events.supervision import AppraisalMade, FormatIssued, InspectionHeld, RoomRegistered, StatisticsMade
from liuhen.doors.demonstration.cast import (
    AGENCY_NAME,
    CAST,
    CERTIFICATES,
    LI,
    PARTY,
    TITLES,
    WU,
    XU,
    ZHAO,
    ZHOU,
    Stage,
    opinion,
    places,
)
from liuhen.flows.approve import give_opinion
from liuhen.flows.establish_agency import enrol_officer, establish_agency, name_redress, settle
from liuhen.flows.occasion import Occasion
from liuhen.flows.open_case import file_case, register_case
from liuhen.flows.package import adopt_calendar
from liuhen.flows.seal_keys import register_seal_key
from liuhen.flows.write_document import Content

DEVICES = {
    "cam-1": ("执法记录仪", "DSJ-0117"),
    "cam-2": ("执法记录仪", "DSJ-0118"),
    "room-1": ("询问室固定摄像", "XWS-01"),
}
_LIST = (
    ListEntry("现场检查", "调查取证", "摄像", "现场环境、人员、物品", "到达现场", "离开现场", "2 年"),
    ListEntry("询问", "调查取证", "摄像", "告知与问答", "告知权利", "核对签字", "2 年"),
    ListEntry("查封扣押", "调查取证", "全程摄像", "清点、加封、交付文书", "到达现场", "离开现场", "30 年"),
    ListEntry("留置送达", "送达执行", "摄像", "拒收情况、留置过程", "到达送达地点", "留置完毕", "30 年"),
)


def found_agency(stage: Stage) -> None:
    """The agency joins with its people, cameras, lists, custodian and retention terms."""
    stage.tell("机关建档")
    day = stage.on("02-24 09:00", XU)
    establish_agency(
        day,
        name=AGENCY_NAME,
        short_name="安禾应急",
        number_prefix="安应急",
        region="130000",
        packs=("hebei",),
        level="县级",
    )
    for actor in CAST:
        enrol_officer(
            day,
            officer=actor.uid,
            name=actor.name,
            title=TITLES[actor.uid],
            certificate=CERTIFICATES.get(actor.uid),
            valid_from=date(2024, 1, 1) if actor.uid in CERTIFICATES else None,
            valid_until=date(2029, 1, 1) if actor.uid in CERTIFICATES else None,
        )
    name_redress(day, reconsideration="安禾县人民政府", court="安禾县人民法院", basis="法制科 2026 年第 2 号意见")
    adopt_calendar(day)
    register_seal_key(day)
    cameras = [DeviceRegistered(uid, name, name, number) for uid, (name, number) in DEVICES.items()]
    settle(
        day,
        *cameras,
        CustodianAppointed(WU.name, "行政执法全过程记录资料的归档保存、使用管理，音像记录设备的存放、维护、登记"),
        ListPublished("音像记录事项清单", "2026 年第 1 版", _LIST),
        ListPublished("执法行为用语指引", "2026 年第 1 版"),
        RetentionSet("video", "30 年", "保管库双摘要保存，作为证据的同时制作光盘"),
        RoomRegistered("room-ask", "一楼询问室", "询问室", "固定摄像 XWS-01"),
        RoomRegistered("room-hear", "三楼听证室", "听证室"),
        FormatIssued("应急管理行政执法文书格式", "文书范本", "2026 年第 1 版", AGENCY_NAME),
    )
    _look_back(day)


def _look_back(day: Occasion) -> None:
    """What the past year's records were used for, who looked at them, and what they counted in."""
    settle(
        day,
        StatisticsMade("2025 年度", "全年立案 41 件，音像 212 份，逾期入库 6 份", ("案卷评查", "执法监督")),
        InspectionHeld("inspection-1", "安禾县司法局", "案卷评查", ("执法大队",), "抽查案卷 8 卷，未发现重大问题"),
        AppraisalMade("2025 年度", "安禾县人民政府", "法治政府建设考评", {AGENCY_NAME: "良好"}),
    )


def receive_complaint(stage: Stage) -> None:
    """A real-name complaint is registered."""
    stage.tell("实名举报登记")
    stage.case = register_case(
        stage.on("03-02 09:20", LI),
        kind="行政处罚",
        matter="涉嫌超许可范围储存烟花爆竹",
        source=Source(
            start="依职权",
            manner="举报",
            summary="举报人反映恒达经营部在店面后院库房大量存放烟花，数量明显超过许可证核定的存放量，毗邻居民住宅。",
            real_name=True,
            reporter="何某（实名，身份信息另行密存）",
        ),
        party=Party(
            name=PARTY,
            kind="个体工商户",
            address="安禾县城关镇东街 18 号",
            representative="刘大勇",
            phone="139****0086",
        ),
        traits=("重大违法行为",),
    )
    stage.write(
        "03-02 09:40",
        LI,
        "案件来源登记表",
        Content(
            fields={
                "来源": "公民实名举报",
                "举报人": "何某（身份信息密存）",
                "当事人": PARTY,
                "地址": "安禾县城关镇东街 18 号",
                "启动原因": "举报反映后院库房超量存放烟花，存在安全隐患，需依职权核查。",
                "受理时间": "2026 年 3 月 2 日 9 时 20 分",
            },
            opinions=(
                opinion("承办人意见", LI, "建议立案调查。", "03-02", "线索具体，涉嫌违反烟花爆竹安全管理规定。"),
            ),
            signers=places(("承办人", LI.name)),
        ),
    )


def approve_filing(stage: Stage) -> None:
    """立案 is proposed, reviewed and approved, each with opinion and day."""
    stage.tell("立案审批")
    form = stage.write(
        "03-02 10:30",
        LI,
        "立案审批表",
        Content(
            fields={
                "案由": "涉嫌超许可范围储存烟花爆竹",
                "当事人": PARTY,
                "案情摘要": "实名举报反映当事人在店面后院库房超量存放烟花，毗邻居民住宅，存在安全隐患。",
                "立案依据": "《中华人民共和国行政处罚法》第五十四条",
            },
            opinions=(
                opinion("承办人意见", LI, "建议立案。", "03-02", "有涉嫌违法的事实，属本机关管辖，在追责时效内。"),
                opinion("承办机构意见", ZHAO, "同意立案，由李喆、王玥承办。", "03-02"),
                opinion("机关负责人意见", ZHOU, "同意立案。", "03-02"),
            ),
        ),
    )
    give_opinion(
        stage.case,
        stage.on("03-02 10:30", LI),
        matter="立案",
        step="承办",
        opinion="建议立案",
        reasons="有涉嫌违法的事实，属本机关管辖，在追责时效内",
        document=form,
    )
    give_opinion(
        stage.case, stage.on("03-02 11:00", ZHAO), matter="立案", step="审核", opinion="同意立案", document=form
    )
    give_opinion(
        stage.case, stage.on("03-02 15:00", ZHOU), matter="立案", step="批准", opinion="同意立案", document=form
    )
    file_case(stage.case, stage.on("03-02 15:10", LI))
