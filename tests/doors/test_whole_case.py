"""One whole case as a newcomer runs it: `liuhen demo` and `liuhen up --demo`, side by side, as real processes.

What the demonstration must say is written here and nowhere in the product; the two runs must agree on everything that
carries no key and no random number.
"""

import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey

pytestmark = pytest.mark.slow

PLANTED = {("hebei/24.1", "av.store-in-time"), ("hebei/23", "av.interruption-explained")}


@dataclass(frozen=True)
class Demo:
    """What `liuhen demo --json` printed, and where it left its fruits."""

    out: Path
    said: dict[str, Any]

    @property
    def package(self) -> Path:
        return Path(self.said["package"])

    @property
    def image(self) -> Path:
        return Path(self.said["image"])


@dataclass(frozen=True)
class Site:
    """A served demonstration."""

    address: str
    data: Path


def _surroundings(data: Path) -> dict[str, str]:
    dropped = ("LIUHEN_DATABASE", "LIUHEN_VAULT", "LIUHEN_WITNESSES", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"LIUHEN_DATA": str(data)}


def liuhen(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person would."""
    command = [sys.executable, "-m", "liuhen.doors.cli.main", *arguments]
    return subprocess.run(command, env=_surroundings(data), capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demo, Site]]:
    """Run the headless demonstration and the served one at the same time."""
    folder = tmp_path_factory.mktemp("whole")
    out, data, port = folder / "out", folder / "served", _free_port()
    command = [sys.executable, "-m", "liuhen.doors.cli.main"]
    served = subprocess.Popen(
        [*command, "up", "--demo", "--port", str(port), "--data", str(data)],
        env=_surroundings(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        done = liuhen(folder / "unused", "demo", "--out", str(out), "--json")
        assert done.returncode == 0, done.stderr
        site = Site(f"http://127.0.0.1:{port}", data)
        _await(site, served)
        yield Demo(out, json.loads(done.stdout)), site
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(site: Site, served: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        if served.poll() is not None:
            assert served.stdout is not None
            pytest.fail(f"liuhen up ended: {served.stdout.read()}")
        try:
            with urllib.request.urlopen(f"{site.address}/check/", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.5)
    pytest.fail("liuhen up did not answer within five minutes")


@pytest.fixture
def demo(runs: tuple[Demo, Site]) -> Demo:
    return runs[0]


@pytest.fixture
def site(runs: tuple[Demo, Site]) -> Site:
    return runs[1]


def test_the_case_is_packed_and_verified(demo: Demo) -> None:
    assert demo.said["case"] == "安应急案〔2026〕1号"
    assert demo.said["verification"]["verdict"] == "passed"
    assert demo.said["image_verification"]["verdict"] == "passed"
    assert demo.package.is_dir()
    assert demo.image.is_file()


def test_the_two_planted_faults_are_named_with_their_clauses_and_nothing_else_is_unmet(demo: Demo) -> None:
    verdicts = {(item["clause"], item["rule"]) for item in demo.said["findings"] if item["verdict"] == "unmet"}
    assert verdicts == PLANTED
    late = next(item for item in demo.said["findings"] if item["verdict"] == "unmet" and item["clause"] == "hebei/24.1")
    assert late["due"] == "2026-03-04T10:16:00+08:00"
    assert "晚 50 分" in late["because"][-1]
    assert {item["verdict"] for item in demo.said["findings"]} <= {"met", "unmet", "not_applicable"}


def test_the_interruption_explained_by_voice_is_met_and_the_gap_is_shown(demo: Demo) -> None:
    rows = [item for item in demo.said["findings"] if item["rule"] == "av.interruption-explained"]
    assert sorted(row["verdict"] for row in rows) == ["met", "unmet"]
    whole = next(
        item
        for item in demo.said["findings"]
        if item["rule"] == "av.whole-course" and item["subject"]["label"] == "查封扣押"
    )
    assert whole["verdict"] == "met"
    assert any("已说明" in line for line in whole["because"])


def test_at_least_ten_document_types_and_real_footage(demo: Demo) -> None:
    catalogue = json.loads((demo.package / "data/卷宗/卷内目录.json").read_text(encoding="utf-8"))
    assert len({row["title"] for row in catalogue["documents"]}) >= 10
    assert set(demo.said["footage"].values()) == {"real"}


def test_a_second_run_gives_the_same_digests(demo: Demo, site: Site) -> None:
    """The served run kept the very same bytes of everything that carries no key and no random number."""
    objects = {path.name for path in (site.data / "vault" / "objects").rglob("*")}
    parcel = next((site.data / "packages").rglob("*.zip"))
    with zipfile.ZipFile(parcel) as archive:
        name = next(item for item in archive.namelist() if item.endswith("/manifest-sha256.txt"))
        manifest = archive.read(name).decode()
    assert len(demo.said["digests"]) > 25
    for what, digest in demo.said["digests"].items():
        assert digest in objects or digest in manifest, what


def test_verify_passes_for_folder_image_and_zip(demo: Demo, tmp_path: Path) -> None:
    zipped = tmp_path / "package.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for file in sorted(demo.package.rglob("*")):
            archive.write(file, Path("包") / file.relative_to(demo.package))
    for path in (demo.package, demo.image, zipped):
        done = liuhen(tmp_path, "verify", str(path), "--json")
        assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "passed")
    trusted = liuhen(tmp_path, "verify", str(demo.package), "--trust", demo.said["trust"], "--json")
    assert trusted.returncode == 0
    assert "TRUST-001" not in {item["code"] for item in json.loads(trusted.stdout)["findings"]}


def test_verify_fails_for_one_changed_byte_and_for_a_cut_image(demo: Demo, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(demo.package, copy)
    victim = next((copy / "data/音像").iterdir())
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.chmod(0o644)
    victim.write_bytes(data)
    done = liuhen(tmp_path, "verify", str(copy), "--json")
    assert done.returncode == 1
    assert any(item["path"].endswith(victim.name) for item in json.loads(done.stdout)["findings"])
    cut = tmp_path / "cut.iso"
    cut.write_bytes(demo.image.read_bytes()[: demo.image.stat().st_size // 2])
    assert liuhen(tmp_path, "verify", str(cut)).returncode == 1


def test_the_single_file_verifier_needs_only_python(demo: Demo, tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = [sys.executable, "-I", "-S", str(demo.package / "核验程序.pyz"), "--json"]
    done = subprocess.run(command, env=bare, capture_output=True, text=True, timeout=300)
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "passed"), done.stderr


def test_the_exported_log_is_read_by_an_independent_client(demo: Demo) -> None:
    trust = json.loads(Path(demo.said["trust"]).read_text(encoding="utf-8"))
    key = next(line.split()[1] for line in trust["policy"].splitlines() if line.startswith("log "))
    theirs = TilesReader(LocalBackend(demo.out / "log"))
    checkpoint = theirs.get_checkpoint()
    checkpoint.verify(Vkey.from_string(key))
    assert checkpoint.size > 150
    assert theirs.calculate_root_hash() == checkpoint.root_hash
    assert json.loads(theirs.get_entry(0))["format"] == "liuhen-leaf/1"


def test_a_taken_folder_is_refused_with_one_sentence(demo: Demo, tmp_path: Path) -> None:
    done = liuhen(tmp_path, "demo", "--out", str(demo.out))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "not empty" in done.stderr


def test_the_ledger_of_the_served_demonstration_is_clean(site: Site) -> None:
    done = liuhen(site.data, "ledger", "check", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"clean": True, "findings": []})


def test_the_site_lets_a_demonstration_account_in_and_shows_the_case(site: Site) -> None:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{site.address}/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"username": "li", "password": "liuhen-demo", "csrfmiddlewaretoken": token[1]}
    request = urllib.request.Request(
        f"{site.address}/sign-in/",
        urllib.parse.urlencode(form).encode(),
        {"Referer": f"{site.address}/sign-in/"},
    )
    assert "工作台" in browser.open(request).read().decode()
    listed = browser.open(f"{site.address}/cases/?q={urllib.parse.quote('烟花')}").read().decode()
    assert "安应急案" in listed
