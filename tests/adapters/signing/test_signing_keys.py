"""A seal whose key lies on a device: a token of SoftHSM stands for it, driven through the same PKCS #11 as any other."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.signing.seal_file import IN_FILE, ON_DEVICE, SealFile, read_seal_file
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.signing_keys import DeviceKey, DeviceUnusable, SigningKey
from liuhen.adapters.timestamps.client import HttpTimestamper
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.crypto.pdf_signatures import check_pdf_signatures
from liuhen.core.kernel.moments import SHANGHAI
from tests.adapters.typeset.samples import AGENCY, full
from tests.own_authority import Clock, Held, OwnAuthority, lay_out, own_authority, stamping

AT = datetime(2026, 3, 2, 11, 30, tzinfo=SHANGHAI)
PIN, TOKEN, LABEL = "82463517", "安禾印章", "seal"
DRIVER = next(iter(Path("/usr/lib").glob("**/libsofthsm2.so")), None)
needs_device = pytest.mark.skipif(
    DRIVER is None or shutil.which("softhsm2-util") is None, reason="softhsm2 is not installed"
)


@dataclass(frozen=True, slots=True)
class Place:
    """The authority and where it answers."""

    authority: OwnAuthority
    address: str


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    authority = own_authority(AGENCY)
    with stamping(authority, Clock(AT)) as address:
        yield Place(authority, address)


@pytest.fixture(scope="module")
def token(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A token with the seal's key in it; the settings of SoftHSM are read once in a process."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    (folder / "seal.key").write_bytes(place.authority.seal.key_pem)
    say("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "12345678")
    say("--import", str(folder / "seal.key"), "--token", TOKEN, "--label", LABEL, "--id", "a1", "--pin", PIN)
    (folder / "seal.key").unlink()
    yield
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def say(*words: str) -> None:
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def read(place: Place, folder: Path, key: str = "", seal: Held | None = None, pin: str = PIN) -> SealFile:
    lay_out(folder, place.authority, place.address, seal=seal, key=key)
    (folder / "pin").write_text(f"{pin}\n")
    (folder / "pin").chmod(0o600)
    return read_seal_file(folder)


def on_device(token: str = TOKEN, label: str = LABEL) -> str:
    return f'driver = "{DRIVER}"\ntoken = "{token}"\nlabel = "{label}"\npin_file = "pin"'


def apply(file: SealFile) -> bytes:
    stamps = HttpTimestamper(file.timestamps, roots_pem=file.timestamp_roots)
    pdf = Typesetter(shipped_documents()).render("行政处罚决定书", full())
    return PadesSeal(AGENCY, file.key, stamps, file.picture).apply(pdf, at=AT)


def test_a_key_in_a_file_seals(place: Place, tmp_path: Path) -> None:
    file = read(place, tmp_path)
    assert file.kept == IN_FILE
    (signature,) = check_pdf_signatures(apply(file), file.roots_der)
    assert signature.ok and signature.signer == AGENCY and signature.covers_whole_file


def test_a_key_on_a_curve_seals(place: Place, tmp_path: Path) -> None:
    file = read(place, tmp_path, seal=place.authority.issue(AGENCY, key=ec.generate_private_key(ec.SECP256R1())))
    (signature,) = check_pdf_signatures(apply(file), file.roots_der)
    assert signature.ok, signature.reason


@needs_device
def test_a_key_that_never_leaves_its_device_seals(token: None, place: Place, tmp_path: Path) -> None:
    file = read(place, tmp_path, on_device())
    assert file.kept == ON_DEVICE and PIN not in repr(file)
    for _ in range(2):  # opened and closed for each
        (signature,) = check_pdf_signatures(apply(file), file.roots_der)
        assert signature.ok and signature.signer == AGENCY and signature.covers_whole_file


@needs_device
@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")
def test_an_independent_reader_finds_the_seal_of_a_device_whole(token: None, place: Place, tmp_path: Path) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(apply(read(place, tmp_path / "seal", on_device())))
    said = subprocess.run(["pdfsig", str(path)], capture_output=True).stdout.decode()
    assert "Signature is Valid" in said and f"Signer Certificate Common Name: {AGENCY}" in said


@needs_device
@pytest.mark.parametrize(
    ("token_name", "label", "pin", "said"),
    [
        ("别的设备", LABEL, PIN, "没有接上这个设备"),
        (TOKEN, "other", PIN, "没有标签为 other 的密钥"),
        (TOKEN, LABEL, "00000000", "口令不对"),
    ],
)
def test_what_is_wrong_with_a_device_is_told(
    token: None, place: Place, tmp_path: Path, token_name: str, label: str, pin: str, said: str
) -> None:
    file = read(place, tmp_path, on_device(token_name, label), pin=pin)
    with pytest.raises(DeviceUnusable, match=said) as told:
        apply(file)
    assert pin not in str(told.value)


def test_a_driver_that_is_none_is_told(place: Place, tmp_path: Path) -> None:
    (tmp_path / "driver.so").write_bytes(b"no library")
    file = read(place, tmp_path, 'driver = "driver.so"\ntoken = "x"\nlabel = "y"\npin_file = "pin"')
    with pytest.raises(DeviceUnusable, match="驱动"):
        apply(file)


@needs_device
def test_a_device_works_again_after_a_fault(token: None, place: Place, tmp_path: Path) -> None:
    file = read(place, tmp_path, on_device())
    assert isinstance(file.key, DeviceKey)
    wrong: SigningKey = replace(file.key, pin="00000000")
    with pytest.raises(DeviceUnusable):
        apply(replace(file, key=wrong))
    (signature,) = check_pdf_signatures(apply(file), file.roots_der)
    assert signature.ok
