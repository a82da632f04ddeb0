"""The people of the demonstration and the stage they act on: a made-up county agency under the Hebei order."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from liuhen.adapters.typeset.handwriting import sample_strokes
from liuhen.core.events.parts import SignerPlace
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.sign_document import complete_document, seal_document, sign_document
from liuhen.flows.write_document import Content, make_document

AGENCY = "ah-yj"
AGENCY_NAME = "安禾县应急管理局"
PARTY = "安禾县恒达烟花爆竹经营部"
YEAR = 2026


def _actor(uid: str, name: str, *roles: str) -> Actor:
    return Actor(uid, name, AGENCY, frozenset(roles))


LI = _actor("officer-li", "李喆", "执法人员")
WANG = _actor("officer-wang", "王玥", "执法人员")
ZHAO = _actor("officer-zhao", "赵明远", "承办机构负责人")
CHEN = _actor("officer-chen", "陈思齐", "法制审核人员")
SUN = _actor("officer-sun", "孙立群", "机关负责人")
ZHOU = _actor("officer-zhou", "周正", "机关负责人")
WU = _actor("officer-wu", "吴敏", "档案管理员")
XU = _actor("officer-xu", "许安", "系统管理员")
AN = _actor("officer-an", "安宁", "安全管理员")
GU = _actor("officer-gu", "顾平", "审计管理员")
CAST = (LI, WANG, ZHAO, CHEN, SUN, ZHOU, WU, XU, AN, GU)
TITLES = {
    LI.uid: "执法人员",
    WANG.uid: "执法人员",
    ZHAO.uid: "执法大队大队长",
    CHEN.uid: "政策法规股股长",
    SUN.uid: "副局长",
    ZHOU.uid: "局长",
    WU.uid: "档案管理员",
    XU.uid: "系统管理员",
    AN.uid: "安全管理员",
    GU.uid: "审计管理员",
}
CERTIFICATES = {LI.uid: "03110226001", WANG.uid: "03110226002", ZHAO.uid: "03110226003"}

Progress = Callable[[str], None]


def moment(text: str) -> datetime:
    """Read a moment of the story, such as `03-02 09:20` or `03-02 09:20:30`, of the year 2026."""
    form = "%m-%d %H:%M:%S" if text.count(":") == 2 else "%m-%d %H:%M"
    return datetime.strptime(f"{YEAR}-{text}", f"%Y-{form}").replace(tzinfo=SHANGHAI)


@dataclass(slots=True)
class Stage:
    """Where the story is: the case, the uids of its acts and documents by name, and the counter that ids come from."""

    tell: Progress
    case: str = ""
    acts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    recordings: dict[str, str] = field(default_factory=dict)
    decision: str = ""
    _count: int = 0

    def new_id(self) -> str:
        """Give the next id of the story: the same at the same place of every run."""
        self._count += 1
        return hashlib.sha256(f"liuhen demonstration {self._count}".encode()).hexdigest()[:32]

    def on(self, when: str, actor: Actor) -> Occasion:
        """Give the occasion of a moment; the system learns of it a few seconds later."""
        at = moment(when)
        return Occasion(actor, at, at + timedelta(seconds=5), self.new_id)

    def write(
        self,
        when: str,
        actor: Actor,
        form: str,
        content: Content,
        *,
        act: str | None = None,
        key: str | None = None,
        unsigned: Sequence[str] = (),
        sealed: bool = False,
    ) -> str:
        """Make a document, have everyone sign who has a place on it (save `unsigned`), complete and seal it."""
        occasion = self.on(when, actor)
        document = make_document(self.case, occasion, form=form, content=content, act=self.acts[act] if act else None)
        self.documents[key or form] = document
        self.sign(occasion, document, [place for place in content.signers if place.name not in unsigned])
        if content.signers:
            complete_document(self.case, occasion, document=document, despite_open=bool(unsigned))
        if sealed:
            seal_document(self.case, occasion, document=document)
        return document

    def sign(self, occasion: Occasion, document: str, places: Sequence[SignerPlace]) -> None:
        """Sign a document with demonstration handwriting, officers by their own account, others before the officer."""
        accounts = {actor.name: actor for actor in CAST}
        for place in places:
            signer = accounts.get(place.name)
            sign_document(
                self.case,
                occasion.by(signer) if signer else occasion,
                document=document,
                role=place.role,
                name=place.name,
                strokes=sample_strokes(place.name),
                officer=signer.uid if signer else None,
            )


def places(*pairs: tuple[str, str]) -> tuple[SignerPlace, ...]:
    """Write the places for signatures in one line."""
    return tuple(SignerPlace(role, name) for role, name in pairs)


def opinion(role: str, actor: Actor, text: str, day: str, reasons: str = "") -> dict[str, str]:
    """Write an opinion as approval forms show it; `day` is a day of the story such as `03-02`, or a whole ISO day."""
    date = day if len(day) == len("2026-03-02") else f"{YEAR}-{day}"
    return {"role": role, "name": actor.name, "opinion": text, "reasons": reasons, "date": date}
