"""A small world for the pages: two agencies with their people, four cases, one recording; everything made by the flows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.contrib.auth.models import Group
from django.db.models import Max

from liuhen.adapters.typeset.handwriting import sample_strokes
from liuhen.core.events.parts import Party, SignerPlace, Source
from liuhen.core.events.recording import RecordingMarked
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.demonstration.footage import Shot, make_footage
from liuhen.flows.approve import give_opinion
from liuhen.flows.claims import Claims
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.conduct_act import begin_act, end_act, show_certificates, tell
from liuhen.flows.deliver import make_parcels
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.ingest import ingest_file, link_recording, mark_recording
from liuhen.flows.keep_log import seal_logs
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.open_case import file_case, register_case
from liuhen.flows.seal_keys import register_seal_key
from liuhen.flows.sign_document import complete_document, seal_document, sign_document
from liuhen.flows.write_document import Content, make_document
from liuhen.records.ledger.models import Event
from liuhen.records.people.models import User

PASSWORD = "correct horse battery"
HERE, ELSEWHERE = "web-here", "web-elsewhere"
SCRIPT = "<script>document.title='stolen'</script>某某商贸"
SECONDS = 30
ROLES = {
    "officer": "执法人员",
    "second": "执法人员",
    "head": "机关负责人",
    "archivist": "档案管理员",
    "system": "系统管理员",
    "security": "安全管理员",
    "audit": "审计管理员",
}
PEOPLE = {name: Actor(f"web-{name}", f"张{name}", HERE, frozenset({role})) for name, role in ROLES.items()}
STRANGER = Actor("web-stranger", "外人", ELSEWHERE, frozenset({"执法人员"}))
STRANGER_ADMIN = Actor("web-stranger-admin", "外管", ELSEWHERE, frozenset({"系统管理员"}))


@dataclass(slots=True)
class World:
    """What was made, by name: uids of cases, of the act and documents of the first, of the recording."""

    begun: datetime
    cases: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    act: str = ""
    recording: str = ""

    def on(self, actor: Actor, minutes: float) -> Occasion:
        """Give the occasion `minutes` after the world began; it is recorded at once.

        What a browser did today in this world stands for good, and no log runs backwards: after that, it is recorded today.
        """
        at = self.begun + timedelta(minutes=minutes)
        last = Event.objects.filter(agency=actor.agency).aggregate(last=Max("recorded_at"))["last"]
        return Occasion(actor, at, max(at, last.astimezone(SHANGHAI)) if last is not None else at)


def make_world(folder: Path) -> World:
    """Make the world; it began two days ago, so that the clock of the pages comes after everything in it."""
    world = World((datetime.now(SHANGHAI) - timedelta(days=2)).replace(microsecond=0))
    _accounts()
    _agencies(world)
    world.cases["open"] = _case(world, 2, "恒达烟花爆竹经营部", "涉嫌超量储存")
    _inspect(world, folder)
    world.cases["script"] = _case(world, 20, SCRIPT, "涉嫌<b>无证</b>经营", filed=False)
    world.cases["ended"] = _case(world, 30, "宏远建材有限公司", "涉嫌未按规定培训")
    conclude_case(world.cases["ended"], world.on(PEOPLE["officer"], 40), reason="整改完毕", document=None)
    world.cases["elsewhere"] = register_case(
        world.on(STRANGER, 41),
        kind="行政处罚",
        matter="别处的事",
        source=Source("依职权", "巡查", "巡查发现"),
        party=Party("恒达别处分部", "企业"),
    )
    seal_logs(HERE, world.on(PEOPLE["officer"], 60).at)
    _archive(world)
    return world


def _accounts() -> None:
    for actor in (*PEOPLE.values(), STRANGER):
        user = User(username=actor.uid, display_name=actor.name, agency=actor.agency, actor=actor.uid)
        user.set_password(PASSWORD)
        user.save()
        user.groups.set([Group.objects.get_or_create(name=role)[0] for role in actor.roles])


def _agencies(world: World) -> None:
    for admin, name, prefix in ((PEOPLE["system"], "安禾县应急管理局", "安应急"), (STRANGER_ADMIN, "远山县局", "远")):
        establish_agency(
            world.on(admin, 0), name=name, short_name=name[:4], number_prefix=prefix, region="130000", packs=("hebei",)
        )
    register_seal_key(world.on(PEOPLE["system"], 0))
    for number, name in enumerate(("officer", "second"), 1):
        enrol_officer(
            world.on(PEOPLE["system"], 1),
            officer=PEOPLE[name].uid,
            name=PEOPLE[name].name,
            title="执法人员",
            certificate=f"0311022600{number}",
        )


def _case(world: World, minute: float, party: str, matter: str, *, filed: bool = True) -> str:
    officer, head = PEOPLE["officer"], PEOPLE["head"]
    uid = register_case(
        world.on(officer, minute),
        kind="行政处罚",
        matter=matter,
        source=Source("依职权", "举报", "群众举报"),
        party=Party(party, "企业"),
    )
    if filed:
        give_opinion(uid, world.on(officer, minute), matter="立案", step="承办", opinion="建议立案", reasons="属实")
        give_opinion(uid, world.on(head, minute + 1), matter="立案", step="批准", opinion="同意立案")
        file_case(uid, world.on(officer, minute + 1))
    return uid


def _archive(world: World) -> None:
    """Sealing cannot be rolled back, so the one package that tests fetch and falsify is built with the world."""
    archivist = world.on(PEOPLE["archivist"], 80)
    world.cases["archived"] = _case(world, 70, "顺达运输公司", "涉嫌超限运输")
    conclude_case(world.cases["archived"], world.on(PEOPLE["officer"], 75), reason="执行完毕", document=None)
    archive_case(world.cases["archived"], archivist, archive_number="A012-0009", retention="30 年")
    make_parcels(world.cases["archived"], archivist)


def _inspect(world: World, folder: Path) -> None:
    officer, case = PEOPLE["officer"], world.cases["open"]
    occasion = world.on(officer, 4)
    world.act = begin_act(
        case,
        occasion,
        kind="现场检查",
        place="东街 18 号",
        officers=(officer.uid, PEOPLE["second"].uid),
        party_present=True,
    )
    show_certificates(case, occasion, act=world.act, shown_to="刘某")
    tell(case, occasion, topics=("音像记录",), told="刘某", manner="口头", act=world.act)
    end_act(case, world.on(officer, 5), act=world.act)
    _record(world, folder)
    world.documents["signed"] = _document(world, "现场检查笔录", sealed=False)
    world.documents["sealed"] = _document(world, "行政处罚事先告知书", sealed=True)


def _record(world: World, folder: Path) -> None:
    """The second half of the minute is filmed: the first thirty seconds stay a gap that nobody explained."""
    officer, case = PEOPLE["officer"], world.cases["open"]
    started = world.on(officer, 4.5).at
    shot = Shot("现场检查", "bikes.mp4", started, timedelta(seconds=SECONDS), "DSJ-1", "张officer")
    make_footage(folder, [shot])
    taken = ingest_file(folder / "现场检查.mp4", world.on(officer, 7), Claims(officer=officer.uid))
    assert taken.recording is not None, taken.reason
    world.recording = taken.recording
    link_recording(case, world.on(officer, 7), recording=taken.recording, act=world.act)
    mark_recording(world.on(officer, 7), taken.recording, RecordingMarked(Decimal(20), "重要物品", "烟花 86 箱"))


def _document(world: World, form: str, *, sealed: bool) -> str:
    officer, case = PEOPLE["officer"], world.cases["open"]
    occasion = world.on(officer, 8)
    places = () if sealed else (SignerPlace("执法人员", officer.name),)
    content = Content(fields={"当事人": "恒达烟花爆竹经营部"}, body=("经检查，情况属实。",), signers=places)
    document = make_document(case, occasion, form=form, content=content, act=None if sealed else world.act)
    for place in places:
        sign_document(
            case,
            occasion,
            document=document,
            role=place.role,
            name=place.name,
            strokes=sample_strokes(place.name),
            officer=officer.uid,
        )
        complete_document(case, occasion, document=document)
    if sealed:
        seal_document(case, occasion, document=document)
    return document
