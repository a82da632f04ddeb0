"""One world for all tests of the pages, made once and removed after the last of them; and a Chromium to look at it with.

Invariant: the world is made before the transaction of any test begins, so what a test adds is rolled back; tests in a
browser, which cannot be rolled back, only add, and none relies on another's additions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_databases, teardown_databases
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from liuhen.flows.reading import _agency_name
from liuhen.flows.waiting_approvals import _delegations
from liuhen.records.ledger import guards
from liuhen.records.people.models import User
from tests.doors.web.world import World, make_world

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The world, in the test database, for the whole package."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    data = tmp_path_factory.mktemp("data")
    # A folder of its own: test processes share the session's, but each has its own database, and a log has one of both.
    own = override_settings(
        DATA=data, VAULT=str(data / "vault"), PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    )
    with django_db_blocker.unblock(), _database(), own:
        yield make_world(tmp_path_factory.mktemp("footage"))
        with guards.lifted(connection):
            call_command("flush", verbosity=0, interactive=False)


@contextmanager
def _database() -> Iterator[None]:
    """Make the test database where pytest-django saw no need: it knows only tests that run inside a transaction."""
    if connection.introspection.table_names():
        yield
        return
    made = setup_databases(verbosity=0, interactive=False, aliases={"default": {}})
    yield
    teardown_databases(made, verbosity=0)


@pytest.fixture
def visit(world: World) -> Callable[[str | None], Client]:
    """Give a client signed in as somebody, or as nobody."""

    def as_(username: str | None) -> Client:
        client = Client()
        if username is not None:
            client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_


@pytest.fixture(scope="package")
def site(world: World) -> Iterator[str]:
    """The address of the site, served to a browser."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    """A real Chromium, or a skip that says what is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: install the Debian package `chromium` to run browser tests")
    from playwright.sync_api import expect, sync_playwright

    # A machine that runs other tests beside this one may need long for a page; what never comes still fails.
    expect.set_options(timeout=20_000)

    # Playwright's synchronous face keeps an event loop in this thread, in which Django would refuse to read the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def fresh_memories() -> None:
    """Forget what was kept by the number of an agency's events: a world that was rolled back had as many others."""
    _delegations.cache_clear()
    _agency_name.cache_clear()
