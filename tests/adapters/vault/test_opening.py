"""From the settings' one line to a vault."""

from pathlib import Path

import pytest

from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.opening import open_vault, read_place
from liuhen.adapters.vault.s3 import S3Vault
from liuhen.adapters.vault.s3_service import S3Place
from liuhen.core.kernel.errors import BadInput


def test_a_path_is_a_local_vault(tmp_path: Path) -> None:
    vault = open_vault(str(tmp_path / "v"), spool=tmp_path)
    assert isinstance(vault, LocalVault)
    assert (tmp_path / "v" / "objects").is_dir()


def test_an_address_is_a_bucket(tmp_path: Path) -> None:
    address = "s3://bucket/county/2026?endpoint=http://127.0.0.1:8333&region=cn-north-1"
    assert read_place(address) == S3Place("bucket", "county/2026/", "http://127.0.0.1:8333", "cn-north-1")
    assert read_place("s3://bucket") == S3Place("bucket")
    assert isinstance(open_vault(address, spool=tmp_path / "spool"), S3Vault)


@pytest.mark.parametrize(
    "address", ["http://host/bucket", "s3://", "s3:///x", "s3://key:secret@bucket/", "s3://bucket?endpont=x"]
)
def test_other_addresses_are_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        open_vault(address, spool=tmp_path)
