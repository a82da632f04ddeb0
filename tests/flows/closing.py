"""A case with one open and one closed recording, and the people around it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from liuhen.core.events.parts import FileRef, MediaSummary, Party, Source
from liuhen.core.events.recording import RecordingClassified, RecordingStored
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.conduct_act import begin_act, end_act
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.ingest import link_recording
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.open_case import register_case
from liuhen.flows.writing import write_recording

AGENCY = "closing"
ROLES = {
    "registrar": "执法人员",
    "partner": "执法人员",
    "cameraman": "执法人员",
    "outsider": "执法人员",
    "reviewer": "法制审核人员",
    "head": "机关负责人",
    "archivist": "档案管理员",
    "system": "系统管理员",
}
PEOPLE = {name: Actor(f"closing-{name}", name, AGENCY, frozenset({role})) for name, role in ROLES.items()}
KNOWING = ("registrar", "partner", "cameraman", "head", "archivist")
NOT_KNOWING = ("outsider", "reviewer")


@dataclass(frozen=True, slots=True)
class Story:
    """The uids of the case, its act, and its two recordings."""

    began: datetime
    case: str
    act: str
    open: str
    secret: str

    def on(self, name: str, minutes: float) -> Occasion:
        """Somebody acts so many minutes after the story began."""
        at = self.began + timedelta(minutes=minutes)
        return Occasion(PEOPLE[name], at, at)


def occasion(began: datetime, name: str, minutes: float) -> Occasion:
    """Somebody acts so many minutes after the story began."""
    at = began + timedelta(minutes=minutes)
    return Occasion(PEOPLE[name], at, at)


def tell(classification: str = "个人隐私", packs: tuple[str, ...] = ("hebei",)) -> Story:
    """An act of two officers, filmed twice; the archivist closes the second film."""
    began = (datetime.now(SHANGHAI) - timedelta(days=1)).replace(microsecond=0)
    admin = occasion(began, "system", 0)
    establish_agency(
        admin, name="安禾县应急管理局", short_name="安禾", number_prefix="安", region="130000", packs=packs
    )
    for number, name in enumerate(("registrar", "partner", "outsider"), 1):
        actor = PEOPLE[name]
        enrol_officer(admin, officer=actor.uid, name=actor.name, title="执法人员", certificate=f"0311022600{number}")
    case = register_case(
        occasion(began, "registrar", 1),
        kind="行政处罚",
        matter="涉嫌超量储存",
        source=Source("依职权", "举报", "群众举报"),
        party=Party("恒达经营部", "企业"),
    )
    officers = (PEOPLE["registrar"].uid, PEOPLE["partner"].uid)
    act = begin_act(case, occasion(began, "registrar", 2), kind="现场检查", place="东街", officers=officers)
    end_act(case, occasion(began, "registrar", 12), act=act)
    films = [_film(began, case, act, number) for number in (1, 2)]
    write_recording(films[1], occasion(began, "archivist", 30), RecordingClassified(classification, "定密决定"))
    return Story(began, case, act, *films)


def _film(began: datetime, case: str, act: str, number: int) -> str:
    uid, digest = f"{number:032x}", f"{number:064x}"
    start = began + timedelta(minutes=2 + 5 * (number - 1))
    stored = RecordingStored(
        FileRef(digest, digest, 10, f"第{number}段.mp4", "video/mp4"),
        MediaSummary("video", "mp4", duration_ms=300_000),
        start,
        start + timedelta(minutes=5),
        officer=PEOPLE["cameraman"].uid,
        original_name=f"第{number}段.mp4",
    )
    write_recording(uid, occasion(began, "registrar", 13 + number), stored)
    link_recording(case, occasion(began, "registrar", 15 + number), recording=uid, act=act)
    return uid
