"""Lies about documents that an insider records in the log as if they were true: the papers themselves give them away."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from asn1crypto import cms

from liuhen.adapters.signing.sm2 import sign_detached
from liuhen.core.crypto.detached import MEDIA_TYPE
from liuhen.core.events.case import DocumentCompleted, DocumentMade, DocumentSealed, DocumentSigned
from liuhen.core.events.envelope import Sealed
from liuhen.core.events.parts import FileRef
from liuhen.core.events.seals import SealKeyRetired
from liuhen.core.verifier.layout import STATEMENT_PDF
from liuhen.doors.tamper.attack import About, Attack, Lie
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.insider import OTHER_AGENCY, seal_key_signer, seal_pdf, stranger_signer
from liuhen.doors.tamper.specimen import AGENCY

_RECORD = "data/文书/001 现场检查笔录.pdf"
_NOTICE = "data/文书/002 行政处罚事先告知书.pdf"
Sign = Callable[[Forgery, bytes, bytes], bytes]  # what is inside, the first version, the sealed one → the signature
_CONTENTS = re.compile(rb"/Contents\s*<([0-9A-Fa-f]+)>")


def attacks() -> tuple[Attack, ...]:
    """Give the lies about documents."""
    return (*_sealed(), *_signed_by_sm2(), *_signed(), *_statement())


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


def _signed_by_sm2() -> tuple[Attack, ...]:
    about = About("SM2 signature", "sm2", also=True)

    def lie(name: str, operation: str, does: str, sign: Sign | None, *expects: str) -> Attack:
        return about.lie(name, operation, does, _recorded(_honest, sign), *expects, truth=_recorded(_honest))

    return (
        lie("none", "delete", "sealed without the SM2 signature, while a key is registered", None, "SIGN-008"),
        lie("other-bytes", "swap", "the signature is of the document before its seal", _of_first, "SIGN-007"),
        lie("touched", "edit", "a digit of the signature is changed before it is recorded", _touched, "SIGN-007"),
        lie("junk", "edit", "the signature is no signature", lambda *_: b"{}", "SIGN-007"),
        lie("continued", "insert", "something is appended to the signature", _lengthened, "SIGN-007"),
        lie("cut", "cut", "the end of the signature is missing", _cut_short, "SIGN-007"),
        lie("of-another", "replay", "the signature is the genuine one of another document", _of_notice, "SIGN-007"),
        lie("stranger", "swap", "signed by a key that the agency never registered", _by_stranger, "SIGN-009"),
        about.lie(
            "retired",
            "back-date",
            "signed by the agency's key after it was retired",
            _after_retirement,
            "SIGN-009",
            truth=_recorded(_honest),
        ),
    )


def _first_version(forgery: Forgery) -> bytes:
    """Give the notice as it was before its seal: a PDF that can be sealed again."""
    data = forgery.files[_NOTICE]
    return data[: data.index(b"%%EOF") + 6]


def _by_seal_key(_: Forgery, __: bytes, sealed: bytes) -> bytes:
    """Sign as the agency does: whoever is inside holds the key of its seal too."""
    return sign_detached(seal_key_signer(), sealed)


def _of_first(_: Forgery, first: bytes, __: bytes) -> bytes:
    return sign_detached(seal_key_signer(), first)


def _touched(_: Forgery, __: bytes, sealed: bytes) -> bytes:
    data = bytearray(sign_detached(seal_key_signer(), sealed))
    place = data.index(b'"signature":"') + 40
    data[place] = ord("0") if data[place] != ord("0") else ord("1")
    return bytes(data)


def _lengthened(_: Forgery, __: bytes, sealed: bytes) -> bytes:
    return sign_detached(seal_key_signer(), sealed) + b"\n"


def _cut_short(_: Forgery, __: bytes, sealed: bytes) -> bytes:
    return sign_detached(seal_key_signer(), sealed)[:-2]


def _of_notice(forgery: Forgery, _: bytes, __: bytes) -> bytes:
    return next(data for name, data in forgery.files.items() if name.endswith(".sm2.json"))


def _by_stranger(_: Forgery, __: bytes, sealed: bytes) -> bytes:
    return sign_detached(stranger_signer(), sealed)


def _recorded(make: Callable[[Forgery, bytes], bytes], sign: Sign | None = _by_seal_key) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.append(*_sealing(forgery, make, sign))

    return lie


def _sealing(forgery: Forgery, make: Callable[[Forgery, bytes], bytes], sign: Sign | None) -> list[Sealed]:
    first = _first_version(forgery)
    pdf = make(forgery, first)
    beside = sign(forgery, first, pdf) if sign else None
    made = DocumentMade("d" * 32, "送达回证", "送达回证", "内部", forgery.keep(first, "送达回证.pdf"))
    signature = forgery.keep(beside, "送达回证.pdf.sm2.json", MEDIA_TYPE) if beside else None
    sealed = DocumentSealed(made.document, forgery.keep(pdf, "送达回证.pdf"), "印章", signature)
    stream, now = f"case:{forgery.specimen.case}", forgery.now
    return [forgery.seal_event(stream, said, at=now, recorded_at=now) for said in (made, sealed)]


def _after_retirement(forgery: Forgery) -> None:
    retired, before = SealKeyRetired(seal_key_signer().public.hex(), "密钥遗失"), forgery.now - timedelta(seconds=1)
    retirement = forgery.seal_event(f"agency:{AGENCY}", retired, at=before, recorded_at=before)
    forgery.append(retirement, *_sealing(forgery, _honest, _by_seal_key))


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
