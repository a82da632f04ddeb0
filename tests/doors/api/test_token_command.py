"""`liuhen token`: shown once, works at once, and closed for good."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from liuhen.doors.cli.main import main
from tests.doors.api.conftest import Agency, Caller


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUHEN_DATA", str(settings.DATA))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def command(*arguments: str) -> tuple[int, str]:
        code = main(["token", *arguments])
        told = capsys.readouterr()
        return code, told.out or told.err

    return command


def test_a_token_is_made_used_and_revoked(here: Agency, run: Callable[..., tuple[int, str]]) -> None:
    code, told = run("手持终端 3", "--user", "here-officer", "--json")
    caller = Caller(Client(), json.loads(told)["token"])
    assert code == 0 and caller.get("/me").status_code == 200
    assert run("手持终端 3", "--user", "here-officer", "--revoke") == (0, "已撤销 here-officer 的令牌“手持终端 3”\n")
    assert caller.get("/me").status_code == 401


def test_an_unknown_account_is_refused(here: Agency, run: Callable[..., tuple[int, str]]) -> None:
    code, told = run("终端", "--user", "nobody")
    assert code == 2 and "nobody" in told and told.count("\n") == 1
