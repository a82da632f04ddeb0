"""`python -m tests.doors.tamper.maker FOLDER`: make the specimen in a process and a database of its own."""

import pickle
import sys
from pathlib import Path

from liuhen.doors.cli.site import start


def main(work: Path) -> None:
    """Leave the specimen in FOLDER/specimen.pickle and the agency's keys in FOLDER/data."""
    start(str(work / "data"))
    from liuhen.doors.tamper.specimen import make_specimen

    specimen = make_specimen(work, lambda _: None)
    (work / "specimen.pickle").write_bytes(pickle.dumps(specimen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
