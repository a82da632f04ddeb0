"""Signatures verify by published vectors and by other programs, and by nothing else."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from liuhen.adapters.keys.folder import KeyFolder
from liuhen.adapters.signing import sm2
from liuhen.adapters.signing.ed25519 import Ed25519Signer, verify_ed25519
from liuhen.adapters.signing.sm2 import Sm2Signer, sign_detached, verify_sm2
from liuhen.core.crypto import sm2 as pure_sm2
from liuhen.core.crypto.detached import parse_detached
from liuhen.core.kernel.errors import BadInput

# GM/T 0003.5-2012 (GB/T 32918.5) example: user id 1234567812345678, message "message digest".
SM2_PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
SM2_PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM2_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
# RFC 8032 section 7.1, test 3.
ED_SEED = bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")
ED_PUBLIC = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
ED_SIGNATURE = bytes.fromhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def test_ed25519_signs_the_published_vector() -> None:
    signer = Ed25519Signer(ED_SEED)
    assert signer.public == ED_PUBLIC
    assert signer(b"\xaf\x82") == ED_SIGNATURE
    assert verify_ed25519(ED_PUBLIC, b"\xaf\x82", ED_SIGNATURE)
    assert not verify_ed25519(ED_PUBLIC, b"\xaf\x83", ED_SIGNATURE)
    assert not verify_ed25519(ED_PUBLIC, b"\xaf\x82", ED_SIGNATURE[:-1])
    assert not verify_ed25519(b"short", b"\xaf\x82", ED_SIGNATURE)
    assert ED_SEED.hex() not in repr(signer)


def test_sm2_verifies_the_published_vector() -> None:
    assert verify_sm2(SM2_PUBLIC, b"message digest", SM2_SIGNATURE)


@pytest.mark.parametrize(
    ("public", "message", "signature"),
    [
        (SM2_PUBLIC, b"message digest.", SM2_SIGNATURE),
        (SM2_PUBLIC, b"message digest", SM2_SIGNATURE[:-1] + b"\x00"),
        (SM2_PUBLIC, b"message digest", SM2_SIGNATURE[:-1]),
        (SM2_PUBLIC, b"message digest", bytes(64)),
        (SM2_PUBLIC, b"message digest", b"\xff" * 64),
        (SM2_PUBLIC[1:], b"message digest", SM2_SIGNATURE),
        (b"\x04" + bytes(64), b"message digest", SM2_SIGNATURE),
        (b"\x04" + b"\x11" * 64, b"message digest", SM2_SIGNATURE),
    ],
)
def test_sm2_verifies_nothing_else(public: bytes, message: bytes, signature: bytes) -> None:
    assert not verify_sm2(public, message, signature)


def test_sm2_signatures_are_64_bytes_whatever_the_numbers() -> None:
    signer = Sm2Signer(SM2_PRIVATE, SM2_PUBLIC)
    assert {len(signer(b"%d" % n)) for n in range(20)} == {64}
    # About one signature in 128 has a number that begins with a zero byte, which DER leaves out.
    for short in (bytes(1), bytes(3)):
        raw = short + b"\x90" * (32 - len(short)) + short + b"\x11" * (32 - len(short))
        assert sm2._raw(sm2._der(raw)) == raw


def test_a_signature_that_does_not_verify_never_leaves() -> None:
    other = b"\x04" + KeyPairs.other_public
    with pytest.raises(sm2.SignatureFault):
        Sm2Signer(SM2_PRIVATE, other)(b"message")


class KeyPairs:
    """A valid point that is not the public key of SM2_PRIVATE. Source: C2SP-style vector of the house facts."""

    other_public = bytes.fromhex(
        "cbd41138709adafeed12b2e90078dc21bbb511a8b8f1fd9f4861d6067e167875"
        "38ce8b087b85e2ef8961dd5d75ba7765bd52801da139d6de235f8ee328ed8477"
    )


def test_a_detached_signature_holds_for_its_content_and_key_only() -> None:
    document = sign_detached(Sm2Signer(SM2_PRIVATE, SM2_PUBLIC), b"manifest")
    signed = parse_detached(document)
    assert (signed.public_key, signed.render()) == (SM2_PUBLIC, document)
    for verify in (verify_sm2, pure_sm2.verify):
        assert signed.fault(b"manifest", verify) == ""
        assert "别的内容" in signed.fault(b"manifest.", verify)
        other = replace(signed, public_key=b"\x04" + KeyPairs.other_public)
        assert "密钥不符" in other.fault(b"manifest", verify)
        torn = replace(signed, signature=signed.signature[:-1] + bytes([signed.signature[-1] ^ 1]))
        assert "密钥不符" in torn.fault(b"manifest", verify)


def test_openssl_says_the_same_of_a_detached_signature(tmp_path: Path) -> None:
    """An independent validator, from the file alone: the key in PEM, the signature in DER, the standard user id."""
    content = "盖章后的全文".encode()
    signed = parse_detached(sign_detached(Sm2Signer(SM2_PRIVATE, SM2_PUBLIC), content))
    point = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + signed.public_key
    (tmp_path / "key.der").write_bytes(point)
    halves = (int.from_bytes(signed.signature[:32], "big"), int.from_bytes(signed.signature[32:], "big"))
    (tmp_path / "signature.der").write_bytes(encode_dss_signature(*halves))
    (tmp_path / "content").write_bytes(content)

    def openssl() -> subprocess.CompletedProcess[str]:
        words = ["openssl", "dgst", "-sm3", "-verify", "key.der", "-keyform", "DER", "-signature", "signature.der"]
        words += ["-sigopt", "distid:1234567812345678", "content"]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert "Verified OK" in openssl().stdout
    (tmp_path / "content").write_bytes(content + b".")
    assert "Verified OK" not in openssl().stdout


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b'{"format":"x"}', b"\xff"])
def test_another_format_is_refused(junk: bytes) -> None:
    with pytest.raises(BadInput):
        parse_detached(junk)


def test_a_detached_signature_has_one_spelling() -> None:
    document = sign_detached(Sm2Signer(SM2_PRIVATE, SM2_PUBLIC), b"manifest")
    upper = document.replace(SM2_PUBLIC.hex().encode(), SM2_PUBLIC.hex().upper().encode())
    for other in (
        upper,
        document.replace(b"SM2-with-SM3", b"SM2-with-SM4"),
        document.replace(b'"signature":"', b'"signature":"x'),
    ):
        assert other != document
        with pytest.raises(BadInput):
            parse_detached(other)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(BadInput):
        Sm2Signer(bytes(length), SM2_PUBLIC)
    with pytest.raises(BadInput):
        Ed25519Signer(bytes(length))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_our_sm2_signature(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    pair = keys.new_sm2("seal")
    (tmp_path / "message").write_bytes(b"manifest")
    signature = Sm2Signer(pair.private, pair.public)(b"manifest")
    (tmp_path / "signature").write_bytes(sm2._der(signature))
    command = ["openssl", "pkeyutl", "-verify", "-inkey", "keys/seal.pem", "-rawin", "-in", "message", "-sigfile"]
    command += ["signature", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert b"Signature Verified Successfully" in done.stdout


def test_ed25519_signatures_verify_elsewhere() -> None:
    signer = Ed25519Signer(ED_SEED)
    Ed25519PrivateKey.from_private_bytes(ED_SEED).public_key().verify(signer(b"note"), b"note")
