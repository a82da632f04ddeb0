"""`liuhen seal show|try|adopt|withdraw`: the certificate under which an agency seals; docs/guide/seal.md tells the whole way."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from liuhen.doors.cli.printing import print_json
from liuhen.doors.cli.site import start

if TYPE_CHECKING:
    from liuhen.flows.occasion import Occasion


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `seal`."""
    parser = words.add_parser("seal", help="the certificate under which an agency seals: show, try, adopt, withdraw")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("show", help="list the certificates that were adopted, and where seal.toml is looked for")
    attempt = actions.add_parser("try", help="seal a sample page by seal.toml and verify it; nothing is recorded")
    attempt.add_argument("--out", type=Path, required=True, help="where to write the sealed page, a new PDF")
    adopt = actions.add_parser("adopt", help="try it, then seal by it from now on")
    adopt.add_argument("--basis", required=True, help="on what approval, such as 印章启用审批表〔2026〕3 号")
    withdraw = actions.add_parser("withdraw", help="seal nothing more until another is adopted")
    withdraw.add_argument("--reason", required=True, help="why, such as 密码设备遗失")
    for action in actions.choices.values():
        action.add_argument("--agency", help="its id; may be left out where there is one agency")
        action.add_argument("--data", help="data folder (LIUHEN_DATA, else ./data)")
        action.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Do one of the actions, and list the certificates as they stand after it."""
    start(given.data)
    from liuhen.doors.cli.operator import occasion_for
    from liuhen.flows.adopt_seal import adopt_seal, withdraw_seal

    occasion = occasion_for(given.agency)
    if given.action == "try":
        return _try(given, occasion)
    if given.action == "adopt":
        adopt_seal(occasion, basis=given.basis)
    elif given.action == "withdraw":
        withdraw_seal(occasion, reason=given.reason)
    _show(given, occasion)
    return 0


def _try(given: argparse.Namespace, occasion: "Occasion") -> int:
    from liuhen.core.kernel.errors import BadInput
    from liuhen.flows.adopt_seal import try_seal

    pdf = try_seal(occasion)
    try:
        with given.out.open("xb") as file:
            file.write(pdf)
    except OSError as fault:
        raise BadInput(f"--out {given.out}", f"{fault.strerror}; name a new file in a folder that is there") from fault
    if given.json:
        print_json({"sample": str(given.out), "bytes": len(pdf)})
    else:
        print(f"试盖通过：印章、证书和时间戳核验无误，样页写入 {given.out}")
    return 0


def _show(given: argparse.Namespace, occasion: "Occasion") -> None:
    from liuhen.core.kernel.moments import say_instant
    from liuhen.flows.adopt_seal import seals_of
    from liuhen.flows.seals import seal_folder

    folder, found = seal_folder(occasion.actor.agency), seals_of(occasion)
    if given.json:
        rows = [
            {
                "certificate": one.certificate,
                "subject": one.subject,
                "issuer": one.issuer,
                "valid_until": one.valid_until.isoformat() if one.valid_until else None,
                "kept": one.kept,
                "timestamps": one.timestamps,
                "registered": one.registered.isoformat() if one.registered else None,
                "retired": one.retired.isoformat() if one.retired else None,
            }
            for one in found
        ]
        print_json({"folder": str(folder), "certificates": rows})
        return
    for one in found:
        until = f"有效期至 {say_instant(one.valid_until)}" if one.valid_until else ""
        standing = f"{say_instant(one.retired)} 停用" if one.retired else "使用中"
        print(
            f"{one.certificate[:16]}  {one.subject}（{one.issuer}签发）  {until}  {standing}  密钥在{one.kept}  {one.timestamps}"
        )
    if not found:
        print(f"盖的是测试印章，不能用于办案；自有印章的 seal.toml 放在 {folder}")
