"""Timestamp responses prove the digest asked for at the time stated, and nothing else passes."""

import hashlib
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuhen.adapters.keys import authority
from liuhen.adapters.timestamps.checking import check_timestamp
from liuhen.adapters.timestamps.client import HttpTimestamper
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.adapters.timestamps.port import TimestampRefused, TimestampUnavailable
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from tests.adapters.timestamps.serving import served

AT = datetime(2026, 3, 2, 11, 30, 15, 250_000, tzinfo=SHANGHAI)
MESSAGE = "行政处罚决定书".encode()
DIGEST = hashlib.sha256(MESSAGE).digest()


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> authority.Authority:
    return authority.open_test_authority(tmp_path_factory.mktemp("keys"), "平山县应急管理局", AT)


@pytest.fixture(scope="module")
def tsa(trust: authority.Authority) -> DummyAuthority:
    return DummyAuthority(trust.tsa.key_pem, trust.tsa.certificate_pem, trust.tsa.chain_pem)


def test_a_stamp_proves_its_digest_at_the_given_time(trust: authority.Authority, tsa: DummyAuthority) -> None:
    response = tsa.stamp(DIGEST, at=AT)
    assert check_timestamp(response, DIGEST, roots_pem=[trust.root_pem]) == datetime(2026, 3, 2, 3, 30, 15, tzinfo=UTC)
    assert response == tsa.stamp(DIGEST, at=AT)
    assert response != tsa.stamp(DIGEST, at=AT + timedelta(seconds=1))


def test_a_stamp_for_other_bytes_or_another_root_is_refused(
    trust: authority.Authority, tsa: DummyAuthority, tmp_path: Path
) -> None:
    response = tsa.stamp(DIGEST, at=AT)
    with pytest.raises(TimestampRefused):
        check_timestamp(response, hashlib.sha256(b"other").digest(), roots_pem=[trust.root_pem])
    stranger = authority.open_test_authority(tmp_path, "某局", AT)
    with pytest.raises(TimestampRefused):
        check_timestamp(response, DIGEST, roots_pem=[stranger.root_pem])


def test_a_flipped_byte_is_refused_wherever_it_is(trust: authority.Authority, tsa: DummyAuthority) -> None:
    response = tsa.stamp(DIGEST, at=AT)
    info = response.index(DIGEST)
    for place in (info, info + 40, len(response) - 5):
        torn = bytearray(response)
        torn[place] ^= 1
        with pytest.raises(TimestampRefused):
            check_timestamp(bytes(torn), DIGEST, roots_pem=[trust.root_pem])


@pytest.mark.parametrize("junk", [b"", b"<html>", b"\x30\x03\x02\x01\x02"])
def test_what_is_no_response_is_refused(trust: authority.Authority, junk: bytes) -> None:
    with pytest.raises(TimestampRefused):
        check_timestamp(junk, DIGEST, roots_pem=[trust.root_pem])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(trust: authority.Authority, tsa: DummyAuthority, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(trust.root_pem)
    (tmp_path / "answer.tsr").write_bytes(tsa.stamp(DIGEST, at=AT))
    command = ["openssl", "ts", "-verify", "-in", "answer.tsr", "-CAfile", "root.pem", "-digest"]
    good = subprocess.run([*command, DIGEST.hex()], cwd=tmp_path, capture_output=True)
    assert b"Verification: OK" in good.stdout
    assert good.returncode == 0
    bad = subprocess.run([*command, hashlib.sha256(b"other").hexdigest()], cwd=tmp_path, capture_output=True)
    assert bad.returncode != 0
    shown = subprocess.run(
        ["openssl", "ts", "-reply", "-in", "answer.tsr", "-text"], cwd=tmp_path, capture_output=True, check=True
    ).stdout
    assert b"Mar  2 03:30:15 2026 GMT" in shown


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_requests_are_answered(trust: authority.Authority, tsa: DummyAuthority, tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(MESSAGE)
    (tmp_path / "root.pem").write_bytes(trust.root_pem)
    query = ["openssl", "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "ask.tsq"]
    subprocess.run(query, cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / "answer.tsr").write_bytes(tsa.answer((tmp_path / "ask.tsq").read_bytes(), at=AT))
    check = ["openssl", "ts", "-verify", "-in", "answer.tsr", "-queryfile", "ask.tsq", "-CAfile", "root.pem"]
    assert b"Verification: OK" in subprocess.run(check, cwd=tmp_path, capture_output=True).stdout


@pytest.mark.parametrize("with_roots", [True, False])
def test_the_client_gets_a_stamp_over_http(trust: authority.Authority, tsa: DummyAuthority, with_roots: bool) -> None:
    with served(lambda request: tsa.answer(request, at=AT)) as url:
        response = HttpTimestamper(url, roots_pem=[trust.root_pem] if with_roots else []).stamp(DIGEST, at=AT)
    assert check_timestamp(response, DIGEST, roots_pem=[trust.root_pem]) < AT


@pytest.mark.parametrize("with_roots", [True, False])
def test_an_old_answer_played_again_is_refused(
    trust: authority.Authority, tsa: DummyAuthority, with_roots: bool
) -> None:
    with (
        served(lambda _: tsa.stamp(DIGEST, at=AT)) as url,
        pytest.raises(TimestampRefused, match=r"another request|Nonce"),
    ):
        HttpTimestamper(url, roots_pem=[trust.root_pem] if with_roots else []).stamp(DIGEST, at=AT)


def test_an_authority_in_trouble_is_told_from_one_that_refuses() -> None:
    refusal = bytes.fromhex("300930070201020c026e6f")  # malformed on purpose: no status sequence
    with served(lambda _: refusal) as url, pytest.raises(TimestampRefused):
        HttpTimestamper(url).stamp(DIGEST, at=AT)
    with served(lambda _: b"", status=503) as url, pytest.raises(TimestampUnavailable, match="HTTP 503"):
        HttpTimestamper(url).stamp(DIGEST, at=AT)
    with pytest.raises(TimestampUnavailable, match="no answer"):
        HttpTimestamper("http://127.0.0.1:9/tsr", timeout=2).stamp(DIGEST, at=AT)


def test_a_slow_authority_is_left_after_the_timeout() -> None:
    done = threading.Event()

    def dawdle(_: bytes) -> bytes:
        done.wait(5)
        return b""

    with served(dawdle) as url:
        try:
            with pytest.raises(TimestampUnavailable):
                HttpTimestamper(url, timeout=0.2).stamp(DIGEST, at=AT)
        finally:
            done.set()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "tsa.example.cn", "http://"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(BadInput, match="address"):
        HttpTimestamper(url)


def test_only_sha_256_digests_are_stamped(tsa: DummyAuthority) -> None:
    with pytest.raises(BadInput, match="32 bytes"):
        tsa.stamp(b"short", at=AT)
