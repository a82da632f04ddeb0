"""规则 as pages show it: the shelf of packs, a pack clause by clause, and one clause with its worked cases in full."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse

from liuhen.core.events.catalogue import BY_NAME, Event
from liuhen.core.rules.verdict import Verdict
from liuhen.doors.web.cards.lists import Choice
from liuhen.doors.web.cards.parts import Line
from liuhen.doors.web.cards.words import content_lines
from liuhen.doors.web.typography import verdict_name
from liuhen.flows.show_law import ClauseReading, PackLine, PackReading, RuleInWords, WorkedCase

ANSWERS = {"rule": "规则", "guarantee": "保证", "capability": "功能", "scope": "范围", "open": "未答"}
STATUSES = {"proved": "已证明", "open": "未完成"}
_ANSWER_HINTS = {
    "rule": "由规则对照案件或者机关的事实判断，示例证明",
    "guarantee": "系统使违反做不到或者瞒不住，测试证明",
    "capability": "系统提供相应的功能，测试证明",
    "scope": "规则包载明、系统遵守的适用范围，测试证明",
    "open": "还没有落实",
}
_LEVELS = {"must": "应当", "should": "根据需要"}
# What the reader of scenarios fills in where the author wrote nothing: it means nothing to whoever reads the case.
_MADE_UP = ("SHA-256", "SM3", "字节数", "文件类型", "封装格式", "浏览器可播放", "所签文件 SHA-256")
_DO = {
    "make": "制作",
    "sign": "签名",
    "approve": "审批",
    "say": "告知",
    "film": "拍摄",
    "show": "做到",
    "finish": "期限",
}


@dataclass(frozen=True, slots=True)
class PackCard:
    """A pack on the shelf."""

    title: str
    short_title: str
    issuer: str
    number: str
    edition: str
    from_day: date
    until_day: date | None
    kinds: str
    clauses: int
    rules: int
    own: bool
    url: str


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule in plain words: labelled lines, with its level and title."""

    id: str
    title: str
    level: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """A verdict of a worked case."""

    verdict: str
    name: str
    subject: str
    title: str
    because: tuple[str, ...]
    due: datetime | None


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A worked case by its name with its verdicts; `events` are filled on the page of one clause only."""

    name: str
    story: str
    at: datetime
    verdicts: tuple[VerdictCard, ...]
    wrong: tuple[str, ...]
    events: tuple["HappenedCard", ...] = ()


@dataclass(frozen=True, slots=True)
class HappenedCard:
    """What happened in a worked case."""

    at: datetime
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ClauseCard:
    """A clause with its answer, rules, worked cases and other proofs.

    `said` is everything it can be found by; `entry` is its place on the page of the pack, drawn once, for it is the same for
    everybody and a pack has thousands of lines.
    """

    anchor: str
    article: str
    short: str
    gist: str
    answer: str
    answer_name: str
    answer_hint: str
    status: str
    status_name: str
    rules: tuple[RuleCard, ...]
    cases: tuple[CaseCard, ...]
    tests: tuple[str, ...]
    url: str
    said: str
    entry: str = ""

    @property
    def tally(self) -> tuple[tuple[str, int], ...]:
        """How many worked cases show each verdict."""
        found = Counter(verdict.verdict for case in self.cases for verdict in case.verdicts)
        return tuple(
            (name, found[name]) for name in ("met", "unmet", "pending", "undetermined", "not_applicable") if found[name]
        )


@dataclass(frozen=True, slots=True)
class Article:
    """An article with those of its clauses that were found."""

    name: str
    anchor: str
    clauses: tuple[ClauseCard, ...]


@dataclass(frozen=True, slots=True)
class PackPage:
    """A pack narrowed by words, answer and status."""

    head: PackCard
    articles: tuple[Article, ...]
    found: int
    proved: int
    total: int
    cases: int
    words: str
    answer: str
    status: str
    url: str
    answers: tuple[Choice, ...]
    statuses: tuple[Choice, ...]


def pack_card(line: PackLine) -> PackCard:
    """Give a pack as the shelf shows it."""
    pack = line.pack
    return PackCard(
        title=pack.title,
        short_title=pack.short_title,
        issuer=pack.issuer,
        number=pack.number,
        edition=pack.edition,
        from_day=pack.in_force_from,
        until_day=pack.in_force_until,
        kinds="、".join(pack.kinds),
        clauses=len(pack.clauses),
        rules=len(pack.rules),
        own=line.own,
        url=reverse("law-pack", args=[line.name]),
    )


def pack_page(reading: PackReading, *, words: str, answer: str, status: str) -> PackPage:
    """Give the page of a pack, narrowed."""
    cards = _clauses(reading.name, _Kept(reading))
    found = [
        card
        for card in cards
        if answer in ("", card.answer) and status in ("", card.status) and _says(card.said, words)
    ]
    kept = {"q": words, "answer": answer, "status": status}
    here = reverse("law-pack", args=[reading.name])
    return PackPage(
        head=pack_card(PackLine(reading.name, reading.pack, False)),
        articles=_articles(found),
        found=len(found),
        proved=sum(card.status == "proved" for card in cards),
        total=len(cards),
        cases=len({case.name for card in cards for case in card.cases}),
        words=words,
        answer=answer,
        status=status,
        url=here,
        answers=_choices(here, kept, "answer", {"": "全部", **ANSWERS}, Counter(card.answer for card in cards)),
        statuses=_choices(here, kept, "status", {"": "全部", **STATUSES}, Counter(card.status for card in cards)),
    )


def _says(said: str, words: str) -> bool:
    return all(word in said for word in words.lower().split())


def _choices(
    here: str, kept: dict[str, str], key: str, labels: dict[str, str], counted: "Counter[str]"
) -> tuple[Choice, ...]:
    """Give the choices of a filter; those under which nothing would be found are left out."""
    return tuple(
        Choice(
            f"{label} {counted[value]}" if value else label,
            _address(here, kept | {key: value}),
            kept[key] == value,
        )
        for value, label in labels.items()
        if not value or counted[value]
    )


def _address(here: str, asked: dict[str, str]) -> str:
    query = urlencode({key: value for key, value in asked.items() if value})
    return f"{here}?{query}" if query else here


def _articles(cards: Iterable[ClauseCard]) -> tuple[Article, ...]:
    by_article: dict[str, list[ClauseCard]] = {}
    for card in cards:
        by_article.setdefault(card.article, []).append(card)
    return tuple(Article(_name(article), f"article-{article}", tuple(found)) for article, found in by_article.items())


def _name(article: str) -> str:
    return f"第 {article} 条" if article.isdecimal() else article


class _Kept:
    """A reading as the key of a cache: the same object is the same law, and nothing of it is compared or hashed."""

    def __init__(self, reading: PackReading) -> None:
        self.reading = reading

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.reading is self.reading

    def __hash__(self) -> int:
        return hash(self.reading.name)


@lru_cache(maxsize=32)
def _clauses(name: str, kept: _Kept) -> tuple[ClauseCard, ...]:
    """Give all clauses of a pack, drawn; made once."""
    cards = (clause_card(name, clause, events=False) for clause in kept.reading.clauses)
    short = kept.reading.pack.short_title
    return tuple(
        replace(card, entry=render_to_string("law/clause_entry.html", {"clause": card, "short_title": short}))
        for card in cards
    )


def clause_card(pack_name: str, reading: ClauseReading, *, events: bool) -> ClauseCard:
    """Give a clause; with `events`, its worked cases tell what happened in them."""
    clause, standing = reading.clause, reading.standing
    short = clause.id.partition("/")[2]
    rules = tuple(_rule(rule) for rule in reading.rules)
    cases = tuple(_case(case, events=events) for case in reading.cases)
    said = [clause.id, clause.gist, *(rule.title for rule in rules), *(case.name for case in cases)]
    said += [line.text for rule in rules for line in rule.lines]
    return ClauseCard(
        anchor=f"clause-{short}",
        article=short.partition(".")[0],
        short=short,
        gist=clause.gist,
        answer=clause.answer,
        answer_name=ANSWERS[clause.answer],
        answer_hint=_ANSWER_HINTS[clause.answer],
        status=standing.status,
        status_name=STATUSES[standing.status],
        rules=rules,
        cases=cases,
        tests=clause.proof,
        url=reverse("law-clause", args=[pack_name, short]),
        said="\n".join(said).lower(),
    )


def _rule(words: RuleInWords) -> RuleCard:
    lines = [Line("对象", words.subject)]
    if words.when:
        lines.append(Line("情形", "，".join(words.when)))
    lines += [Line(_DO[duty.what], duty.text) for duty in words.duties]
    if words.by:
        lines.append(Line("时限", words.by))
    lines += [Line("例外", f"{item.text}（{item.clause}）") for item in words.exemptions]
    if words.rule.remedy:
        lines.append(Line("补救", words.rule.remedy))
    return RuleCard(words.rule.id, words.rule.title, _LEVELS[words.rule.level], tuple(lines))


def _case(case: WorkedCase, *, events: bool) -> CaseCard:
    return CaseCard(
        name=case.name,
        story=case.story,
        at=case.at,
        verdicts=tuple(_verdict(verdict) for verdict in case.verdicts),
        wrong=case.differences,
        events=tuple(_happened(event) for event in case.events) if events else (),
    )


def _verdict(verdict: Verdict) -> VerdictCard:
    name = verdict_name(verdict.verdict)
    return VerdictCard(verdict.verdict, name, verdict.subject.label, verdict.title, verdict.because, verdict.due)


def _happened(event: Event) -> HappenedCard:
    lines = content_lines(event.content) if event.content is not None else ()
    shown = tuple(
        line for line in lines if not line.label.rpartition(" · ")[2].startswith(("SHA-256", "SM3", "字节数"))
    )
    return HappenedCard(event.header.at, BY_NAME[event.header.type].label, shown)
