"""Asking witnesses to cosign a checkpoint.

Invariant: a witness that is silent, busy or of another mind delays nothing; a witness that remembers more than the log
holds, or another root, stops everything: the log lost entries or was forked, and that is never "caught up".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.tlog.checkpoint import TreeHead, open_checkpoint, parse_checkpoint
from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey
from liuhen.core.tlog.note import GoodSignature, Note
from liuhen.core.tlog.reader import LogReader
from liuhen.core.tlog.refusals import Malformed, Unproven
from liuhen.core.tlog.witness import Accepted, Elsewhere, Refused, parse_request, parse_response, render_request


class LogBehindWitness(LiuhenError):
    """A witness holds a larger checkpoint than the log: entries were lost, or an old backup was restored."""

    def __init__(self, origin: str, witness: str, witnessed: int, size: int) -> None:
        super().__init__(
            f"严重告警：见证方 {witness} 已见证日志 {origin} 到第 {witnessed} 条，本系统只有 {size} 条，"
            "可能丢失记录或误恢复了旧备份；已停止封存，请保留现场，从更新的备份恢复后再启动。"
        )
        self.origin = origin
        self.witness = witness
        self.witnessed = witnessed
        self.size = size


class LogForked(LiuhenError):
    """A witness holds another root for the same entries: somebody rewrote the log."""

    def __init__(self, origin: str, witness: str, size: int) -> None:
        super().__init__(
            f"严重告警：见证方 {witness} 所见日志 {origin} 前 {size} 条与本系统不同，记录可能被改写；"
            "已停止封存，请保留现场并由安全管理员运行 liuhen ledger check 查明原因。"
        )
        self.origin = origin
        self.witness = witness
        self.size = size


class Answer(Protocol):
    """A witness's answer to add-checkpoint."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...


class Witness(Protocol):
    """A witness as the flow sees it: `keys` check its cosignatures; both calls raise LiuhenError when it is not there."""

    @property
    def name(self) -> str: ...
    @property
    def keys(self) -> tuple[VerifierKey, ...]: ...
    def submit(self, body: bytes) -> Answer: ...
    def latest(self, origin: str) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who has not attested yet, and why."""

    name: str
    reason: str


def heads_witnessed(
    origin: str, witnesses: Sequence[Witness], log_keys: Sequence[VerifierKey], primitives: Primitives = PURE
) -> dict[str, TreeHead]:
    """Ask what each witness remembers of a log, before anything is signed; who does not answer is left out.

    A checkpoint counts only with a good signature of the log itself: a witness cannot invent a larger log.
    """
    heads: dict[str, TreeHead] = {}
    for witness in witnesses:
        try:
            latest = witness.latest(origin)
            if latest is not None:
                opened = open_checkpoint(latest, log_keys, primitives=primitives)
                heads[witness.name] = opened.checkpoint.head
        except LiuhenError:
            # Recording must not depend on a witness; when it cosigns, it compares with its own memory again.
            continue
    return heads


def ask_witness(
    witness: Witness, note: Note, reader: LogReader, *, known: int = 0, primitives: Primitives = PURE
) -> tuple[GoodSignature, ...] | Pending:
    """Ask one witness to cosign; `known` is the size it is believed to stand at.

    Raises LogBehindWitness, LogForked. Every other trouble is Pending with its reason.
    """
    checkpoint = parse_checkpoint(note.text)
    try:
        answer = _ask_at(witness, note, reader, known, primitives)
        if isinstance(answer, Elsewhere) and not answer.ahead_of_log:
            answer = _ask_at(witness, note, reader, answer.size, primitives)
    except (Malformed, Unproven) as error:
        return Pending(witness.name, f"见证方的应答无法验证，请核对其公钥({error})")
    except LiuhenError as error:
        return Pending(witness.name, str(error))
    if isinstance(answer, Accepted):
        return answer.cosignatures
    if isinstance(answer, Elsewhere):
        if answer.ahead_of_log:
            raise LogBehindWitness(checkpoint.origin, witness.name, answer.size, checkpoint.size)
        return Pending(witness.name, f"见证方进度变化(第 {answer.size} 条)，稍后将自动重试")
    if answer.split_view:
        raise LogForked(checkpoint.origin, witness.name, checkpoint.size)
    return Pending(witness.name, _say_refusal(answer))


def _ask_at(
    witness: Witness, note: Note, reader: LogReader, old: int, primitives: Primitives
) -> Accepted | Elsewhere | Refused:
    body = render_request(old, reader.prove_consistency(old), note.render())
    answer = witness.submit(body)
    return parse_response(answer.status, answer.body, parse_request(body), list(witness.keys), primitives)


_MEANINGS = {
    400: "见证方认为请求格式有误",
    403: "见证方不信任本日志的签名密钥，请将日志公钥登记到见证方",
    404: "见证方未登记本日志，请将日志公钥登记到见证方",
    422: "见证方认为本日志与其先前所见不一致，请运行 liuhen ledger check",
}


def _say_refusal(refused: Refused) -> str:
    meaning = _MEANINGS.get(refused.status, "见证方拒绝")
    return f"{meaning}(状态 {refused.status}：{refused.sentence[:200]})"
