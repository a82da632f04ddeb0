"""The sweep that counts terms anew, killed with SIGKILL between and within cases: each change is told once, none is missing."""

import json
import random
import time

import pytest

from tests.crash.test_kill import SEED, Program, program

__all__ = ["program"]  # the fixture
CASES = 12


def _acknowledge(program: Program, count: int, known: set[str]) -> bool:
    """Read so many acknowledgements; False when the sweep came to its end before."""
    for _ in range(count):
        kind, value = program._line()
        if kind == "ended":
            return False
        assert kind == "recomputed", f"{kind} {value}"
        uid = value.split()[0]
        assert uid not in known, "a case that was done was done again"
        known.add(uid)
    return True


@pytest.mark.django_db
def test_a_killed_sweep_goes_on_where_it_stopped(program: Program) -> None:
    program.do(f"calendar {CASES}")
    chance = random.Random(SEED)
    acknowledged: set[str] = set()
    kills = 0
    while True:
        child = program.start("recompute")
        if not _acknowledge(program, chance.randint(1, 3), acknowledged):
            break  # it found nothing more to do
        time.sleep(chance.uniform(0, 0.03))  # somewhere within the next case
        program.kill(child)
        kills += 1
        # What it acknowledged before it died counts as well.
        while (line := program._line())[0] != "ended":
            acknowledged.add(line[1].split()[0])
        told = json.loads(program.do("judge-terms"))["told"]
        assert all(count == distinct for count, distinct in told.values()), "a change was told twice"
        assert acknowledged <= {uid for uid, (count, _) in told.items() if count}, "what was acknowledged is lost"
    assert kills >= CASES // 4
    program.do("recompute")
    judged = json.loads(program.do("judge-terms whole"))
    assert judged["findings"] == []
    counts = {tuple(pair) for pair in judged["told"].values()}
    assert len(judged["told"]) == CASES and len(counts) == 1
    ((count, distinct),) = counts
    assert count == distinct > 0
