"""Chance as an attacker: single bits, cuts and splices anywhere. Nothing goes unnoticed, and nothing stops the verifier."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.core.verifier import layout
from liuhen.core.verifier.report import Report
from liuhen.core.verifier.verify import verify_package
from liuhen.doors.tamper.forgery import Forgery, InMemory
from liuhen.doors.tamper.insider import insider
from liuhen.doors.tamper.rebuild import relist, reseal, retag
from liuhen.doors.tamper.specimen import Specimen
from liuhen.flows.keep_log import FAST

pytestmark = pytest.mark.slow
QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def verified(files: dict[str, bytes]) -> Report:
    return verify_package(InMemory(files), primitives=FAST)


def flipped(data: bytes, bit: int) -> bytes:
    place, number = divmod(bit % (8 * len(data)), 8)
    return data[:place] + bytes([data[place] ^ 1 << number]) + data[place + 1 :]


def test_the_specimen_passes(specimen: Specimen) -> None:
    report = verified(specimen.files)
    assert report.verdict == "passed"
    assert [item.code for item in report.findings] == ["TRUST-001"]


def test_a_single_bit_in_any_file_is_noticed(specimen: Specimen) -> None:
    """First, last, and one somewhere: of every file, the verifier and the guide included."""
    chance = random.Random(20260320)
    for name, data in specimen.files.items():
        for bit in (5, 8 * len(data) - 3, chance.randrange(8 * len(data))):
            report = verified(specimen.files | {name: flipped(data, bit)})
            assert report.verdict == "failed", (name, bit)


def test_the_other_case_of_a_letter_in_a_list_is_noticed(specimen: Specimen) -> None:
    """Hexadecimal digits read the same in either case; the one spelling is all that protects the tag manifests."""
    for name in (*layout.MANIFESTS, *layout.TAG_MANIFESTS):
        place = next(at for at, octet in enumerate(specimen.files[name]) if octet in b"abcdef")
        assert verified(specimen.files | {name: flipped(specimen.files[name], 8 * place + 5)}).verdict == "failed"


@QUIET
@given(data=st.data())
def test_a_bit_anywhere_is_noticed_though_the_lists_are_made_to_fit(specimen: Specimen, data: st.DataObject) -> None:
    """A forger without keys: only the two kinds of list are written anew, so they are no aim."""
    aims = sorted(set(specimen.files) - set(layout.MANIFESTS) - set(layout.TAG_MANIFESTS))
    name = data.draw(st.sampled_from(aims))
    bit = data.draw(st.integers(0, 8 * len(specimen.files[name]) - 1))
    forgery = _forgery(specimen)
    forgery.files[name] = flipped(forgery.files[name], bit)
    relist(forgery)
    retag(forgery)
    if forgery.files[name] == specimen.files[name]:
        return  # the total in bag-info was put right again
    assert verified(forgery.files).verdict == "failed", (name, bit)


@QUIET
@given(data=st.data())
def test_no_splice_stops_the_verifier_though_an_insider_seals_it(specimen: Specimen, data: st.DataObject) -> None:
    """Whatever is written into whatever file and sealed anew: a report comes out, and the seal is good."""
    texts = sorted(name for name in specimen.files if name.startswith("data/") and not name.endswith(".mp4"))
    name = data.draw(st.sampled_from(texts))
    whole = specimen.files[name]
    start = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), start + data.draw(st.integers(0, 40)))
    piece = data.draw(
        st.one_of(st.binary(max_size=20), st.sampled_from([b"[" * 5000, b"9" * 5000, b'"', b"\n", b"1e9"]))
    )
    forgery = _forgery(specimen)
    forgery.files[name] = whole[:start] + piece + whole[end:]
    relist(forgery)
    reseal(forgery)
    retag(forgery)
    report = verified(forgery.files)
    assert "SEAL-002" not in {item.code for item in report.findings} or name == layout.TRUST


def _forgery(specimen: Specimen) -> Forgery:
    return Forgery(specimen, insider(specimen.origin), dict(specimen.files), specimen.packed_at, specimen.case)
