"""`liuhen calendar` and `liuhen deadline --calendar` as people and scripts run them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from liuhen.adapters.calendars.published import published_calendar
from liuhen.core.calendar.calendar_data import from_data
from liuhen.doors.cli.main import main

Output = pytest.CaptureFixture[str]
SOUND = """notices:
  - year: 2027
    source: 测试虚构的2027年通知
    days_off: {2027-01-01 至 2027-01-03: 元旦}
    make_up_days: [2027-01-16]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.yaml"
    path.write_text(SOUND, encoding="utf-8")
    return path


def said(output: Output) -> Any:
    return json.loads(output.readouterr().out)


def test_show_gives_the_form_that_files_have(capsys: Output, tmp_path: Path) -> None:
    assert main(["calendar", "show", "--json"]) == 0
    assert from_data(said(capsys)) == published_calendar()
    assert main(["calendar", "show", "--year", "2026", "--json"]) == 0
    year = tmp_path / "2026.json"
    year.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["calendar", "check", str(year)]) == 0
    assert "可以导入：2026 年" in capsys.readouterr().out


def test_show_is_read_by_people(capsys: Output, file: Path) -> None:
    assert main(["calendar", "show", "--year", "2027", "--file", str(file)]) == 0
    out = capsys.readouterr().out
    assert "放假 元旦 2027-01-01（周五） 至 2027-01-03（周日），共 3 天" in out
    assert "上班 2027-01-16（周六）" in out


def test_a_year_without_a_notice_is_said(capsys: Output) -> None:
    assert main(["calendar", "show", "--year", "2100"]) == 2
    assert "2100 has no notice here" in capsys.readouterr().err


def test_check_says_every_mistake_and_gives_1(capsys: Output, file: Path) -> None:
    wrong = SOUND.replace("2027-01-16", "2027-01-15").replace("测试虚构的2027年通知", "''")
    file.write_text(wrong, encoding="utf-8")
    assert main(["calendar", "check", str(file)]) == 1
    err = capsys.readouterr().err
    assert err.count("错误") == 2 and "没有写明依据" in err and "不是周六或周日" in err
    assert main(["calendar", "check", str(file), "--json"]) == 1
    found = said(capsys)
    assert (found["years"], len(found["mistakes"])) == ([], 2)


def test_check_tells_doubts_and_still_passes(capsys: Output, file: Path) -> None:
    assert main(["calendar", "check", str(file)]) == 0
    assert "疑点 2027 年没有写春节" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["calendar", "check", "/nowhere/a.yaml"], "cannot be read"),
        (["calendar", "check", "a.txt"], "cannot be read"),
        (["calendar"], "required"),
    ],
)
def test_misuse_is_2_with_one_sentence(capsys: Output, words: list[str], says: str) -> None:
    try:
        code = main(words)
    except SystemExit as leaving:
        code = int(str(leaving.code))
    assert code == 2
    assert says in capsys.readouterr().err


def test_a_provisional_deadline_is_settled_by_the_file(capsys: Output, file: Path) -> None:
    words = ["deadline", "--from", "2026-12-17", "--within", "30 日", "--json"]
    assert main(words) == 0
    before = said(capsys)
    assert (before["last_day"], before["provisional"]) == ("2027-01-18", True)
    assert main([*words, "--calendar", str(file)]) == 0
    after = said(capsys)
    assert (after["last_day"], after["provisional"]) == ("2027-01-16", False)
    file.write_text(SOUND.replace("2027-01-16", "2027-01-15"), encoding="utf-8")
    assert main([*words, "--calendar", str(file)]) == 2


def test_calendars_are_studied_without_django(file: Path) -> None:
    code = (
        "import sys\nfrom liuhen.doors.cli.main import main\n"
        f"exit = main(['calendar', 'check', {str(file)!r}, '--json'])\n"
        "assert not [m for m in sys.modules if m.split('.')[0] == 'django'], 'Django was loaded'\nsys.exit(exit)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
