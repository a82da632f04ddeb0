"""A tlog-witness over HTTP: add-checkpoint, and the latest checkpoint of each log for whoever monitors.

Invariant: a body is read only after its length was declared and found small; an answer follows what the witness decided,
and a failure of our own is a 500 without details, never a cosignature.
"""

import logging
import re
import socket
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from liuhen.adapters.witnesses.witness import Witness
from liuhen.core.tlog.witness import TEXT_TYPE

LARGEST_BODY = 256 * 1024
PATIENCE = 10.0  # seconds that a connection may stay silent
_MONITORED = re.compile(r"/([0-9a-f]{64})/checkpoint\Z")

log = logging.getLogger(__name__)


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness; `clock` gives the aware time that cosignatures carry."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], witness: Witness, clock: Callable[[], datetime]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.witness = witness
        self.clock = clock
        super().__init__(address, _Handler)

    @property
    def url(self) -> str:
        """The submission and monitoring prefix."""
        host, port = self.server_address[:2]
        name = str(host)
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "liuhen-witness"
    sys_version = ""
    timeout = PATIENCE

    def do_POST(self) -> None:
        if self.path != "/add-checkpoint":
            self._reply(404, b"unknown address; post to /add-checkpoint\n")
            return
        body = self._read_body()
        if body is None:
            return
        try:
            decision = self.server.witness.answer(body, self.server.clock())
        except Exception:
            # The door's last resort: nothing was promised, the log will ask again.
            log.exception("a request could not be answered")
            self._reply(500, b"the witness failed; ask again later\n")
            return
        log.info("add-checkpoint %s", decision.status)
        self._reply(decision.status, decision.body, decision.content_type)

    def do_GET(self) -> None:
        monitored = _MONITORED.match(self.path)
        latest = self.server.witness.latest_by_digest(monitored[1]) if monitored else None
        if latest is None:
            self._reply(404, b"no checkpoint of such a log was cosigned here\n")
        else:
            self._reply(200, latest)

    def _read_body(self) -> bytes | None:
        stated = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", stated):
            self._refuse(411, b"state the Content-Length\n")
            return None
        if int(stated) > LARGEST_BODY:
            self._refuse(413, b"a request has at most 256 KiB\n")
            return None
        body = self.rfile.read(int(stated))
        if len(body) < int(stated):
            self.close_connection = True
            return None
        return body

    def _refuse(self, status: int, body: bytes) -> None:
        # What follows was not read, so the connection cannot be used again.
        self.close_connection = True
        self._reply(status, body)

    def _reply(self, status: int, body: bytes, content_type: str = TEXT_TYPE) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)
