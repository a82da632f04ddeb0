"""`python 核验程序.pyz [PACKAGE] [--trust FILE] [--document FILE | --code CODE] [--json]`: verify with nothing but Python.

A disc image is mounted by the operating system first and its folder given here; `liuhen verify` opens images by itself.
"""

import argparse
import json
import sys
import zipfile
from pathlib import Path

from liuhen.adapters.disc.folders import Container, FolderContainer, ZipContainer, rooted
from liuhen.adapters.disc.refusals import DamagedPackage
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.verifier.presented import Presented
from liuhen.core.verifier.report import Finding, Report
from liuhen.core.verifier.say import say_report
from liuhen.core.verifier.trust import Trust, parse_trust
from liuhen.core.verifier.verify import verify_package

EXIT = {"passed": 0, "failed": 1, "indeterminate": 2}


def main(arguments: list[str] | None = None) -> int:
    """Run the verifier; 0 passed, 1 failed, 2 indeterminate or misuse."""
    parser = argparse.ArgumentParser(description="核验留痕归档包：摘要、存证、签名，并重新核算合规说明")
    parser.add_argument("package", nargs="?", default=str(Path(sys.argv[0]).resolve().parent), help="文件夹或 zip 文件")
    parser.add_argument("--trust", help="另行取得的信任文件（trust.json）")
    parser.add_argument("--document", help="手中的一份文书：说明它是不是本案签发的，有没有改动")
    parser.add_argument("--code", help="印在手中文书上的核验码")
    parser.add_argument("--number", default="", help="印在手中文书上的文号，与 --code 一起给出")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    given = parser.parse_args(arguments)
    try:
        report = _verify(Path(given.package), given.trust, _read_presented(given))
    except LiuhenError as fault:
        print(f"核验程序: {fault}", file=sys.stderr)
        return 2
    print(json.dumps(report.to_json(), ensure_ascii=False, indent=1) if given.json else say_report(report))
    return EXIT[report.verdict]


def _verify(path: Path, trust_path: str | None, presented: Presented | None) -> Report:
    trust = _read_trust(trust_path) if trust_path else None
    try:
        with _open(path) as package:
            return verify_package(package, trust=trust, presented=presented)
    except DamagedPackage as damage:
        return Report([Finding("PKG-004", str(path), str(damage))])


def _read_trust(path: str) -> Trust:
    try:
        return parse_trust(Path(path).read_bytes(), path)
    except OSError as error:
        raise BadInput(path, f"无法读取（{error.strerror}）；请给出信任文件 trust.json 的路径") from None


def _read_presented(given: argparse.Namespace) -> Presented | None:
    if given.number and not given.code:
        raise BadInput("--number", "只有文号不能核对；请用 --code 一并给出印在文号旁边的核验码")
    if not given.document:
        return Presented(code=given.code, number=given.number) if given.code else None
    try:
        return Presented(data=Path(given.document).read_bytes())
    except OSError as error:
        raise BadInput(given.document, f"无法读取（{error.strerror}）；请给出手中文书的路径") from None


def _open(path: Path) -> Container:
    if path.is_dir():
        return rooted(FolderContainer(path))
    if path.is_file() and zipfile.is_zipfile(path):
        return rooted(ZipContainer(path))
    raise LiuhenError(f"{path} 不是文件夹也不是 zip 文件；光盘映像请先由操作系统装载，再给出装载后的文件夹")
