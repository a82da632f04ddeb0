"""What all facts share."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Fact:
    """What all facts share: the events they rest on."""

    evidence: list[str] = field(default_factory=list)
