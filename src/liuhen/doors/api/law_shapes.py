"""The law and the lists of an agency as programs get and send them: the stable shapes of version 1.

Invariant: as in `shapes`; a clause has the keys of `liuhen packs show --json`, with its rules and worked cases told in full.
"""

from datetime import date, datetime

from pydantic import ConfigDict, Field

from liuhen.doors.api.shapes import Shape


class PackHead(Shape):
    """A pack; `name` is id@edition, `own` says that the caller's agency stands under it."""

    name: str
    id: str
    edition: str
    title: str
    short_title: str
    issuer: str
    number: str
    in_force_from: date
    in_force_until: date | None
    kinds: list[str]
    stages: list[str]
    clauses: int
    rules: int
    own: bool


class PackList(Shape):
    """The packs at hand, those of the caller's agency first."""

    packs: list[PackHead]


class DutyWords(Shape):
    """One thing a rule wants, in words."""

    what: str
    text: str


class ExemptionWords(Shape):
    """Another clause that lifts the duty or replaces its term."""

    clause: str
    text: str


class RuleWords(Shape):
    """A rule in words."""

    id: str
    title: str
    kind: str
    level: str
    subject: str
    when: list[str]
    do: list[DutyWords]
    by: str | None
    unless: list[ExemptionWords]


class CaseVerdict(Shape):
    """A verdict of a worked case."""

    rule: str
    clause: str
    verdict: str
    subject: str
    due: datetime | None
    because: list[str]


class CaseWords(Shape):
    """A worked case under a clause; `passed` says that it came out as its author wrote."""

    name: str
    story: str
    at: datetime
    passed: bool
    verdicts: list[CaseVerdict]


class ClauseWords(Shape):
    """A clause with its answer and what proves it."""

    clause: str
    kind: str
    gist: str
    answer: str
    status: str
    rules: list[RuleWords]
    proofs: list[str]
    cases: list[CaseWords]


class PackWhole(Shape):
    """A pack clause by clause."""

    name: str
    id: str
    edition: str
    title: str
    issuer: str
    number: str
    in_force_from: date
    in_force_until: date | None
    clauses: list[ClauseWords]


class ListRow(Shape):
    """A row of the 音像记录事项清单."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    category: str | None = Field(None, description="执法类别")
    matter: str = Field(description="执法事项")
    link: str = Field(description="记录环节")
    manner: str = Field(description="记录方式")
    starts: str | None = Field(None, description="记录开始时间")
    content: str | None = Field(None, description="记录内容")
    ends: str | None = Field(None, description="记录结束时间")
    keep: str | None = Field(None, description="存储期限，如“2 年”“永久”")


class ListVersion(Shape):
    """A version as it was published; `rows` counts them."""

    id: str
    version: str
    at: datetime
    recorded_at: datetime
    by: str
    rows: int


class AgencyLists(Shape):
    """Every version, the one in force first, and the rows of the one that was asked for."""

    name: str
    versions: list[ListVersion]
    shown: str | None
    entries: list[ListRow]


class ListIn(Shape):
    """A list to be published as the next version."""

    model_config = ConfigDict(extra="forbid")

    based_on: str = Field("", max_length=64, description="据以修改的版本的 id；第一次公布不写")
    entries: list[ListRow] = Field(min_length=1, max_length=1000)
