"""装订卷宗: every document of a case as one PDF with cover, contents and page numbers, to be read or printed in one piece.

Invariant: it is a copy that says so on its cover; what proves anything stays the documents themselves. It shows one person what
that person may know, and its making is a trace in the case like any other taking.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from liuhen.adapters.typeset.binding import Part, bind
from liuhen.core.facts.model import Facts
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.verifier.catalogue import catalogue_of
from liuhen.flows import volume
from liuhen.flows.access import case_for, unseen_recordings
from liuhen.flows.closed import view_without
from liuhen.flows.ground import ground_of
from liuhen.flows.hand_out import release
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office

_COPY = "本册由系统汇编，供查阅和打印；电子印章和签名的效力见各件原件，核验请用原件或者归档包。"


class NothingToBind(LiuhenError):
    """The case has no document yet."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound file: its name, its bytes, and how many numbered pages it has."""

    name: str
    pdf: bytes
    pages: int


def bind_volume(case_uid: str, occasion: Occasion, *, purpose: str = "", access: str = "") -> Bound:
    """Bind the documents of a case and leave the trace of their being taken.

    Raises NotAllowed, NotFound, NotGranted, NothingToBind, and BadInput naming a document that cannot be read.
    """
    facts = _known_to(occasion, case_uid)
    number = facts.case.number or facts.case.register_number
    if not any(document.file for document in facts.case.documents.values()):
        raise NothingToBind("本案还没有文书，没有可以装订的内容；请先制作文书")
    day = local_day(occasion.at)
    pdf, pages = bind(
        _parts(facts, occasion),
        f"{facts.agency.name} {number} 卷宗",
        lambda first, count: office().typesetter.folios(first, count, day),
    )
    release(case_uid, occasion, what=f"装订卷宗（{pages} 页）", manner="下载", purpose=purpose, access=access)
    return Bound(f"{number} 卷宗.pdf", pdf, pages)


def _known_to(occasion: Occasion, case_uid: str) -> Facts:
    """Give the facts of a case as this person may know them; nothing is judged for it."""
    row = case_for(occasion.actor, case_uid)
    ground = ground_of(case_uid, occasion.actor.agency)
    return view_without(ground, unseen_recordings(occasion.actor, row)).facts


def _parts(facts: Facts, occasion: Occasion) -> Iterator[Part]:
    catalogue = catalogue_of(facts)
    yield Part("卷宗封面", volume.cover(facts, occasion.at, notes=(_COPY,)), numbered=False)
    yield Part("卷内目录", volume.contents(facts, catalogue, occasion.at), numbered=False)
    for row in catalogue["documents"]:
        with office().vault.open(row["sha256"]) as file:
            yield Part(f"{row['order']} {row['title']} {row['number']}".strip(), file.read())
