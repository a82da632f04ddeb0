"""Checkpoints and cosignatures, with a real one that a public log and four witnesses signed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from liuhen.core.tlog.cosignature import check_cosignatures, cosign, cosigned_message, subtree_message
from liuhen.core.tlog.keys import KeyKind, parse_verifier_key
from liuhen.core.tlog.merkle import EMPTY_ROOT
from liuhen.core.tlog.note import Signer, parse_note
from liuhen.core.tlog.refusals import Code, Malformed, Unproven
from tests.core.tlog.signers import LOG_KEY, LOG_SEED, WITNESS_KEY, WITNESS_SEED, new_signer, signer_of

VECTORS = Path(__file__).parents[2] / "vectors"
PUBLIC = (VECTORS / "public-checkpoint").read_text("utf-8")
PUBLIC_LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
PUBLIC_WITNESSES = [
    "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
]
ROOT_15 = "rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs="
TEXT_15 = f"example.com/log/testdata\n15\n{ROOT_15}\n"
SIGNED_15 = (
    f"{TEXT_15}\n— example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/"
    "fmwlM/dlPWF74ewI=\n"
)
COSIGNATURE_15 = (
    "— Wit1 mz+y1QAAAABlU/EAYEDMPd8Ge7XzsHcNU+F3AzavfsuzhRT3gC4BORiySViMAWQq5znn5g+ruu+iDztzMS3EeF6xr4ug+O66ORoSAw==\n"
)
LOG = [parse_verifier_key(LOG_KEY)]
WITNESS = [parse_verifier_key(WITNESS_KEY)]


def test_the_public_checkpoint_opens_with_all_its_witnesses() -> None:
    witnesses = [parse_verifier_key(text) for text in PUBLIC_WITNESSES]
    opened = open_checkpoint(PUBLIC.encode(), [parse_verifier_key(PUBLIC_LOG)], witnesses)
    assert opened.checkpoint.size == 1432088532
    assert [item.key.name for item in opened.log_signatures] == ["arche2025h1.staging.ct.transparency.dev"]
    assert [item.key for item in opened.cosignatures] == witnesses
    assert {item.timestamp for item in opened.cosignatures} == {1779573024}
    assert opened.cosignatures[0].signed_at == datetime(2026, 5, 24, 5, 50, 24, tzinfo=SHANGHAI)
    assert opened.note.render() == PUBLIC.encode()


def test_a_changed_public_checkpoint_does_not_open() -> None:
    keys = [parse_verifier_key(PUBLIC_LOG)]
    with pytest.raises(Unproven) as caught:
        open_checkpoint(PUBLIC.replace("1432088532", "1432088533").encode(), keys)
    assert caught.value.code == Code.SIGNATURE_BAD
    later = PUBLIC.replace("pIyCDwAAAABqEiEg", "pIyCDwAAAABqEiEh")
    assert open_checkpoint(later.encode(), keys).cosignatures == ()
    with pytest.raises(Unproven):
        open_checkpoint(later.encode(), keys, [parse_verifier_key(text) for text in PUBLIC_WITNESSES])


def test_the_published_cosignature_is_made_and_checked() -> None:
    witness = signer_of(WITNESS_SEED, KeyKind.COSIGNATURE)
    assert witness.key.render() == WITNESS_KEY
    note = parse_note(SIGNED_15.encode())
    line = cosign(note, witness, datetime.fromtimestamp(1700000000, UTC))
    assert line.render() == COSIGNATURE_15
    opened = open_checkpoint(note.with_signatures([line]).render(), LOG, WITNESS)
    assert [item.timestamp for item in opened.cosignatures] == [1700000000]
    assert check_cosignatures(TEXT_15, COSIGNATURE_15, WITNESS) == opened.cosignatures


def test_loose_cosignatures_are_checked() -> None:
    with pytest.raises(Unproven) as caught:
        check_cosignatures(TEXT_15.replace("15", "16"), COSIGNATURE_15, WITNESS)
    assert caught.value.code == Code.SIGNATURE_BAD
    with pytest.raises(Unproven) as caught:
        check_cosignatures(TEXT_15, COSIGNATURE_15, [new_signer("Wit2", 5, KeyKind.COSIGNATURE).key])
    assert caught.value.code == Code.SIGNATURE_MISSING
    for lines in ("", COSIGNATURE_15[:-1], "nonsense\n"):
        with pytest.raises(Malformed):
            check_cosignatures(TEXT_15, lines, WITNESS)


def test_the_messages_that_are_cosigned() -> None:
    assert cosigned_message("o\n1\nr\n", 1700000000) == b"cosignature/v1\ntime 1700000000\no\n1\nr\n"
    sm2 = cosigned_message("o\n1\nr\n", 0, KeyKind.SM2_COSIGNATURE)
    assert sm2 == b"cosignature-sm2/v1\ntime 0\no\n1\nr\n"
    for kind, time in ((KeyKind.ED25519, 1), (KeyKind.COSIGNATURE, -1), (KeyKind.COSIGNATURE, 2**63)):
        with pytest.raises(Malformed):
            cosigned_message("o\n1\nr\n", time, kind)


def test_the_subtree_message_has_the_published_layout() -> None:
    message = subtree_message("n" * 18, 0, "o" * 24, 8, 13, EMPTY_ROOT)
    assert len(message) == 112
    assert message == b"subtree/v1\n\0\x12" + b"n" * 18 + bytes(8) + b"\x18" + b"o" * 24 + bytes(7) + b"\x08" + (
        bytes(7) + b"\x0d" + EMPTY_ROOT
    )
    for case in (("n" * 256, 0, "o", 0, 1), ("n", 5, "o", 1, 2), ("n", 0, "o", 3, 2)):
        with pytest.raises(Malformed):
            subtree_message(*case, EMPTY_ROOT)


def test_a_log_key_does_not_cosign_and_a_witness_key_does_not_sign() -> None:
    with pytest.raises(Malformed):
        cosign(parse_note(SIGNED_15.encode()), signer_of(WITNESS_SEED), datetime(2026, 1, 1, tzinfo=UTC))
    checkpoint = parse_checkpoint(TEXT_15)
    for signer in (new_signer("another origin", 3), Signer(WITNESS[0], lambda message: bytes(64))):
        with pytest.raises(Malformed):
            sign_checkpoint(checkpoint, [signer])
    same_key_as_witness = parse_verifier_key(LOG_KEY)
    with pytest.raises(Unproven) as caught:
        open_checkpoint(SIGNED_15.encode(), WITNESS, [same_key_as_witness])
    assert caught.value.code == Code.ORIGIN_UNKNOWN


def test_a_checkpoint_that_only_a_witness_signed_does_not_open() -> None:
    note = f"{TEXT_15}\n{COSIGNATURE_15}".encode()
    with pytest.raises(Unproven) as caught:
        open_checkpoint(note, LOG, WITNESS)
    assert caught.value.code == Code.SIGNATURE_MISSING


def test_the_published_checkpoint_is_signed_the_same() -> None:
    assert sign_checkpoint(parse_checkpoint(TEXT_15), [signer_of(LOG_SEED)]).render() == SIGNED_15.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n15\n",
        f"\n15\n{ROOT_15}\n",
        f"o\n015\n{ROOT_15}\n",
        f"o\n+15\n{ROOT_15}\n",
        f"o\n-1\n{ROOT_15}\n",
        f"o\n１５\n{ROOT_15}\n",
        f"o\n\n{ROOT_15}\n",
        f"o\n{2**63}\n{ROOT_15}\n",
        f"o\n15\n{ROOT_15}",
        f"o\n15\n{ROOT_15}\n\n",
        f"o\n15\n{ROOT_15}\n\nx\n",
        f"o\n15\n{ROOT_15[:-1]}\n",
        f"o\n15\n{ROOT_15.replace('cs=', 'ct=')}\n",
        "o\n15\nAAAA\n",
        f"o\n15\n{ROOT_15} \n",
        f"{'o' * 256}\n15\n{ROOT_15}\n",
    ],
)
def test_misshapen_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_checkpoint(text)
    assert caught.value.code == Code.CHECKPOINT_FORM


line = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(line, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(line, max_size=3))
def test_checkpoints_read_back(origin: str, size: int, root: bytes, extensions: list[str]) -> None:
    checkpoint = Checkpoint(origin, size, root, tuple(extensions))
    assert parse_checkpoint(checkpoint.render()) == checkpoint


def test_a_checkpoint_of_several_lines_in_one_is_not_rendered() -> None:
    for origin, extensions in (("two\nlines", ()), ("o", ("",)), ("o", ("a\nb",)), ("", ())):
        with pytest.raises(Malformed):
            Checkpoint(origin, 1, EMPTY_ROOT, extensions).render()
