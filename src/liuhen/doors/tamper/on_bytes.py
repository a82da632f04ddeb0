"""Bytes that are meant to stop the verifier: deep, huge, broken, or twisted names. Whatever they are, a report comes out."""

from dataclasses import replace

from liuhen.core.kernel import canonical
from liuhen.core.verifier.layout import CALENDAR, EVENTS, MANIFESTS, PROOFS, STATEMENT, TRUST
from liuhen.doors.tamper.attack import About, Attack, Attacker, Lie
from liuhen.doors.tamper.forgery import SERIES, Forgery

_TAGS: dict[str, object] = {"only": ("tags",)}
_LIST = MANIFESTS[0]


def attacks() -> tuple[Attack, ...]:
    """Give the hostile bytes."""
    return (*_json(), *_names(), *_listed())


def _deep(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def _json() -> tuple[Attack, ...]:
    lie = About("hostile bytes", "bytes").lie
    return (
        lie(
            "deep-event",
            "insert",
            "a line of events nests a hundred thousand levels deep",
            _lines(EVENTS, _deep(100_000)),
            "EVT-001",
        ),
        lie(
            "long-event",
            "insert",
            "a line of events has twenty million digits",
            _lines(EVENTS, b"9" * 20_000_000),
            "EVT-001",
        ),
        lie("not-text", "insert", "a line of events is not UTF-8", _lines(EVENTS, b"\xff\xfe"), "EVT-001"),
        lie("no-newline", "cut", "the last line of events has no end", _cut_newline, "EVT-001"),
        lie(
            "first-year",
            "back-date",
            "an event of the first of January of the year one, east of Shanghai",
            _first_year,
            "EVT-001",
        ),
        lie(
            "deep-statement",
            "swap",
            "the statement nests a hundred thousand levels deep",
            _put(STATEMENT, _deep(100_000)),
            "PKG-002",
        ),
        lie("deep-calendar", "swap", "so does the calendar", _put(CALENDAR, _deep(100_000)), "PKG-002"),
        lie("deep-trust", "swap", "so does the trust file", _put(TRUST, _deep(100_000)), "PKG-002"),
        lie("deep-proofs", "swap", "so do the proofs", _put(PROOFS, _deep(100_000) + b"\n"), "PKG-002"),
        lie("empty-proofs", "delete", "the proofs are an empty file", _put(PROOFS, b""), "PKG-002"),
        lie("plain-key", "edit", "the log's name has no agency in it", _plain_name, "SEAL-002"),
        lie(
            "deep-checkpoints",
            "swap",
            "the checkpoints nest a hundred thousand levels deep",
            _put(SERIES, _deep(100_000) + b"\n"),
            "PKG-002",
        ),
    )


def _put(name: str, data: bytes) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[name] = data

    return lie


def _lines(name: str, *added: bytes) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.set_lines(name, [*forgery.lines(name), *added])

    return lie


def _cut_newline(forgery: Forgery) -> None:
    forgery.files[EVENTS] = forgery.files[EVENTS][:-1]


def _first_year(forgery: Forgery) -> None:
    first, *rest = forgery.lines(EVENTS)
    value = canonical.parse(first)
    header = canonical.parse(value["header"].encode()) | {"at": "0001-01-01T00:00:00+14:00"}
    forgery.set_lines(EVENTS, [canonical.render(value | {"header": canonical.render(header).decode()}), *rest])


def _plain_name(forgery: Forgery) -> None:
    name = "plain"
    policy = f"log {_renamed(forgery, name)}\nquorum none\n"
    trust = canonical.parse(forgery.files[TRUST]) | {"policy": policy}
    forgery.files[TRUST] = canonical.render(trust)


def _renamed(forgery: Forgery, name: str) -> str:
    return replace(forgery.specimen.trust.policy.logs[0].key, name=name).render()


def _names() -> tuple[Attack, ...]:
    lie = About("names of files", "name").lie
    twin = ("data/文书/e\u0301.pdf", "data/文书/\u00e9.pdf")
    return (
        lie("twins", "insert", "two names differ only in their Unicode form", _add(*twin), "BAG-018", "PKG-003"),
        lie(
            "escape",
            "insert",
            "a name clears the terminal and prints a verdict of its own",
            _add("data/文书/\x1b[2J核验结论：一致.pdf"),
            "PKG-003",
        ),
        lie("turned", "insert", "a name turns the direction of writing", _add("data/文书/\u202efdp.exe"), "PKG-003"),
        lie(
            "half",
            "insert",
            "a name holds half of a character",
            _add("data/文书/\udc80.pdf"),
            "PKG-003",
            attacker=Attacker.PASSER_BY,
        ),
        lie(
            "program",
            "insert",
            "a program is laid beside the bag; lists to fit",
            _add("autorun.inf"),
            "PKG-003",
            attacker=Attacker.FORGER,
        ),
        lie(
            "program-bare",
            "insert",
            "a program is laid beside the bag",
            _add("autorun.inf"),
            "BAG-014",
            attacker=Attacker.PASSER_BY,
        ),
        lie(
            "unlisted",
            "insert",
            "a file of the payload that no list names",
            _add("data/文书/x.pdf"),
            "BAG-005",
            attacker=Attacker.PASSER_BY,
        ),
        lie("fetch", "insert", "the bag asks for files from the network", _add("fetch.txt"), "PKG-003"),
        lie("signature", "edit", "a series of checkpoints under a number of its own", _rename_series, "PKG-003"),
    )


def _add(*names: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files |= dict.fromkeys(names, b"x")

    return lie


def _rename_series(forgery: Forgery) -> None:
    forgery.files["data/证明/checkpoints-01.jsonl"] = forgery.files[SERIES]


def _listed() -> tuple[Attack, ...]:
    lie = About("manifest-sha256.txt", "listed", Attacker.FORGER).lie
    digest = b"0" * 64
    return (
        lie(
            "outside",
            "insert",
            "a line leads out of the bag",
            _lines(_LIST, digest + b"  data/../../etc/passwd"),
            "BAG-009",
            "SEAL-003",
            **_TAGS,
        ),
        lie(
            "absolute",
            "insert",
            "a line names a file of the machine",
            _lines(_LIST, digest + b"  /etc/passwd"),
            "BAG-009",
            **_TAGS,
        ),
        lie(
            "backslash",
            "insert",
            "a line leads out of the bag on Windows",
            _lines(_LIST, digest + b"  data\\..\\..\\x"),
            "BAG-009",
            **_TAGS,
        ),
        lie("form", "insert", "a line is of no known form", _lines(_LIST, b"nonsense"), "BAG-011", **_TAGS),
        lie(
            "missing",
            "insert",
            "a line names a file that is not there",
            _lines(_LIST, digest + b"  data/none"),
            "BAG-004",
            **_TAGS,
        ),
        lie(
            "unknown",
            "insert",
            "a further manifest of an algorithm nobody knows",
            _put("manifest-crc32.txt", b""),
            "BAG-016",
            **_TAGS,
        ),
        lie(
            "further",
            "insert",
            "a further manifest, and a wrong one",
            _put("manifest-md5.txt", b"0" * 32 + b"  " + EVENTS.encode() + b"\n"),
            "BAG-017",
            **_TAGS,
        ),
    )
