"""`python -m tests.runner [core|all|PYTEST ARGS]`: the tests as `./dev test` runs them.

Without arguments: the whole suite on SQLite, then every test that reaches the database again on PostgreSQL.
`core`: the pure floor only. Anything else goes to pytest as it is. The exit code is pytest's, the first that is not 0.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence

# A file stays with one process, so that servers and packages made for it are made once.
_PARALLEL = ("-n", "2", "--dist", "loadfile")


def main(arguments: Sequence[str]) -> int:
    """Run what was asked and give the exit code."""
    if arguments == ["core"]:
        return _pytest("tests/core", *_PARALLEL)
    if arguments and arguments != ["all"]:
        return _pytest(*arguments)
    print("== SQLite: the whole suite", flush=True)
    first = _pytest(*_PARALLEL)
    print("== PostgreSQL: the tests that reach the database", flush=True)
    second = _pytest("-m", "django_db", *_PARALLEL, database="postgres")
    return first or second


def _pytest(*arguments: str, database: str | None = None) -> int:
    # Settings are read before tests/conftest.py can speak; without this they would make ./data.
    with tempfile.TemporaryDirectory(prefix="liuhen-tests-") as folder:
        return _call(arguments, {**os.environ, "LIUHEN_DATA": folder}, database)


def _call(arguments: Sequence[str], surroundings: dict[str, str], database: str | None) -> int:
    if database is not None:
        surroundings["LIUHEN_TEST_DATABASE"] = database
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], env=surroundings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
