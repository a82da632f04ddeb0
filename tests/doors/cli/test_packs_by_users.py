"""Packs by users: begun by one command, helped by editors, every fault named with its line, editions side by side."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from liuhen.adapters.packfiles.located import read_yaml
from liuhen.adapters.packfiles.meanings import FIELDS
from liuhen.adapters.packfiles.packs import shipped_folder, shipped_ids
from liuhen.adapters.packfiles.schema import schemas
from liuhen.doors.cli.main import main

Output = pytest.CaptureFixture[str]
SCHEMAS = Path(__file__).parents[3] / "docs" / "formats" / "schema"
NEW = ["--id", "chengguan", "--title", "某市城管局行政执法全过程记录办法", "--in-force-from", "2026-01-01"]


def said(output: Output) -> Any:
    return json.loads(output.readouterr().out)


@pytest.fixture
def folder(tmp_path: Path, capsys: Output) -> Path:
    place = tmp_path / "chengguan"
    assert main(["packs", "new", str(place), *NEW]) == 0
    capsys.readouterr()
    return place


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def edition(folder: Path, day: str, *changes: tuple[str, str, str]) -> Path:
    """Lay another edition beside a pack."""
    place = folder.with_name(f"chengguan@{day}")
    shutil.copytree(folder, place)
    change(place / "pack.yaml", 'edition: "2026-01-01"', f'edition: "{day}"')
    change(place / "pack.yaml", "in_force_from: 2026-01-01", f"in_force_from: {day}")
    for file, old, new in changes:
        change(place / file, old, new)
    # its cases happen while it is in force
    cases = place / "cases" / "art-01.yaml"
    cases.write_text(cases.read_text(encoding="utf-8").replace("2026-01-", f"{day[:7]}-"), encoding="utf-8")
    return place


class TestNew:
    def test_a_new_pack_passes_at_once_and_says_how_to_go_on(self, tmp_path: Path, capsys: Output) -> None:
        place = tmp_path / "anything"
        assert main(["packs", "new", str(place), *NEW]) == 0
        assert f"liuhen packs check {place}" in capsys.readouterr().out
        assert main(["packs", "check", str(place), "--json"]) == 0
        assert said(capsys) == []
        for file in place.rglob("*.yaml"):
            text = file.read_text(encoding="utf-8")
            assert text.startswith("# yaml-language-server: $schema=")
            schema = file.parent / text.splitlines()[0].partition("=")[2]
            assert schema.resolve().is_file()
            assert text.count("\n#") >= 1, "no remark for the jurist"

    def test_every_rule_of_it_is_shown_met_unmet_and_pending(self, folder: Path, capsys: Output) -> None:
        assert main(["packs", "coverage", "--packs", str(folder), "--pack", "chengguan", "--json"]) == 0
        rows = said(capsys)
        assert [(row["answer"], row["status"]) for row in rows] == [("rule", "proved")] * 2 + [("open", "open")]
        assert {len(row["proofs"]) for row in rows[:2]} == {3}

    @pytest.mark.parametrize("title", ['带"引号"的办法: 试行', "{括号} # 井号", "'单引号", "多行\n标题"])
    def test_a_title_cannot_become_another_key(self, title: str, tmp_path: Path, capsys: Output) -> None:
        place = tmp_path / "t"
        assert main(["packs", "new", str(place), "--id", "t", "--title", title, "--json"]) == 0
        assert said(capsys)["files"] == [str(place / name) for name in FILES]
        assert main(["packs", "show", "t", "--packs", str(place), "--json"]) == 0
        assert said(capsys)["title"] == title
        assert main(["packs", "check", str(place)]) == 0

    @pytest.mark.parametrize("day", ["2024-02-29", "2027-06-30", "1999-12-31"])
    def test_it_passes_whatever_its_first_day(self, day: str, tmp_path: Path) -> None:
        assert main(["packs", "new", str(tmp_path / "t"), "--id", "t", "--title", "试", "--in-force-from", day]) == 0
        assert main(["packs", "check", str(tmp_path / "t")]) == 0

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["--id", "城管", "--title", "试"], "cannot name a pack"),
            (["--id", "a/b", "--title", "试"], "cannot name a pack"),
            (["--id", "t", "--title", " "], "is empty"),
            (["--id", "t", "--title", "试", "--in-force-from", "明年"], "is not a day"),
            (["--id", "t", "--title", "试", "--in-force-from", "9999-12-31"], "is no day on which"),
        ],
    )
    def test_bad_words_leave_nothing_behind(
        self, words: list[str], sentence: str, tmp_path: Path, capsys: Output
    ) -> None:
        assert main(["packs", "new", str(tmp_path / "t"), *words]) == 2
        assert sentence in capsys.readouterr().err
        assert not (tmp_path / "t").exists()

    def test_what_stands_there_is_never_overwritten(self, folder: Path, capsys: Output) -> None:
        change(folder / "clauses.yaml", "施行日期", "我写的")
        assert main(["packs", "new", str(folder), *NEW]) == 2
        assert "is not empty" in capsys.readouterr().err
        assert "我写的" in (folder / "clauses.yaml").read_text(encoding="utf-8")


FILES = ("pack.yaml", "clauses.yaml", "rules/art-01.yaml", "cases/art-01.yaml")


class TestSchema:
    @pytest.mark.parametrize("name", schemas())
    def test_the_schemas_in_the_documents_are_fresh(self, name: str) -> None:
        kept = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
        assert kept == schemas()[name], "run: liuhen packs schema --out docs/formats/schema"

    def test_each_is_a_schema_and_is_printed_as_it_is_written(self, tmp_path: Path, capsys: Output) -> None:
        assert main(["packs", "schema"]) == 0
        printed = said(capsys)
        assert main(["packs", "schema", "--out", str(tmp_path / "out")]) == 0
        for name, schema in printed.items():
            jsonschema_rs.meta.validate(schema)
            assert json.loads((tmp_path / "out" / name).read_text(encoding="utf-8")) == schema

    @pytest.mark.parametrize("pack_id", shipped_ids())
    def test_every_shipped_file_is_valid(self, pack_id: str) -> None:
        assert faults_of(shipped_folder() / pack_id) == []

    def test_a_new_pack_is_valid(self, folder: Path) -> None:
        assert faults_of(folder) == []

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("pack.yaml", "issuer:", "isuer:"),
            ("pack.yaml", "in_force_from: 2026-01-01", "in_force_from: 明年"),
            ("clauses.yaml", "answer: open", "answer: maybe"),
            ("rules/art-01.yaml", "each: act", "each: person"),
            ("rules/art-01.yaml", "when: {kind: 现场检查}", "when: {colour: 红}"),
            ("rules/art-01.yaml", "when: {kind: 现场检查}", "when: {kind: {more: 2}}"),
            ("rules/art-01.yaml", "by: ended", "by: burnt"),
            ("rules/art-01.yaml", "within: 24 小时", "within: 一天"),
            ("rules/art-01.yaml", "to: stored", "to: made"),
            ("cases/art-01.yaml", "type: case.act-begun", "type: case.begun"),
            ("cases/art-01.yaml", "place: 某厂车间, ", ""),
            ("cases/art-01.yaml", "verdict: met", "verdict: good"),
            ("cases/art-01.yaml", "form: 现场检查笔录", "forms: 现场检查笔录"),
        ],
    )
    def test_an_editor_points_at_a_mistake(self, file: str, old: str, new: str, folder: Path) -> None:
        change(folder / file, old, new)
        assert {fault[0] for fault in faults_of(folder)} == {file}

    def test_every_field_of_a_pack_is_explained_in_chinese(self) -> None:
        unexplained = [
            f"{name}: {kind}.{field}"
            for name, schema in schemas().items()
            for kind, group in [("", schema), *schema.get("$defs", {}).items()]
            for field, value in group.get("properties", {}).items()
            if name != "cases.json"
            and kind not in ("",)
            and not kind.startswith("time-")
            and "description" not in value
        ]
        assert unexplained == []
        top = {**schemas()["pack.json"]["properties"], **schemas()["clauses.json"]["items"]["properties"]}
        assert all(value.get("description") for value in top.values())
        assert all(text.strip() for text in FIELDS.values())


def faults_of(folder: Path) -> list[tuple[str, str]]:
    """Validate every file of a pack by the schema of its kind."""
    kinds = {"rules": "rules.json", "cases": "cases.json"}
    validators = {name: jsonschema_rs.validator_for(schema) for name, schema in schemas().items()}
    found = []
    for file in sorted(folder.rglob("*.yaml")):
        if file.parent == folder or file.parent.name in kinds:
            schema = kinds.get(file.parent.name) or f"{file.stem}.json"
            errors = validators[schema].iter_errors(read_yaml(file).data)
            found += [(file.relative_to(folder).as_posix(), error.message) for error in errors]
    return found


class TestCheck:
    @pytest.mark.parametrize(
        ("file", "old", "new", "line", "sentence"),
        [
            ("pack.yaml", "issuer:", "isuer:", 9, "unknown key"),
            ("pack.yaml", "stages:", "rules: []\nstages:", 17, "rules stand in rules/*.yaml"),
            ("pack.yaml", "# in_force_until: 2031", "in_force_until: 2025", 14, "never in force"),
            ("rules/art-01.yaml", "  clauses: [chengguan/1]\n", "", 4, "cites no clause"),
            ("rules/art-01.yaml", "clauses: [chengguan/1]", "clauses: [chengguan/11]", 6, "did you mean chengguan/1?"),
            ("rules/art-01.yaml", "within: 24 小时", "within: 0 小时", 25, "0 小时"),
            ("rules/art-01.yaml", "{kind: 现场检查}", "{knd: 现场检查}", 11, "did you mean kind?"),
            ("rules/art-01.yaml", "by: ended", "by: endet", 13, "did you mean ended?"),
            ("rules/art-01.yaml", "to: stored", "to: buried", 25, "no moment “buried”"),
            ("cases/art-01.yaml", "verdict: met, clause", "verdict: unmet, clause", 15, "应为不符合，实为符合"),
            ("cases/art-01.yaml", "rule: record.inspection", "rule: record.inspect", 15, "没有这条规则"),
            ("cases/art-01.yaml", "kind: 现场检查, ", "", 11, "kind: is missing"),
        ],
    )  # fmt: skip
    def test_a_fault_has_file_line_and_remedy(
        self, file: str, old: str, new: str, line: int, sentence: str, folder: Path, capsys: Output
    ) -> None:
        change(folder / file, old, new)
        assert main(["packs", "check", str(folder), "--json"]) == 1
        faults = said(capsys)
        hits = [fault for fault in faults if sentence in fault["message"]]
        assert [(fault["file"], fault["line"]) for fault in hits] == [(str(folder / file), line)], faults
        assert main(["packs", "check", str(folder)]) == 1
        assert f"{folder / file}:{line}: " in capsys.readouterr().out

    def test_several_faults_are_told_at_once(self, folder: Path, capsys: Output) -> None:
        change(folder / "pack.yaml", "issuer:", "isuer:")
        change(folder / "rules/art-01.yaml", "  kind: doc", "  kind: law")
        change(folder / "rules/art-01.yaml", "within: 24 小时", "within: 一天")
        assert main(["packs", "check", str(folder), "--json"]) == 1
        assert len(said(capsys)) == 3

    @pytest.mark.parametrize("answer", [("met", "符合"), ("unmet", "不符合"), ("pending", "待办")])
    def test_a_rule_without_one_of_its_cases_is_named(
        self, answer: tuple[str, str], folder: Path, capsys: Output
    ) -> None:
        cases = (folder / "cases/art-01.yaml").read_text(encoding="utf-8")
        kept = [part for part in cases.split("\n  - name:") if f"record.inspection, verdict: {answer[0]}" not in part]
        (folder / "cases/art-01.yaml").write_text("\n  - name:".join(kept), encoding="utf-8")
        assert main(["packs", "check", str(folder), "--json"]) == 1
        (fault,) = said(capsys)
        assert fault["message"] == f"record.inspection: no worked case expects {answer[1]}; add one"
        assert (fault["file"], fault["line"]) == (str(folder / "rules/art-01.yaml"), 4)


class TestEditions:
    def test_editions_that_overlap_are_named_until_the_earlier_ends(self, folder: Path, capsys: Output) -> None:
        later = edition(folder, "2027-01-01")
        assert main(["packs", "check", str(later), "--json"]) == 1
        (fault,) = said(capsys)
        assert (fault["file"], fault["line"]) == (str(later / "pack.yaml"), 12)
        assert "write in_force_until: 2027-01-01 in edition 2026-01-01" in fault["message"]
        change(folder / "pack.yaml", "# in_force_until: 2031-01-01", "in_force_until: 2027-01-01")
        assert main(["packs", "check", str(folder.parent)]) == 0

    def test_one_edition_in_two_folders_is_a_fault(self, folder: Path, capsys: Output) -> None:
        shutil.copytree(folder, folder.with_name("copy"))
        assert main(["packs", "check", str(folder), "--json"]) == 1
        assert "stands in copy too" in said(capsys)[0]["message"]

    def test_a_case_is_judged_by_the_edition_it_was_opened_under(self, folder: Path, capsys: Output) -> None:
        edition(folder, "2026-03-01", ("rules/art-01.yaml", "within: 24 小时", "within: 72 小时"))
        for registered, verdict in (("2026-02-02", "unmet"), ("2026-03-02", "met")):
            file = written_case(folder.parent, registered)
            assert main(["assess", str(file), "--packs", str(folder.parent), "--json"]) == 0
            assert [item["verdict"] for item in said(capsys) if item["rule"] == "av.store-in-time"] == [verdict]

    def test_what_another_edition_would_say_is_shown_verdict_by_verdict(self, folder: Path, capsys: Output) -> None:
        changes = [
            ("cases/art-01.yaml", "2026-01-", "2026-01-"),
            ("rules/art-01.yaml", "within: 24 小时", "within: 72 小时"),
        ]
        edition(folder, "2026-03-01", *changes)
        case = written_case(folder.parent, "2026-02-02")
        named = ["--edition", "chengguan@2026-01-01", "--edition", "chengguan@2026-03-01"]
        assert main(["assess", str(case), "--packs", str(folder.parent), *named, "--json"]) == 0
        told = capsys.readouterr()
        shape = json.loads(told.out)
        assert shape["editions"] == named[1::2]
        (difference,) = shape["differences"]
        assert difference["rule"] == "av.store-in-time"
        assert {name: verdict["verdict"] for name, verdict in difference["verdicts"].items()} == {
            named[1]: "unmet",
            named[3]: "met",
        }
        assert "仅供比较" in told.err
        # one edition is compared with the one the case is under
        assert main(["assess", str(case), "--packs", str(folder.parent), *named[2:], "--json"]) == 0
        assert said(capsys) == shape
        assert main(["assess", str(case), "--packs", str(folder.parent), *named]) == 0
        text = capsys.readouterr().out
        assert "1 处不同" in text and "不符合" in text and "chengguan@2026-03-01  符合" in text

    @pytest.mark.parametrize(
        ("name", "sentence"), [("chengguan@1999-01-01", "no pack “chengguan@1999-01-01”"), ("hebei", "as well")]
    )
    def test_an_edition_that_is_not_there_is_refused(
        self, name: str, sentence: str, folder: Path, capsys: Output
    ) -> None:
        case = written_case(folder.parent, "2026-02-02")
        assert main(["assess", str(case), "--packs", str(folder), "--edition", name]) == 2
        assert sentence in capsys.readouterr().err


def written_case(place: Path, registered: str) -> Path:
    """A case registered on a day, whose recording was stored 48 hours after it ended."""
    day = int(registered[-2:])
    file = place / f"{registered}.case"
    file.write_text(
        f"""packs: [chengguan]
at: {registered[:8]}20T00:00:00+08:00
events:
  - {{at: {registered}T08:00:00+08:00, type: case.registered, register_number: 源1, kind: 行政处罚, matter: 试, source: {{start: 依职权, manner: 巡查, summary: 巡查}}, party: {{name: 某, kind: 法人}}}}
  - {{at: {registered[:8]}{day + 2:02}T09:00:00+08:00, type: recording.stored, recording: r1, file: a.mp4, ended_at: {registered}T09:00:00+08:00}}
""",  # noqa: E501
        encoding="utf-8",
    )
    return file


class TestElsewhere:
    def test_liuhen_packs_is_obeyed_by_every_word(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
    ) -> None:
        monkeypatch.setenv("LIUHEN_PACKS", str(folder.parent))
        assert main(["packs", "list", "--json"]) == 0
        assert "chengguan" in [row["id"] for row in said(capsys)]
        assert main(["ask", "--pack", "chengguan", "--act", "现场检查", "--json"]) == 0
        assert {demand["pack"] for demand in said(capsys)} == {"chengguan"}

    @pytest.mark.parametrize("words", [["packs", "list"], ["ask", "--pack", "hebei", "--act", "询问"]])
    def test_a_folder_without_packs_is_refused(self, words: list[str], tmp_path: Path, capsys: Output) -> None:
        assert main([*words, "--packs", str(tmp_path)]) == 2
        assert "holds no pack" in capsys.readouterr().err

    def test_a_user_can_end_a_shipped_edition_by_a_copy_of_it(self, tmp_path: Path, capsys: Output) -> None:
        shutil.copytree(shipped_folder() / "pengyang", tmp_path / "pengyang")
        change(tmp_path / "pengyang/pack.yaml", "in_force_from", "in_force_until: 2026-07-01\nin_force_from")
        assert main(["packs", "list", "--packs", str(tmp_path), "--json"]) == 0
        (row,) = [row for row in said(capsys) if row["id"] == "pengyang"]
        assert row["in_force_until"] == "2026-07-01"


class TestAskTogether:
    def test_the_stricter_of_two_packs_is_asked_for_with_the_reason(self, capsys: Output) -> None:
        words = ["ask", "--pack", "hebei", "--pack", "zhuhui", "--act", "现场检查", "--on", "2026-03-02"]
        assert main(words) == 0
        text = capsys.readouterr().out
        assert "比 zhuhui/31.1 更严：24 小时短于 2 工作日" in text
        assert text.startswith("带上\n")
        assert main([*words, "--json"]) == 0
        by_clause = {demand["clause"]: demand for demand in said(capsys)}
        (yielded,) = by_clause["zhuhui/31.1"]["yields_to"]
        assert (yielded["clause"], yielded["why"]) == ("hebei/24.1", "24 小时短于 2 工作日")
        assert by_clause["hebei/24.1"]["stricter_than"][0]["clause"] == "zhuhui/31.1"

    def test_one_inspection_reads_differently_under_two_packs(self, capsys: Output) -> None:
        read = {}
        for pack in ("zhuhui", "pengyang"):
            assert main(["ask", "--pack", pack, "--act", "现场检查"]) == 0
            read[pack] = capsys.readouterr().out.partition("——")[0]
        assert "执法证件" in read["zhuhui"] and "执法证件" not in read["pengyang"]
        assert "报告机构负责人" in read["pengyang"] and "报告机构负责人" not in read["zhuhui"]

    def test_a_day_that_is_none_is_misuse(self, capsys: Output) -> None:
        assert main(["ask", "--pack", "hebei", "--act", "询问", "--on", "今天"]) == 2
        assert "is not a day" in capsys.readouterr().err
