"""An agency under packs of one's choice, its people, and a case that a test takes as far as it needs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from liuhen.core.events.parts import Party, Source
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.approve import give_opinion
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion, random_id
from liuhen.flows.open_case import file_case, register_case
from liuhen.flows.record_step import record_step
from liuhen.flows.sent_batch import Recorded, Sent
from liuhen.flows.write_document import Content, make_document

AGENCY = "handling"
ROLES = {
    "officer": "执法人员",
    "second": "执法人员",
    "reviewer": "法制审核人员",
    "head": "机关负责人",
    "archivist": "档案管理员",
    "system": "系统管理员",
}
PEOPLE = {name: Actor(f"handling-{name}", f"某{name}", AGENCY, frozenset({role})) for name, role in ROLES.items()}
STRANGER = Actor("handling-stranger", "外人", "handling-elsewhere", frozenset({"执法人员"}))


@dataclass
class Story:
    """A case and the clock that its story runs by."""

    began: datetime
    case: str = ""
    documents: dict[str, str] = field(default_factory=dict)

    def on(self, name: str, minutes: float) -> Occasion:
        """Somebody acts so many minutes after the story began."""
        at = self.began + timedelta(minutes=minutes)
        return Occasion(PEOPLE[name], at, at)

    @property
    def facts(self) -> Facts:
        return ground_of(self.case, AGENCY).facts

    def approve(self, matter: str, minutes: float, result: str = "同意") -> None:
        give_opinion(
            self.case, self.on("officer", minutes), matter=matter, step="承办", opinion="拟同意", reasons="属实"
        )
        give_opinion(self.case, self.on("head", minutes), matter=matter, step="批准", opinion=result, result=result)

    def write(self, form: str, minutes: float) -> str:
        document = make_document(self.case, self.on("officer", minutes), form=form, content=Content(body=("属实。",)))
        self.documents[form] = document
        return document

    def step(self, name: str, who: str, minutes: float, /, seen: int | None = None, **content: Any) -> Recorded:
        """Record a step with a fresh id."""
        occasion = self.on(who, minutes)
        return record_step(self.case, occasion, Sent(random_id(), f"case.{name}", occasion.at, content), seen=seen)

    def begin(self, minutes: float, *officers: str, kind: str = "现场检查") -> str:
        """Begin an act and end it a minute later."""
        act = random_id()
        working = [
            {"officer": PEOPLE[name].uid, "name": PEOPLE[name].name, "certificate": f"0311{place}"}
            for place, name in enumerate(("officer", "second", "reviewer"))
            if name in (officers or ("officer", "second"))
        ]
        self.step("act-begun", "officer", minutes, act=act, kind=kind, place="东街", officers=working)
        self.step("act-ended", "officer", minutes + 1, act=act)
        return act


def tell(
    *,
    packs: tuple[str, ...] = ("hebei",),
    kind: str = "行政处罚",
    traits: tuple[str, ...] = (),
    filed: bool = True,
    start: str = "依职权",
) -> Story:
    """Found the agency and register a case; file it too, five minutes after the beginning."""
    story = Story((datetime.now(SHANGHAI) - timedelta(days=2)).replace(microsecond=0))
    admin = story.on("system", 0)
    establish_agency(admin, name="安禾县局", short_name="安禾", number_prefix="安", region="130000", packs=packs)
    for place, name in enumerate(("officer", "second", "reviewer", "head")):
        certificate = f"0311{place}" if name != "head" else None
        enrol_officer(admin, officer=PEOPLE[name].uid, name=PEOPLE[name].name, title="人员", certificate=certificate)
    story.case = register_case(
        story.on("officer", 1),
        kind=kind,
        matter="涉嫌超量储存",
        source=Source(start, "举报", "群众举报"),
        party=Party("恒达经营部", "企业", address="东街 18 号"),
        traits=traits,
    )
    if filed:
        story.approve("立案", 3)
        file_case(story.case, story.on("officer", 5))
    return story
