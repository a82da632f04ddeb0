"""A wire between a sender and the site that can be cut in the middle of a body, or change a byte of it.

Invariant: what it is not told to spoil passes unchanged; it knows of HTTP only where the body of a PATCH begins.
"""

import contextlib
import socket
import threading
import time

_ARRIVING = 0.5  # seconds


class Wire:
    """Listens at `url` and passes everything on.

    `cut_after`: how many bytes of bodies of PATCH may pass before the connection is cut, once for each number.
    `stall_after`: how many bytes of the body of the next PATCH pass before the wire goes dead, until `release`.
    `let_pass`: how many PATCH pass before that one.
    `alter_at`: the place of the one byte, in the body of the next PATCH, that arrives otherwise than it was sent.
    """

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._listener = socket.create_server(("localhost", 0))
        self.url = f"http://localhost:{self._listener.getsockname()[1]}"
        self.cut_after: list[int] = []
        self.alter_at: int | None = None
        self.stall_after: int | None = None
        self.let_pass = 0
        self.stalled, self._released = threading.Event(), threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def release(self) -> None:
        """Let the dead connection be noticed by both ends."""
        self._released.set()

    def __exit__(self, *_: object) -> None:
        self.release()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sender, _ = self._listener.accept()
                site = socket.create_connection(self._there)
                threading.Thread(target=self._pass_on, args=(sender, site), daemon=True).start()
                threading.Thread(target=_pass_back, args=(site, sender), daemon=True).start()

    def _pass_on(self, sender: socket.socket, site: socket.socket) -> None:
        passed, body, exempt = 0, False, False
        with contextlib.suppress(OSError):
            while block := sender.recv(65536):
                piece = bytearray(block)
                start = _body_start(block)
                if start is not None:
                    passed, body, exempt = -start, True, self._lets_pass()
                elif _begins_request(block):
                    body = False
                if body and not exempt and self._stalls(piece, passed, site):
                    break
                if body and self._spoil(piece, passed):
                    # What passed before the cut arrives, also at a site that is busy with others.
                    time.sleep(_ARRIVING)
                    break
                passed += len(piece)
                site.sendall(piece)
        _close(sender, site)

    def _lets_pass(self) -> bool:
        with self._lock:
            self.let_pass -= 1
            return self.let_pass >= 0

    def _stalls(self, piece: bytearray, passed: int, site: socket.socket) -> bool:
        with self._lock:
            after = self.stall_after
            if after is None or passed + len(piece) <= after:
                return False
            self.stall_after = None
        site.sendall(piece[: after - passed])
        self.stalled.set()
        self._released.wait(30)
        return True

    def _spoil(self, piece: bytearray, passed: int) -> bool:
        """Change what is to be changed; say whether the wire is to be cut here."""
        with self._lock:
            if self.alter_at is not None and 0 <= self.alter_at - passed < len(piece):
                piece[self.alter_at - passed] ^= 1
                self.alter_at = None
            if self.cut_after and passed + len(piece) > self.cut_after[0]:
                self.cut_after.pop(0)
                return True
        return False


def _body_start(block: bytes) -> int | None:
    if not block.startswith(b"PATCH "):
        return None
    end = block.find(b"\r\n\r\n")
    return end + 4 if end >= 0 else len(block)


def _begins_request(block: bytes) -> bool:
    return block.startswith((b"GET ", b"HEAD ", b"POST ", b"DELETE ", b"OPTIONS "))


def _pass_back(site: socket.socket, sender: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while block := site.recv(65536):
            sender.sendall(block)
    _close(site, sender)


def _close(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
