"""`liuhen bench`: every benchmark runs and says its rows in the stable shape. How fast is nobody's business here."""

import json
from pathlib import Path
from typing import Any

import pytest

from liuhen.core.facts.fold import fold
from liuhen.doors.bench.assess import demonstration_events
from liuhen.doors.bench.row import Row
from liuhen.doors.bench.run import BENCHMARKS
from liuhen.doors.cli.main import main

KEYS = {"name", "value", "unit", "against", "ratio", "goal", "better"}
ROWS = {
    "ingest": {"ingest": 0.9, "ingest-memory": 200},
    "append": {"append": 25_000, "append-durability": None},
    "http": {"http": 1000, "http-single": None},
    "audit": {"audit": 150_000},
    "recordings": {
        "recordings-stream": 0.9,
        "recordings-many": 0.85,
        "recordings-files": None,
        "recordings-files-memory": 300,
        "recordings-large": None,
        "recordings-large-memory": 300,
        "recordings-understood": 5000,
        "recordings-seek": 50,
        "recordings-seek-p95": 50,
    },
    "documents": {"documents": 50, "documents-rate": 20, "documents-file": 10_000},
    "assess": {"assess": 500, "assess-large": 1000, "assess-growth": 2.5},
}


def bench(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["bench", *arguments, "--size", "small", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_benchmark_has_its_rows_and_goals() -> None:
    assert BENCHMARKS.keys() == ROWS.keys()


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow if name in ("http", "recordings") else ()) for name in sorted(ROWS)],
)
def test_a_benchmark_runs_and_leaves_nothing(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = bench(capsys, name, "--dir", str(tmp_path))
    assert {row["name"]: row["goal"] for row in rows} == ROWS[name]
    for row in rows:
        assert row.keys() >= KEYS
        assert row["value"] > 0 and row["better"] in ("higher", "lower")
        assert (row["ratio"] is None) == (row["against"] is None)
        if row["ratio"] is not None:
            assert row["compared_with"] and row["ratio"] > 0
    assert list(tmp_path.iterdir()) == []


def test_people_get_a_line_for_each_row(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bench", "assess", "--size", "small", "--dir", str(tmp_path)]) == 0
    assert "assess" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["bench", "nonsense"], ["bench", "assess", "--dir", "/nowhere/at/all"]])
def test_misuse_is_told_in_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(arguments)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    assert code == 2 and capsys.readouterr().err.count("\n") == 1


def test_a_goal_is_about_the_ratio_where_there_is_one() -> None:
    assert Row("a", 5, "x", against=10, ratio=0.5, goal=0.9).reached is False
    assert Row("a", 5, "x", goal=4).reached is True
    assert Row("a", 5, "x", goal=4, better="lower").reached is False
    assert Row("a", 5, "x").reached is None


def test_the_events_are_those_of_a_whole_case() -> None:
    facts = fold(demonstration_events())
    assert facts.case.archived is not None and facts.oddities == []
    assert len(facts.recordings) >= 5 and len(facts.case.documents) >= 10
