"""A document in hand held against a package, by the verifier that travels in it and by `liuhen verify`."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from liuhen.core.verifier import layout
from liuhen.doors.cli.main import main
from liuhen.doors.tamper.specimen import Specimen
from tests.doors.tamper.test_standalone import bare

pytestmark = pytest.mark.slow


def contents(specimen: Specimen, kind: str) -> Iterator[dict[str, object]]:
    for line in specimen.files[layout.EVENTS].splitlines():
        event = json.loads(line)
        if json.loads(event["header"])["type"] == kind:
            yield json.loads(event["content"])


@pytest.fixture(scope="module")
def issued(specimen: Specimen) -> dict[str, str]:
    """What is printed on an issued document of the case, its title and its uid."""
    made = next(one for one in contents(specimen, "case.document-made") if one.get("code"))
    return {key: str(made[key]) for key in ("document", "title", "number", "code")}


@pytest.fixture(scope="module")
def in_hand(specimen: Specimen, issued: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as it was issued, on the desk of somebody who was served with it."""
    rows = json.loads(specimen.files[layout.CATALOGUE])["documents"]
    name = next(row["path"] for row in rows if row["document"] == issued["document"])
    path = tmp_path_factory.mktemp("desk") / "文书.pdf"
    path.write_bytes(specimen.files[name])
    return path


def asked(folder: Path, *arguments: str) -> tuple[int, dict[str, object], list[str]]:
    """Ask the program in the package; what it says, and the codes of what it found of the document."""
    done = bare(layout.VERIFIER, *arguments, "--json", cwd=folder)
    assert done.stderr == ""
    report = json.loads(done.stdout)
    return done.returncode, report, [item["code"] for item in report["findings"] if item["code"].startswith("DOC-")]


def test_the_file_as_issued_is_known_again(folder: Path, in_hand: Path, issued: dict[str, str]) -> None:
    exit_code, report, found = asked(folder, "--document", str(in_hand))
    said = str(report["about"]["document"])  # type: ignore[index]
    assert (exit_code, found) == (0, [])
    assert issued["title"] in said and issued["number"] in said
    assert "潭山县应急管理局" in said and "加盖印章" in said and "逐字节相同" in said


def test_liuhen_says_the_same(
    folder: Path, in_hand: Path, issued: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["--document", str(in_hand)], ["--code", issued["code"], "--number", issued["number"]]):
        assert main(["verify", str(folder), *arguments, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == asked(folder, *arguments)[1]


def test_one_that_was_changed_after_sealing_fails(folder: Path, in_hand: Path, tmp_path: Path) -> None:
    data = bytearray(in_hand.read_bytes())
    data[200] ^= 1
    changed = tmp_path / "改.pdf"
    changed.write_bytes(data)
    exit_code, report, found = asked(folder, "--document", str(changed))
    assert (exit_code, found) == (1, ["DOC-002", "DOC-004"])
    assert "document" not in report["about"]  # type: ignore[operator]


def test_an_earlier_version_is_not_taken_for_the_last(
    specimen: Specimen, folder: Path, in_hand: Path, issued: dict[str, str], tmp_path: Path
) -> None:
    """A draft that people signed is the beginning of what was issued: true bytes, and not what was served."""
    made = next(one for one in contents(specimen, "case.document-made") if one["document"] == issued["document"])
    early = tmp_path / "稿.pdf"
    early.write_bytes(in_hand.read_bytes()[: made["file"]["size"]])  # type: ignore[index]
    exit_code, _, found = asked(folder, "--document", str(early))
    assert (exit_code, found) == (2, ["DOC-001"])


def test_a_stranger_is_not_called_false(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "别处.pdf"
    other.write_bytes("这不是文书".encode())
    exit_code, _, found = asked(folder, "--document", str(other))
    assert (exit_code, found) == (2, ["DOC-002"])


@pytest.mark.parametrize(
    "around", ["{}", " {} ", "https://liuhen.example/check/code/?code={}", "文号 某〔2026〕1号 核验码 {}"]
)
def test_the_code_is_read_as_it_is_typed_or_scanned(folder: Path, issued: dict[str, str], around: str) -> None:
    exit_code, report, found = asked(folder, "--code", around.format(issued["code"].lower()))
    assert (exit_code, found) == (0, [])
    assert issued["number"] in str(report["about"]["document"])  # type: ignore[index]


def test_a_code_beside_another_number_is_not_known(folder: Path, issued: dict[str, str]) -> None:
    exit_code, report, found = asked(folder, "--code", issued["code"], "--number", issued["number"] + "9")
    assert (exit_code, found) == (2, ["DOC-003"])
    assert "document" not in report["about"]  # type: ignore[operator]


@pytest.mark.parametrize("arguments", [["--number", "某〔2026〕1号"], ["--document", "没有这个文件.pdf"]])
def test_what_cannot_be_asked_is_refused_in_a_sentence(folder: Path, arguments: list[str]) -> None:
    done: subprocess.CompletedProcess[str] = bare(layout.VERIFIER, *arguments, cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("核验程序: ") and "Traceback" not in done.stderr
