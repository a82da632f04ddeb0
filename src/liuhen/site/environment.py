"""What the surroundings decide: the data folder, the database, the vault, the logs; read from environment variables.

Invariant: a value that cannot be understood is refused with a sentence naming its variable; nothing is guessed.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from liuhen.adapters.packfiles.shelf import read_packs_setting
from liuhen.core.kernel.errors import BadInput

_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL, not NORMAL: an acknowledged event survives a power cut, not only a crash of the program.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,127}")


@dataclass(frozen=True, slots=True)
class Environment:
    """The answers: `database` is a Django database setting, `vault` a local path or an s3:// address.

    `witnesses`: whom the logs ask, as `name vkey url` separated by semicolons. `packs`: folders of packs beside the shipped.
    `watch`: the folders of docking stations, as the words of `liuhen watch` separated by semicolons. `public_url`: where the
    public reaches this site; it is printed on issued documents as a QR code, so it must last.
    """

    data: Path
    database: dict[str, Any]
    vault: str
    log_prefix: str
    witnesses: str
    debug: bool
    hosts: tuple[str, ...]
    packs: tuple[Path, ...]
    watch: str
    public_url: str = ""


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Read LIUHEN_DATA, _DATABASE, _VAULT, _LOG_PREFIX, _WITNESSES, _DEBUG, _HOSTS, _PACKS, _WATCH and _PUBLIC_URL.

    Raises BadInput naming the variable that cannot be used.
    """
    data = Path(variables.get("LIUHEN_DATA") or "data").expanduser().absolute()
    address = variables.get("LIUHEN_DATABASE") or f"sqlite:///{data / 'liuhen.sqlite3'}"
    prefix = variables.get("LIUHEN_LOG_PREFIX") or "liuhen.example"
    if not _PREFIX.fullmatch(prefix):
        raise BadInput("LIUHEN_LOG_PREFIX", f"“{prefix}” cannot name logs; write it like xzzf.example.gov.cn")
    hosts = tuple(host.strip() for host in variables.get("LIUHEN_HOSTS", "").split(",") if host.strip())
    return Environment(
        data=data,
        database=read_database(address),
        vault=variables.get("LIUHEN_VAULT") or str(data / "vault"),
        log_prefix=prefix,
        witnesses=variables.get("LIUHEN_WITNESSES", ""),
        debug=variables.get("LIUHEN_DEBUG") == "1",
        hosts=hosts or ("localhost", "127.0.0.1", "[::1]"),
        packs=read_packs_setting(variables.get("LIUHEN_PACKS", "")),
        watch=variables.get("LIUHEN_WATCH", ""),
        public_url=_public_url(variables.get("LIUHEN_PUBLIC_URL", "")),
    )


def _public_url(address: str) -> str:
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise BadInput(
            "LIUHEN_PUBLIC_URL", f"“{address}” is no address of a site; write it like https://xzzf.example.gov.cn"
        )
    return address.rstrip("/")


def read_database(address: str) -> dict[str, Any]:
    """Turn sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME into a Django database setting.

    A unix socket is written postgresql://USER@/NAME?host=/folder/of/socket. Raises BadInput for anything else.
    """
    if address.startswith("sqlite:///"):
        return _sqlite(address.removeprefix("sqlite:///"))
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BadInput(
            "LIUHEN_DATABASE",
            f"“{parts.scheme or address}” is not understood; write sqlite:////folder/file.sqlite3 "
            "or postgresql://user:password@host:5432/name",
        )
    socket = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": socket or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: str) -> dict[str, Any]:
    # Tests must run on a file as well: a database in memory knows neither WAL nor a second process.
    test_file = str(Path(path).with_name("test.sqlite3"))
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": dict(_SQLITE_OPTIONS),
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": test_file},
    }


def secret_key(data: Path) -> str:
    """Give the installation's secret key; made once, readable by its owner only (0600).

    Two processes that start together agree: whoever links the file first has made the key.
    """
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        draft = data / f"secret.key.{os.getpid()}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii")
