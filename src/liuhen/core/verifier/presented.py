"""A document in hand held against a package: was it issued in this case, by whom, when, sealed as what, and is it unchanged.

Invariant: the answer rests on the events and files of the package alone, so it is worth what the package is worth; a document
that the package does not know is never called false, for it may belong elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liuhen.core.crypto.pdf_signatures import check_pdf_signatures
from liuhen.core.facts.model import Document, Facts
from liuhen.core.kernel.digests import digests_of
from liuhen.core.kernel.moments import say_day, say_instant
from liuhen.core.verifier.catalogue import final_file
from liuhen.core.verifier.report import Finding, Report, finding

_WITHIN = re.compile(r"(?:[?&]code=|核验码 )([0-9A-Fa-f]+)")


@dataclass(frozen=True, slots=True)
class Presented:
    """What somebody holds: the bytes of a file, or the code printed on it with or without the number beside it.

    `code` may be all that the QR code holds: an address that ends in the code, or the words beside it.
    """

    data: bytes | None = None
    code: str = ""
    number: str = ""


def answer_presented(presented: Presented, facts: Facts, roots: Sequence[bytes], report: Report) -> None:
    """Say in the report what the package knows of a document in hand; what speaks against it is a finding."""
    documents = facts.case.documents.values()
    if presented.data is not None:
        sha256 = digests_of(presented.data).sha256
        known = next((one for one in documents if sha256 in _versions(one)), None)
        report.add(_about_file(known, presented.data, sha256, roots))
        said = _say(known, facts, "与签发时逐字节相同") if known is not None and _is_final(known, sha256) else None
    else:
        code, number = _code(presented.code), presented.number.strip()
        known = next((one for one in documents if code and one.code == code and number in ("", one.number)), None)
        report.add([] if known else [finding("DOC-003", code=code, number=number or "未给出")])
        said = _say(known, facts, "请再核对手中的文书与 data/文书/ 中的这一份是否一字不差") if known else None
    if said:
        report.tell(document=said)
    report.count("手中的文书")


def _code(said: str) -> str:
    found = _WITHIN.search(said)
    return (found[1] if found else said.strip()).upper()


def _versions(document: Document) -> Iterator[str]:
    return (file.sha256 for file in (document.file, document.finished_file, document.sealed_file) if file is not None)


def _is_final(document: Document, sha256: str) -> bool:
    final = final_file(document)
    return final is not None and final.sha256 == sha256


def _about_file(known: Document | None, data: bytes, sha256: str, roots: Sequence[bytes]) -> Iterator[Finding]:
    if known is not None:
        if not _is_final(known, sha256):
            yield finding("DOC-001", name=known.title, number=known.number or "没有文号")
        return
    yield finding("DOC-002", sha256=sha256[:16])
    for signature in check_pdf_signatures(data, roots):
        if not signature.intact:
            yield finding("DOC-004", signer=signature.signer)


def _say(document: Document, facts: Facts, unchanged: str) -> str:
    made = (
        say_day(document.made_on) if document.made_on else say_instant(document.made) if document.made else "日期不明"
    )
    sealed = f"，{say_instant(document.sealed)}加盖印章" if document.sealed else "，没有加盖印章"
    number = document.number or "没有文号"
    return f"{facts.agency.name}《{document.title}》（{number}），{made}制作{sealed}；{unchanged}"
