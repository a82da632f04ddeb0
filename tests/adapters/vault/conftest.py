"""The vaults under test: every contract test runs on each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.port import Vault


@pytest.fixture(params=["local"])
def vault(request: pytest.FixtureRequest) -> Iterator[Vault]:
    if request.param == "local":
        yield LocalVault(request.getfixturevalue("tmp_path") / "vault")
    else:
        yield request.getfixturevalue("s3_vault")


@pytest.fixture
def local(tmp_path: Path) -> LocalVault:
    return LocalVault(tmp_path / "vault")
