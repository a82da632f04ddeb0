"""Lies about files as they lie in the package: originals, signatures, recordings, printed volumes."""

from liuhen.core.verifier.layout import RECORDINGS, SIGNATURES
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.touching import append, copy, cut, drop, exchange, older, rename, touch

_RECORD, _NOTICE = "data/文书/001 现场检查笔录.pdf", "data/文书/002 行政处罚事先告知书.pdf"
_COVER, _REMARKS = "data/卷宗/卷宗封面.pdf", "data/卷宗/备考表.pdf"
_PASSER: dict[str, object] = {"only": (), "attacker": Attacker.PASSER_BY}


def attacks() -> tuple[Attack, ...]:
    """Give the lies about files."""
    return (*_originals(), *_signatures(), *_recordings(), *_printed())


def _first_version(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        data = forgery.files[name]
        forgery.files[name] = data[: data.index(b"%%EOF") + 6]

    return lie


def _originals() -> tuple[Attack, ...]:
    signed, sealed = About("signed document", "document").lie, About("sealed document", "notice").lie
    return (
        signed("touched", "edit", "a byte of the text is changed", touch(_RECORD), "FILE-001"),
        signed("gone", "delete", "the document is left out", drop(_RECORD), "FILE-001"),
        signed("exchanged", "swap", "two documents exchange their files", exchange(_RECORD, _NOTICE), "FILE-001"),
        signed(
            "copied",
            "insert",
            "a copy lies beside it under another title",
            copy(_RECORD, "data/文书/003 听证笔录.pdf"),
            "PKG-003",
        ),
        signed(
            "renamed",
            "reorder",
            "it lies under another number",
            rename(_RECORD, "data/文书/003 现场检查笔录.pdf"),
            "FILE-001",
            "PKG-003",
        ),
        signed(
            "older", "replay", "its version before the signatures were drawn in", _first_version(_RECORD), "FILE-001"
        ),
        sealed("touched", "edit", "a byte under the seal is changed", touch(_NOTICE), "FILE-001"),
        sealed("continued", "insert", "something is appended after the seal", append(_NOTICE), "FILE-001"),
        sealed("older", "replay", "its version before the seal", _first_version(_NOTICE), "FILE-001"),
        sealed(
            "gone-touched", "delete", "the document is left out", drop(_NOTICE), "BAG-004", attacker=Attacker.PASSER_BY
        ),
    )


def _signatures() -> tuple[Attack, ...]:
    ink, picture = About("strokes of a signature", "strokes").lie, About("picture of a signature", "picture").lie
    found = []
    for lie, one, other in ((ink, "罗进笔迹.json", "韩松笔迹.json"), (picture, "罗进签名.png", "韩松签名.png")):
        found += [
            lie("touched", "edit", "a byte is changed", touch(one), "FILE-001"),
            lie("gone", "delete", "the file is left out", drop(one), "FILE-001"),
            lie("added", "insert", "a signature is added that nobody gave", copy(one, f"{SIGNATURES}{one}"), "PKG-003"),
            lie("exchanged", "swap", "two people exchange their signatures", exchange(one, other), "FILE-001"),
            lie("cut", "cut", "the end of the file is missing", cut(one), "FILE-001"),
        ]
    return tuple(found)


def _recordings() -> tuple[Attack, ...]:
    lie, film = About("recording", "recording").lie, f"{RECORDINGS}001 检查_DSJ-0301.mp4"
    return (
        lie("touched", "edit", "a byte is changed", touch(film, 9000), "FILE-001"),
        lie("gone", "delete", "the recording is left out", drop(film), "FILE-001"),
        lie("longer", "insert", "bytes are added", append(film), "FILE-001"),
        lie("exchanged", "swap", "another film lies in its place", copy("罗进签名.png", film), "FILE-001"),
        lie(
            "renamed",
            "back-date",
            "its name tells another time",
            rename(film, f"{RECORDINGS}001 检查_DSJ-0301_0900.mp4"),
            "FILE-001",
            "PKG-003",
        ),
        lie(
            "added",
            "insert",
            "a film is added that no event names",
            copy(film, f"{RECORDINGS}002 检查.mp4"),
            "PKG-003",
        ),
        lie("cut", "cut", "the last seconds are missing", cut(film, 4000), "FILE-001"),
        lie(
            "cut-touched",
            "cut",
            "the same by somebody who leaves the lists alone",
            cut(film, 4000),
            "BAG-006",
            "BAG-007",
            "BAG-013",
            **_PASSER,
        ),
    )


def _printed() -> tuple[Attack, ...]:
    printed = About("printed volume (cover, contents, remarks)", "volume", Attacker.FORGER).lie
    remark = "Made at packing, by whoever packs: the catalogue, the events and the report say what it should say"
    return (
        printed("touched", "edit", "the cover is changed; lists to fit", touch(_COVER), "SEAL-003"),
        printed("gone", "delete", "the cover is left out; lists to fit", drop(_COVER), "PKG-001"),
        printed(
            "added",
            "insert",
            "another page is added; lists to fit",
            copy(_COVER, "data/卷宗/附页.pdf"),
            "SEAL-003",
            "PKG-003",
        ),
        printed(
            "exchanged",
            "swap",
            "cover and remarks exchange their places; lists to fit",
            exchange(_COVER, _REMARKS),
            "SEAL-003",
        ),
        printed("older", "replay", "the remarks of the older package; lists to fit", older(_REMARKS), "SEAL-003"),
        printed("cut", "cut", "the end of the file is missing; lists to fit", cut(_COVER), "SEAL-003"),
        printed(
            "sealed",
            "edit",
            "the cover is printed with another text; sealed anew",
            touch(_COVER),
            attacker=Attacker.INSIDER,
            remark=remark,
        ),
        printed(
            "sealed-late",
            "back-date",
            "the remarks are printed with another date; sealed anew",
            touch(_REMARKS),
            attacker=Attacker.INSIDER,
            remark=remark,
        ),
    )
