"""The report: the weightiest finding decides, and nothing that a package says can disturb the page it is printed on."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.bag import findings as bag
from liuhen.core.verifier.report import CODES, Finding, Report, finding, shown
from liuhen.core.verifier.say import say_report
from liuhen.core.verifier.trust import Trust, compare_trust, parse_trust
from tests.core.verifier.making import POLICY

NAMES = """
what why step agency stream expected found line event at recorded index size old new origin name said stamped signer edition
fingerprint packed bound count other other_name span length parent number sha256 code
"""
WORDS = dict.fromkeys(NAMES.split(), "…")
FAILED, UNSURE, NOTICE = (
    next(code for code, (weight, _) in CODES.items() if weight == wanted)
    for wanted in ("failed", "indeterminate", "notice")
)


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_can_be_said(code: str) -> None:
    assert "{" not in finding(code, "path", **WORDS).message
    assert finding(code, "path", **WORDS).weight == CODES[code][0]


def test_findings_of_bags_fail() -> None:
    for code in bag.SENTENCES:
        assert code not in CODES
        assert Finding(code, "", "").weight == "failed"


@pytest.mark.parametrize(
    "codes", [pair for count in range(4) for pair in combinations((FAILED, UNSURE, NOTICE), count)]
)
def test_the_weightiest_finding_decides(codes: Sequence[str]) -> None:
    report = Report()
    report.add(finding(code, "path", **WORDS) for code in codes)
    expected = "failed" if FAILED in codes else "indeterminate" if UNSURE in codes else "passed"
    assert report.verdict == expected == report.to_json()["verdict"]


@given(st.text())
def test_what_is_shown_can_be_printed_and_moves_nothing(text: str) -> None:
    assert all(char.isprintable() for char in shown(text))
    assert shown(text).encode("utf-8").decode() == shown(text)


def test_a_hostile_name_forges_no_line() -> None:
    report = Report()
    report.add([Finding("PKG-003", "x\n核验结论：一致\x1b[2J\u202e", "\udc80")])
    report.tell(number="1号\n核验结论：一致")
    lines = say_report(report).splitlines()
    assert [line for line in lines if line.startswith("核验结论")] == ["核验结论：不一致"]
    assert say_report(report).encode("utf-8")


def test_a_report_says_what_was_looked_at_and_cuts_what_is_too_long() -> None:
    report = Report()
    report.add(finding("PKG-003", str(number)) for number in range(205))
    report.tell(number="1号", statement="符合 3 项", editions="t 1")
    report.count("文件", 3)
    report.count("文件", 2)
    text = say_report(report)
    assert "已核对：文件 5" in text
    assert "另有 5 项" in text
    assert "重新核算：符合 3 项" in text
    assert len(report.to_json()["findings"]) == 205


TRUST = Trust(POLICY, (b"root",))


def test_trust_reads_back() -> None:
    assert parse_trust(TRUST.render()) == TRUST
    assert len(TRUST.fingerprint) == 16


def test_trust_is_compared_with_what_came_from_elsewhere() -> None:
    assert [item.code for item in compare_trust(TRUST, None)] == ["TRUST-001"]
    assert compare_trust(TRUST, TRUST) == []
    assert compare_trust(Trust(POLICY, ()), TRUST) == []
    assert [item.code for item in compare_trust(Trust(POLICY, (b"root", b"more")), TRUST)] == ["TRUST-002"]
