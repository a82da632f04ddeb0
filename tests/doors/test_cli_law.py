"""`liuhen deadline`, `assess`, `ask` and `packs` as people and scripts run them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from liuhen.adapters.packfiles.packs import shipped_folder, shipped_pack
from liuhen.doors.cli.law_pages import coverage_page
from liuhen.doors.cli.main import main
from liuhen.flows.study_law import checkout, cover_pack
from tests.core.rules.register import mission_ids, register_ids

SCENARIO = """name: 夜里拍完，第三天才入库
packs: [hebei]
at: 2026-03-10T00:00:00+08:00
events:
  - {at: 2026-03-04T09:00:00+08:00, type: recording.stored, recording: r1, file: a.mp4, ended_at: 2026-03-02T23:10:00+08:00}
"""
EXPECTED = (
    'expect:\n  - {rule: av.store-in-time, verdict: unmet, clause: hebei/24.1, due: "2026-03-03T23:10:00+08:00"}\n'
)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "night.yaml"
    file.write_text(SCENARIO + EXPECTED, encoding="utf-8")
    return file


Output = pytest.CaptureFixture[str]


def said(output: Output) -> Any:
    """Read the whole of stdout as one JSON value."""
    return json.loads(output.readouterr().out)


@pytest.mark.parametrize(
    "words",
    [
        ["deadline", "--from", "2026-04-02", "--within", "30 日", "--json"],
        ["ask", "--pack", "hebei", "--act", "询问", "--json"],
        ["packs", "coverage", "--json"],
        ["packs", "check"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_the_law_is_studied_without_django(words: list[str]) -> None:
    code = (
        "import sys\nfrom liuhen.doors.cli.main import main\n"
        f"exit = main({words!r})\nassert not [m for m in sys.modules if m.split('.')[0] == 'django'], 'Django was loaded'\n"
        "sys.exit(exit)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


class TestDeadline:
    def test_the_shape_is_stable_and_the_working_is_shown(self, capsys: Output) -> None:
        assert main(["deadline", "--from", "2026-04-02T15:00+08:00", "--within", "30 日", "--json"]) == 0
        shape = said(capsys)
        assert list(shape) == ["due", "last_day", "strict_last_day", "provisional", "steps"]
        # vector 10 of the reference: 05-02 is a holiday, rolled to 05-06
        assert (shape["due"], shape["last_day"], shape["strict_last_day"]) == (
            "2026-05-07T00:00:00+08:00",
            "2026-05-06",
            "2026-05-02",
        )
        assert shape["provisional"] is False
        assert any("劳动节" in step for step in shape["steps"])

    def test_working_days_count_the_make_up_saturday(self, capsys: Output) -> None:
        assert main(["deadline", "--from", "2026-02-13", "--within", "2 工作日", "--json"]) == 0
        shape = said(capsys)
        assert (shape["last_day"], shape["strict_last_day"]) == ("2026-02-24", None)

    def test_people_get_numbered_steps(self, capsys: Output) -> None:
        assert main(["deadline", "--from", "2026-03-02T09:10:00+08:00", "--within", "24 小时"]) == 0
        text = capsys.readouterr().out
        assert "2026-03-03 09:10" in text
        assert "1. 起点" in text

    def test_an_unpublished_year_is_provisional(self, capsys: Output) -> None:
        assert main(["deadline", "--from", "2031-04-02", "--within", "7 工作日", "--json"]) == 0
        assert said(capsys)["provisional"] is True

    @pytest.mark.parametrize(
        ("start", "within", "sentence"),
        [
            ("2026-04-02", "24 小时", "has no offset"),
            ("2026-04-31", "30 日", "is not a day"),
            ("2026-04-02T15:00", "30 日", "has no offset"),
            ("昨天", "30 日", "is not a time"),
            ("2026-04-02", "三十日", "三十日"),
            ("2026-04-02", "0 日", "0 日"),
            ("1800-01-01", "30 日", "1949"),
        ],
    )
    def test_a_guess_is_refused_with_one_sentence(self, start: str, within: str, sentence: str, capsys: Output) -> None:
        assert main(["deadline", "--from", start, "--within", within]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("liuhen: ")
        assert sentence in told.err
        assert told.err.count("\n") == 1


class TestAssess:
    def test_what_was_expected_exits_0(self, scenario: Path, capsys: Output) -> None:
        assert main(["assess", str(scenario), "--json"]) == 0
        verdicts = said(capsys)
        (late,) = [item for item in verdicts if item["rule"] == "av.store-in-time"]
        assert late["verdict"] == "unmet"
        assert late["clause"] == "hebei/24.1"
        assert late["level"] == "must"
        assert late["subject"] == {"kind": "recording", "id": "r1", "label": "r1"}
        assert late["due"] == "2026-03-03T23:10:00+08:00"
        assert late["because"][-1].endswith("晚 9 小时 50 分")
        assert late["evidence"] == ["e1"]

    def test_a_difference_exits_1_and_is_said_apart_from_the_verdicts(self, scenario: Path, capsys: Output) -> None:
        scenario.write_text(SCENARIO + EXPECTED.replace("unmet", "met"), encoding="utf-8")
        assert main(["assess", str(scenario), "--json"]) == 1
        told = capsys.readouterr()
        assert json.loads(told.out)
        assert "应为符合，实为不符合" in told.err

    def test_people_see_the_gravest_first(self, scenario: Path, capsys: Output) -> None:
        assert main(["assess", str(scenario)]) == 0
        text = capsys.readouterr().out
        headings = ["不符合（", "无法判断（", "待办（", "不适用（"]
        places = [text.index(heading) for heading in headings]
        assert places == sorted(places)
        assert "hebei/24.1" in text[: places[1]]

    def test_at_another_moment_expectations_do_not_speak(self, scenario: Path, capsys: Output) -> None:
        assert main(["assess", str(scenario), "--at", "2026-03-03T00:00:00+08:00", "--json"]) == 0
        assert {item["verdict"] for item in said(capsys) if item["rule"] == "av.store-in-time"} == {"not_applicable"}

    def test_an_event_that_names_what_never_was_is_pointed_out(self, scenario: Path, capsys: Output) -> None:
        stray = "  - {at: 2026-03-04T10:00:00+08:00, type: case.act-ended, act: x9}\n"
        scenario.write_text(SCENARIO + stray, encoding="utf-8")
        assert main(["assess", str(scenario), "--json"]) == 0
        told = capsys.readouterr()
        assert json.loads(told.out)
        assert "注意 e2: case.act-ended" in told.err

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("type: recording.stored", "type: recording.lost", "night.yaml:5: events[0].type: unknown event type"),
            ("name:", "nom:", "night.yaml:1: nom: unknown key"),
            ("2026-03-04T09:00:00+08:00", "2026-03-04T09:00:00", "night.yaml:5: events[0].at"),
            ("2026-03-04T09:00:00+08:00", "2026-02-31T09:00:00+08:00", "night.yaml:5: events[0].at"),
            ("[hebei]", "[atlantis]", "no pack “atlantis”"),
            ("[hebei]", "[]", "names no packs"),
            ("events:", "events", "night.yaml:5: not YAML"),
        ],
    )
    def test_bad_input_exits_2_with_the_line(
        self, scenario: Path, old: str, new: str, sentence: str, capsys: Output
    ) -> None:
        scenario.write_text(SCENARIO.replace(old, new, 1), encoding="utf-8")
        assert main(["assess", str(scenario), "--json"]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert sentence in told.err
        assert told.err.count("\n") == 1

    def test_a_pack_does_not_judge_what_it_does_not_bind(self, scenario: Path, capsys: Output) -> None:
        early = (
            "  - {at: 2019-11-30T09:00:00+08:00, type: case.registered, register_number: 源1, kind: 行政处罚, matter: 试, "
            "source: {start: 依职权, manner: 巡查, summary: 巡查}, party: {name: 某, kind: 法人}}\n"
        )
        scenario.write_text(SCENARIO + early, encoding="utf-8")
        assert main(["assess", str(scenario)]) == 2
        assert "自 2019-12-01 起施行" in capsys.readouterr().err

    @pytest.mark.parametrize("path", ["nowhere.yaml", "."])
    def test_what_is_no_file_is_refused(self, path: str, capsys: Output) -> None:
        assert main(["assess", path]) == 2
        assert capsys.readouterr().err.startswith(f"liuhen: {path}: ")


class TestAsk:
    def test_every_demand_says_clause_rule_kind_title_what_and_when(self, capsys: Output) -> None:
        words = ["ask", "--pack", "hebei", "--act", "查封扣押", "--trait", "直接涉及重大财产权益", "--json"]
        assert main(words) == 0
        demands = said(capsys)
        for demand in demands:
            assert set(demand) == {
                "pack", "clause", "rule", "kind", "title", "level", "subject", "when", "bring", "do", "by", "unless", "lifted",
                "stricter_than", "yields_to", "same_as", "kept_beside",
            }  # fmt: skip
            assert demand["do"]
        by_rule = {demand["rule"]: demand for demand in demands}
        assert by_rule["av.whole-course"]["do"][0]["what"] == "film"
        assert by_rule["record.coercive-list"]["do"] == [{"what": "make", "text": "《查封（扣押）财物清单》"}]
        assert by_rule["record.coercive-list"]["by"] == "活动结束前"

    def test_people_read_what_to_make_sign_and_film(self, capsys: Output) -> None:
        assert main(["ask", "--pack", "hebei", "--act", "询问"]) == 0
        text = capsys.readouterr().out
        assert "制作  《询问笔录》" in text
        assert "签名  当事人签名，不少于 1 人；拒绝的" in text
        assert "期限  音像结束后 24 小时内入库" in text

    def test_a_word_that_no_rule_knows_is_pointed_out(self, capsys: Output) -> None:
        assert main(["ask", "--pack", "hebei", "--act", "问话", "--json"]) == 0
        told = capsys.readouterr()
        assert isinstance(json.loads(told.out), list)
        assert "没有规则提到“问话”" in told.err

    def test_an_unknown_pack_and_a_missing_word_are_misuse(self, capsys: Output) -> None:
        assert main(["ask", "--pack", "atlantis", "--act", "询问"]) == 2
        assert "hebei" in capsys.readouterr().err
        with pytest.raises(SystemExit) as misuse:
            main(["ask", "--pack", "hebei"])
        assert misuse.value.code == 2
        assert capsys.readouterr().err.startswith("liuhen: ")


class TestPacks:
    def test_list(self, capsys: Output) -> None:
        assert main(["packs", "list", "--json"]) == 0
        (hebei,) = [row for row in said(capsys) if row["id"] == "hebei"]
        assert (hebei["title"], hebei["in_force_from"]) == ("河北省行政执法全过程记录办法", "2019-12-01")
        assert hebei["clauses"] == len(shipped_pack("hebei").clauses)
        assert main(["packs", "list"]) == 0
        assert "河北省行政执法全过程记录办法" in capsys.readouterr().out

    def test_check_finds_nothing_in_what_is_shipped(self, capsys: Output) -> None:
        assert main(["packs", "check", "--json"]) == 0
        assert said(capsys) == []

    @pytest.mark.parametrize(
        ("file", "old", "new", "place", "sentence"),
        [
            (
                "rules/art-24-storage.yaml",
                "within: 24 小时}",
                "within: 一天}",
                "hebei/rules/art-24-storage.yaml:6",
                "一天",
            ),
            ("rules/art-24-storage.yaml", "shows: {custodian", "shows: {keeper", ":18", "no attribute “keeper”"),
            ("rules/art-24-storage.yaml", "title: 明确", "titel: 明确", ":16", "titel: unknown key"),
            ("rules/art-24-storage.yaml", "  kind: time", "  kind: time\n  kind: keep", ":4", "stands twice"),
            ("rules/art-24-storage.yaml", "hebei/25.1", "hebei/25.9", ":14", "which clauses.yaml does not have"),
            ("clauses.yaml", "answer: guarantee", "answer: promised", "hebei/clauses.yaml:8", "is not one of"),
            (
                "cases/art-24.yaml",
                "verdict: met",
                "verdict: unmet",
                "hebei/cases/art-24.yaml:9",
                "恰好在第二十四小时入库: av.store-in-time",
            ),
            (
                "cases/art-24.yaml",
                "type: recording.stored",
                "type: stored",
                "hebei/cases/art-24.yaml:7",
                "unknown event",
            ),
        ],
    )
    def test_check_names_file_and_line(
        self, file: str, old: str, new: str, place: str, sentence: str, tmp_path: Path, capsys: Output
    ) -> None:
        folder = tmp_path / "hebei"
        shutil.copytree(shipped_folder() / "hebei", folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        assert main(["packs", "check", str(folder), "--json"]) == 1
        faults = said(capsys)
        assert any(place in fault["place"] and sentence in fault["message"] for fault in faults), faults

    def test_check_misses_a_case_that_was_taken_away(self, tmp_path: Path, capsys: Output) -> None:
        folder = tmp_path / "hebei"
        shutil.copytree(shipped_folder() / "hebei", folder)
        (folder / "cases" / "art-23.yaml").unlink()
        assert main(["packs", "check", str(folder)]) == 1
        text = capsys.readouterr().out
        assert "av.interruption-explained: no worked case expects 符合、不符合; add one" in text

    def test_check_of_no_pack_is_a_fault(self, tmp_path: Path, capsys: Output) -> None:
        assert main(["packs", "check", str(tmp_path)]) == 1
        assert "no such file" in capsys.readouterr().out

    def test_coverage_has_one_row_a_clause(self, capsys: Output) -> None:
        assert main(["packs", "coverage", "--pack", "hebei", "--json"]) == 0
        rows = said(capsys)
        assert [row["clause"] for row in rows] == [clause.id for clause in shipped_pack("hebei").clauses]
        assert all(list(row) == ["clause", "answer", "rules", "proofs", "status"] for row in rows)
        by_clause = {row["clause"]: row for row in rows}
        assert by_clause["hebei/24.2"]["status"] == "proved"
        assert by_clause["hebei/24.2"]["rules"] == ["av.store-in-time"]
        assert "hebei/art-24: 异地执法返回后二十四小时内入库" in by_clause["hebei/24.2"]["proofs"]
        assert {row["status"] for row in rows if row["answer"] == "rule"} == {"proved"}
        assert {row["status"] for row in rows if row["answer"] == "open"} <= {"open"}

    def test_the_five_regulations_have_three_hundred_and_twenty_one_rows_and_the_national_laws_are_counted_apart(
        self, capsys: Output
    ) -> None:
        assert main(["packs", "coverage", "--json"]) == 0
        rows = [row["clause"] for row in said(capsys)]
        assert len(rows) == 321
        assert set(rows) == mission_ids()
        assert main(["packs", "coverage", "--pack", "national", "--json"]) == 0
        national = said(capsys)
        assert {row["clause"] for row in national} == register_ids("national")
        assert {row["status"] for row in national} == {"proved"}
        assert main(["packs", "coverage"]) == 0
        total = capsys.readouterr().out.splitlines()[-1]
        assert total.startswith("各部规定合计 321 条")
        assert f"国家法律（另计）合计 {len(national)} 条" in total

    def test_what_is_to_be_confirmed_is_on_the_page_of_coverage(self, capsys: Output) -> None:
        assert main(["packs", "show", "national", "--json"]) == 0
        settings = {item["id"]: item for item in said(capsys)["settings"]}
        assert settings["seizure-term"]["value"] == "30 日 不顺延"
        assert main(["packs", "show", "national"]) == 0
        printed = capsys.readouterr().out
        root = checkout()
        assert root is not None
        page = (root / "docs" / "coverage" / "national.md").read_text(encoding="utf-8")
        for item in settings.values():
            assert item["note"] in page
            assert item["note"] in printed
        assert page == coverage_page(shipped_pack("national"), cover_pack("national"))

    def test_the_page_of_coverage_is_fresh(self) -> None:
        root = checkout()
        assert root is not None
        page = (root / "docs" / "coverage" / "hebei.md").read_text(encoding="utf-8")
        fresh = coverage_page(shipped_pack("hebei"), cover_pack("hebei"))
        assert page == fresh, "run: liuhen packs coverage --write"

    def test_show_tells_a_clause_with_rules_and_cases(self, capsys: Output) -> None:
        assert main(["packs", "show", "hebei", "--json"]) == 0
        shape = said(capsys)
        (clause,) = [item for item in shape["clauses"] if item["clause"] == "hebei/23"]
        assert clause["rules"][0]["id"] == "av.interruption-explained"
        assert len(clause["proofs"]) >= 4
        assert main(["packs", "show", "hebei"]) == 0
        assert "hebei/24.1" in capsys.readouterr().out
        assert main(["packs", "show", "atlantis"]) == 2

    def test_packs_alone_is_misuse(self, capsys: Output) -> None:
        with pytest.raises(SystemExit) as misuse:
            main(["packs"])
        assert misuse.value.code == 2
        assert capsys.readouterr().err.startswith("liuhen: ")
