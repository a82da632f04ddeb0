"""The facts of serving documents: what was served, and what was tried before.

`None` means that no event has said so; a service of an older record has no effective day of its own.
"""

from dataclasses import dataclass
from datetime import date, datetime

from liuhen.core.facts.fact import Fact


@dataclass(slots=True)
class Service(Fact):
    """A document served."""

    uid: str = ""
    document: str = ""
    manner: str = ""
    recipient: str = ""
    place: str = ""
    receipt: str | None = None
    server: str | None = None
    witness: str | None = None
    reason: str | None = None
    act: str | None = None
    carrier: str | None = None
    post: str | None = None
    post_number: str | None = None
    left_at: str | None = None
    consent: str | None = None
    served: datetime | None = None
    agent: str | None = None
    proofs: tuple[str, ...] = ()
    attempt: str | None = None
    effective_on: date | None = None
    basis: tuple[str, ...] = ()
    paper_signers: tuple[str, ...] = ()


@dataclass(slots=True)
class Attempt(Fact):
    """An attempt to serve a document: failed, or still waiting for its receipt; `settled` names the service that it became."""

    uid: str = ""
    document: str = ""
    manner: str = ""
    recipient: str = ""
    place: str = ""
    result: str = ""
    reason: str | None = None
    server: str | None = None
    act: str | None = None
    agent: str | None = None
    post: str | None = None
    post_number: str | None = None
    proofs: tuple[str, ...] = ()
    tried: datetime | None = None
    settled: str | None = None
