"""Stretches of speech from likelihoods, and the true model where the extra is installed."""

import random
from array import array
from decimal import Decimal

import pytest

from liuhen.adapters.speech.silero import RATE, find_model, speech_in, stretches

WINDOW = 512 / RATE


def said(*parts: tuple[float, float]) -> list[float]:
    """Give likelihoods: so many seconds of each."""
    return [likelihood for seconds, likelihood in parts for _ in range(round(seconds / WINDOW))]


def test_speech_begins_and_ends() -> None:
    assert stretches(said((3.2, 0.1), (4.8, 0.9), (3.2, 0.1))) == ((Decimal("3.2"), Decimal("8.0")),)
    assert stretches(said((1.6, 0.1), (1.6, 0.9))) == ((Decimal("1.6"), Decimal("3.2")),)


def test_a_breath_does_not_end_it_and_a_cough_does_not_begin_it() -> None:
    assert stretches(said((1.6, 0.9), (0.32, 0.1), (1.6, 0.9), (2, 0))) == ((Decimal(0), Decimal("3.5")),)
    assert len(stretches(said((1.6, 0.9), (1.0, 0.1), (1.6, 0.9)))) == 2
    assert stretches(said((1, 0.0), (0.2, 0.9), (1, 0.0))) == ()


def test_doubt_keeps_speech_but_does_not_start_it() -> None:
    assert stretches(said((3, 0.45))) == ()
    assert stretches(said((1.6, 0.9), (1.6, 0.4), (1, 0))) == ((Decimal(0), Decimal("3.2")),)
    assert stretches([]) == ()


@pytest.mark.skipif(find_model() is None, reason="the extra “speech” is not installed")
def test_the_model_hears_no_speech_in_silence_and_hiss() -> None:
    model, dice = find_model(), random.Random(3)
    assert model is not None
    hiss = array("h", (int(dice.gauss(0, 500)) for _ in range(3 * RATE))).tobytes()
    assert speech_in([bytes(2 * RATE), hiss], model) == ()
