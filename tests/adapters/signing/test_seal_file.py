"""`seal.toml` is read strictly: every fault names the place and the remedy, and secrets must be private."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from liuhen.adapters.signing.seal_file import read_seal_file
from liuhen.core.kernel.errors import BadInput
from tests.own_authority import OwnAuthority, lay_out, own_authority

AGENCY = "安禾县应急管理局"
ADDRESS = "http://tsa.example.cn/tsr"


@pytest.fixture(scope="module")
def authority() -> OwnAuthority:
    return own_authority(AGENCY)


@pytest.fixture
def folder(tmp_path: Path, authority: OwnAuthority) -> Path:
    return lay_out(tmp_path, authority, ADDRESS).parent


def test_a_whole_file_is_read(folder: Path) -> None:
    file = read_seal_file(folder)
    assert (file.subject, file.issuer, file.timestamps) == (AGENCY, "示范电子认证有限公司", ADDRESS)
    assert len(file.roots_der) == 2 and re.fullmatch("[0-9a-f]{64}", file.fingerprint)
    assert file.picture is None


def test_a_locked_key_needs_its_passphrase(folder: Path, authority: OwnAuthority) -> None:
    (folder / "seal.key").write_bytes(authority.seal.locked(b"chapter"))
    with pytest.raises(BadInput, match="私钥"):
        read_seal_file(folder)
    replace_in(folder, 'file = "seal.key"', 'file = "seal.key"\npassphrase_file = "pass"')
    (folder / "pass").write_text("chapter\n")
    (folder / "pass").chmod(0o600)
    assert read_seal_file(folder).subject == AGENCY
    (folder / "pass").write_text("other\n")
    with pytest.raises(BadInput, match="私钥") as told:
        read_seal_file(folder)
    assert "chapter" not in str(told.value) and "other" not in str(told.value)


def test_a_picture_of_the_seal_is_read(folder: Path) -> None:
    Image.new("RGBA", (400, 400), (200, 0, 0, 128)).save(folder / "seal.png")
    replace_in(folder, 'certificate = "seal.crt"', 'certificate = "seal.crt"\npicture = "seal.png"')
    picture = read_seal_file(folder).picture
    assert picture is not None and picture.size == (400, 400)
    (folder / "seal.png").write_bytes(b"no picture")
    with pytest.raises(BadInput, match="PNG"):
        read_seal_file(folder)


def replace_in(folder: Path, old: str, new: str) -> None:
    path = folder / "seal.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def gone(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def other(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: replace_in(folder, old, new)


def filled(name: str, data: bytes) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return fill


@pytest.mark.parametrize(
    ("spoil", "place", "said"),
    [
        (gone("seal.toml"), "seal.toml", "读不了"),
        (filled("seal.toml", b"certificate = "), "seal.toml", "TOML"),
        (filled("seal.toml", b"\xff\xfe"), "seal.toml", "TOML"),
        (filled("seal.toml", b"# " + b"x" * (1 << 20)), "seal.toml", "1 MB"),
        (other("certificate =", "certficate ="), "seal.toml certficate", "没有这一项"),
        (other('certificate = "seal.crt"', ""), "seal.toml", "缺少 certificate"),
        (other('certificate = "seal.crt"', 'certificate = ""'), "seal.toml certificate", "空的"),
        (other('roots = ["root.crt"]', 'roots = "root.crt"'), "seal.toml roots", "写法不对"),
        (other(f'address = "{ADDRESS}"', ""), "seal.toml", "缺少 timestamps.address"),
        (other("address =", "adress ="), "seal.toml timestamps.adress", "没有这一项"),
        (other('file = "seal.key"', 'token = "x"'), "seal.toml key.token", "没有这一项"),
        (other('file = "seal.key"', 'driver = "/x.so"'), "seal.toml", "缺少 key.token、key.label、key.pin_file"),
        (gone("root.crt"), "root.crt", "读不了"),
        (filled("seal.crt", b"no certificate"), "seal.toml certificate", "PEM"),
        (filled("seal.key", b"no key"), "seal.key", "私钥"),
    ],
)
def test_a_fault_names_the_place_and_the_remedy(
    folder: Path, spoil: Callable[[Path], None], place: str, said: str
) -> None:
    spoil(folder)
    with pytest.raises(BadInput) as told:
        read_seal_file(folder)
    assert told.value.place.endswith(place) and said in told.value.sentence


def test_the_key_of_another_certificate_is_refused(folder: Path, authority: OwnAuthority) -> None:
    (folder / "seal.key").write_bytes(authority.issuer.key_pem)
    with pytest.raises(BadInput, match="不是一对"):
        read_seal_file(folder)


def test_a_key_that_others_can_read_is_refused(folder: Path) -> None:
    (folder / "seal.key").chmod(0o640)
    with pytest.raises(BadInput, match="chmod 600"):
        read_seal_file(folder)
