"""Signed notes and keys, with the published ones, and every form that must be refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.tlog.keys import KeyKind, VerifierKey, parse_signing_seed, parse_verifier_key
from liuhen.core.tlog.note import Note, NoteSignature, Signer, open_note, parse_note, sign_note
from liuhen.core.tlog.refusals import Code, LogRefusal, Malformed, Unproven
from tests.core.tlog.signers import new_signer, signer_of

FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
PETER_SEED = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
BOTH = f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}".encode()


def code_of(data: str | bytes, *keys: str) -> Code:
    with pytest.raises(LogRefusal) as caught:
        open_note(data.encode() if isinstance(data, str) else data, [parse_verifier_key(key) for key in keys])
    return caught.value.code


def test_published_notes_open() -> None:
    assert [item.key.name for item in open_note(FOO_NOTE.encode(), [parse_verifier_key(FOO)]).good] == [
        "example.com/foo"
    ]
    opened = open_note(BOTH, [parse_verifier_key(PETER), parse_verifier_key(ENOCH)])
    assert [item.key.name for item in opened.good] == ["PeterNeumann", "EnochRoot"]
    assert opened.note.text == TEXT and opened.note.render() == BOTH
    assert opened.good[0].timestamp is None and opened.good[0].signed_at is None


def test_published_keys_sign_the_published_lines() -> None:
    signed = sign_note(TEXT, [signer_of(PETER_SEED)])
    assert signed.render().decode() == f"{TEXT}\n{PETER_LINE}"
    assert parse_signing_seed(PETER_SEED).render() == PETER_SEED
    with pytest.raises(Malformed) as caught:
        parse_signing_seed(PETER_SEED).verifier(parse_verifier_key(ENOCH).public_key)
    assert caught.value.code == Code.KEY_ID


@pytest.mark.parametrize("text", [FOO, PETER, ENOCH])
def test_published_keys_read_back(text: str) -> None:
    assert parse_verifier_key(text).render() == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", Code.KEY_FORM),
        ("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", Code.KEY_FORM),
        ("example.com/foo+00000000+++++++++++++++++++++++++++++++++++++++++++++", Code.KEY_ID),
        (PETER.replace("c74f20a3", "c74f20a4"), Code.KEY_ID),
        (PETER.replace("c74f20a3", "C74F20A3"), Code.KEY_FORM),
        (PETER.replace("PeterNeumann", "Peter Neumann"), Code.KEY_FORM),
        (PETER.replace("PeterNeumann", ""), Code.KEY_FORM),
        (PETER[:-1], Code.KEY_FORM),
        (PETER + "\n", Code.KEY_FORM),
        ("PeterNeumann+c74f20a3", Code.KEY_FORM),
        ("", Code.KEY_FORM),
    ],
)
def test_bad_keys_are_refused(text: str, code: Code) -> None:
    with pytest.raises(Malformed) as caught:
        parse_verifier_key(text)
    assert caught.value.code == code


def test_a_bad_signing_key_is_refused_and_not_shown() -> None:
    for text in (PETER, PETER_SEED[:-4], PETER_SEED.replace("+AYE", "+BYE")):
        with pytest.raises(Malformed) as caught:
            parse_signing_seed(text)
        assert text[-20:] not in str(caught.value)


def test_unknown_keys_are_ignored_even_with_a_known_name_or_id() -> None:
    peter = parse_verifier_key(PETER)
    same_name = new_signer("PeterNeumann", 7).sign_text(TEXT)
    same_id = NoteSignature("SomebodyElse", peter.key_id, bytes(64))
    note = parse_note(BOTH).with_signatures([same_name, same_id])
    assert [item.key for item in open_note(note, [peter]).good] == [peter]
    assert code_of(note.render(), FOO) == Code.SIGNATURE_MISSING
    assert code_of(BOTH) == Code.SIGNATURE_MISSING


def test_a_known_key_with_a_bad_signature_refuses_the_note() -> None:
    assert code_of(BOTH.replace(b"answer", b"answer!"), PETER, ENOCH) == Code.SIGNATURE_BAD
    bad = NoteSignature("EnochRoot", parse_verifier_key(ENOCH).key_id, bytes(64))
    assert code_of(parse_note(BOTH).with_signatures([bad]).render(), PETER, ENOCH) == Code.SIGNATURE_BAD
    assert open_note(parse_note(BOTH).with_signatures([bad]), [parse_verifier_key(PETER)]).good
    short = NoteSignature("EnochRoot", parse_verifier_key(ENOCH).key_id, b"x")
    assert code_of(Note(TEXT, (short,)).render(), ENOCH) == Code.SIGNATURE_BAD


@pytest.mark.parametrize(
    "data",
    [
        "",
        "\n",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{PETER_LINE}",
        f"{TEXT}\n{PETER_LINE[:-1]}",
        f"{TEXT}\n{PETER_LINE}\n",
        f"{TEXT}\n{PETER_LINE.replace('— ', '- ')}",
        f"{TEXT}\n{PETER_LINE.replace('— ', '—  ')}",
        f"{TEXT}\n{PETER_LINE.replace('PeterNeumann', 'Peter+Neumann')}",
        f"{TEXT}\n{PETER_LINE}".replace("Neumann ", "\u3000Neumann "),
        f"{TEXT}\n{PETER_LINE.replace('nAM=', 'nAN=')}",
        f"{TEXT}\n{PETER_LINE.replace('nAM=', 'nAM')}",
        f"{TEXT}\n{PETER_LINE.replace('/', '_')}",
        f"{TEXT}\n— PeterNeumann x08gow==\n",
        f"{TEXT}\t\n\n{PETER_LINE}",
        f"{TEXT}\r\n\n{PETER_LINE}",
        TEXT.encode() + b"\xff\n\n" + PETER_LINE.encode(),
        f"{TEXT}\n{PETER_LINE}" + ENOCH_LINE * 100,
        "x" * 1_000_000 + f"\n\n{PETER_LINE}",
    ],
)
def test_misshapen_notes_are_refused(data: str | bytes) -> None:
    assert code_of(data, PETER) == Code.NOTE_FORM


def test_the_last_empty_line_divides_text_from_signatures() -> None:
    signed = sign_note("one\n\n— two\u2028\u0085three\n", [new_signer("log", 1)])
    assert parse_note(signed.render()) == signed
    assert open_note(signed.render(), [new_signer("log", 1).key]).note.text == "one\n\n— two\u2028\u0085three\n"


def test_sixteen_and_more_signatures_are_read() -> None:
    signers = [new_signer(f"signer{number}", number + 1) for number in range(40)]
    opened = open_note(sign_note("x\n", signers).render(), [signer.key for signer in signers])
    assert len(opened.good) == 40


def test_a_text_that_is_no_note_is_not_signed() -> None:
    for text in ("no newline", "control\x07\n", ""):
        with pytest.raises(Malformed):
            sign_note(text, [new_signer("log", 1)])
    with pytest.raises(Malformed):
        sign_note("x\n", [])
    with pytest.raises(Malformed):
        Signer(new_signer("log", 1).key, lambda message: b"short").sign_text("x\n")


SM2_KEY = bytes.fromhex(
    "04cbd41138709adafeed12b2e90078dc21bbb511a8b8f1fd9f4861d6067e16787538ce8b087b85e2ef8961dd5d75ba7765bd52801da139d6de23"
    "5f8ee328ed8477"
)
SM2_SIGNATURE = bytes.fromhex(
    "c116b6a049d0dbf1dc6f771c53691c0cf5707dda96fc7a1d4f2fe0d3a1a0835d42c0976e0398d2c5efdcd38b3122ed37c5a5880874a4c5145d0a"
    "2d09ff0125c1"
)


def test_an_sm2_line_under_a_private_key_kind() -> None:
    key = VerifierKey("example.com/agency", KeyKind.SM2, SM2_KEY)
    assert key.key_id.hex() == "b18c97a3"
    assert parse_verifier_key(key.render()) == key
    text = "example.com/log\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n"
    note = Note(text, (NoteSignature(key.name, key.key_id, SM2_SIGNATURE),))
    assert [item.key for item in open_note(note.render(), [key]).good] == [key]
    changed = Note(text.replace("15", "16"), note.signatures)
    with pytest.raises(Unproven):
        open_note(changed.render(), [key])


names = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Z"], blacklist_characters="+"), min_size=1, max_size=20
)
texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n"), max_size=80)


@given(
    texts,
    st.lists(
        st.tuples(names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=90)), min_size=1, max_size=5
    ),
)
def test_notes_read_back(text: str, lines: list[tuple[str, bytes, bytes]]) -> None:
    note = Note(f"{text}\n", tuple(NoteSignature(*line) for line in lines))
    assert parse_note(note.render()) == note


@given(names, st.sampled_from(list(KeyKind)), st.data())
def test_keys_read_back(name: str, kind: KeyKind, data: st.DataObject) -> None:
    key = VerifierKey(name, kind, data.draw(st.binary(min_size=kind.key_size, max_size=kind.key_size)))
    assert parse_verifier_key(key.render()) == key
