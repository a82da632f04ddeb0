"""`liuhen ledger check|export|seal|rebuild`: replay and compare; write static tiles; checkpoint now; make the index anew."""

import argparse
from datetime import datetime
from pathlib import Path

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `ledger` with its four acts."""
    parser = words.add_parser("ledger", help="check, export, seal or rebuild")
    acts = parser.add_subparsers(dest="act", required=True)
    for name, told, run in (
        ("check", "replay all events and name every difference", _check),
        ("seal", "make a checkpoint now", _seal),
        ("export", "write the log as static files: checkpoint beside tile/", _export),
        ("rebuild", "make the index anew from events", _rebuild),
    ):
        act = acts.add_parser(name, help=told)
        act.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
        act.add_argument("--json", action="store_true")
        act.set_defaults(run=run)
        if name == "export":
            act.add_argument("--out", required=True, help="an empty or new folder")
            act.add_argument("--origin", help="which log; needed when there are several")


def _check(given: argparse.Namespace) -> int:
    start(given.data)
    from liuhen.flows.check_index import check_index
    from liuhen.flows.check_ledger import LogParts, check
    from liuhen.flows.keep_log import FAST, log_signers, tiles_of, witnesses

    now = datetime.now(SHANGHAI)
    asked = tuple(key for witness in witnesses(lambda: now) for key in witness.keys)

    def parts_of(origin: str) -> LogParts:
        return LogParts(tiles_of(origin), tuple(signer.key for signer in log_signers(origin)), asked)

    findings = check(parts_of, further=[check_index], primitives=FAST)
    if given.json:
        rows = [{"code": item.code, "path": item.path, "message": item.message} for item in findings]
        print_json({"clean": not findings, "findings": rows})
    else:
        for item in findings:
            print(f"✗ {item.code}  {item.path}  {item.message}")
        print("账本与索引一致，没有发现改动" if not findings else f"发现 {len(findings)} 处不一致")
    return 1 if findings else 0


def _seal(given: argparse.Namespace) -> int:
    start(given.data)
    from liuhen.flows.keep_log import seal_logs
    from liuhen.records.ledger import read

    now = datetime.now(SHANGHAI)
    sealings = [item for agency in sorted({log.agency for log in read.logs()}) for item in seal_logs(agency, now)]
    rows = [
        {
            "origin": item.origin,
            "size": item.size,
            "root": item.root.hex(),
            "added": item.added,
            "pending": [str(one) for one in item.pending],
        }
        for item in sealings
    ]
    if given.json:
        print_json(rows)
    else:
        for item in sealings:
            print(f"{item.origin}  {item.size} 条  新增 {item.added}  待副署 {len(item.pending)}")
    return 0


def _export(given: argparse.Namespace) -> int:
    start(given.data)
    from liuhen.flows.export_log import export_log
    from liuhen.flows.keep_log import log_folder, tiles_of
    from liuhen.records.ledger import read

    origins = [log.origin for log in read.logs()]
    origin = given.origin or (origins[0] if len(origins) == 1 else None)
    if origin not in origins:
        raise BadInput("--origin", f"name one of the logs: {', '.join(origins) or 'there is none yet'}")
    target = Path(given.out)
    if target.exists() and any(target.iterdir()):
        raise BadInput("--out", f"{target} is not empty; give a new or empty folder")
    size = export_log(origin, storage=tiles_of(origin), target=log_folder(target))
    if given.json:
        print_json({"origin": origin, "size": size, "out": str(target)})
    else:
        print(f"{origin}  {size} 条 → {target}")
    return 0


def _rebuild(given: argparse.Namespace) -> int:
    start(given.data)
    from liuhen.flows.check_index import rebuild_index

    made = rebuild_index()
    if given.json:
        print_json({"made": made})
    else:
        print(f"已由事件重建索引 {made} 行")
    return 0
