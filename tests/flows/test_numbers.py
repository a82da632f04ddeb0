"""Numbers: taken gaplessly, reserved, used offline, given back, voided; every number of a series accounted for exactly once."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.adapters.sheets.reading import read_sheets
from liuhen.core.documents.numbers import Number, read_number
from liuhen.core.events.case import ServiceMade
from liuhen.core.events.numbers import DocumentVoided
from liuhen.core.events.parts import Party, SignerPlace, Source
from liuhen.core.kernel.digests import sha256
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import ROLES, NotAllowed, NotFound
from liuhen.flows.check_document import check_digest, check_number, check_pdf
from liuhen.flows.check_index import check_index, rebuild_index
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.formats_in_force import shipped_types
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.hear_and_decide import decide
from liuhen.flows.occasion import Actor, Occasion, random_id
from liuhen.flows.office import office
from liuhen.flows.open_case import register_case
from liuhen.flows.package import build_package
from liuhen.flows.read_numbers import Entry, export_numbers, numbers_of, series_of, years_of
from liuhen.flows.record_batch import CaseArchived
from liuhen.flows.reserved_numbers import (
    BlockReturned,
    HolderIsSelf,
    NumberNotReserved,
    NumberUsed,
    free_numbers,
    reserve_numbers,
    return_numbers,
)
from liuhen.flows.serve import Delivery, serve
from liuhen.flows.sign_document import DocumentFinished, seal_document, sign_document
from liuhen.flows.void_document import MadeBySelf, NotToBeVoided, void_document
from liuhen.flows.write_document import Content, make_document
from liuhen.flows.writing import write_case
from liuhen.records.index.models import DocumentRow, NumberSeries

FORM, CHARACTER = "行政处罚事先告知书", "罚告"
BEGUN = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
STROKES = [[[10, 10, 0, 500], [60, 40, 30, 700], [120, 20, 60, 400]]]
_AGENCIES = count(1)


class Office:
    """An agency of its own with two officers, a head and an archivist, one case, and a clock that goes on."""

    def __init__(self) -> None:
        self.agency, self.minute = f"numbers-{next(_AGENCIES)}", 0
        self.officer, self.second = self.person("李", "执法人员"), self.person("王", "执法人员")
        self.head, self.keeper = self.person("孙", "机关负责人"), self.person("吴", "档案管理员")
        admin = self.person("许", "系统管理员")
        establish_agency(
            self.on(admin), name="安禾县局", short_name="安禾", number_prefix="安", region="130000", packs=("hebei",)
        )
        for one in (self.officer, self.second, self.head):
            enrol_officer(self.on(admin), officer=one.uid, name=one.name, title="执法人员", certificate="03110226001")
        self.case = self.register()

    def person(self, name: str, role: str) -> Actor:
        return Actor(f"{self.agency}-{name}", name, self.agency, frozenset({role}))

    def on(self, actor: Actor) -> Occasion:
        self.minute += 1
        at = BEGUN + timedelta(minutes=self.minute)
        return Occasion(actor, at, at)

    def register(self) -> str:
        source, party = Source("依职权", "举报", "群众举报"), Party("恒达经营部", "企业")
        return register_case(self.on(self.officer), kind="行政处罚", matter="超量储存", source=source, party=party)

    def make(self, number: str | None = None) -> str:
        content = Content(body=("拟作出行政处罚。",))
        return make_document(self.case, self.on(self.officer), form=FORM, content=content, number=number)

    def reserve(self, many: int, block: str = "") -> str:
        made = reserve_numbers(
            self.on(self.head),
            block=block or random_id(),
            form=FORM,
            count=many,
            holder=self.second.uid,
            reason="下乡执法",
        )
        return made.uid

    def give_back(self, block: str) -> None:
        return_numbers(self.on(self.keeper), block=block, reason="空白表格已销毁")

    def void(self, document: str, by: Actor | None = None, reason: str = "当事人姓名写错") -> None:
        void_document(self.case, self.on(by or self.head), document=document, reason=reason)

    def number(self, ordinal: int) -> str:
        return Number("安", shipped_types()[FORM].character, 2026, ordinal).say()

    def entries(self) -> list[Entry]:
        character = shipped_types()[FORM].character
        if not any(one.character == character for one in series_of(self.officer, 2026)):
            return []
        first = numbers_of(self.officer, character, 2026, 1)
        more = [numbers_of(self.officer, character, 2026, page) for page in range(2, -(-first.series.taken // 50) + 1)]
        return [entry for page in (first, *more) for entry in page.entries][::-1]

    def states(self) -> list[str]:
        return [one.state for one in self.entries()]


@pytest.fixture
def office_(db: None) -> Office:
    return Office()


def test_every_number_says_what_became_of_it(office_: Office) -> None:
    first, second = office_.make(), office_.make()
    block = office_.reserve(3)
    third = office_.make()
    used = office_.make(office_.number(4))
    office_.void(second)
    assert office_.states() == ["used", "voided", "reserved", "used", "reserved", "used"]
    office_.give_back(block)
    assert office_.states() == ["used", "voided", "blank", "used", "blank", "used"]
    entries = office_.entries()
    assert [entries[n].document for n in (0, 1, 3, 5)] == [first, second, used, third]
    assert (entries[1].because, entries[2].because) == ("当事人姓名写错", "王交回：空白表格已销毁")
    assert [one.number for one in entries] == [office_.number(n) for n in range(1, 7)]
    assert agency_facts(office_.agency).agency.blocks[block].unused == (3, 5)
    assert years_of(office_.officer) == (2026,)
    sources = numbers_of(office_.officer, "源", 2026, 1)
    assert [(one.state, one.case) for one in sources.entries] == [("used", office_.case)]


def test_the_register_goes_out_as_a_sheet(office_: Office) -> None:
    office_.void(office_.make())
    office_.reserve(1)
    name, data = export_numbers(office_.keeper, shipped_types()[FORM].character, 2026)
    assert name == "编号台账（行政处罚事先告知书，2026 年）.xlsx"
    (sheet,) = read_sheets(data)
    assert [[cell.text for cell in row.cells][:4] for row in sheet.rows] == [
        ["编号", "状态", "文书或者案件", "说明"],
        [office_.number(1), "作废", f"《{FORM}》", "当事人姓名写错"],
        [office_.number(2), "预留", "", "王领用：下乡执法"],
    ]


def test_a_gap_and_a_number_out_of_nowhere_are_shown(office_: Office) -> None:
    office_.make()
    lost = office_.make()
    DocumentRow.objects.filter(uid=lost).update(number=office_.number(7))
    (series,) = [one for one in series_of(office_.officer, 2026) if one.name == FORM]
    assert (series.gaps, series.strangers, series.counts["gap"]) == ((2,), (7,), 1)
    assert office_.states() == ["used", "gap"]


def test_a_block_is_reserved_once_however_often_it_is_asked_for(office_: Office) -> None:
    block = office_.reserve(2)
    assert office_.reserve(2, block) == block
    assert office_.states() == ["reserved", "reserved"]
    office_.give_back(block)
    with pytest.raises(BlockReturned):
        office_.give_back(block)
    with pytest.raises(NotFound):
        office_.give_back("nothing")


def test_a_number_that_was_not_reserved_for_this_type_is_refused(office_: Office) -> None:
    office_.make()
    block = office_.reserve(2)
    before = DocumentRow.objects.count()
    for number in (
        "安罚〔2026〕2号",
        office_.number(1),
        office_.number(4),
        office_.number(2).replace("2026", "2025"),
        "2",
    ):
        with pytest.raises(NumberNotReserved):
            office_.make(number)
    content = Content(body=("甲",), signers=(SignerPlace("执法人员", "李"),))
    with pytest.raises(NumberNotReserved):
        make_document(
            office_.case, office_.on(office_.officer), form="现场检查笔录", content=content, number=office_.number(2)
        )
    office_.make(f" {office_.number(2)} ")
    with pytest.raises(NumberUsed):
        office_.make(office_.number(2))
    assert free_numbers(office_.officer, shipped_types()[FORM]) == (office_.number(3),)
    office_.give_back(block)
    with pytest.raises(NumberNotReserved):
        office_.make(office_.number(3))
    assert free_numbers(office_.officer, shipped_types()[FORM]) == ()
    assert DocumentRow.objects.count() == before + 1


def test_a_voided_number_of_a_block_is_not_used_again(office_: Office) -> None:
    office_.reserve(1)
    office_.void(office_.make(office_.number(1)))
    with pytest.raises(NumberUsed):
        office_.make(office_.number(1))
    assert office_.states() == ["voided"]


def test_the_database_itself_refuses_a_number_twice(office_: Office) -> None:
    office_.make()
    second = office_.make()
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentRow.objects.filter(uid=second).update(number=office_.number(1))


def test_what_is_refused_takes_no_number(office_: Office) -> None:
    for wrong in ({"form": "询问笔录"}, {"count": 0}, {"count": 201}, {"holder": "nobody"}, {"reason": " "}):
        said = {"block": "b", "form": FORM, "count": 1, "holder": office_.second.uid, "reason": "下乡"} | wrong
        with pytest.raises(BadInput) as refused:
            reserve_numbers(office_.on(office_.head), **said)  # type: ignore[arg-type]
        assert refused.value.place == next(iter(wrong))
    with pytest.raises(HolderIsSelf):
        reserve_numbers(office_.on(office_.head), block="b", form=FORM, count=1, holder=office_.head.uid, reason="下乡")
    with pytest.raises(BadInput):
        return_numbers(office_.on(office_.keeper), block="b", reason="")
    assert office_.states() == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may(office_: Office, role: str) -> None:
    document, block = office_.make(), office_.reserve(1)
    actor = replace(office_.person("某", role), roles=frozenset({role}))
    approves = role in ("承办机构负责人", "机关负责人")

    def allowed(act: Callable[[], object]) -> bool:
        try:
            act()
        except NotAllowed:
            return False
        except LiuhenError:
            return True
        return True

    def reserve() -> object:
        return reserve_numbers(
            office_.on(actor), block="x", form=FORM, count=1, holder=office_.second.uid, reason="下乡"
        )

    assert allowed(reserve) == approves
    assert allowed(lambda: office_.void(document, by=actor)) == approves
    assert allowed(lambda: return_numbers(office_.on(actor), block=block, reason="销毁")) == (
        approves or role == "档案管理员"
    )
    administrates = role in ("系统管理员", "安全管理员", "审计管理员")
    assert allowed(lambda: series_of(actor, 2026)) == (not administrates)


def test_another_agency_has_numbers_of_its_own(office_: Office) -> None:
    document, block = office_.make(), office_.reserve(1)
    other = Office()
    with pytest.raises(NotFound):
        void_document(office_.case, other.on(other.head), document=document, reason="写错")
    with pytest.raises(NotFound):
        return_numbers(other.on(other.keeper), block=block, reason="销毁")
    assert other.states() == [] and other.make() and other.states() == ["used"]


def test_a_voided_document_counts_no_more_and_is_kept(office_: Office) -> None:
    document = office_.make()
    seal_document(office_.case, office_.on(office_.officer), document=document)
    row = DocumentRow.objects.get(uid=document)
    assert check_number(row.number, row.code).verdict == "passed"
    with office().vault.open(row.sha256) as file:
        pdf = file.read()
    office_.void(document)
    facts = ground_of(office_.case, office_.agency).facts
    assert document not in facts.case.documents and facts.oddities == []
    voided = facts.case.voided_documents[document]
    assert (voided.voided_because, voided.voided_by, voided.number) == ("当事人姓名写错", "孙", office_.number(1))
    for answer in (check_number(row.number, row.code), check_digest(row.sha256), check_pdf(pdf)):
        assert answer.verdict == "failed" and "已于 2026 年 3 月 2 日作废" in answer.reason
        assert answer.issued is not None and "姓名" not in answer.reason
    assert office().vault.stat(row.sha256) is not None
    place = {"role": "执法人员", "name": "李"}
    with pytest.raises(DocumentFinished, match="已经作废"):
        sign_document(office_.case, office_.on(office_.officer), document=document, **place, strokes=STROKES)
    with pytest.raises(DocumentFinished, match="已经作废"):
        seal_document(office_.case, office_.on(office_.officer), document=document)
    with pytest.raises(DocumentFinished, match="已经作废"):
        serve(office_.case, office_.on(office_.officer), Delivery(document, "直接", "刘某", "东街"))
    with pytest.raises(NotToBeVoided, match="已经作废"):
        office_.void(document)
    assert list(check_index()) == []


def test_no_rule_takes_a_voided_document_for_one(office_: Office) -> None:
    """The same case is judged as if the document had never been made."""

    def judged() -> list[tuple[str, str, str]]:
        ground = ground_of(office_.case, office_.agency)
        return [(one.clause, one.rule, one.verdict) for one in ground.judge(BEGUN + timedelta(days=1))]

    before = judged()
    document = office_.make()
    assert judged() != before
    office_.void(document)
    assert judged() == before


def test_what_has_taken_effect_is_not_voided(office_: Office) -> None:
    served, decided, unnumbered = office_.make(), office_.make(), ""
    now = office_.on(office_.officer)
    version = ground_of(office_.case, office_.agency).facts.case.version
    write_case(office_.case, now, ServiceMade("s1", served, "直接", "刘某", "东街"), after=version)
    with pytest.raises(NotToBeVoided, match="已经送达"):
        office_.void(served)
    from liuhen.flows.approve import give_opinion

    give_opinion(office_.case, office_.on(office_.head), matter="行政处罚决定", step="批准", opinion="同意")
    decide(office_.case, office_.on(office_.head), kind="罚款", summary="罚款", document=decided)
    with pytest.raises(NotToBeVoided, match="作出决定"):
        office_.void(decided)
    unnumbered = make_document(
        office_.case, office_.on(office_.officer), form="现场检查笔录", content=Content(body=("甲",))
    )
    with pytest.raises(NotToBeVoided, match="没有文号"):
        office_.void(unnumbered)
    with pytest.raises(BadInput):
        office_.void(office_.make(), reason="  ")


def test_who_made_it_does_not_void_it(office_: Office) -> None:
    both = replace(office_.officer, roles=frozenset({"承办机构负责人"}))
    document = office_.make()
    with pytest.raises(MadeBySelf):
        office_.void(document, by=both)
    office_.void(document)


def test_an_archived_case_keeps_its_documents(office_: Office) -> None:
    document = office_.make()
    conclude_case(office_.case, office_.on(office_.officer), reason="整改完毕", document=None)
    archive_case(office_.case, office_.on(office_.keeper), archive_number="A1", retention="30 年")
    with pytest.raises(CaseArchived):
        office_.void(document)


def test_rows_are_rebuilt_from_events(office_: Office) -> None:
    office_.void(office_.make())
    block = office_.reserve(2)
    office_.make(office_.number(2))
    office_.give_back(block)
    before = office_.entries()
    rebuild_index()
    assert office_.entries() == before and list(check_index()) == []
    assert office_.states() == ["voided", "used", "blank"]


def test_the_ledger_check_names_gaps_and_a_rebuild_never_gives_a_number_out_again(office_: Office) -> None:
    """A series that came back from an older copy of the database stands behind the numbers that are borne."""
    for _ in range(3):
        office_.make()
    series = NumberSeries.objects.get(agency=office_.agency, kind=shipped_types()[FORM].character)
    NumberSeries.objects.filter(pk=series.pk).update(next=6)
    (finding,) = check_index()
    assert finding.code == "LEDGER-030" and "断号 2 个，第一个是 4 号" in finding.message
    NumberSeries.objects.filter(pk=series.pk).update(next=2)
    (finding,) = check_index()
    assert "2 号不是按序取得的" in finding.message
    with pytest.raises(IntegrityError), transaction.atomic():
        office_.make()
    rebuild_index()
    assert list(check_index()) == []
    office_.make()
    assert office_.states() == ["used"] * 4


ACTS = st.lists(
    st.tuples(st.sampled_from(["take", "take", "reserve", "use", "use", "void", "return", "fail"]), st.integers(0, 5)),
    max_size=12,
)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_sequence_leaves_every_number_accounted_for_once(db: None, acts: list[tuple[str, int]]) -> None:
    """Takings, reservations, uses, voidings and returns in any order, with some rolled back half-way."""
    here = Office()
    blocks: list[str] = []
    documents: list[str] = []
    expected: dict[int, str] = {}

    def fill(states: dict[int, str]) -> None:
        expected.update(states)

    for act, place in acts:
        top = len(expected)
        free = [n for n, state in sorted(expected.items()) if state == "reserved"]
        if act == "take":
            documents.append(here.make())
            fill({top + 1: "used"})
        elif act == "reserve":
            blocks.append(here.reserve(place + 1))
            fill({top + 1 + n: "reserved" for n in range(place + 1)})
        elif act == "use" and free:
            chosen = free[place % len(free)]
            documents.append(here.make(here.number(chosen)))
            fill({chosen: "used"})
        elif act == "void" and documents:
            gone = documents.pop(place % len(documents))
            number = read_number(DocumentRow.objects.get(uid=gone).number, "安")
            here.void(gone)
            assert number is not None
            fill({number.ordinal: "voided"})
        elif act == "return" and blocks:
            block = agency_facts(here.agency).agency.blocks[blocks.pop(place % len(blocks))]
            here.give_back(block.uid)
            fill({n: "blank" for n in range(block.first, block.last + 1) if expected[n] == "reserved"})
        elif act == "fail":
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                here.make()
                here.reserve(place + 1)
                raise ZeroDivisionError
    assert here.states() == [expected[n] for n in sorted(expected)] and sorted(expected) == [
        *range(1, len(expected) + 1)
    ]
    assert all(one.gaps == one.strangers == () for one in series_of(here.officer, 2026))
    said = [event.content for event in ground_of(here.case, here.agency).events]
    assert sum(isinstance(one, DocumentVoided) for one in said) == list(expected.values()).count("voided")


@pytest.fixture
def shared(transactional_db: None) -> Iterator[Office]:
    yield Office()
    connections.close_all()


def test_of_two_at_the_same_moment_one_uses_a_number(shared: Office) -> None:
    shared.reserve(1)
    cases = [shared.case, *(shared.register() for _ in range(3))]
    occasion = shared.on(shared.officer)

    def use(case: str) -> str:
        try:
            return make_document(case, occasion, form=FORM, content=Content(body=("甲",)), number=shared.number(1))
        except NumberUsed:
            return ""
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(use, cases))
    assert sum(bool(one) for one in made) == 1
    assert shared.states() == ["used"]


def test_takers_and_reservers_at_the_same_moment_leave_no_gap(shared: Office) -> None:
    cases = [shared.case, shared.register()]
    occasion, head = shared.on(shared.officer), shared.on(shared.head)

    def work(which: int) -> None:
        try:
            for _ in range(3):
                if which < 2:
                    make_document(cases[which], occasion, form=FORM, content=Content(body=("甲",)))
                else:
                    said = {"form": FORM, "count": 2, "holder": shared.second.uid, "reason": "下乡"}
                    reserve_numbers(head, block=random_id(), **said)  # type: ignore[arg-type]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    states = shared.states()
    assert sorted(states) == ["reserved"] * 12 + ["used"] * 6
    assert series_of(shared.officer, 2026)[-1].gaps == ()


def test_a_package_carries_what_was_voided_and_verifies(office_: Office, tmp_path: Path) -> None:
    """Every version of a voided document travels with the case; it stands in no catalogue and satisfies no rule."""
    voided, kept = office_.make(), office_.make()
    for document in (voided, kept):
        seal_document(office_.case, office_.on(office_.officer), document=document)
    office_.void(voided)
    conclude_case(office_.case, office_.on(office_.officer), reason="整改完毕", document=None)
    archive_case(office_.case, office_.on(office_.keeper), archive_number="A1", retention="30 年")
    package = build_package(office_.case, office_.on(office_.keeper), tmp_path)
    assert package.verification.verdict != "failed" and package.image_verification.verdict != "failed"
    digests = {sha256(file.read_bytes()) for file in package.folder.rglob("*.pdf")}
    rows = DocumentRow.objects.filter(case__uid=office_.case)
    assert {row.sha256 for row in rows} <= digests
    catalogue = json.loads((package.folder / "data/卷宗/卷内目录.json").read_text())
    assert [row["document"] for row in catalogue["documents"]] == [kept]
