"""`liuhen`: the command line. Each word loads only its own module, so that `liuhen deadline` never starts Django.

Exit codes: 0 done, 1 found something wrong (as each command says), 2 misuse or bad input, 130 interrupted.
"""

import argparse
import importlib
import sys
from typing import NoReturn, Protocol

from liuhen import __version__
from liuhen.core.kernel.errors import LiuhenError

# word → module that registers it, and what it does
WORDS: dict[str, tuple[str, str]] = {
    "up": ("serve", "serve the site: web, worker and sealing"),
    "demo": ("demo", "one whole case on real media, packed and verified"),
    "assess": ("law", "judge a case written as a list of events"),
    "ask": ("law", "say what the law demands of an act before it begins"),
    "deadline": ("law", "compute a deadline and show its working"),
    "calendar": ("calendar", "the work calendar: show it, check a file of it"),
    "packs": ("law", "the law: list, check, coverage, show"),
    "ingest": ("ingest", "take recordings in"),
    "watch": ("watch", "watch a folder of a docking station and take in what comes to rest in it"),
    "camera": ("camera", "body-worn camera systems that deliver here: connect, list, disable"),
    "verify": ("verify", "verify a package offline: folder, zip or disc image"),
    "ledger": ("ledger", "check, export or seal the ledger"),
    "witness": ("witness", "run a witness for logs"),
    "tamper": ("tamper", "tell every lie to the verifier and see which are caught"),
    "agency": ("agency", "found an agency here, or list those that stand"),
    "account": ("account", "the accounts of an agency: add, password, roles, close, open, list"),
    "seal": ("seal", "the certificate under which an agency seals: show, try, adopt, withdraw"),
    "seal-key": ("seal_key", "the SM2 keys of an agency's seal: list, register, retire"),
    "token": ("token", "make or revoke a token for the API"),
    "factor": ("factor", "take away the second factor of an account whose telephone was lost"),
    "bench": ("bench", "the benchmarks, as ratios of one run"),
}


class Module(Protocol):
    """What a module of commands offers."""

    def register(self, words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
        """Add the parsers of the module's words, each with `run` set to a function of the parsed arguments."""
        ...


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Refuse misuse with one sentence and exit 2."""
        print(f"liuhen: {message}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and give its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or given[0] in ("-h", "--help"):
        print(_help())
        return 0 if given else 2
    if given[0] in ("-V", "--version"):
        print(f"liuhen {__version__}")
        return 0
    if given[0] not in WORDS:
        print(f"liuhen: no command “{given[0]}”; there are {', '.join(WORDS)}", file=sys.stderr)
        return 2
    return _run(given)


def _run(given: list[str]) -> int:
    parser: argparse.ArgumentParser = _Parser(prog="liuhen")
    words: argparse._SubParsersAction[argparse.ArgumentParser] = parser.add_subparsers(
        dest="word", parser_class=_Parser
    )
    module: Module = importlib.import_module(f"liuhen.doors.cli.{WORDS[given[0]][0]}")
    module.register(words)
    parsed = parser.parse_args(given)
    try:
        return int(parsed.run(parsed))
    except LiuhenError as refusal:
        print(f"liuhen: {refusal}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _help() -> str:
    width = max(map(len, WORDS))
    lines = [f"  {word:<{width}}  {told}" for word, (_, told) in WORDS.items()]
    return "usage: liuhen WORD ...\n\n" + "\n".join(lines) + "\n\nliuhen WORD --help tells more."


if __name__ == "__main__":
    raise SystemExit(main())
