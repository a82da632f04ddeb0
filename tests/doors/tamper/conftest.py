"""The specimen of the tamper suite, made once by another process; the keys of its agency are at hand."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from liuhen.doors.tamper.specimen import Specimen


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a specimen and the data folder that it was made in."""
    work = tmp_path_factory.mktemp("tamper")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LIUHEN_")}
    subprocess.run([sys.executable, "-m", "tests.doors.tamper.maker", str(work)], env=clean, check=True, timeout=300)
    return work


@pytest.fixture(scope="module")
def specimen(workshop: Path) -> Iterator[Specimen]:
    """A small case, packed twice, with its log; settings point to the keys of its agency."""
    data = workshop / "data"
    with override_settings(DATA=data, VAULT=str(data / "vault"), WITNESSES="", LOG_PREFIX="liuhen.example"):
        made = pickle.loads((workshop / "specimen.pickle").read_bytes())
        assert isinstance(made, Specimen)
        yield made


@pytest.fixture(scope="module")
def folder(specimen: Specimen, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The specimen's package as a folder."""
    return written(specimen.files, tmp_path_factory.mktemp("package") / "bag")


def written(files: dict[str, bytes], folder: Path) -> Path:
    """Write a package's files."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder
