"""What any hand can do to a file: change a byte, take it away, cut it, add to it, exchange it, bring back an older one."""

from liuhen.doors.tamper.attack import Lie
from liuhen.doors.tamper.forgery import Forgery


def _named(forgery: Forgery, name: str) -> str:
    """Give a file by its path, or by the end of its name where the beginning is an event's id."""
    return name if name in forgery.files else next(path for path in forgery.files if path.endswith(f" {name}"))


def touch(name: str, at: int = 100) -> Lie:
    def lie(forgery: Forgery) -> None:
        path = _named(forgery, name)
        data = bytearray(forgery.files[path])
        data[at] ^= 1
        forgery.files[path] = bytes(data)

    return lie


def drop(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        del forgery.files[_named(forgery, name)]

    return lie


def cut(name: str, by: int = 30) -> Lie:
    def lie(forgery: Forgery) -> None:
        path = _named(forgery, name)
        forgery.files[path] = forgery.files[path][:-by]

    return lie


def append(name: str, more: bytes = b"% and more\n") -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[_named(forgery, name)] += more

    return lie


def exchange(one: str, other: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        first, second = _named(forgery, one), _named(forgery, other)
        forgery.files[first], forgery.files[second] = forgery.files[second], forgery.files[first]

    return lie


def place_over(name: str, other: str) -> Lie:
    """Lay a copy of another file in a file's place; the other stays where it is."""

    def lie(forgery: Forgery) -> None:
        forgery.files[_named(forgery, name)] = forgery.files[_named(forgery, other)]

    return lie


def copy(name: str, to: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[to] = forgery.files[_named(forgery, name)]

    return lie


def rename(name: str, to: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[to] = forgery.files.pop(_named(forgery, name))

    return lie


def older(name: str) -> Lie:
    def lie(forgery: Forgery) -> None:
        forgery.files[name] = forgery.specimen.older[name]

    return lie
