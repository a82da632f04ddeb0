"""Lies about what surrounds the payload: the bag's lists and descriptions, the guide, the verifier itself."""

from liuhen.core.verifier.layout import CALENDAR, GUIDE, MANIFESTS, TAG_MANIFESTS, VERIFIER
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.touching import append, copy, cut, drop, older, touch

_TAGS: dict[str, object] = {"only": ("tags",), "attacker": Attacker.FORGER}
_PASSER: dict[str, object] = {"only": (), "attacker": Attacker.PASSER_BY}


def attacks() -> tuple[Attack, ...]:
    """Give the lies about lists and companions."""
    return (*_lists(), *_companions())


def _on_lines(name: str, at: int = 0) -> dict[str, Lie]:
    def drop(forgery: Forgery) -> None:
        lines = forgery.lines(name)
        forgery.set_lines(name, [*lines[:at], *lines[at + 1 :]])

    def double(forgery: Forgery) -> None:
        forgery.set_lines(name, [forgery.lines(name)[at], *forgery.lines(name)])

    def reorder(forgery: Forgery) -> None:
        forgery.set_lines(name, forgery.lines(name)[::-1])

    def exchange(forgery: Forgery) -> None:
        first, second, *rest = (line.split(b"  ", 1) for line in forgery.lines(name))
        rows = [[second[0], first[1]], [first[0], second[1]], *rest]
        forgery.set_lines(name, [b"  ".join(row) for row in rows])

    return {"delete": drop, "insert": double, "reorder": reorder, "swap": exchange}


def _other_digest(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        data = forgery.files[name]
        forgery.files[name] = (b"1" if data[:1] == b"0" else b"0") + data[1:]

    return lie


def _lists() -> tuple[Attack, ...]:
    found: list[Attack] = []
    for name in (*MANIFESTS, *TAG_MANIFESTS):
        is_tag = name in TAG_MANIFESTS
        lie, on, means = About(name, name.removesuffix(".txt")).lie, _on_lines(name), _PASSER if is_tag else _TAGS
        differs, sealed = (
            ("BAG-012",) if is_tag else (("BAG-006",), ("BAG-007",))["sm3" in name],
            () if is_tag else ("SEAL-003",),
        )
        found += [
            lie("touched", "edit", "a digest is changed", _other_digest(name), *differs, *sealed, **means),
            lie("line-gone", "delete", "a line is left out", on["delete"], "BAG-008", *sealed, **means),
            lie("gone", "delete", "the list is left out", drop(name), "BAG-003", **means),
            lie("doubled", "insert", "a line stands twice", on["insert"], "BAG-010", *sealed, **means),
            lie("exchanged", "swap", "two files exchange their digests", on["swap"], *differs, *sealed, **means),
            lie("older", "replay", "the list of the older package", older(name), *differs, *sealed, **means),
            lie("cut", "cut", "the last lines are missing", cut(name, 200), "BAG-008", *sealed, **means),
        ]
        turned = "PKG-006" if is_tag else "SEAL-003"
        found.append(lie("reordered", "reorder", "the lines are turned round", on["reorder"], turned, **means))
    return tuple(found)


def _companions() -> tuple[Attack, ...]:
    """The files beside the payload, by a forger who leaves no list as it was, and by the insider who packs."""
    found: list[Attack] = []
    means: dict[str, object] = {"attacker": Attacker.FORGER}
    remark = "The agency chooses what it hands out: take the verifier from elsewhere, as the guide says"
    for name, title in ((GUIDE, "guide"), (VERIFIER, "verifier")):
        lie = About(f"{name} ({title})", title).lie
        found += [
            lie("touched", "edit", "a byte is changed", touch(name), "BAG-012", **_PASSER),
            lie(
                "replaced",
                "swap",
                "another takes its place; lists to fit",
                copy(CALENDAR, name),
                "SEAL-003",
                **means,
            ),
            lie("gone", "delete", "it is left out; lists to fit", drop(name), "PKG-001", **means),
            lie("longer", "insert", "something is added; lists to fit", append(name), "SEAL-003", **means),
            lie("cut", "cut", "its end is missing; lists to fit", cut(name), "SEAL-003", **means),
            lie(
                "sealed",
                "swap",
                "another takes its place; sealed anew",
                copy(CALENDAR, name),
                remark=remark,
            ),
        ]
    return (*found, *_descriptions())


def _descriptions() -> tuple[Attack, ...]:
    lie = About("bag-info.txt, bagit.txt", "description").lie

    def say(name: str, old: bytes, new: bytes) -> Lie:
        return lambda forgery: forgery.replace(name, old, new)

    agency, other = "潭山县应急管理局".encode(), "临山县应急管理局".encode()
    return (
        lie("touched", "edit", "another agency is named", say("bag-info.txt", agency, other), "BAG-012", **_PASSER),
        lie(
            "listed",
            "edit",
            "another agency is named; lists to fit",
            say("bag-info.txt", agency, other),
            "SEAL-003",
            **_TAGS,
        ),
        lie("sealed", "edit", "another agency is named; sealed anew", say("bag-info.txt", agency, other), "PKG-006"),
        lie(
            "early",
            "back-date",
            "another day of packing; sealed anew",
            say("bag-info.txt", b"2026-03-20", b"2026-03-19"),
            "PKG-006",
        ),
        lie("gone", "delete", "bag-info.txt is left out; lists to fit", drop("bag-info.txt"), "SEAL-003", **_TAGS),
        lie("bagit-gone", "delete", "bagit.txt is left out; lists to fit", drop("bagit.txt"), "BAG-001", **_TAGS),
        lie(
            "older-bagit",
            "edit",
            "an older version of BagIt is declared; sealed anew",
            say("bagit.txt", b"1.0", b"0.97"),
            "PKG-006",
        ),
        lie(
            "bad-bagit",
            "edit",
            "another encoding is declared",
            say("bagit.txt", b"UTF-8", b"UTF-7"),
            "BAG-002",
            **_TAGS,
        ),
        lie(
            "line",
            "insert",
            "a line of another form is added; sealed anew",
            append("bag-info.txt", b"\xff\n"),
            "BAG-011",
            "PKG-006",
        ),
        lie(
            "reordered",
            "reorder",
            "two lines exchange their places; sealed anew",
            _on_lines("bag-info.txt")["reorder"],
            "PKG-006",
        ),
        lie("exchanged", "swap", "the description of the older package; sealed anew", older("bag-info.txt"), "PKG-006"),
        lie("total", "cut", "the total is left out; sealed anew", _on_lines("bag-info.txt", -1)["delete"], "PKG-006"),
        lie("older", "replay", "the description of the older package", older("bag-info.txt"), "BAG-012", **_PASSER),
    )
