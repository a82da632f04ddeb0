"""What a pack is: clauses with their answers, rules with their demands. Decoded strictly: an unknown key is refused.

A rule judges every subject of one kind (`each`) that fits `when`, demands one or more things of it, may be lifted by
`unless` and may have its deadline replaced by `instead`; both carry their own citation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import encode
from liuhen.core.kernel.digests import sha256
from liuhen.core.rules.conditions import ALWAYS, Condition, Test

RuleKind = Literal["doc", "sign", "av", "time", "keep", "inform", "access", "seal", "manage"]
SubjectKind = Literal[
    "case",
    "act",
    "document",
    "approval",
    "recording",
    "interruption",
    "service",
    "decision",
    "objection",
    "evidence",
    "access",
    "agency",
    "device",
    "problem",
]
Answer = Literal["rule", "guarantee", "capability", "scope", "open"]
Level = Literal["must", "should"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the register: its id, kind, gist in our own words, and how Liuhen answers it."""

    id: str
    kind: str
    gist: str
    answer: Answer
    proof: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentDemand:
    """A text record of one of `forms` exists (in the case, or for the act), with `fields` filled."""

    forms: tuple[str, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """What may stand in the place of a refused signature: at least `least` of `role` sign beside the note."""

    role: str
    least: int
    cites: str


@dataclass(frozen=True, slots=True)
class SignerDemand:
    """At least `least` persons in `role` signed, or the refusal was noted and `refused` is satisfied."""

    role: str
    least: int = 1
    refused: Stand | None = None


@dataclass(frozen=True, slots=True)
class StepDemand:
    """A step of an approval, with opinion and day; `reasons` too where true."""

    step: str
    reasons: bool = False


@dataclass(frozen=True, slots=True)
class ToldDemand:
    """All `topics` were told; with `response`, what the person answered was set down."""

    topics: tuple[str, ...]
    response: bool = False


@dataclass(frozen=True, slots=True)
class FilmDemand:
    """Filming: `some` of the act, or the `whole` of it, where gaps up to `tolerance_seconds` do not count.

    `media` names the kinds of recording that satisfy the clause (video, audio, photo); none named, any does.
    """

    extent: Literal["some", "whole"]
    tolerance_seconds: int = 5
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """How a term may be extended: decided before it runs out, under the clause it cites, by no more than `longest` in all.

    `term` is the word by which 延长期限 names it.
    """

    cites: str
    term: str
    longest: str | None = None


@dataclass(frozen=True, slots=True)
class TimeDemand:
    """From a moment to a moment within a period such as “24 小时”, “2 工作日”, “30 日”.

    `count` turns it round: `back`, done at the latest so long before `start` in clear days; `wait`, not done before the
    period has run out. `excludes` names the grounds of intervals that stop the clock.
    """

    start: str
    to: str
    within: str
    count: Literal["back", "wait"] | None = None
    excludes: tuple[str, ...] = ()
    extension: Extension | None = None


@dataclass(frozen=True, slots=True)
class OrderDemand:
    """One moment not later than another: 告知 before 决定, 批准 before 查封扣押."""

    first: str
    then: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another time demand that holds instead when the condition does, under the clause it cites.

    `later`: an easing that never shortens, so that the later of the two ends counts.
    """

    cites: str
    when: Condition
    time: TimeDemand
    later: bool = False


@dataclass(frozen=True, slots=True)
class Lifting:
    """The rule is lifted when the condition holds, under the clause it cites."""

    cites: str
    when: Condition
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty. `by` names the moment before which the duty is not yet due (of the subject, or `case.…`)."""

    id: str
    clauses: tuple[str, ...]
    kind: RuleKind
    title: str
    each: SubjectKind
    level: Level = "must"
    when: Condition = ALWAYS
    absent: str | None = None
    by: str | None = None
    document: DocumentDemand | None = None
    signed: tuple[SignerDemand, ...] = ()
    approval: tuple[StepDemand, ...] = ()
    told: ToldDemand | None = None
    filmed: FilmDemand | None = None
    time: TimeDemand | None = None
    order: OrderDemand | None = None
    instead: tuple[Alternative, ...] = ()
    shows: Condition | None = None
    any_of: tuple[Condition, ...] = ()
    unless: tuple[Lifting, ...] = ()
    remedy: str | None = None

    @property
    def wanted(self) -> tuple[Condition, ...]:
        """Every condition by which the rule says what it wants to see, the ways of which one suffices among them."""
        return (self.shows, *self.any_of) if self.shows is not None else self.any_of

    @property
    def tests(self) -> tuple[Test, ...]:
        """Every test of those conditions."""
        return tuple(test for condition in self.wanted for test in condition.tests)


def pack_of(clause: str) -> str:
    """Give the pack that a clause id names, as `hebei` of `hebei/23`."""
    return clause.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Setting:
    """A value of which we are not sure enough to fix it: rules write `$id`, an agency may adopt another value by an event.

    Without `choices` it is a period. `confidence` is ours, `source` where we have it from, `note` what is to be confirmed.
    """

    id: str
    title: str
    value: str
    confidence: Confidence
    note: str
    source: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an announcement: what is read aloud, the topic that marks it in the film, the clause that asks for it.

    `say` may leave blanks such as {时间}, which are filled in on the spot; `announcing.BLANKS` has them all.
    """

    topic: str
    say: str
    cites: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What officers say at the opening of a film of the acts that fit `when`, in the order of the regulation."""

    items: tuple[Sentence, ...]
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class InterruptionCause:
    """A cause for which filming may break off, as a clause names it; the clause's 等 stays open to what a person writes."""

    cause: str
    cites: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a manner of service rests on: where it is named, of which forms, whether signed, what it must say."""

    entry: str
    forms: tuple[str, ...]
    signed: bool = False
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Serving:
    """A manner of serving documents: the day that counts, what is recorded of it, and what it cannot stand without.

    `day` is what people call the day that is entered; with `within` a document counts as served when that time has run out
    from it (a public notice), else on that very day. `fields` are recorded beside recipient, place and server; `must` of them
    are asked by the clause without exception, and of `ways` one has to be complete. `last`: only when others have failed.
    `failed` are the papers by which an attempt in this manner is shown to have failed (退件凭证 …).
    """

    manner: str
    day: str
    cites: tuple[str, ...]
    within: str | None = None
    fields: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    ways: tuple[tuple[str, ...], ...] = ()
    papers: tuple[Paper, ...] = ()
    last: bool = False
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One edition of one regulation as data. `in_force_from` is its first day; acts and stages are its scope.

    `layer` is `base` for what every agency stands under beside the regulations of its own.
    """

    id: str
    edition: str
    title: str
    short_title: str
    issuer: str
    number: str
    in_force_from: date
    kinds: tuple[str, ...]
    stages: tuple[str, ...]
    clauses: tuple[Clause, ...]
    rules: tuple[Rule, ...]
    in_force_until: date | None = None
    lists: tuple[str, ...] = ()
    settings: tuple[Setting, ...] = ()
    layer: Literal["base"] | None = None
    announcements: tuple[Announcement, ...] = ()
    interruption_causes: tuple[InterruptionCause, ...] = ()
    serving: tuple[Serving, ...] = ()

    def is_in_force(self, day: date) -> bool:
        """Say whether this edition holds on a day."""
        return self.in_force_from <= day and (self.in_force_until is None or day < self.in_force_until)

    def clause(self, clause_id: str) -> Clause:
        """Look a clause up; raises KeyError for one outside the register."""
        return next(clause for clause in self.clauses if clause.id == clause_id)


def render_pack(pack: Pack) -> bytes:
    """Give the canonical bytes of a pack, as the archive package carries them."""
    return canonical.render(encode(pack))


def digest_of(pack: Pack) -> str:
    """Give the SHA-256 by which a case pins this edition."""
    return sha256(render_pack(pack))
