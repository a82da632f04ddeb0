"""`liuhen packs list|check|coverage|show|new|schema`: the law as the program and its users hold it."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any

from liuhen.adapters.packfiles.shelf import Shelf
from liuhen.core.kernel.codec import encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.rules.model import Pack, digest_of
from liuhen.core.rules.proof import Standing, to_json
from liuhen.doors.cli.law_pages import columns, coverage_page, say_coverage, say_settings, say_total
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.shelves import add_packs, shelf_of
from liuhen.flows.check_packs import check_packs
from liuhen.flows.study_law import checkout, cover_pack, edition, editions
from liuhen.flows.write_pack import NewPack, pack_schemas, write_pack, write_schemas


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `packs` with its words."""
    parser = words.add_parser("packs", help="the law: list, check, coverage, show, new, schema")
    inner = parser.add_subparsers(dest="packs_word", required=True, metavar="list|check|coverage|show|new|schema")
    word = inner.add_parser("list", help="the editions that are here")
    word.set_defaults(run=run_list)
    _finish(word)
    word = inner.add_parser("check", help="find every fault; 1 when there is one")
    word.add_argument("path", nargs="?", metavar="PATH", help="a pack's folder, or a folder of packs; else all")
    word.set_defaults(run=run_check)
    _finish(word)
    word = inner.add_parser("coverage", help="every clause with its answer, rules and proofs")
    word.add_argument("--pack", metavar="ID", help="only this pack")
    word.add_argument("--write", action="store_true", help="write docs/coverage/ID.md in the checkout")
    word.set_defaults(run=run_coverage)
    _finish(word)
    word = inner.add_parser("show", help="a pack, clause by clause, with its worked cases")
    word.add_argument("pack", metavar="ID")
    word.set_defaults(run=run_show)
    _finish(word)
    _register_writing(inner)


def _finish(word: argparse.ArgumentParser) -> None:
    add_packs(word)
    word.add_argument("--json", action="store_true")


def _register_writing(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    word = inner.add_parser("new", help="begin a pack of one's own, which passes the check at once")
    word.add_argument("folder", metavar="DIR", help="a folder that does not exist yet, or is empty")
    word.add_argument("--id", required=True, metavar="ID", help="such as chengguan; small letters, digits, hyphens")
    word.add_argument("--title", required=True, metavar="TITLE", help="the full title of the regulation")
    word.add_argument("--short-title", metavar="TITLE", help="what people call it; the id if not given")
    word.add_argument("--issuer", metavar="WHO", help="the agency that issued it")
    word.add_argument("--number", metavar="NUMBER", help="its 文号")
    word.add_argument("--in-force-from", metavar="DAY", help="its first day; 1 January of this year if not given")
    word.set_defaults(run=run_new)
    word.add_argument("--json", action="store_true")
    word = inner.add_parser("schema", help="JSON Schemas for editors: pack, clauses, rules, cases")
    word.add_argument("--out", metavar="DIR", help="write pack.json, clauses.json, rules.json and cases.json there")
    word.set_defaults(run=run_schema)


def run_list(given: argparse.Namespace) -> int:
    """Print the editions at hand."""
    rows = [_head(pack) for pack in editions(shelf_of(given))]
    if given.json:
        print_json(rows)
    else:
        lines = [
            (row["id"], row["edition"], row["title"], f"{row['clauses']} 条", f"{row['rules']} 规则") for row in rows
        ]
        print(columns(lines))
    return 0


def _head(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "edition": pack.edition,
        "title": pack.title,
        "issuer": pack.issuer,
        "number": pack.number,
        "in_force_from": pack.in_force_from.isoformat(),
        "in_force_until": pack.in_force_until.isoformat() if pack.in_force_until else None,
        "kinds": list(pack.kinds),
        "stages": list(pack.stages),
        "clauses": len(pack.clauses),
        "rules": len(pack.rules),
        "digest": digest_of(pack),
    }


def run_check(given: argparse.Namespace) -> int:
    """Print every fault with its place; 1 when there is one."""
    faults = check_packs(Path(given.path) if given.path else None, shelf_of(given))
    if given.json:
        print_json([_fault(fault.pack, fault.place, fault.sentence) for fault in faults])
    else:
        print("\n".join(f"{fault.place}: {fault.sentence}" for fault in faults) or "没有发现问题")
    return 1 if faults else 0


def _fault(pack: str, place: str, sentence: str) -> dict[str, Any]:
    file, _, line = place.rpartition(":")
    known = bool(file) and line.isdigit()
    return {
        "pack": pack,
        "place": place,
        "message": sentence,
        "file": file if known else place,
        "line": int(line) if known else None,
    }


def run_coverage(given: argparse.Namespace) -> int:
    """Print the standing of every clause, or write the pages that show it.

    The rows of `--json` are those of the regulations; what every agency stands under beside them is asked for by name.
    """
    shelf = shelf_of(given)
    packs = [edition(given.pack, shelf)] if given.pack else editions(shelf)
    if given.json and not given.pack:
        packs = [pack for pack in packs if pack.layer != "base"]
    found = [(pack, cover_pack(f"{pack.id}@{pack.edition}", shelf)) for pack in packs]
    if given.write:
        for pack, standings in found:
            _write(pack, standings, shelf)
    if given.json:
        print_json([to_json(item) for _, standings in found for item in standings])
    else:
        print("\n\n".join(say_coverage(standings) for _, standings in found))
        if len(found) > 1:
            print(f"\n{say_total(found)}")
    return 0


def _write(pack: Pack, standings: list[Standing], shelf: Shelf) -> None:
    root = checkout()
    if root is None:
        raise BadInput("--write", "works in a source checkout only; use --json here")
    newest = edition(pack.id, shelf).edition == pack.edition
    page = root / "docs" / "coverage" / f"{pack.id if newest else f'{pack.id}@{pack.edition}'}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(coverage_page(pack, standings), encoding="utf-8")


def run_show(given: argparse.Namespace) -> int:
    """Print a pack clause by clause."""
    shelf = shelf_of(given)
    pack = edition(given.pack, shelf)
    titles = {rule.id: rule.title for rule in pack.rules}
    clauses = [_clause(item, titles) for item in cover_pack(given.pack, shelf)]
    if given.json:
        print_json({**_head(pack), "clauses": clauses, "settings": [encode(setting) for setting in pack.settings]})
    else:
        print(f"《{pack.title}》{pack.issuer}（{pack.number}），自 {pack.in_force_from} 起施行\n")
        print("\n".join([*(_say(clause) for clause in clauses), *say_settings(pack)]))
    return 0


def _clause(item: Standing, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "clause": item.clause.id,
        "kind": item.clause.kind,
        "gist": item.clause.gist,
        "answer": item.clause.answer,
        "status": item.status,
        "rules": [{"id": rule, "title": titles[rule]} for rule in item.rules],
        "proofs": list(item.proofs),
    }


def _say(clause: dict[str, Any]) -> str:
    lines = [f"{clause['clause']}  {clause['gist']}  [{clause['answer']}, {clause['status']}]"]
    lines += [f"    {rule['id']}  {rule['title']}" for rule in clause["rules"]]
    lines += [f"      · {proof}" for proof in clause["proofs"]]
    return "\n".join(lines)


def run_new(given: argparse.Namespace) -> int:
    """Begin a pack and say what to do next."""
    today = datetime.now(SHANGHAI).date()
    wanted = NewPack(
        id=given.id,
        title=given.title,
        short_title=given.short_title or given.id,
        issuer=given.issuer or "待填：发布机关",
        number=given.number or "待填：文号",
        in_force_from=_day(given.in_force_from) if given.in_force_from else date(today.year, 1, 1),
    )
    files = write_pack(Path(given.folder), wanted)
    if given.json:
        print_json({"id": given.id, "folder": given.folder, "files": [str(file) for file in files]})
    else:
        print("\n".join(str(file) for file in files))
        print(f"\n下一步：按文件里的说明修改，改一处就检查一次：liuhen packs check {given.folder}")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("--in-force-from", f"“{text}” is not a day; write it like 2026-01-01") from None


def run_schema(given: argparse.Namespace) -> int:
    """Print the schemas as one object, or write one file each."""
    if given.out:
        print("\n".join(str(file) for file in write_schemas(Path(given.out))))
    else:
        print_json(pack_schemas())
    return 0
