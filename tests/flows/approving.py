"""An agency whose people have accounts, a registered case, and the rounds of approval that tests walk through."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import Group

from liuhen.core.approvals.round import Result, Round, State, standing
from liuhen.core.events.parts import Party, Source
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.approval_rounds import Proposal, Word, file_of, request_approval, take_step
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion, random_id
from liuhen.flows.open_case import register_case
from liuhen.flows.write_document import Content, make_document
from liuhen.records.people.models import User

AGENCY = "approving"
ROLES = {
    "li": ("执法人员",),
    "wang": ("执法人员",),
    "zhao": ("承办机构负责人",),
    "chen": ("法制审核人员",),
    "sun": ("机关负责人",),
    "zhou": ("机关负责人",),
    "han": ("机关负责人",),
    "wu": ("档案管理员",),
    "xu": ("系统管理员",),
    "an": ("安全管理员",),
}
PEOPLE = {name: Actor(f"approving-{name}", name, AGENCY, frozenset(roles)) for name, roles in ROLES.items()}
STRANGER = Actor("approving-stranger", "外人", "approving-elsewhere", frozenset({"机关负责人"}))


@dataclass(slots=True)
class Story:
    """A case and a clock that every act moves on by a minute."""

    began: datetime
    case: str = ""
    minutes: float = 0
    rounds: list[str] = field(default_factory=list)

    def on(self, name: str, *, days: float = 0) -> Occasion:
        """Somebody acts a minute after the last act; `days` later where a test wants another day."""
        self.minutes += 1
        at = self.began + timedelta(minutes=self.minutes, days=days)
        return Occasion(PEOPLE[name], at, at)

    @property
    def facts(self) -> Facts:
        return ground_of(self.case, AGENCY).facts

    def round(self, uid: str = "") -> Round:
        return self.facts.case.rounds[uid or self.rounds[-1]]

    def state(self, uid: str = "") -> State:
        return standing(self.round(uid))

    def request(
        self,
        by: str = "li",
        matter: str = "立案",
        *,
        document: str | None = None,
        act: str | None = None,
        kept: tuple[str, ...] = (),
        talking: tuple[str, ...] = (),
        uid: str = "",
    ) -> str:
        """Put something forward and give the round's uid."""
        uid = uid or random_id()
        persons = {"集体讨论": tuple(PEOPLE[name].uid for name in talking)} if talking else {}
        said = Proposal(matter, f"建议{matter}", "事实清楚", document, act, frozenset(kept), persons)
        request_approval(self.case, self.on(by), uid, said)
        self.rounds.append(uid)
        return uid

    def say(
        self,
        by: str,
        step: str,
        result: Result = "同意",
        *,
        uid: str = "",
        behalf: str | None = None,
        back: str | None = None,
        document: str | None = None,
        reasons: str = "",
        seen: str | None = "",
        days: float = 0,
    ) -> None:
        """Somebody takes a step, having seen the document as it stands unless told otherwise."""
        facts, uid = self.facts, uid or self.rounds[-1]
        now = file_of(facts, facts.case.rounds[uid].document) if uid in facts.case.rounds else None
        word = Word(step, result, f"{result}的意见", reasons, back, document, now if seen == "" else seen, behalf)
        take_step(self.case, self.on(by, days=days), uid, word)

    def draft(self, by: str = "li", form: str = "立案审批表") -> str:
        """Somebody makes a document."""
        return make_document(self.case, self.on(by), form=form, content=Content(body=("情况属实。",)))


def tell() -> Story:
    """The agency is founded, its people get accounts, a case is registered."""
    story = Story((datetime.now(SHANGHAI) - timedelta(days=2)).replace(microsecond=0))
    admin = story.on("xu")
    establish_agency(
        admin, name="安禾县应急管理局", short_name="安禾", number_prefix="安", region="130000", packs=("hebei",)
    )
    for number, (name, actor) in enumerate(PEOPLE.items(), 1):
        user = User.objects.create_user(actor.uid, agency=AGENCY, display_name=name, actor=actor.uid)
        user.groups.set([Group.objects.get_or_create(name=role)[0] for role in actor.roles])
        certificate = f"0311022600{number}" if name in ("li", "wang") else None
        enrol_officer(admin, officer=actor.uid, name=name, title=ROLES[name][0], certificate=certificate)
    story.case = register_case(
        story.on("li"),
        kind="行政处罚",
        matter="涉嫌超量储存",
        source=Source("依职权", "举报", "群众举报"),
        party=Party("恒达经营部", "企业"),
    )
    return story
