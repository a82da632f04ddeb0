"""The environment is understood or refused; the secret key is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from liuhen.core.kernel.errors import BadInput
from liuhen.site.environment import read_database, read_environment, secret_key


def test_nothing_said_means_sqlite_and_a_vault_in_the_data_folder(tmp_path: Path) -> None:
    environment = read_environment({"LIUHEN_DATA": str(tmp_path)})
    assert environment.database["NAME"] == str(tmp_path / "liuhen.sqlite3")
    assert environment.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in environment.database["OPTIONS"]["init_command"]
    assert environment.vault == str(tmp_path / "vault")
    assert environment.log_prefix == "liuhen.example"
    assert environment.debug is False


def test_postgresql_by_network_and_by_socket() -> None:
    network = read_database("postgresql://li%40u:p%2Fw@db.example.cn:5433/liuhen")
    assert [network[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "li@u",
        "p/w",
        "db.example.cn",
        "5433",
        "liuhen",
    ]
    socket = read_database("postgresql://liuhen@/liuhen?host=/run/postgresql")
    assert (socket["HOST"], socket["PORT"], socket["PASSWORD"]) == ("/run/postgresql", "", "")


@pytest.mark.parametrize("address", ["mysql://x/y", "liuhen.sqlite3", "postgresql://host:5432/", "sqlite://relative"])
def test_another_database_is_refused_with_an_example(address: str) -> None:
    with pytest.raises(BadInput, match="LIUHEN_DATABASE"):
        read_database(address)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(BadInput) as refusal:
        read_database("mysql://root:secret@host/name")
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("prefix", ["has space", "plus+sign", "日志", "/slash"])
def test_a_prefix_that_cannot_stand_in_a_note_is_refused(prefix: str) -> None:
    with pytest.raises(BadInput, match="LIUHEN_LOG_PREFIX"):
        read_environment({"LIUHEN_LOG_PREFIX": prefix})


def test_the_public_address_is_one_of_a_site() -> None:
    assert read_environment({}).public_url == ""
    assert read_environment({"LIUHEN_PUBLIC_URL": "https://a.example/x/"}).public_url == "https://a.example/x"
    for strange in ("a.example", "javascript:alert(1)", "https://", "https://a.example/?x=1"):
        with pytest.raises(BadInput, match="LIUHEN_PUBLIC_URL"):
            read_environment({"LIUHEN_PUBLIC_URL": strange})


def test_the_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(folder), range(16)))
    assert len(keys) == 1 and len(keys.pop()) >= 64
    assert [path.name for path in folder.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
