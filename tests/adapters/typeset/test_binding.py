"""A bound file: every page as it was, numbered through, still PDF/A, and no signature that would cover nothing."""

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from liuhen.adapters.keys.authority import open_test_authority
from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.signing_keys import FileKey
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.adapters.typeset.binding import Part, bind
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.kernel.errors import BadInput
from tests.adapters.signing.test_seals import AT
from tests.adapters.typeset.samples import AGENCY, bare, full
from tests.adapters.typeset.test_typesetter import fonts_of, needs, words

DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(shipped_documents())


@pytest.fixture(scope="module")
def bound(typesetter: Typesetter) -> bytes:
    parts = (
        Part("卷宗封面", typesetter.render("卷宗封面", bare()), numbered=False),
        Part("1 询问笔录", typesetter.render("询问笔录", full())),
        Part("2 立案审批表", typesetter.render("立案审批表", full())),
    )
    pdf, pages = bind(parts, "某局 卷宗", lambda first, count: typesetter.folios(first, count, DAY))
    assert pages == pages_of(parts[1].pdf) + pages_of(parts[2].pdf)
    return pdf


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def test_it_is_pdf_a_with_embedded_fonts(bound: bytes) -> None:
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert "/OutputIntents" in pdf.Root
        assert all("/FontFile3" in font for font in fonts_of(pdf))
        assert pdf.check_pdf_syntax() == []


def test_every_document_has_its_bookmark_at_its_first_page(bound: bytes, typesetter: Typesetter) -> None:
    first = pages_of(typesetter.render("卷宗封面", bare()))
    second = first + pages_of(typesetter.render("询问笔录", full()))
    with pikepdf.open(io.BytesIO(bound)) as pdf, pdf.open_outline() as outline:
        found = [(item.title, pdf.pages.index(page_of(item))) for item in outline.root]
    assert found == [("卷宗封面", 0), ("1 询问笔录", first), ("2 立案审批表", second)]


def page_of(item: pikepdf.OutlineItem) -> pikepdf.Page:
    assert isinstance(item.destination, pikepdf.Array)
    return pikepdf.Page(item.destination[0])


@needs["pdftotext"]
def test_pages_are_numbered_from_the_first_document_on(bound: bytes, typesetter: Typesetter) -> None:
    with pikepdf.open(io.BytesIO(bound)) as pdf:
        texts = [page_words(pdf, number) for number in range(len(pdf.pages))]
    covers = pages_of(typesetter.render("卷宗封面", bare()))
    alone = page_of_alone(typesetter)
    # The number is the last thing drawn on a page; the cover has none.
    assert [text.endswith(str(number)) for number, text in enumerate(texts[covers:], 1)] == [True] * len(texts[covers:])
    assert texts[covers].removesuffix("1") == alone
    assert texts[0] == page_words_of(typesetter.render("卷宗封面", bare()))


def page_words(pdf: pikepdf.Pdf, number: int) -> str:
    with pikepdf.new() as one:
        one.pages.append(pdf.pages[number])
        output = io.BytesIO()
        one.save(output)
    return words(output.getvalue())


def page_words_of(document: bytes) -> str:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return page_words(pdf, 0)


def page_of_alone(typesetter: Typesetter) -> str:
    return page_words_of(typesetter.render("询问笔录", full()))


def test_a_seal_stays_to_be_seen_and_claims_nothing(typesetter: Typesetter, tmp_path: Path) -> None:
    plain = typesetter.render("行政处罚决定书", full())
    keys = open_test_authority(tmp_path, AGENCY, AT)
    stamps = DummyAuthority(keys.tsa.key_pem, keys.tsa.certificate_pem, keys.tsa.chain_pem)
    seal = PadesSeal(AGENCY, FileKey(keys.seal.key_pem, keys.seal.certificate_pem, keys.seal.chain_pem), stamps)
    sealed = seal.apply(plain, at=AT)
    pdf, _ = bind([Part("决定书", sealed)], "卷宗", lambda first, count: typesetter.folios(first, count, DAY))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/AcroForm" not in opened.Root
        assert all("/Annots" not in page for page in opened.pages)
        drawn = [len(page.resources.get("/XObject", {})) for page in opened.pages]
    with pikepdf.open(io.BytesIO(plain)) as opened:
        before = [len(page.resources.get("/XObject", {})) for page in opened.pages]
    # A page number on every page, and on one of them the seal.
    assert sum(drawn) - sum(before) == len(drawn) + 1


def test_what_is_no_pdf_is_named(typesetter: Typesetter) -> None:
    with pytest.raises(BadInput, match="询问笔录"):
        bind([Part("询问笔录", b"%PDF-nothing")], "卷宗", lambda first, count: typesetter.folios(first, count, DAY))


def test_the_same_file_binds_to_the_same_bytes(bound: bytes, typesetter: Typesetter) -> None:
    parts = (
        Part("卷宗封面", typesetter.render("卷宗封面", bare()), numbered=False),
        Part("1 询问笔录", typesetter.render("询问笔录", full())),
        Part("2 立案审批表", typesetter.render("立案审批表", full())),
    )
    assert bind(parts, "某局 卷宗", lambda first, count: typesetter.folios(first, count, DAY))[0] == bound
