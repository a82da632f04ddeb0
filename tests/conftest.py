"""The surroundings of every test: a data folder of its own, and the database that LIUHEN_TEST_DATABASE asks for.

Invariant: no test touches the data folder or the database of an installation, whatever the environment says.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase

from liuhen.records.ledger import guards
from liuhen.site.environment import Environment, read_environment
from tests.servers import postgres

_CLEANUP = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Choose folder and database once, in the main process; xdist workers inherit both through the environment."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _choose_surroundings()
    _apply(read_environment(os.environ))


def pytest_unconfigure(config: pytest.Config) -> None:
    _CLEANUP.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that reaches the database, however it asks for it, so that `-m django_db` finds them all."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ())) & {"db", "transactional_db", "live_server"}
        if asked and item.get_closest_marker("django_db") is None:
            item.add_marker(pytest.mark.django_db(transaction=asked != {"db"}))


def _choose_surroundings() -> None:
    atexit.register(_CLEANUP.close)
    folder = tempfile.mkdtemp(prefix="liuhen-tests-")
    _CLEANUP.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["LIUHEN_DATA"] = folder
    for name in ("LIUHEN_DATABASE", "LIUHEN_VAULT", "LIUHEN_LOG_PREFIX", "LIUHEN_WITNESSES"):
        os.environ.pop(name, None)
    wanted = os.environ.get("LIUHEN_TEST_DATABASE", "sqlite")
    if wanted == "postgres":
        os.environ["LIUHEN_DATABASE"] = _CLEANUP.enter_context(postgres.running())
    elif wanted != "sqlite":
        raise pytest.UsageError(f"LIUHEN_TEST_DATABASE is “{wanted}”; write sqlite or postgres")


def _apply(environment: Environment) -> None:
    """pytest-django read the settings before this file could speak, so what depends on surroundings is set again."""
    settings.DATA = environment.data
    settings.VAULT = environment.vault
    settings.LOG_PREFIX = environment.log_prefix
    settings.WITNESSES = environment.witnesses
    settings.STATIC_ROOT = environment.data / "static"
    settings.DATABASES = {"default": environment.database}
    connections.close_all()
    del connections["default"]
    connections.settings = connections.configure_settings(settings.DATABASES)


_empty_tables: Callable[[TransactionTestCase], None] = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty_tables_without_guards(case: TransactionTestCase) -> None:
    with guards.lifted(connection):
        _empty_tables(case)


# Emptying the tables after a test with real transactions is the one thing that the guards must let through.
TransactionTestCase._fixture_teardown = _empty_tables_without_guards  # type: ignore[attr-defined]


@pytest.fixture
def on_postgres() -> bool:
    """Whether the tests run against PostgreSQL."""
    return connection.vendor == "postgresql"


@pytest.fixture
def postgres_address() -> Iterator[str]:
    """A PostgreSQL server of its own, for tests that need one whatever the session runs on."""
    with postgres.running() as address:
        yield address
