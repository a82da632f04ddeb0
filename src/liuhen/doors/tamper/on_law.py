"""Lies about the law and what follows from it: editions, the calendar, the statement, the catalogue, printed volumes."""

from collections.abc import Callable
from typing import Any

from liuhen.core.events.case import CaseArchived, CaseRegistered
from liuhen.core.events.parts import Edition, Party, Source
from liuhen.core.kernel import canonical
from liuhen.core.kernel.digests import sha256
from liuhen.core.verifier.layout import CALENDAR, CATALOGUE, EDITION, STATEMENT
from liuhen.doors.tamper.attack import About, Attack, Lie
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.touching import cut, drop, exchange, older

_EDITION = EDITION.format(id="hebei", edition="2019-12-01")


def attacks() -> tuple[Attack, ...]:
    """Give the lies about law."""
    return (*_editions(), *_calendars(), *_statements(), *_catalogues())


def _json(name: str, change: Callable[[Any], Any]) -> Lie:
    def lie(forgery: Forgery) -> None:
        before = forgery.files[name]
        forgery.files[name] = canonical.render(change(canonical.parse(before)))
        if forgery.files[name] == before:
            raise LookupError(f"{name} was not changed")

    return lie


def _editions() -> tuple[Attack, ...]:
    lie = About("edition of the law", "edition").lie
    return (
        lie("weakened", "edit", "a rule is taken out of the pinned edition", _json(_EDITION, _fewer_rules), "LAW-001"),
        lie("gone", "delete", "the pinned edition is left out", drop(_EDITION), "LAW-001"),
        lie("added", "insert", "a second edition lies beside it", _second_edition, "PKG-003"),
        lie("reordered", "reorder", "two rules exchange their places", _json(_EDITION, _exchange_rules), "LAW-001"),
        lie(
            "exchanged",
            "swap",
            "edition and calendar exchange their contents",
            exchange(_EDITION, CALENDAR),
            "LAW-001",
            "PKG-002",
        ),
        lie("back-dated", "back-date", "another day of coming into force", _json(_EDITION, _other_edition), "LAW-001"),
        lie(
            "older",
            "replay",
            "an older edition lies under the name of the pinned one",
            _json(_EDITION, _older_edition),
            "LAW-001",
        ),
        lie("cut", "cut", "the file ends in the middle", cut(_EDITION), "LAW-001"),
    )


def _fewer_rules(pack: dict[str, Any]) -> dict[str, Any]:
    return pack | {"rules": pack["rules"][1:]}


def _exchange_rules(pack: dict[str, Any]) -> dict[str, Any]:
    first, second, *rest = pack["rules"]
    return pack | {"rules": [second, first, *rest]}


def _other_edition(pack: dict[str, Any]) -> dict[str, Any]:
    return pack | {"edition": "2018-12-01"}


def _older_edition(pack: dict[str, Any]) -> dict[str, Any]:
    return pack | {"edition": "2017-05-01", "rules": pack["rules"][:3]}


def _second_edition(forgery: Forgery) -> None:
    forgery.files[EDITION.format(id="hebei", edition="2017-05-01")] = forgery.files[_EDITION]


def _calendars() -> tuple[Attack, ...]:
    lie = About("工作日历.json", "calendar").lie
    return (
        lie("holiday", "insert", "a day off is added", _json(CALENDAR, _one_day_more), "LAW-002"),
        lie(
            "older", "replay", "an older version, without the last notice", _json(CALENDAR, _older_calendar), "LAW-002"
        ),
        lie("gone", "delete", "the calendar is left out", drop(CALENDAR), "PKG-001"),
        lie(
            "exchanged",
            "swap",
            "calendar and statement exchange their contents",
            exchange(CALENDAR, STATEMENT),
            "PKG-002",
        ),
        lie("moved", "back-date", "a day off is moved to another day", _json(CALENDAR, _day_moved), "LAW-002"),
        lie("source", "edit", "another source is named", _json(CALENDAR, _other_source), "LAW-002"),
        lie(
            "reordered",
            "reorder",
            "two notices exchange their places",
            _json(CALENDAR, lambda it: it | {"notices": it["notices"][::-1]}),
            "LAW-002",
        ),
        lie("cut", "cut", "the file ends in the middle", cut(CALENDAR), "PKG-002"),
    )


def _one_day_more(calendar: dict[str, Any]) -> dict[str, Any]:
    *rest, last = calendar["notices"]
    day = f"{last['year']}-03-03"
    return calendar | {"notices": [*rest, last | {"days_off": {**last["days_off"], day: "元旦"}}]}


def _older_calendar(calendar: dict[str, Any]) -> dict[str, Any]:
    return calendar | {"notices": calendar["notices"][:-1]}


def _day_moved(calendar: dict[str, Any]) -> dict[str, Any]:
    *rest, last = calendar["notices"]
    first, *others = last["days_off"].items()
    return calendar | {"notices": [*rest, last | {"days_off": {f"{last['year']}-03-03": first[1], **dict(others)}}]}


def _other_source(calendar: dict[str, Any]) -> dict[str, Any]:
    *rest, last = calendar["notices"]
    return calendar | {"notices": [*rest, last | {"source": "局务会决定"}]}


def _statements() -> tuple[Attack, ...]:
    lie = About("合规说明.json", "statement").lie
    return (
        lie("turned", "edit", "an unmet clause is called met", _json(STATEMENT, _turned), "STMT-001"),
        lie("left-out", "delete", "an unmet clause is left out", _json(STATEMENT, _left_out), "STMT-002"),
        lie("added", "insert", "a clause is added", _json(STATEMENT, _added), "STMT-002"),
        lie("reordered", "reorder", "two clauses exchange their places", _json(STATEMENT, _exchanged), "STMT-001"),
        lie("evidence", "swap", "two clauses exchange their evidence", _json(STATEMENT, _other_evidence), "STMT-001"),
        lie(
            "early",
            "back-date",
            "judged as of the day before",
            _json(STATEMENT, lambda it: it | {"at": "2026-03-19T11:00:05+08:00"}),
            "STMT-001",
        ),
        lie("older", "replay", "the statement of the older package", older(STATEMENT), "STMT-001"),
        lie(
            "number",
            "edit",
            "another case number",
            _json(STATEMENT, lambda it: it | {"number": "潭应急案〔2026〕9号"}),
            "STMT-001",
        ),
        lie(
            "key",
            "insert",
            "something is added beside",
            _json(STATEMENT, lambda it: it | {"remark": "全部符合"}),
            "STMT-001",
        ),
        lie("cut", "cut", "the file ends in the middle", cut(STATEMENT), "PKG-002"),
        lie("spelled", "edit", "the same said in another spelling", _spelled, "PKG-002"),
        lie(
            "doctored-law",
            "swap",
            "a case is opened today under a doctored edition called by the old name",
            _doctored,
            truth=_properly,
            also=True,
            remark="The pinned edition is what was pinned; the report prints its digest, to be held against the published one",
        ),
    )


def _verdict_at(statement: dict[str, Any], verdict: str) -> int:
    return next(number for number, item in enumerate(statement["verdicts"]) if item["verdict"] == verdict)


def _turned(statement: dict[str, Any]) -> dict[str, Any]:
    at = _verdict_at(statement, "unmet")
    verdicts = list(statement["verdicts"])
    verdicts[at] = verdicts[at] | {"verdict": "met"}
    return statement | {"verdicts": verdicts}


def _left_out(statement: dict[str, Any]) -> dict[str, Any]:
    at = _verdict_at(statement, "unmet")
    return statement | {"verdicts": [*statement["verdicts"][:at], *statement["verdicts"][at + 1 :]]}


def _added(statement: dict[str, Any]) -> dict[str, Any]:
    return statement | {"verdicts": [*statement["verdicts"], statement["verdicts"][0]]}


def _exchanged(statement: dict[str, Any]) -> dict[str, Any]:
    first, second, *rest = statement["verdicts"]
    return statement | {"verdicts": [second, first, *rest]}


def _other_evidence(statement: dict[str, Any]) -> dict[str, Any]:
    met = [item for item in statement["verdicts"] if item["verdict"] == "met" and item["evidence"]]
    first = met[0]
    second = next(item for item in met if item["evidence"] != first["evidence"])
    swapped = {id(first): second["evidence"], id(second): first["evidence"]}
    verdicts = [item | {"evidence": swapped.get(id(item), item["evidence"])} for item in statement["verdicts"]]
    return statement | {"verdicts": verdicts}


def _spelled(forgery: Forgery) -> None:
    forgery.replace(STATEMENT, b'{"at":', b'{"at": ')


def _catalogues() -> tuple[Attack, ...]:
    lie = About("卷内目录.json", "catalogue").lie
    return (
        lie("title", "edit", "a document is called by another title", _document(0, title="现场检查照片"), "CAT-001"),
        lie(
            "left-out",
            "delete",
            "a document is left out",
            _json(CATALOGUE, lambda it: it | {"documents": it["documents"][1:]}),
            "CAT-001",
        ),
        lie(
            "added",
            "insert",
            "a document is added",
            _json(CATALOGUE, lambda it: it | {"documents": it["documents"] * 2}),
            "CAT-001",
        ),
        lie(
            "reordered",
            "reorder",
            "two documents exchange their places",
            _json(CATALOGUE, lambda it: it | {"documents": it["documents"][::-1]}),
            "CAT-001",
        ),
        lie("exchanged", "swap", "two documents exchange their digests", _json(CATALOGUE, _other_digests), "CAT-001"),
        lie("early", "back-date", "a document gets an earlier date", _document(0, date="2026-03-01"), "CAT-001"),
        lie(
            "older",
            "replay",
            "the catalogue of another case",
            _json(CATALOGUE, lambda it: it | {"case": "another"}),
            "CAT-001",
        ),
        lie("cut", "cut", "the file ends in the middle", cut(CATALOGUE), "CAT-001"),
        lie("true-for-one", "edit", "a number is written as true", _document(0, order=True), "CAT-001"),
    )


def _document(at: int, **changes: Any) -> Lie:
    def change(catalogue: dict[str, Any]) -> dict[str, Any]:
        rows = list(catalogue["documents"])
        rows[at] = rows[at] | changes
        return catalogue | {"documents": rows}

    return _json(CATALOGUE, change)


def _other_digests(catalogue: dict[str, Any]) -> dict[str, Any]:
    first, second, *rest = catalogue["documents"]
    one, other = first | {"sha256": second["sha256"]}, second | {"sha256": first["sha256"]}
    return catalogue | {"documents": [one, other, *rest]}


def _open_under(weaken: Callable[[dict[str, Any]], dict[str, Any]]) -> Lie:
    """Begin a case of its own today, under an edition as `weaken` leaves it."""

    def lie(forgery: Forgery) -> None:
        data = canonical.render(weaken(canonical.parse(forgery.files[_EDITION])))
        forgery.files[_EDITION] = data
        pinned = (Edition("hebei", "2019-12-01", sha256(data)),)
        party, source = Party("某店", "个体工商户"), Source("依职权", "巡查", "巡查")
        registered = CaseRegistered("潭应急源〔2026〕9号", "行政处罚", "某事", source, party, pinned)
        archived = CaseArchived("A-9", "陆宁", "30 年", 0, 0)
        forgery.begin_anew("c" * 32, registered, archived)

    return lie


_doctored, _properly = _open_under(_fewer_rules), _open_under(lambda pack: pack)
