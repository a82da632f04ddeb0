"""The verifier that travels in the package: one file, bare Python, the same report as `liuhen verify`."""

import ast
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from liuhen.adapters.standalone.archive import verifier_archive
from liuhen.core.verifier import layout
from liuhen.core.verifier.report import CODES
from liuhen.doors.cli.main import main
from liuhen.doors.tamper import on_attachments
from liuhen.doors.tamper.forgery import Forgery
from liuhen.doors.tamper.insider import insider
from liuhen.doors.tamper.rebuild import relist, reseal, restate, retag
from liuhen.doors.tamper.specimen import Specimen
from tests.doors.tamper.conftest import written

pytestmark = pytest.mark.slow


def bare(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run this Python with nothing but its own library: no site-packages, no environment, no folder of ours."""
    clean = {"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-I", "-S", *arguments]
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=120, encoding="utf-8")


@pytest.fixture(scope="module")
def zipped(folder: Path) -> Path:
    """The same package as a zip file, wrapped in a folder."""
    path = folder.with_name("bag.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"卷宗/{file.relative_to(folder).as_posix()}")
    return path


@pytest.fixture(params=["folder", "zipped"])
def package(request: pytest.FixtureRequest) -> Path:
    """The package in each form that the stand-alone verifier opens."""
    path = request.getfixturevalue(request.param)
    assert isinstance(path, Path)
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, object]:
    code = main(["verify", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_it_says_what_liuhen_says(package: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = bare(str(folder / layout.VERIFIER), str(package), "--json", cwd=package.parent)
    assert done.stderr == ""
    assert (done.returncode, json.loads(done.stdout)) == told(capsys, str(package))
    assert done.returncode == 0


def test_it_says_the_same_of_a_package_that_was_changed(
    specimen: Specimen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = specimen.files | {layout.EVENTS: specimen.files[layout.EVENTS].replace("北街".encode(), "南街".encode())}
    bag = written(changed, tmp_path / "bag")
    trust = written({"trust.json": specimen.trust.render()}, tmp_path) / "trust.json"
    done = bare(str(bag / layout.VERIFIER), str(bag), "--trust", str(trust), "--json", cwd=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == told(capsys, str(bag), "--trust", str(trust))
    assert done.returncode == 1


def test_it_finds_its_own_package_and_answers_in_words(folder: Path) -> None:
    done = bare(layout.VERIFIER, cwd=folder)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "核验结论：一致"


def test_it_leaves_no_trace_on_the_disc(folder: Path, specimen: Specimen) -> None:
    bare(layout.VERIFIER, cwd=folder)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == set(specimen.files)


def test_what_is_no_package_is_refused_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    done = bare(str(folder / layout.VERIFIER), str(tmp_path / "none"), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("核验程序: ")
    assert "Traceback" not in done.stderr


def modules() -> Iterator[tuple[str, ast.Module]]:
    with zipfile.ZipFile(io.BytesIO(verifier_archive())) as archive:
        for name in archive.namelist():
            yield name, ast.parse(archive.read(name))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module is not None
            yield node.module


def test_it_imports_nothing_but_the_standard_library_and_itself() -> None:
    inside = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name, _ in modules()}
    for name, tree in modules():
        for module in imported(tree):
            own = module in inside
            assert own or module.partition(".")[0] in sys.stdlib_module_names, f"{name} imports {module}"


def test_it_is_the_same_file_each_time_and_the_one_in_the_package(specimen: Specimen) -> None:
    verifier_archive.cache_clear()
    assert verifier_archive() == specimen.files[layout.VERIFIER]


ATTACHMENT_CODES = sorted(code for code in CODES if code.startswith("ATT-"))


@pytest.mark.parametrize("code", ATTACHMENT_CODES)
def test_it_finds_what_was_done_to_attachments_as_liuhen_does(
    code: str, specimen: Specimen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An insider's lie for each code: sealed anew, so that nothing but the check of attachments can find it."""
    attack = next(one for one in on_attachments.attacks() if one.expects[-1] == code and one.only is None)
    forgery = Forgery(specimen, insider(specimen.origin), dict(specimen.files), specimen.packed_at, specimen.case)
    attack.lie(forgery)
    for step in (restate, relist, reseal, retag) if attack.also else (relist, reseal, retag):
        step(forgery)
    bag = written(forgery.files, tmp_path / "bag")
    done = bare(layout.VERIFIER, "--json", cwd=bag)
    said = json.loads(done.stdout)
    assert (done.returncode, said) == told(capsys, str(bag))
    found = {item["code"] for item in said["findings"]}
    assert set(attack.expects) <= found
    assert not found & {"SEAL-002", "SEAL-003", "LOG-002", "EVT-002"}
