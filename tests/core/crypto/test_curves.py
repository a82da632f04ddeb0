"""ECDSA and SM2 against `cryptography`, gmssl-pyx and the openssl program."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from gmssl_pyx import sm2_key_generate, sm2_sign
from hypothesis import given, settings
from hypothesis import strategies as st

from liuhen.core.crypto import curves, ecdsa, sm2
from liuhen.core.crypto.schemes import digest

POINT = (serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
CASES = [
    (ec.SECP256R1(), curves.P256, hashes.SHA256(), "sha256"),
    (ec.SECP256R1(), curves.P256, hashes.SHA512(), "sha512"),
    (ec.SECP384R1(), curves.P384, hashes.SHA384(), "sha384"),
    (ec.SECP384R1(), curves.P384, hashes.SHA256(), "sha256"),
]
SM2_MESSAGE = b"example.com/log\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n"
SM2_KEY = bytes.fromhex(
    "04cbd41138709adafeed12b2e90078dc21bbb511a8b8f1fd9f4861d6067e16787"
    "538ce8b087b85e2ef8961dd5d75ba7765bd52801da139d6de235f8ee328ed8477"
)
SM2_RAW = bytes.fromhex(
    "c116b6a049d0dbf1dc6f771c53691c0cf5707dda96fc7a1d4f2fe0d3a1a0835d"
    "42c0976e0398d2c5efdcd38b3122ed37c5a5880874a4c5145d0a2d09ff0125c1"
)
SM2_DER = bytes.fromhex(
    "3045022100c116b6a049d0dbf1dc6f771c53691c0cf5707dda96fc7a1d4f2fe0d3a1a0835d"
    "022042c0976e0398d2c5efdcd38b3122ed37c5a5880874a4c5145d0a2d09ff0125c1"
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1].name}-{case[3]}")
def test_ecdsa_agrees_with_another_implementation(
    case: tuple[ec.EllipticCurve, curves.Curve, hashes.HashAlgorithm, str],
) -> None:
    theirs, curve, hashing, name = case
    for number in range(8):
        private = ec.generate_private_key(theirs)
        key, message = private.public_key().public_bytes(*POINT), bytes([number]) * number
        signature = private.sign(message, ec.ECDSA(hashing))
        r, s = decode_dss_signature(signature)
        hashed = digest(name, message)
        assert ecdsa.verify_digest(curve, key, hashed, signature)
        assert ecdsa.verify_digest(curve, key, hashed, encode_dss_signature(r, curve.n - s))  # both are ECDSA
        for bad in ((r + 1, s), (r, s + 1), (0, s), (r, 0), (r + curve.n, s), (curve.n, s), (s, r)):
            assert not ecdsa.verify_digest(curve, key, hashed, encode_dss_signature(*bad))
        assert not ecdsa.verify_digest(curve, key, digest(name, message + b"x"), signature)
        for garbage in (b"", signature[:-1], signature + b"\x00", r.to_bytes(48, "big") + s.to_bytes(48, "big")):
            assert not ecdsa.verify_digest(curve, key, hashed, garbage)


@pytest.mark.parametrize("curve", [curves.P256, curves.P384, curves.SM2], ids=lambda curve: curve.name)
def test_only_points_of_the_curve_are_keys(curve: curves.Curve) -> None:
    x, y = (number.to_bytes(curve.size, "big") for number in (curve.gx, curve.gy))
    assert curves.parse_point(curve, b"\x04" + x + y) == (curve.gx, curve.gy)
    other = (curve.gy ^ 1).to_bytes(curve.size, "big")
    large = curve.p.to_bytes(curve.size, "big")
    for bad in (
        b"",
        b"\x02" + x,
        b"\x04" + x + other,
        b"\x04" + x + y + b"\x00",
        b"\x04" + large + y,
        bytes(len(x + y) + 1),
    ):
        assert curves.parse_point(curve, bad) is None


@given(st.integers(1, 2**256), st.integers(1, 2**256))
@settings(max_examples=25, deadline=None)
def test_multiples_agree_with_another_implementation(one: int, two: int) -> None:
    order = curves.P256.n
    one, two = one % order, two % order or 1
    other = ec.derive_private_key(two, ec.SECP256R1()).public_key().public_numbers()
    expected = (one + two * two) % order
    result = curves.combine(curves.P256, one, two, (other.x, other.y))
    if expected:
        sum_key = ec.derive_private_key(expected, ec.SECP256R1()).public_key().public_numbers()
        assert result == (sum_key.x, sum_key.y)
    else:
        assert result is None


def test_sums_that_meet_or_vanish() -> None:
    base = (curves.P256.gx, curves.P256.gy)
    assert curves.combine(curves.P256, 0, 1, base) == base
    assert curves.combine(curves.P256, 1, 1, base) == curves.combine(curves.P256, 2, 0, base)
    assert curves.combine(curves.P256, 1, curves.P256.n - 1, base) is None


def test_the_published_sm2_signature_in_both_forms() -> None:
    assert sm2.verify(SM2_KEY, SM2_MESSAGE, SM2_RAW)
    assert sm2.verify_der(SM2_KEY, SM2_MESSAGE, SM2_DER)
    assert not sm2.verify(SM2_KEY, SM2_MESSAGE, SM2_DER)
    assert not sm2.verify_der(SM2_KEY, SM2_MESSAGE, SM2_RAW)
    assert not sm2.verify(SM2_KEY, SM2_MESSAGE + b"x", SM2_RAW)
    assert not sm2.verify_as(SM2_KEY, SM2_MESSAGE, SM2_RAW, b"")
    for at in range(0, 64, 7):
        assert not sm2.verify(SM2_KEY, SM2_MESSAGE, SM2_RAW[:at] + bytes([SM2_RAW[at] ^ 4]) + SM2_RAW[at + 1 :])
    for bad in (b"", SM2_RAW[:-1], bytes(64), SM2_RAW[:32] + bytes(32), SM2_RAW + b"\x00"):
        assert not sm2.verify(SM2_KEY, SM2_MESSAGE, bad)
    # r + s = n makes the factor of the key vanish and is refused before any arithmetic.
    r = int.from_bytes(SM2_RAW[:32], "big")
    assert not sm2.verify(SM2_KEY, SM2_MESSAGE, SM2_RAW[:32] + (curves.SM2.n - r).to_bytes(32, "big"))


def test_sm2_agrees_with_gmssl() -> None:
    for number in range(60):
        public, private = sm2_key_generate()
        key, message = (b"\x04" + public)[-65:], bytes([number]) * number
        signature = sm2_sign(private, public, message, sm2.DEFAULT_USER_ID)
        assert sm2.verify_der(key, message, signature)
        r, s = decode_dss_signature(signature)
        assert sm2.verify(key, message, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        assert not sm2.verify_der(key, message + b"x", signature)
    assert sm2.verify_der(key, b"user", sm2_sign(private, public, b"user", b"somebody"), b"somebody")


def test_sm2_agrees_with_the_openssl_program(tmp_path: Path) -> None:
    def openssl(*words: str) -> bytes:
        return subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True).stdout

    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key.pem")
    key = openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER")[-65:]
    (tmp_path / "message").write_bytes(b"signed by openssl")
    words = ["-rawin", "-digest", "sm3", "-inkey", "key.pem", "-in", "message", "-pkeyopt", "distid:1234567812345678"]
    for _ in range(5):
        assert sm2.verify_der(key, b"signed by openssl", openssl("pkeyutl", "-sign", *words))
    without_id = openssl("pkeyutl", "-sign", *words[:-2])
    assert not sm2.verify_der(key, b"signed by openssl", without_id)
    assert sm2.verify_der(key, b"signed by openssl", without_id, b"")
