"""Private keys are whole, private, never replaced; the test certificates say that they are for tests."""

import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509

from liuhen.adapters.keys import authority
from liuhen.adapters.keys.folder import KeyExists, KeyFolder, KeyMissing, KeyUnusable
from liuhen.adapters.keys.sm2pem import read_sm2_pem, write_sm2_pem
from liuhen.core.kernel.moments import SHANGHAI

AT = datetime(2026, 3, 2, 11, 30, tzinfo=SHANGHAI)
OPENSSL = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def test_a_key_is_the_same_when_read_again(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    for make, read in ((keys.new_ed25519, keys.ed25519), (keys.new_sm2, keys.sm2)):
        made = make(make.__name__)
        assert read(make.__name__) == made
        assert made.private.hex() not in repr(made)
        assert str(made.private) not in repr(made)


def test_a_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.new_ed25519("log")
    path = tmp_path / "keys" / "log.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["log.pem"]
    path.chmod(0o640)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        keys.ed25519("log")


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    first = keys.new_ed25519("log")
    with pytest.raises(KeyExists):
        keys.new_sm2("log")
    assert keys.ed25519("log") == first


def test_of_many_starting_at_once_one_makes_the_key(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)

    def make(_: int) -> bool:
        try:
            keys.new_ed25519("log")
        except KeyExists:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(make, range(16))) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["log.pem"]


def test_a_missing_or_damaged_key_is_not_made_anew(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    with pytest.raises(KeyMissing):
        keys.ed25519("log")
    secret = keys.new_ed25519("witness").private
    for read, name in ((keys.sm2, "witness"), (keys.ed25519, "../witness")):
        with pytest.raises(KeyUnusable) as refusal:
            read(name)
        assert secret.hex() not in str(refusal.value)
    keys.write_pem("torn", keys.read_pem("witness")[:40])
    with pytest.raises(KeyUnusable):
        keys.ed25519("torn")


@OPENSSL
def test_openssl_reads_the_sm2_key(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path)
    made = keys.new_sm2("seal")
    shown = subprocess.run(
        ["openssl", "pkey", "-in", str(tmp_path / "seal.pem"), "-text", "-noout"], capture_output=True, check=True
    ).stdout.decode()
    digits = "".join(char for char in shown.split("ASN1")[0].lower() if char in "0123456789abcdef:\n")
    assert "sm2" in shown.lower()
    assert made.public.hex() in digits.replace(":", "").replace("\n", "")


@pytest.mark.parametrize("cut", [0, 60, 200])
def test_a_cut_sm2_pem_is_refused(cut: int) -> None:
    pem = write_sm2_pem(b"\x01" * 32, b"\x04" + b"\x02" * 64)
    assert read_sm2_pem(pem) == (b"\x01" * 32, b"\x04" + b"\x02" * 64)
    with pytest.raises(ValueError, match=r"not|Incorrect|Invalid"):
        read_sm2_pem(pem[:cut])


def test_the_test_authority_is_kept_and_says_what_it_is(tmp_path: Path) -> None:
    first = authority.open_test_authority(tmp_path, "平山县应急管理局", AT)
    assert authority.open_test_authority(tmp_path, "平山县应急管理局", AT) == first
    other = authority.open_test_authority(tmp_path, "长治市民族宗教事务局", AT)
    assert (other.root_pem, other.tsa) == (first.root_pem, first.tsa)
    assert other.seal != first.seal
    root = x509.load_pem_x509_certificate(first.root_pem)
    for pem in (first.root_pem, first.seal.certificate_pem, first.tsa.certificate_pem):
        certificate = x509.load_pem_x509_certificate(pem)
        certificate.verify_directly_issued_by(root)
        name = certificate.subject.rfc4514_string()
        assert "测试" in name
        assert "TEST" in name
    assert b"PRIVATE" not in repr(first).encode()
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in tmp_path.glob("*.pem"))


def test_a_long_agency_name_is_told_in_full(tmp_path: Path) -> None:
    name = "长治市" + "民族宗教事务" * 15 + "局"
    pem = authority.open_test_authority(tmp_path, name, AT).seal.certificate_pem
    subject = x509.load_pem_x509_certificate(pem).subject
    assert name in [attribute.value for attribute in subject]
    assert "测试印章 TEST SEAL" in subject.rfc4514_string()


def test_outside_its_years_the_authority_refuses(tmp_path: Path) -> None:
    with pytest.raises(authority.OutsideValidity, match="2025 to 2045"):
        authority.open_test_authority(tmp_path, "某局", datetime(2024, 12, 31, tzinfo=SHANGHAI))
