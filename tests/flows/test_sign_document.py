"""签名盖章: each place is dealt with once, by whom it concerns; what is finished takes nothing more; and who may not."""

import io
import threading
from collections.abc import Callable, Sequence

import pikepdf
import pytest
from django.db import connections

from liuhen.adapters.signing.hands import stamp_hands
from liuhen.core.events.case import DocumentCompleted, DocumentMarked, DocumentSealed, DocumentSigned, SignatureRefused
from liuhen.core.events.parts import SignerPlace
from liuhen.core.facts.model import Document
from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.rules.vocabulary.documents import signers
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.read_case import read_case
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.sign_document import (
    AlreadyMarked,
    DocumentChanged,
    DocumentFinished,
    DocumentUnknown,
    NotToBeSealed,
    PlaceDone,
    PlacesOpen,
    SignerUnknown,
    complete_document,
    foresee_refusal,
    mark_document,
    open_places,
    refuse_signature,
    seal_document,
    sign_document,
)
from liuhen.flows.write_document import Content, make_document
from tests.flows.closing import AGENCY, PEOPLE, Story, tell

STROKES = [[[10, 10, 0, 500], [60, 40, 30, 700], [120, 20, 60, 400]]]
PARTY, OFFICER, PARTNER = ("当事人", "刘某"), ("执法人员", "registrar"), ("执法人员", "partner")
STRANGER = Actor("closing-stranger", "外人", "closing-elsewhere", frozenset({"执法人员"}))


@pytest.fixture
def story(db: None) -> Story:
    return tell()


def written(story: Story, form: str = "现场检查笔录", *places: tuple[str, str], by: str = "registrar") -> str:
    content = Content(body=("情况属实。",), signers=tuple(SignerPlace(*place) for place in places))
    return make_document(story.case, story.on(by, 30), form=form, content=content)


def sign(story: Story, document: str, place: tuple[str, str], *, by: str = "registrar", minute: float = 31) -> None:
    role, name = place
    sign_document(story.case, story.on(by, minute), document=document, role=role, name=name, strokes=STROKES)


def refuse(story: Story, document: str, place: tuple[str, str], *, by: str = "registrar") -> None:
    role, name = place
    refuse_signature(story.case, story.on(by, 32), document=document, role=role, name=name, reason="不会写字")


def standing(story: Story, document: str) -> Document:
    return ground_of(story.case, AGENCY).facts.case.documents[document]


def happened(story: Story, *kinds: type) -> int:
    return sum(isinstance(event.content, kinds) for event in ground_of(story.case, AGENCY).events)


def test_a_place_is_signed_once(story: Story) -> None:
    document = written(story, "现场检查笔录", PARTY, OFFICER)
    sign(story, document, PARTY)
    with pytest.raises(PlaceDone, match="刘某已经签名"):
        sign(story, document, PARTY, minute=33)
    assert happened(story, DocumentSigned) == 1
    assert open_places(standing(story, document)) == (SignerPlace(*OFFICER),)


def test_a_place_is_refused_once_and_not_after_it_was_signed(story: Story) -> None:
    document = written(story, "现场检查笔录", PARTY, OFFICER)
    refuse(story, document, PARTY)
    with pytest.raises(PlaceDone, match="已经登记"):
        refuse(story, document, PARTY)
    sign(story, document, OFFICER)
    with pytest.raises(PlaceDone, match="已经签名"):
        refuse(story, document, OFFICER)
    with pytest.raises(SignerUnknown):
        refuse(story, document, ("当事人", "别人"))
    assert happened(story, SignatureRefused) == 1
    assert open_places(standing(story, document)) == ()


def test_who_refused_may_still_sign_until_it_is_finished(story: Story) -> None:
    document = written(story, "现场检查笔录", PARTY)
    refuse(story, document, PARTY)
    sign(story, document, PARTY)
    assert len(standing(story, document).signatures) == 1
    complete_document(story.case, story.on("registrar", 35), document=document)
    with pytest.raises(DocumentFinished):
        sign(story, document, PARTY)


def test_two_officers_at_one_account_are_two_persons(story: Story) -> None:
    document = written(story, "现场检查笔录", OFFICER, PARTNER)
    sign(story, document, OFFICER)
    sign(story, document, PARTNER)
    assert signers(standing(story, document), "执法人员") == ["partner", "registrar"]
    assert [one.officer for one in standing(story, document).signatures] == [PEOPLE["registrar"].uid, None]


def test_a_document_is_finished_when_every_place_is_dealt_with_and_only_once(story: Story) -> None:
    document = written(story, "现场检查笔录", PARTY, OFFICER)
    finish = story.on("registrar", 36)
    sign(story, document, OFFICER)
    with pytest.raises(PlacesOpen, match="当事人刘某"):
        complete_document(story.case, finish, document=document)
    refuse(story, document, PARTY)
    complete_document(story.case, finish, document=document)
    with pytest.raises(DocumentFinished):
        complete_document(story.case, finish, document=document)
    with pytest.raises(DocumentFinished):
        refuse(story, document, OFFICER)
    assert happened(story, DocumentCompleted) == 1


def test_who_signs_while_it_is_being_finished_is_not_left_out(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    document = written(story, "现场检查笔录", PARTY)
    refuse(story, document, PARTY)
    stamp = stamp_hands

    def slowly(pdf: bytes, *drawn: Sequence[tuple[int, bytes]]) -> bytes:
        if not standing(story, document).signatures:
            sign(story, document, PARTY)
        return stamp(pdf, *drawn)

    monkeypatch.setattr("liuhen.flows.sign_document.stamp_hands", slowly)
    with pytest.raises(DocumentChanged, match="没有保存"):
        complete_document(story.case, story.on("registrar", 36), document=document)
    assert happened(story, DocumentCompleted) == 0
    complete_document(story.case, story.on("registrar", 37), document=document)
    assert happened(story, DocumentCompleted) == 1


def test_the_seal_comes_after_the_hands_and_once(story: Story) -> None:
    document = written(story, "权利告知书", PARTY)
    later = story.on("registrar", 40)
    sign(story, document, PARTY)
    with pytest.raises(PlacesOpen, match="定稿"):
        seal_document(story.case, later, document=document)
    complete_document(story.case, later, document=document)
    seal_document(story.case, later, document=document)
    with pytest.raises(DocumentFinished, match="已经盖章"):
        seal_document(story.case, later, document=document)
    assert happened(story, DocumentSealed) == 1
    found = standing(story, document)
    versions = [
        office().vault.open(file.sha256).read() for file in (found.file, found.finished_file, found.sealed_file) if file
    ]
    assert len(versions) == 3
    assert versions[1].startswith(versions[0]) and versions[2].startswith(versions[1])
    with pikepdf.open(io.BytesIO(versions[2])) as pdf:
        assert len(pdf.pages) == found.pages


def test_a_type_without_a_seal_gets_none(story: Story) -> None:
    document = written(story, "现场检查笔录")
    with pytest.raises(NotToBeSealed, match="现场检查笔录"):
        seal_document(story.case, story.on("registrar", 40), document=document)


def test_a_document_without_places_is_sealed_at_once(story: Story) -> None:
    document = written(story, "行政处罚事先告知书")
    seal_document(story.case, story.on("head", 40), document=document)
    assert standing(story, document).sealed is not None


def test_the_same_mark_is_set_down_once(story: Story) -> None:
    document = written(story, "现场检查笔录", PARTY)

    def mark(name: str) -> None:
        mark_document(story.case, story.on("registrar", 33), document=document, mark="骑缝", manner="手印", name=name)

    mark("刘某")
    mark("刘某某")
    with pytest.raises(AlreadyMarked, match="骑缝"):
        mark("刘某")
    assert happened(story, DocumentMarked) == 2


def every_step(story: Story, document: str) -> list[Callable[[Occasion], None]]:
    role, name = PARTY
    said = {"document": document, "role": role, "name": name}
    return [
        lambda on: sign_document(story.case, on, **said, strokes=STROKES),
        lambda on: refuse_signature(story.case, on, **said, reason="不在场"),
        lambda on: mark_document(story.case, on, document=document, mark="骑缝", manner="手印", name=name),
        lambda on: complete_document(story.case, on, document=document),
        lambda on: seal_document(story.case, on, document=document),
    ]


@pytest.mark.parametrize("step", range(5))
def test_who_may_not(story: Story, step: int) -> None:
    act = every_step(story, written(story, "权利告知书", PARTY))[step]
    at = story.on("registrar", 34).at
    with pytest.raises(NotAllowed):
        act(story.on("archivist", 34))
    with pytest.raises(NotAllowed):
        act(story.on("system", 34))
    with pytest.raises(NotFound):
        act(Occasion(STRANGER, at, at))
    assert happened(story, DocumentSigned, SignatureRefused, DocumentMarked, DocumentCompleted, DocumentSealed) == 0


@pytest.mark.parametrize("step", range(5))
def test_an_archived_case_takes_nothing_more(story: Story, step: int) -> None:
    document = written(story, "权利告知书", PARTY)
    conclude_case(story.case, story.on("registrar", 50), reason="整改完毕", document=None)
    archive_case(story.case, story.on("archivist", 51), archive_number="A1", retention="30 年")
    with pytest.raises(CaseArchived):
        every_step(story, document)[step](story.on("registrar", 52))


@pytest.mark.parametrize("step", range(5))
def test_a_document_of_another_case_is_unknown(story: Story, step: int) -> None:
    with pytest.raises(DocumentUnknown):
        every_step(story, "0" * 32)[step](story.on("registrar", 34))


def test_heads_and_reviewers_sign_with_their_own_name_only(story: Story) -> None:
    document = written(story, "法制审核意见书", ("法制审核人员", "reviewer"), OFFICER)
    with pytest.raises(NotAllowed):
        sign(story, document, OFFICER, by="reviewer")
    sign(story, document, ("法制审核人员", "reviewer"), by="reviewer")
    assert standing(story, document).signatures[0].officer == PEOPLE["reviewer"].uid
    with pytest.raises(NotAllowed):
        refuse(story, document, OFFICER, by="reviewer")
    with pytest.raises(NotAllowed):
        mark_document(
            story.case, story.on("head", 33), document=document, mark="更正处", manner="印章", name="reviewer"
        )


def test_the_rules_say_beforehand_what_a_refusal_asks_for(story: Story) -> None:
    document = written(story, "现场检查笔录", PARTY, OFFICER, PARTNER)
    reading = read_case(PEOPLE["registrar"], story.case, at=story.on("registrar", 34).at)
    before = list(reading.facts.case.documents[document].refusals)
    foreseen = {one.rule: one for one in foresee_refusal(reading, document, "当事人", "不会写字")}
    assert any("两名以上执法人员签字" in (one.remedy or "") for one in foreseen.values())
    assert any("当事人拒绝签名，已注明：不会写字" in line for one in foreseen.values() for line in one.because)
    assert reading.facts.case.documents[document].refusals == before == []
    assert foresee_refusal(reading, document, "执法人员", "不在场") == ()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_one_place_leave_one_signature() -> None:
    story = tell()
    document = written(story, "现场检查笔录", PARTY, OFFICER)
    start, refused = threading.Barrier(3), list[LiuhenError]()

    def work(place: tuple[str, str]) -> None:
        start.wait(10)
        try:
            sign(story, document, place)
        except LiuhenError as fault:
            refused.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in (PARTY, PARTY, OFFICER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [type(fault) for fault in refused] == [PlaceDone]
    assert sorted(one.name for one in standing(story, document).signatures) == ["registrar", "刘某"]
