"""The program that is killed: it stores bytes, appends events, seals, and says what it has finished, line by line.

A parent process loads Django once and forks a child for every task, so that a round costs milliseconds. Tasks come on
standard input; what a child acknowledges goes to standard output only after the ledger has committed it.
"""

import hashlib
import io
import json
import os
import random
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")
django.setup()

from liuhen.adapters.signing.ed25519 import verify_ed25519  # noqa: E402
from liuhen.adapters.tiles.directory import TileDirectory  # noqa: E402
from liuhen.adapters.vault.local import LocalVault  # noqa: E402
from liuhen.adapters.witnesses.client import InProcessWitness  # noqa: E402
from liuhen.adapters.witnesses.state import WitnessState  # noqa: E402
from liuhen.adapters.witnesses.witness import Witness  # noqa: E402
from liuhen.core.events.catalogue import encode_content  # noqa: E402
from liuhen.core.events.envelope import Draft  # noqa: E402
from liuhen.core.events.parts import FileRef, MediaSummary  # noqa: E402
from liuhen.core.events.recording import RecordingStored  # noqa: E402
from liuhen.core.tlog.keys import KeyKind, Primitives  # noqa: E402
from liuhen.flows.check_index import check_index  # noqa: E402
from liuhen.flows.check_ledger import LogParts, check  # noqa: E402
from liuhen.flows.ingest import ingest_file  # noqa: E402
from liuhen.flows.occasion import Actor, Occasion  # noqa: E402
from liuhen.flows.office import office  # noqa: E402
from liuhen.flows.seal import seal  # noqa: E402
from liuhen.records.index.models import RecordingRow  # noqa: E402
from liuhen.records.ledger import read  # noqa: E402
from liuhen.records.ledger.append import append  # noqa: E402
from tests.core.tlog.signers import new_signer  # noqa: E402
from tests.crash import recomputing, watching  # noqa: E402
from tests.records.ledger.events import AGENCY, MORNING, marked, recording  # noqa: E402

FOLDER = Path(os.environ["LIUHEN_DATA"])
ORIGIN = f"liuhen.example/{AGENCY}/2026"
LOG = new_signer(ORIGIN, 1)
WITNESS = new_signer("witness.example/sup", 2, KeyKind.COSIGNATURE)
FAST = Primitives(ed25519=verify_ed25519)


def say(kind: str, value: object = "") -> None:
    """Acknowledge: one whole line in one write, so that a kill never leaves half of it."""
    os.write(1, f"{kind} {value}\n".encode())


def now() -> datetime:
    """Give a clock that only moves with the ledger, so that a round can be repeated."""
    log = read.find_log(ORIGIN)
    return MORNING + timedelta(seconds=0 if log is None else log.next_index)


def work(seed: int) -> None:
    """Store, append and seal for ever, until killed."""
    chance = random.Random(seed)
    vault = LocalVault(FOLDER / "vault")
    witness = open_witness()
    while True:
        action = chance.random()
        if action < 0.25:
            take_in(vault, chance)
        elif action < 0.8:
            note_marks(chance)
        else:
            say("sealed", seal_now(witness))


def take_in(vault: LocalVault, chance: random.Random) -> None:
    """Bytes first, then the event that speaks of them."""
    digests = vault.store(io.BytesIO(chance.randbytes(chance.choice([10, 5_000, 300_000])))).digests
    say("stored", digests.sha256)
    stream = recording(f"v{digests.sha256[:12]}")
    file = FileRef(digests.sha256, digests.sm3, digests.size, "现场.mp4", "video/mp4")
    name, content = encode_content(RecordingStored(file, MediaSummary("video", "mp4")))
    version = read.version_of(stream)
    template = marked(stream, at=now())
    draft = Draft(template.id, AGENCY, stream, name, template.at, template.actor, content)
    acknowledge([draft], {str(stream): version})


def note_marks(chance: random.Random) -> None:
    """A few events in one call, in one or two streams."""
    streams = [recording(f"r{chance.randrange(5)}") for _ in range(chance.randint(1, 5))]
    after = read.versions_of(streams)
    acknowledge([marked(stream, at=now(), topic=f"要点 {chance.random()}") for stream in streams], after)


def acknowledge(drafts: list[Draft], after: dict[str, int]) -> None:
    for sealed in append(drafts, after=after, recorded_at=now()):
        say("event", f"{sealed.header.id} {hashlib.sha256(sealed.header_bytes).hexdigest()}")


def open_witness() -> InProcessWitness:
    witness = Witness([WITNESS], WitnessState(FOLDER / "witness.sqlite3"), FAST)
    witness.trust(LOG.key)
    return InProcessWitness("市司法局", witness, lambda: MORNING)


def seal_now(witness: InProcessWitness) -> int:
    """Seal and give the size; 0 when nothing was ever recorded."""
    if read.find_log(ORIGIN) is None:
        return 0
    tiles = TileDirectory(FOLDER / "tiles")
    sealing = seal(ORIGIN, at=now(), signers=[LOG], storage=tiles, witnesses=[witness], primitives=FAST)
    if sealing.pending:
        raise AssertionError(sealing.pending)
    return sealing.size


def judge(acknowledged: Path) -> None:
    """Compare what was acknowledged with what stands, and check everything; say one line of JSON."""
    stated = json.loads(acknowledged.read_text())
    standing = {one.id: hashlib.sha256(one.sealed.header_bytes).hexdigest() for one in read.entries(ORIGIN)}
    lost = [event for event, digest in stated["event"].items() if standing.get(event) != digest]
    vault = LocalVault(FOLDER / "vault")
    lost += [name for name in stated["stored"] if vault.check(name).verdict != "passed"]
    parts = LogParts(TileDirectory(FOLDER / "tiles"), [LOG.key], [WITNESS.key])
    findings = [f"{item.code} {item.path} {item.message}" for item in check(lambda origin: parts, primitives=FAST)]
    last = read.last_checkpoint(ORIGIN)
    size = 0 if last is None else last.size
    say("judged", json.dumps({"lost": lost, "findings": findings, "size": size}))


def ingest(folder: Path) -> None:
    """Take in every file of a folder, as `liuhen ingest` does, and say what became of each."""
    actor = Actor("actor-1", "李某", AGENCY, frozenset({"执法人员"}))
    for path in sorted(folder.iterdir()):
        at = now()
        row = ingest_file(path, Occasion(actor, at, at))
        say("taken", f"{path.name} {row.recording} {row.status}")


def judge_ingest() -> None:
    """Say what stands: each recording's file and name, what the checks of ledger and index find, what lies half-done."""
    vault = LocalVault(FOLDER / "vault")
    rows = {row.uid: [row.name, vault.check(row.sha256).verdict] for row in RecordingRow.objects.all()}
    say("judged", json.dumps({"rows": rows, "findings": all_findings()}))


def all_findings() -> list[str]:
    """Give what the checks of ledger and index find."""
    parts = LogParts(TileDirectory(FOLDER / "tiles"), [LOG.key], [WITNESS.key])
    return [f"{item.code} {item.path}" for item in check(lambda origin: parts, further=[check_index], primitives=FAST)]


def watch(argument: str) -> None:
    """Watch a folder for so many seconds: `SECONDS FOLDER`."""
    seconds, _, folder = argument.partition(" ")
    watching.watch(Path(folder), float(seconds), now, say)


TASKS: dict[str, Callable[[str], object]] = {
    "migrate": lambda _: call_command("migrate", verbosity=0),
    "work": lambda seed: work(int(seed)),
    "seal": lambda _: say("sealed", seal_now(open_witness())),
    "judge": lambda path: judge(Path(path)),
    "ingest": lambda path: ingest(Path(path)),
    "judge-ingest": lambda _: judge_ingest(),
    "watch": watch,
    "judge-watch": lambda _: watching.judge(LocalVault(FOLDER / "vault"), all_findings(), say),
    "calendar": lambda count: recomputing.make(int(count)),
    "recompute": lambda _: recomputing.sweep(say),
    "judge-terms": lambda whole: recomputing.judge(say, whole=whole == "whole"),
}


def main() -> None:
    """Fork a child for each task, tell its process id, wait for its end and tell how it ended."""
    office()  # made once: a child that is killed early should have had time to do something
    for line in sys.stdin:
        task, _, argument = line.strip().partition(" ")
        child = os.fork()
        if child == 0:
            say("child", os.getpid())  # by the child itself, so that nothing it says comes before
            try:
                TASKS[task](argument)
            except BaseException as error:
                say("failed", repr(error))
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        say("ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
