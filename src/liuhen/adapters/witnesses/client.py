"""Asking witnesses: over HTTP, or one that lives in the same process (demonstration, tests).

Invariant: an answer is handed on as it came, never believed here; no answer in time is an error with the witness's name.
"""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from liuhen.adapters.witnesses.witness import Witness, origin_sha256
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.tlog.keys import VerifierKey
from liuhen.core.tlog.witness import LONGEST_ANSWER


class WitnessUnreachable(LiuhenError):
    """No answer came: refused connection, silence past the timeout, broken transfer."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"见证方 {name} 无法连接({reason})；记录不受影响，稍后将自动重试，请检查网络或见证服务。")
        self.name = name


class WitnessBusy(LiuhenError):
    """The witness asks to come later (429 or 5xx)."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"见证方 {name} 暂时繁忙(状态 {status})；记录不受影响，稍后将自动重试。")
        self.name = name
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answered to add-checkpoint."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpWitness:
    """A witness reached at a submission prefix, e.g. https://witness.example.gov.cn/sup; `timeout` in seconds."""

    name: str
    url: str
    keys: tuple[VerifierKey, ...]
    timeout: float = 5.0

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise BadInput(f"witness {self.name}", f"“{self.url}” is no web address; write http://… or https://…")

    def submit(self, body: bytes) -> Answer:
        """Send an add-checkpoint request. Raises WitnessUnreachable, WitnessBusy."""
        answer = self._ask("add-checkpoint", body)
        if answer.status == 429 or answer.status >= 500:
            raise WitnessBusy(self.name, answer.status)
        return answer

    def latest(self, origin: str) -> bytes | None:
        """Fetch the latest checkpoint the witness cosigned for a log; None when it publishes none.

        Raises WitnessUnreachable. Spec: C2SP tlog-witness, monitoring prefix (taken to be the submission prefix).
        """
        answer = self._ask(f"{origin_sha256(origin)}/checkpoint", None)
        return answer.body if answer.status == 200 else None

    def _ask(self, path: str, body: bytes | None) -> Answer:
        request = urllib.request.Request(
            f"{self.url.rstrip('/')}/{path}", data=body, headers={"Content-Type": "text/plain; charset=utf-8"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                return Answer(response.status, response.read(LONGEST_ANSWER))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read(LONGEST_ANSWER))
        except OSError as error:
            raise WitnessUnreachable(self.name, str(getattr(error, "reason", error))) from None


@dataclass(frozen=True, slots=True)
class InProcessWitness:
    """A witness in the same process, with the clock it cosigns by. It proves the machinery, not independence."""

    name: str
    witness: Witness
    clock: Callable[[], datetime]

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        return self.witness.keys

    def submit(self, body: bytes) -> Answer:
        """Hand a request over and give the answer."""
        decision = self.witness.answer(body, self.clock())
        return Answer(decision.status, decision.body)

    def latest(self, origin: str) -> bytes | None:
        """Give the latest checkpoint the witness cosigned for a log."""
        return self.witness.latest(origin)
