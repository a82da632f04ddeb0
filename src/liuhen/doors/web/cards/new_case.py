"""登记新案件: the form in its groups, and beside it the packs that will judge the case and what each trait switches on."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms

from liuhen.core.rules.model import Pack, Rule
from liuhen.doors.web.cards.parts import ClauseChip, clause_chip
from liuhen.doors.web.new_case_form import NewCaseForm
from liuhen.flows.foresee_case import Foreseen


@dataclass(frozen=True, slots=True)
class Trait:
    """A trait that can be ticked, with what turns on it."""

    word: str
    picked: bool
    titles: str
    clauses: tuple[ClauseChip, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that a pack may ask of the case as a whole."""

    title: str
    clause: ClauseChip


@dataclass(frozen=True, slots=True)
class Judge:
    """A pack that will judge the case."""

    name: str
    title: str
    edition: str
    count: int
    demands: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class NewCase:
    """The whole page."""

    form: NewCaseForm
    groups: tuple[tuple[str, tuple[forms.BoundField, ...]], ...]
    further: tuple[forms.BoundField, ...]
    kind: str
    traits: tuple[Trait, ...]
    judges: tuple[Judge, ...]
    refusal: str


_GROUPS = (
    ("案件", ("kind", "matter")),
    ("来源", ("start", "manner", "summary", "reporting", "reporter", "received_by", "received_at")),
    ("当事人", ("party", "party_kind", "representative", "address", "id_number", "phone")),
)
_FURTHER = ("unit", "entrusted_by")
_MOST_CHIPS = 4


def new_case(foreseen: Foreseen, form: NewCaseForm) -> NewCase:
    """Give the page for a kind of enforcement."""
    ticked = form["traits"].value() or []
    return NewCase(
        form=form,
        groups=tuple((title, tuple(form[name] for name in names)) for title, names in _GROUPS),
        further=tuple(form[name] for name in _FURTHER),
        kind=foreseen.kind,
        traits=tuple(_traits(foreseen, ticked)),
        judges=tuple(_judge(pack, rules) for pack, rules in zip(foreseen.packs, foreseen.rules, strict=True)),
        refusal=foreseen.refusal,
    )


def _traits(foreseen: Foreseen, ticked: list[str]) -> Iterator[Trait]:
    for item in foreseen.traits:
        titles = "；".join(dict.fromkeys(rule.title for rule in item.rules[:_MOST_CHIPS]))
        clauses = dict.fromkeys(rule.clauses[0] for rule in item.rules)
        chips = tuple(clause_chip(foreseen.packs, clause) for clause in list(clauses)[:_MOST_CHIPS])
        yield Trait(item.word, item.word in ticked, titles, chips)


def _judge(pack: Pack, rules: tuple[Rule, ...]) -> Judge:
    demands = tuple(Demand(rule.title, clause_chip([pack], rule.clauses[0])) for rule in rules)
    return Judge(pack.id, pack.title, pack.edition, len(pack.rules), demands)
