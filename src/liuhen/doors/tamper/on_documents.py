"""Lies about documents that an insider records in the log as if they were true: the papers themselves give them away."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from asn1crypto import cms

from liuhen.core.events.case import DocumentCompleted, DocumentMade, DocumentSealed, DocumentSigned
from liuhen.core.events.parts import FileRef
from liuhen.core.verifier.layout import STATEMENT_PDF
from liuhen.doors.tamper.attack import About, Attack, Lie
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.insider import OTHER_AGENCY, seal_pdf

_RECORD = "data/文书/001 现场检查笔录.pdf"
_NOTICE = "data/文书/002 行政处罚事先告知书.pdf"
_CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f]+)>")


def attacks() -> tuple[Attack, ...]:
    """Give the lies about documents."""
    return (*_sealed(), *_signed(), *_statement())


def _sealed() -> tuple[Attack, ...]:
    about = About("sealed document", "sealed", also=True)

    def lie(name: str, operation: str, does: str, make: Callable[[Forgery, bytes], bytes], *expects: str) -> Attack:
        return about.lie(name, operation, does, _recorded(make), *expects, truth=_recorded(_honest))

    return (
        lie("none", "delete", "recorded as sealed, and is not", lambda _, pdf: pdf, "SIGN-002"),
        lie("rewritten", "edit", "a byte under the seal is changed before it is recorded", _rewritten, "SIGN-001"),
        lie(
            "continued", "insert", "something is appended after the seal before it is recorded", _continued, "SIGN-003"
        ),
        lie(
            "other-agency",
            "swap",
            "bears the seal of another agency that the same authority certified",
            _by_other,
            "SIGN-004",
        ),
        lie(
            "early",
            "back-date",
            "sealed today, and signed as of last week; the time stamp says when",
            _early,
            "SIGN-005",
        ),
        lie("unstamped", "back-date", "the time stamp is cut out of the seal", _unstamped, "SIGN-006"),
        lie("cut", "cut", "the end of the file is missing before it is recorded", _shortened, "SIGN-003"),
    )


def _first_version(forgery: Forgery) -> bytes:
    """Give the notice as it was before its seal: a PDF that can be sealed again."""
    data = forgery.files[_NOTICE]
    return data[: data.index(b"%%EOF") + 6]


def _recorded(make: Callable[[Forgery, bytes], bytes]) -> Lie:
    def lie(forgery: Forgery) -> None:
        first = _first_version(forgery)
        made = DocumentMade("d" * 32, "送达回证", "送达回证", "内部", forgery.keep(first, "送达回证.pdf"))
        sealed = DocumentSealed(made.document, forgery.keep(make(forgery, first), "送达回证.pdf"), "印章")
        stream, now = f"case:{forgery.specimen.case}", forgery.now
        forgery.append(*(forgery.seal_event(stream, said, at=now, recorded_at=now) for said in (made, sealed)))

    return lie


def _honest(forgery: Forgery, pdf: bytes) -> bytes:
    return seal_pdf(pdf, forgery.now)


def _rewritten(forgery: Forgery, pdf: bytes) -> bytes:
    sealed = bytearray(seal_pdf(pdf, forgery.now))
    sealed[len(pdf) + 40] ^= 1
    return bytes(sealed)


def _continued(forgery: Forgery, pdf: bytes) -> bytes:
    return seal_pdf(pdf, forgery.now) + b"% and one thing more\n"


def _by_other(forgery: Forgery, pdf: bytes) -> bytes:
    return seal_pdf(pdf, forgery.now, agency=OTHER_AGENCY)


def _early(forgery: Forgery, pdf: bytes) -> bytes:
    week = timedelta(days=7)
    return seal_pdf(pdf, forgery.now, stamped_at=forgery.now - week)


def _unstamped(forgery: Forgery, pdf: bytes) -> bytes:
    """Cut out the unsigned attributes: the signature stays good, only its time becomes the signer's word."""
    sealed = seal_pdf(pdf, forgery.now)
    found = _CONTENTS.search(sealed)
    assert found is not None
    info = cms.ContentInfo.load(bytes.fromhex(found[1].decode()), strict=False)
    del info["content"]["signer_infos"][0]["unsigned_attrs"]
    bare: bytes = info.dump(force=True).hex().encode()
    return sealed[: found.start(1)] + bare.ljust(len(found[1]), b"0") + sealed[found.end(1) :]


def _shortened(forgery: Forgery, pdf: bytes) -> bytes:
    return seal_pdf(pdf, forgery.now)[:-30]


def _signed() -> tuple[Attack, ...]:
    about = About("signed document", "signed", also=True)
    lie, truth = about.lie, _completed(lambda pdf: pdf + b"% drawn hands\n")
    return (
        lie(
            "rewritten",
            "edit",
            "completed with another text than the one that was signed",
            _completed(_reworded),
            "FILE-003",
            truth=truth,
        ),
        lie(
            "other-bytes",
            "swap",
            "a signature is recorded on the completed document instead of the original",
            _on_completed,
            "FILE-004",
            truth=truth,
        ),
        lie(
            "cut",
            "cut",
            "completed with the end of the original missing",
            _completed(lambda pdf: pdf[:-30]),
            "FILE-003",
            truth=truth,
        ),
        lie(
            "misnamed", "edit", "a file is recorded with an SM3 that is not its own", _misnamed, "FILE-002", truth=truth
        ),
    )


def _misnamed(forgery: Forgery) -> None:
    made, first = _make(forgery)
    finished = forgery.keep(first + b"% drawn hands\n", "笔录.pdf")
    _append(forgery, made, DocumentCompleted(made.document, replace(finished, sm3="0" * 64)))


def _make(forgery: Forgery) -> tuple[DocumentMade, bytes]:
    first = _first_version(forgery)
    file = forgery.keep(first, "笔录.pdf")
    return DocumentMade("d" * 32, "询问笔录", "询问笔录", "取证", file), first


def _completed(finish: Callable[[bytes], bytes]) -> Lie:
    def lie(forgery: Forgery) -> None:
        made, first = _make(forgery)
        done = DocumentCompleted(made.document, forgery.keep(finish(first), "笔录.pdf"))
        _append(forgery, made, done)

    return lie


def _reworded(pdf: bytes) -> bytes:
    middle = len(pdf) // 2
    return pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :] + b"% drawn hands\n"


def _on_completed(forgery: Forgery) -> None:
    made, first = _make(forgery)
    finished = forgery.keep(first + b"% drawn hands\n", "笔录.pdf")
    ink = _ink(forgery)
    signed = DocumentSigned(made.document, finished.sha256, "当事人", "罗进", *ink)
    _append(forgery, made, DocumentCompleted(made.document, finished), signed)


def _ink(forgery: Forgery) -> tuple[FileRef, FileRef]:
    strokes = forgery.keep(b'{"format":"liuhen-strokes/1","strokes":[]}', "罗进笔迹.json", "application/json")
    return strokes, forgery.keep(b"\x89PNG", "罗进签名.png", "image/png")


def _append(forgery: Forgery, *contents: object) -> None:
    stream, now = f"case:{forgery.specimen.case}", forgery.now
    forgery.append(*(forgery.seal_event(stream, said, at=now, recorded_at=now) for said in contents))


def _statement() -> tuple[Attack, ...]:
    about = About("合规说明书.pdf", "print")
    lie = about.lie
    remark = (
        "The agency says in print what its records do not: the report counts the verdicts anew, to be held against it"
    )
    return (
        lie("touched", "edit", "the printed statement is changed under its seal", _touch_print, "SIGN-001"),
        lie("unsealed", "delete", "the printed statement loses its seal", _unsealed_print, "SIGN-002"),
        lie(
            "replaced",
            "swap",
            "another document under the agency's own seal takes its place",
            _replace_print(0),
            remark=remark,
        ),
        lie("early", "back-date", "the same, stamped a day later", _replace_print(1), "SEAL-005"),
        lie("older", "replay", "the printed statement of the older package", _older_print, "SEAL-005"),
        lie("continued", "insert", "something is appended after its seal", _continue_print, "SIGN-003"),
        lie("cut", "cut", "the end of the file is missing", _cut_print, "SIGN-003"),
    )


def _touch_print(forgery: Forgery) -> None:
    data = bytearray(forgery.files[STATEMENT_PDF])
    data[200] ^= 1
    forgery.files[STATEMENT_PDF] = bytes(data)


def _bare_print(forgery: Forgery) -> bytes:
    data = forgery.files[STATEMENT_PDF]
    return data[: data.index(b"%%EOF") + 6]


def _unsealed_print(forgery: Forgery) -> None:
    forgery.files[STATEMENT_PDF] = _bare_print(forgery)


def _replace_print(days: int) -> Lie:
    def lie(forgery: Forgery) -> None:
        at: datetime = forgery.packed_at + timedelta(days=days)
        forgery.files[STATEMENT_PDF] = seal_pdf(_first_version(forgery), at)

    return lie


def _older_print(forgery: Forgery) -> None:
    forgery.files[STATEMENT_PDF] = forgery.specimen.older[STATEMENT_PDF]


def _continue_print(forgery: Forgery) -> None:
    forgery.files[STATEMENT_PDF] += b"% and one thing more\n"


def _cut_print(forgery: Forgery) -> None:
    forgery.files[STATEMENT_PDF] = forgery.files[STATEMENT_PDF][:-30]
