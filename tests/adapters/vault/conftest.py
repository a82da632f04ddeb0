"""The vaults under test: every contract test runs on each of them."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.lock import prepare_bucket
from liuhen.adapters.vault.port import Vault
from liuhen.adapters.vault.s3 import S3Vault
from liuhen.adapters.vault.s3_service import S3Place
from tests.servers import seaweed


@pytest.fixture(scope="session")
def s3_server() -> Iterator[seaweed.S3Server]:
    """One server a session, started by the first test that asks for it."""
    with seaweed.running() as server:
        yield server


@pytest.fixture(scope="session")
def s3_bucket(s3_server: seaweed.S3Server) -> S3Place:
    """A bucket whose new objects are locked for a day."""
    place = S3Place("liuhen-vault", "", s3_server.endpoint, "us-east-1", s3_server.access_key, s3_server.secret_key)
    prepare_bucket(place, retention_days=1)
    return place


@pytest.fixture
def s3_place(s3_bucket: S3Place) -> S3Place:
    """A folder of its own in the locked bucket, for one test."""
    return S3Place(
        s3_bucket.bucket,
        f"{secrets.token_hex(8)}/",
        s3_bucket.endpoint,
        s3_bucket.region,
        s3_bucket.access_key,
        s3_bucket.secret_key,
    )


@pytest.fixture
def s3_vault(s3_place: S3Place, tmp_path: Path) -> S3Vault:
    return S3Vault(s3_place, spool=tmp_path / "spool")


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.s3)])
def vault(request: pytest.FixtureRequest) -> Vault:
    chosen: Vault = request.getfixturevalue("local" if request.param == "local" else "s3_vault")
    return chosen


@pytest.fixture
def local(tmp_path: Path) -> LocalVault:
    return LocalVault(tmp_path / "vault")
