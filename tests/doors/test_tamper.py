"""The tamper suite as a whole: every lie is met as its row says, and docs/tamper.md is what a fresh run writes."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from liuhen.core.bag.findings import SENTENCES
from liuhen.core.verifier.report import CODES
from liuhen.doors.tamper.attack import OPERATIONS, Attacker
from liuhen.doors.tamper.run import all_attacks
from liuhen.doors.tamper.table import NOT_APPLICABLE, why_not

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "tamper.md"
FORMAT = ROOT / "docs" / "formats" / "package.md"
# Codes that no lie can show, each with the test that shows it.
SHOWN_ELSEWHERE = {
    "PKG-005": "tests/core/verifier/test_verify.py",
    "TRUST-001": "tests/core/verifier/test_verify.py",
    "SIGN-010": "tests/flows/test_adopt_seal.py",
} | {f"DOC-00{number}": "tests/doors/tamper/test_presented.py" for number in range(1, 5)}


@pytest.mark.slow
def test_every_lie_is_met_as_told_and_the_table_is_fresh(tmp_path: Path) -> None:
    fresh = tmp_path / "tamper.md"
    command = [sys.executable, "-m", "liuhen.doors.cli.main", "tamper", "--out", str(fresh), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    told = json.loads(done.stdout)
    assert [row["name"] for row in told["rows"] if not row["as_expected"]] == []
    assert done.returncode == 0
    assert all(row["twin_passes"] for row in told["rows"])
    assert fresh.read_text(encoding="utf-8") == TABLE.read_text(encoding="utf-8"), (
        "docs/tamper.md is not what the suite finds now; read the difference, then run: liuhen tamper --out docs/tamper.md"
    )


def test_every_attack_has_a_name_of_its_own_and_a_known_operation() -> None:
    attacks = all_attacks()
    assert len({attack.name for attack in attacks}) == len(attacks)
    assert {attack.operation for attack in attacks} <= set(OPERATIONS)
    assert {attack.attacker for attack in attacks} == set(Attacker)


def test_every_operation_on_every_artefact_is_tried_or_excused() -> None:
    attacks = all_attacks()
    tried = {(attack.artefact, attack.operation) for attack in attacks}
    for artefact in {attack.artefact for attack in attacks}:
        for operation in OPERATIONS:
            assert ((artefact, operation) in tried) != bool(why_not(artefact, operation)), (artefact, operation)
    assert set(NOT_APPLICABLE) <= {attack.artefact for attack in attacks}


def test_what_is_not_found_says_who_finds_it() -> None:
    for attack in all_attacks():
        assert attack.expects or attack.remark, attack.name
        assert set(attack.expects) <= CODES.keys() | SENTENCES.keys() | {
            code for code in attack.expects if code.startswith("TLOG-")
        }


def test_every_code_is_shown_by_a_lie_or_a_test() -> None:
    """A code that nothing shows is either a check that does not work or a code that cannot occur."""
    shown = set(re.findall(r"\b[A-Z]+-\d{3}\b", TABLE.read_text(encoding="utf-8")))
    assert (CODES.keys() | SENTENCES.keys()) - shown == set(SHOWN_ELSEWHERE)
    for code, path in SHOWN_ELSEWHERE.items():
        assert f'"{code}"' in (ROOT / path).read_text(encoding="utf-8")


def test_the_format_document_explains_every_code() -> None:
    rows = dict(re.findall(r"^\| `([A-Z]+-\d{3})` \| (\w+) \|", FORMAT.read_text(encoding="utf-8"), re.MULTILINE))
    weights = {code: weight for code, (weight, _) in CODES.items()} | dict.fromkeys(SENTENCES, "failed")
    assert rows == weights
