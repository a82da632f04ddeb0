"""`liuhen seal`: from the files of a seal to a seal in force, and what the command says on the way."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.main import main
from tests.own_authority import OwnAuthority, lay_out, own_authority, stamping

pytestmark = pytest.mark.django_db

NAME = "安禾县应急管理局"
Said = pytest.CaptureFixture[str]


class Now:
    """The clock of an authority that goes right."""

    @property
    def at(self) -> datetime:
        return datetime.now(SHANGHAI)


@pytest.fixture(scope="module")
def authority() -> OwnAuthority:
    return own_authority(NAME)


@pytest.fixture
def folder(settings: Any, tmp_path: Path, authority: OwnAuthority, capsys: Said) -> Iterator[Path]:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")
    found = ["agency", "ah-yj", "--name", NAME, "--prefix", "安应急", "--region", "130000", "--pack", "hebei"]
    assert main(found) == 0
    with stamping(authority, Now()) as address:
        yield lay_out(tmp_path / "seals" / "ah-yj", authority, address).parent


def told(capsys: Said, *words: str) -> Any:
    capsys.readouterr()
    assert main(["seal", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_seal_is_tried_adopted_and_withdrawn(folder: Path, tmp_path: Path, capsys: Said) -> None:
    shown = told(capsys, "show")
    assert shown == {"folder": str(folder), "certificates": []}
    sample = tmp_path / "sample.pdf"
    assert told(capsys, "try", "--out", str(sample))["bytes"] == sample.stat().st_size
    assert sample.read_bytes().startswith(b"%PDF-") and told(capsys, "show")["certificates"] == []
    (adopted,) = told(capsys, "adopt", "--basis", "印章启用审批表〔2026〕3 号")["certificates"]
    assert (adopted["subject"], adopted["retired"], adopted["kept"]) == (NAME, None, "文件")
    assert main(["seal", "show"]) == 0
    assert "使用中" in capsys.readouterr().out
    (withdrawn,) = told(capsys, "withdraw", "--reason", "换用密码设备")["certificates"]
    assert withdrawn["retired"] is not None


def test_what_is_wrong_is_said_in_one_line(folder: Path, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "there.pdf").write_bytes(b"kept")
    for words, said in (
        (["try", "--out", str(tmp_path / "there.pdf")], "name a new file"),
        (["withdraw", "--reason", "没有"], "没有正在使用的印章证书"),
        (["adopt", "--basis", " "], "请写明依据"),
    ):
        assert main(["seal", *words]) != 0
        told_so = capsys.readouterr().err
        assert said in told_so and "Traceback" not in told_so
    assert (tmp_path / "there.pdf").read_bytes() == b"kept"
    (folder / "seal.key").chmod(0o644)
    assert main(["seal", "adopt", "--basis", "x"]) != 0
    assert "chmod 600" in capsys.readouterr().err


def test_before_a_seal_is_adopted_it_is_said_to_be_a_test_seal(folder: Path, capsys: Said) -> None:
    assert main(["seal", "show"]) == 0
    said = capsys.readouterr().out
    assert "测试印章" in said and str(folder) in said
