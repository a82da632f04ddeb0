"""Events of serving a document before it counts as served: an attempt that failed, or one whose receipt is still out.

Law words (manners, reasons) are text that packs know; the code never branches on them.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ServiceAttempted:
    """送达未成或者待回执: somebody tried to serve a document; the event's `at` is when, `reason` why it did not succeed.

    `result`: 未送达, or 待回执 where it was handed to the post or to another body and the receipt is awaited. `proofs` are
    documents of the case (退件封面, 情况说明 …); `act` is the act whose recordings show the attempt.
    """

    attempt: str
    document: str
    manner: str
    recipient: str
    place: str
    result: Literal["未送达", "待回执"]
    reason: str | None = None
    server: str | None = None
    act: str | None = None
    agent: str | None = None
    post: str | None = None
    post_number: str | None = None
    proofs: tuple[str, ...] = ()
