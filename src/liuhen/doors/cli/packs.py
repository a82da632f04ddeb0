"""`liuhen packs list|check|coverage|show`: the law as the program holds it."""

import argparse
from pathlib import Path
from typing import Any

from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.model import Pack, digest_of
from liuhen.core.rules.proof import Standing, to_json
from liuhen.doors.cli.law_pages import columns, coverage_page, say_coverage
from liuhen.doors.cli.printing import print_json
from liuhen.flows.study_law import check_packs, checkout, cover_pack, edition, editions


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `packs` with its four words."""
    parser = words.add_parser("packs", help="the law: list, check, coverage, show")
    inner = parser.add_subparsers(dest="packs_word", required=True, metavar="list|check|coverage|show")
    word = inner.add_parser("list", help="the editions that are here")
    word.add_argument("--json", action="store_true")
    word.set_defaults(run=run_list)
    word = inner.add_parser("check", help="find every fault; 1 when there is one")
    word.add_argument("path", nargs="?", metavar="PATH", help="a pack's folder; without it all shipped packs")
    word.add_argument("--json", action="store_true")
    word.set_defaults(run=run_check)
    word = inner.add_parser("coverage", help="every clause with its answer, rules and proofs")
    word.add_argument("--pack", metavar="ID", help="only this pack")
    word.add_argument("--write", action="store_true", help="write docs/coverage/ID.md in the checkout")
    word.add_argument("--json", action="store_true")
    word.set_defaults(run=run_coverage)
    word = inner.add_parser("show", help="a pack, clause by clause, with its worked cases")
    word.add_argument("pack", metavar="ID")
    word.add_argument("--json", action="store_true")
    word.set_defaults(run=run_show)


def run_list(given: argparse.Namespace) -> int:
    """Print the shipped editions."""
    rows = [_head(pack) for pack in editions()]
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
    faults = check_packs(Path(given.path) if given.path else None)
    if given.json:
        print_json([{"pack": fault.pack, "place": fault.place, "message": fault.sentence} for fault in faults])
    else:
        print("\n".join(f"{fault.place}: {fault.sentence}" for fault in faults) or "没有发现问题")
    return 1 if faults else 0


def run_coverage(given: argparse.Namespace) -> int:
    """Print the standing of every clause, or write the pages that show it."""
    pack_ids = [given.pack] if given.pack else [pack.id for pack in editions()]
    found = {pack_id: cover_pack(pack_id) for pack_id in pack_ids}
    if given.write:
        for pack_id, standings in found.items():
            _write(pack_id, standings)
    if given.json:
        print_json([to_json(item) for standings in found.values() for item in standings])
    else:
        print("\n\n".join(say_coverage(standings) for standings in found.values()))
    return 0


def _write(pack_id: str, standings: list[Standing]) -> None:
    root = checkout()
    if root is None:
        raise BadInput("--write", "works in a source checkout only; use --json here")
    page = root / "docs" / "coverage" / f"{pack_id}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(coverage_page(edition(pack_id), standings), encoding="utf-8")


def run_show(given: argparse.Namespace) -> int:
    """Print a pack clause by clause."""
    pack = edition(given.pack)
    titles = {rule.id: rule.title for rule in pack.rules}
    clauses = [_clause(item, titles) for item in cover_pack(given.pack)]
    if given.json:
        print_json({**_head(pack), "clauses": clauses})
    else:
        print(f"《{pack.title}》{pack.issuer}（{pack.number}），自 {pack.in_force_from} 起施行\n")
        print("\n".join(_say(clause) for clause in clauses))
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
