"""Formats of an agency's own: set, tried, published below, taken back; what the law asks for is kept, and who may not."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pikepdf
import pytest
from django.db import connections

from liuhen.adapters.typeset.own_layout import LayoutRefused
from liuhen.core.documents.model import DocumentType, FieldSpec
from liuhen.core.events.agency import AgencyEstablished
from liuhen.core.events.case import DocumentMade
from liuhen.core.events.catalogue import BY_NAME
from liuhen.core.events.formats import DocumentTypeAdopted
from liuhen.core.events.parts import FileRef, Party, Source
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.evaluate import assess
from liuhen.flows.access import ROLES, NotAllowed, NotFound
from liuhen.flows.adapt_formats import (
    FormatFaulty,
    FormatMoved,
    FormatUnchanged,
    adopt_format,
    faults_in,
    format_for,
    formats_for,
    go_back,
    history_of,
    keep_layout,
    may_adapt,
    may_read,
    sample_of,
    version_of,
    wanted_of,
)
from liuhen.flows.draft_document import Filled, write_document
from liuhen.flows.establish_agency import establish_agency
from liuhen.flows.format_files import export_format, export_yaml, import_format, read_yaml_type
from liuhen.flows.formats_in_force import formats_of, layout_of, shipped_types
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.keep_draft import Sheet
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import register_case
from liuhen.flows.read_case import read_case
from liuhen.flows.study_law import calendar as published_calendar
from liuhen.flows.write_document import Content, make_document
from liuhen.records.ledger.models import Event

UPPER, LOWER, LOWEST, BESIDE = "format-city", "format-county", "format-town", "format-beside"
BEGUN = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
FORM, CODE = "责令改正通知书", "COR"
OWN = b"""#import "layout.typ": *
#show: paper.with(size: 14pt)
#title-lines()
#align(center, data.number)
#for row in data.rows { row.join(h(1em)) + linebreak() }
#indented(data.body)
#answers()
#opinions()
#item-table(size: 11pt)
#note-lines()
#seal-place()
#signatures()
"""


def person(agency: str, role: str) -> Actor:
    return Actor(f"{agency}-{role}", role, agency, frozenset({role}))


def on(actor: Actor, minutes: float) -> Occasion:
    at = BEGUN + timedelta(minutes=minutes)
    return Occasion(actor, at, at)


def reviewer(agency: str = LOWER) -> Actor:
    return person(agency, "法制审核人员")


def establish(agency: str, superior: str | None = None, minutes: float = 0) -> None:
    establish_agency(
        on(person(agency, "系统管理员"), minutes),
        name=f"{agency}局",
        short_name=agency,
        number_prefix=agency[-1],
        region="130000",
        packs=("hebei",),
        superior=superior,
    )


@pytest.fixture
def agencies(db: None) -> None:
    establish(UPPER)
    establish(LOWER, UPPER)
    establish(LOWEST, LOWER)
    establish(BESIDE)


def changed(text: str = "本机关联系电话见信笺。", code: str = CODE) -> DocumentType:
    kind = next(one for one in shipped_types().values() if one.code == code)
    return replace(kind, fields=(*kind.fields, FieldSpec("联系人")), notes=(*kind.notes, text))


def adopt(
    agency: str, minutes: float, text: str = "甲", *, published: bool = False, template: FileRef | None = None
) -> str:
    actor = reviewer(agency)
    base = format_for(actor, CODE).event
    made = adopt_format(
        on(actor, minutes), changed(text), template=template, note="按本市格式", published=published, based_on=base
    )
    return made.event


def test_an_agency_sets_its_own_and_goes_back(agencies: None) -> None:
    assert format_for(reviewer(), CODE).version == 0 and history_of(reviewer(), CODE) == ()
    first = adopt(LOWER, 1, "甲")
    second = adopt(LOWER, 2, "乙")
    standing = format_for(reviewer(), CODE)
    assert (standing.version, standing.event, standing.name) == (2, second, f"{LOWER}/{CODE}/2")
    assert standing.kind.notes[-1] == "乙" and standing.note == "按本市格式"
    assert version_of(reviewer(), CODE, first).kind.notes[-1] == "甲"
    assert formats_of(BESIDE)[FORM].version == 0, "nobody else's"
    assert go_back(on(reviewer(), 3), CODE, note="改用内置", based_on=second).version == 0
    newest, *_, oldest = history_of(reviewer(), CODE)
    assert (newest.format, newest.adoption.said.version) == (None, 3)
    assert {one.what for one in oldest.differences} >= {"填写项“联系人”"}
    assert adopt(LOWER, 4, "丙") and format_for(reviewer(), CODE).version == 4
    with pytest.raises(NotFound):
        version_of(reviewer(), CODE, "0" * 32)


def test_those_below_use_what_their_superior_published(agencies: None) -> None:
    adopt(UPPER, 1, "未发布")
    assert formats_of(LOWER)[FORM].version == 0
    published = adopt(UPPER, 2, "市里", published=True)
    for below in (LOWER, LOWEST):
        standing = formats_of(below)[FORM]
        assert (standing.agency, standing.agency_name, standing.version) == (UPPER, f"{UPPER}局", 2)
    assert formats_of(BESIDE)[FORM].version == 0
    own = adopt(LOWER, 3, "县里")
    assert formats_of(LOWER)[FORM].event == own
    assert formats_of(LOWEST)[FORM].event == published, "the county's is its own"
    later = adopt(UPPER, 4, "市里二", published=True)
    assert formats_of(LOWER)[FORM].event == later, "what the superior published last"
    assert [one.agency_name for one in history_of(reviewer(LOWER), CODE)] == [f"{UPPER}局", f"{LOWER}局", f"{UPPER}局"]
    again = adopt(LOWER, 5, "县里二", published=True)
    assert formats_of(LOWEST)[FORM].event == again
    assert go_back(on(reviewer(LOWER), 6), CODE, note="沿用市里", based_on=again).event == later
    assert formats_of(LOWEST)[FORM].event == later
    go_back(on(reviewer(UPPER), 7), CODE, note="停用", based_on=later)
    assert [formats_of(one)[FORM].version for one in (UPPER, LOWER, LOWEST)] == [0, 0, 0]


def test_a_circle_of_superiors_ends(db: None) -> None:
    establish(UPPER, LOWER)
    establish(LOWER, UPPER)
    adopt(UPPER, 1, "甲", published=True)
    assert formats_of(LOWER)[FORM].agency == UPPER == formats_of(UPPER)[FORM].agency


def test_an_old_record_of_an_agency_reads_as_before() -> None:
    old = {"name": "甲", "short_name": "甲", "number_prefix": "甲", "region": "1", "packs": ["hebei"]}
    read = decode(AgencyEstablished, old)
    assert read.superior is None and encode(read) == old
    assert BY_NAME["agency.established"].content is AgencyEstablished


def test_to_publish_the_shipped_one_unchanged_is_a_version(agencies: None) -> None:
    kind = shipped_types()[FORM]
    with pytest.raises(FormatUnchanged):
        adopt_format(on(reviewer(UPPER), 1), kind, note="甲", based_on="")
    made = adopt_format(on(reviewer(UPPER), 1), kind, note="全市统一", published=True, based_on="")
    assert formats_of(LOWER)[FORM].event == made.event
    with pytest.raises(FormatUnchanged):
        adopt_format(on(reviewer(UPPER), 2), kind, note="甲", published=True, based_on=made.event)


@pytest.mark.parametrize("role", ROLES)
def test_who_may(agencies: None, role: str) -> None:
    actor = person(LOWER, role)
    adapters, strangers = {"系统管理员", "法制审核人员"}, {"安全管理员", "审计管理员"}
    assert (may_adapt(actor), may_read(actor)) == (role in adapters, role not in strangers)
    before = Event.objects.count()
    if role not in adapters:
        for act in (
            lambda: adopt_format(on(actor, 1), changed(), note="甲", based_on=""),
            lambda: go_back(on(actor, 1), CODE, note="甲", based_on=""),
            lambda: keep_layout(actor, CODE, OWN),
            lambda: import_format(actor, CODE, b""),
        ):
            with pytest.raises(NotAllowed):
                act()
    if role in strangers:
        for read in (
            lambda: formats_for(actor),
            lambda: history_of(actor, CODE),
            lambda: sample_of(on(actor, 1), changed(), None),
            lambda: export_format(actor, CODE),
            lambda: export_yaml(actor, CODE),
        ):
            with pytest.raises(NotAllowed):
                read()
    assert Event.objects.count() == before


def test_what_is_refused_leaves_nothing(agencies: None) -> None:
    first = adopt(LOWER, 1)
    before = Event.objects.count()
    with pytest.raises(FormatMoved, match="没有发布"):
        adopt_format(on(reviewer(), 2), changed("乙"), note="甲", based_on="")
    with pytest.raises(FormatUnchanged):
        adopt_format(on(reviewer(), 2), changed("甲"), note="甲", based_on=first)
    with pytest.raises(BadInput, match="为什么改"):
        adopt_format(on(reviewer(), 2), changed("乙"), note=" ", based_on=first)
    with pytest.raises(BadInput, match="为什么改"):
        go_back(on(reviewer(), 2), CODE, note="", based_on=first)
    with pytest.raises(FormatMoved):
        go_back(on(reviewer(), 2), CODE, note="甲", based_on="")
    with pytest.raises(FormatFaulty, match="代字不能改"):
        adopt_format(on(reviewer(), 2), replace(changed(), character="处"), note="甲", based_on=first)
    with pytest.raises(NotFound):
        adopt_format(on(reviewer(), 2), replace(changed(), code="NONE"), note="甲", based_on=first)
    with pytest.raises(FormatUnchanged, match="没有本机关自己的格式"):
        go_back(on(reviewer(BESIDE), 2), CODE, note="甲", based_on="")
    assert Event.objects.count() == before


DEMANDED = [(kind.code, one.item) for kind in shipped_types().values() for one in wanted_of(kind.name)[:1]]


@pytest.mark.parametrize("code", sorted({code for code, _ in DEMANDED}))
def test_no_format_loses_what_a_pack_asks_for(code: str) -> None:
    """For every type that any pack asks something of: take the field away, and the clause is named."""
    kind = next(one for one in shipped_types().values() if one.code == code)
    sayable = {spec.label for spec in kind.fields} | set(kind.states)
    asked = next((one for one in wanted_of(kind.name) if one.item in sayable), None)
    assert asked is not None
    without = replace(
        kind,
        fields=tuple(spec for spec in kind.fields if spec.label != asked.item),
        states={word: by for word, by in kind.states.items() if word != asked.item},
        body=tuple(text.replace(f"{{{asked.item}}}", "") or "甲" for text in kind.body),
    )
    said = "".join(fault.sentence for fault in faults_in(without))
    assert f"没有写明“{asked.item}”的地方了" in said and asked.clause in said


def test_the_packs_ask_of_many_types() -> None:
    assert len({code for code, _ in DEMANDED}) > 8


def test_publishing_formats_is_what_hebei_6_and_13_ask_for(agencies: None) -> None:
    """hebei/13 of any agency: before, its formats are not settled; after, they are, by the very event."""

    def judged() -> str:
        packs = [shelved.pack for shelved in office().shelf.editions() if shelved.pack.id == "hebei"]
        found = assess(packs, agency_facts(LOWER), calendar=published_calendar(), at=BEGUN + timedelta(days=1))
        return next(one.verdict for one in found if one.clause == "hebei/13")

    assert judged() == "unmet"
    event = adopt(LOWER, 1)
    assert judged() == "met"
    (format,) = agency_facts(LOWER).agency.formats.values()
    assert (format.kind, format.evidence, format.issued_by) == ("本机关文书格式", [event], f"{LOWER}局")
    event = adopt(LOWER, 1.5, "给下级", published=True)
    assert [one.kind for one in agency_facts(LOWER).agency.formats.values()] == ["文书范本"]
    go_back(on(reviewer(), 2), CODE, note="停用", based_on=event)
    assert judged() == "unmet"


def case_of(agency: str) -> str:
    return register_case(
        on(person(agency, "执法人员"), 10),
        kind="行政处罚",
        matter="超量储存",
        source=Source("依职权", "举报", "群众举报"),
        party=Party("恒达经营部", "企业"),
    )


def write(case: str, minutes: float, draft: str = "d1") -> DocumentMade:
    officer = on(person(LOWER, "执法人员"), minutes)
    by = format_for(officer.actor, CODE)
    texts = {spec.label: f"{spec.label}的内容" for spec in by.kind.fields}
    facts = read_case(officer.actor, case, at=officer.at).facts
    sheet = Sheet(draft, case, CODE)
    uid = write_document(facts, officer, sheet, by, Filled(texts), seen=0, said=texts)
    (made,) = [
        one.content
        for one in ground_of(case, LOWER).events
        if isinstance(one.content, DocumentMade) and one.content.document == uid
    ]
    return made


def test_a_document_says_by_which_version_it_was_made(agencies: None) -> None:
    case = case_of(LOWER)
    assert write(case, 11, "d0").template is None
    adopt(LOWER, 12)
    made = write(case, 13)
    assert made.template == f"{LOWER}/{CODE}/1" and made.fields["联系人"] == "联系人的内容"
    adopt(UPPER, 14, "市里", published=True)
    assert write(case, 15, "d2").template == f"{UPPER}/{CODE}/1"
    content = Content(body=("甲",))
    uid = make_document(case, on(person(LOWER, "执法人员"), 16), form=FORM, content=content)
    assert ground_of(case, LOWER).facts.case.documents[uid].template == f"{UPPER}/{CODE}/1"


def test_documents_are_drawn_by_the_agencys_own_layout(agencies: None) -> None:
    case = case_of(LOWER)
    template = keep_layout(reviewer(), CODE, OWN)
    adopt(LOWER, 11, template=template)
    assert layout_of(format_for(reviewer(), CODE)) == OWN
    made = write(case, 12)
    with office().vault.open(made.file.sha256) as file:
        pdf = file.read()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert b"pdfaid" in opened.Root.Metadata.read_bytes() and len(opened.pages) >= 1


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        (b"#align(center, data.number)", "文号"),
        (b"#indented(data.body)", "固定文字第 2 条"),
        (b"#for row in data.rows { row.join(h(1em)) + linebreak() }", "填写项“联系人”"),
        (b"#note-lines()", "附注第 1 条"),
    ],
)
def test_a_layout_that_swallows_something_is_refused(agencies: None, gone: bytes, missing: str) -> None:
    assert gone in OWN
    layout = OWN.replace(gone, b"").replace(b"paper.with(size: 14pt)", b"typography.with(14pt, 9pt)")
    template = keep_layout(reviewer(), CODE, layout)
    before = Event.objects.count()
    with pytest.raises(LayoutRefused) as refused:
        adopt(LOWER, 1, template=template)
    assert missing in str(refused.value) and Event.objects.count() == before


def test_a_layout_without_places_for_hands_is_refused(agencies: None) -> None:
    layout = keep_layout(reviewer(), "SIT", OWN.replace(b"#signatures()", b""))
    with pytest.raises(LayoutRefused, match="签名"):
        adopt_format(on(reviewer(), 1), changed(code="SIT"), template=layout, note="甲", based_on="")


def test_a_hostile_layout_never_gets_into_a_draft_or_in_force(agencies: None) -> None:
    with pytest.raises(LayoutRefused, match="第 1 行引用了外部软件包"):
        keep_layout(reviewer(), CODE, b'#import "@preview/x:1.0.0"')
    reading = keep_layout(reviewer(), CODE, OWN + b'#read("../../etc/passwd")')
    for act in (lambda: sample_of(on(reviewer(), 1), changed(), reading), lambda: adopt(LOWER, 1, template=reading)):
        with pytest.raises(LayoutRefused, match="第 13 行要读取版式以外的文件"):
            act()
    assert format_for(reviewer(), CODE).version == 0


@pytest.mark.parametrize("name", sorted(shipped_types()))
def test_every_type_is_drawn_on_made_up_data(agencies: None, name: str) -> None:
    pdf = sample_of(on(reviewer(), 1), shipped_types()[name], None)
    assert pdf[:5] == b"%PDF-"


def test_a_format_goes_to_an_agency_elsewhere_and_comes_in(agencies: None) -> None:
    template = keep_layout(reviewer(UPPER), CODE, OWN)
    adopt(UPPER, 1, "市里", template=template)
    name, data = export_format(reviewer(UPPER), CODE)
    found = import_format(reviewer(BESIDE), CODE, data)
    assert (name, found.kind, found.origin) == (f"{FORM}格式.zip", changed("市里"), f"{UPPER}局第 1 版")
    made = adopt_format(on(reviewer(BESIDE), 2), found.kind, template=found.template, note="甲", based_on="")
    assert layout_of(made) == OWN
    with pytest.raises(BadInput, match="代码是 COR"):
        import_format(reviewer(BESIDE), "SIT", data)


@pytest.mark.parametrize(
    ("was", "now", "line", "sentence"),
    [
        ("facing: 出具", "facing: 口头", "facing", "“口头”不在可选的"),
        ("sealed: true", "sealed: 是的", "sealed", "应为 true 或者 false"),
        ("stage:", "stages:", "stages", "不认识的项"),
        ("name: 责令改正通知书\n", "", "", "缺少必须写的项"),
        ("character: 责改", "character: 改", "character", "类型代字不能改"),
        ("body:", "body: [", "", "不是正确的 YAML"),
        ("code: COR", "code: SIT", "code", "代码是 SIT"),
        ("sealed: true", "sealed: true\nsealed: true", "", "写了两次"),
    ],
)
def test_a_fault_in_yaml_is_named_with_its_line(agencies: None, was: str, now: str, line: str, sentence: str) -> None:
    text = export_yaml(reviewer(), CODE)[1].decode()
    assert was in text
    wrong = text.replace(was, now, 1)
    with pytest.raises(BadInput) as refused:
        read_yaml_type(CODE, wrong.encode())
    assert refused.value.place.startswith("第 ") and sentence in refused.value.sentence, refused.value
    if line:
        number = int(refused.value.place.split()[1])
        assert wrong.splitlines()[number - 1].startswith(f"{line}:")


def test_yaml_that_is_no_text_is_refused(agencies: None) -> None:
    for data, sentence in ((b"\xff\xfe", "UTF-8"), (b"a" * 500_000, "超过")):
        with pytest.raises(BadInput, match=sentence):
            read_yaml_type(CODE, data)
    with pytest.raises(NotFound):
        read_yaml_type("NONE", b"")


@pytest.fixture
def shared(transactional_db: None) -> Iterator[None]:
    establish(LOWER)
    yield
    connections.close_all()


def test_of_two_at_the_same_moment_one_publishes(shared: None) -> None:
    def publish(number: int) -> bool:
        try:
            adopt_format(on(reviewer(), 5), changed(f"第{number}人"), note="甲", based_on="")
        except FormatMoved:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(publish, range(4))) == 1
    said = [one for one in history_of(reviewer(), CODE) if isinstance(one.adoption.said, DocumentTypeAdopted)]
    assert len(said) == 1 and format_for(reviewer(), CODE).version == 1
