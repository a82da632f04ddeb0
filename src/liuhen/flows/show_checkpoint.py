"""Showing a log's checkpoint to anybody: a log that only its keeper can see proves nothing.

Invariant: what is shown is the checkpoint as it was kept, with every cosignature it has collected; nothing is signed here.
"""

from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import NotFound
from liuhen.records.ledger import read


def newest_checkpoint(origin: str | None) -> str:
    """Give the newest checkpoint of a log; without an origin, of the newest log of the only agency there is.

    Raises NotFound while nothing was sealed, and BadInput where several agencies keep logs here.
    """
    kept = read.last_checkpoint(origin or _only_origin())
    if kept is None:
        raise NotFound("日志的检查点")
    return kept.cosigned_note


def _only_origin() -> str:
    logs = read.logs()
    if not logs:
        raise NotFound("日志的检查点")
    if len({log.agency for log in logs}) > 1:
        raise BadInput("origin", f"此处有多个机关的日志，请写明要哪一个：{'、'.join(log.origin for log in logs)}")
    return logs[-1].origin
