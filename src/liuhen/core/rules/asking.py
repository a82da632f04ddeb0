"""What the law demands of an act before it begins, read from the same rules that will judge it afterwards.

Invariant: nothing here knows a rule by name. A duty is listed unless something known of the act already excludes it; what
is not yet known (whether the party will refuse, whether filming will break) is listed with the condition in words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from liuhen.core.rules.conditions import Condition, Test, Truth, Value
from liuhen.core.rules.model import (
    DocumentDemand,
    FilmDemand,
    OrderDemand,
    Pack,
    Rule,
    SignerDemand,
    StepDemand,
    SubjectKind,
    TimeDemand,
    ToldDemand,
)
from liuhen.core.rules.settings import settled
from liuhen.core.rules.subjects import VOCABULARIES, attribute_label, moment_label

What = Literal["make", "sign", "approve", "say", "film", "show", "finish"]
Known = dict[str, Value]
# What a rule says of a duty: its typed section, one test of an attribute, or alternatives of which one suffices.
Part = (
    DocumentDemand
    | SignerDemand
    | StepDemand
    | ToldDemand
    | FilmDemand
    | TimeDemand
    | OrderDemand
    | Test
    | tuple[Condition, ...]
)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: make a document, get it signed, say, film, show something, or finish within a term.

    `part` is the typed section of the rule that it was read from, by which duties of several packs are weighed.
    """

    what: What
    text: str
    part: Part


@dataclass(frozen=True, slots=True)
class Exemption:
    """Another clause that lifts the duty or replaces its term, and when."""

    clause: str
    text: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What one rule will want of the act: under which conditions, what to do, before which moment, and the exemptions.

    `bring` is what must be at hand for it; `forms` are the documents of the act that it speaks of; `open` are the tests
    nobody can answer yet; `lifted` is the exemption that already holds for what is known of the act.
    """

    pack: str
    clause: str
    rule: Rule
    when: tuple[str, ...]
    duties: tuple[Duty, ...]
    by: str | None
    exemptions: tuple[Exemption, ...]
    lifted: Exemption | None = None
    bring: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    open: tuple[Test, ...] = ()


def to_json(demand: Demand) -> dict[str, Any]:
    """Give a demand in the shape of `liuhen ask --json`, but for how it stands to those of other packs."""
    return {
        "pack": demand.pack,
        "clause": demand.clause,
        "rule": demand.rule.id,
        "kind": demand.rule.kind,
        "title": demand.rule.title,
        "level": demand.rule.level,
        "subject": demand.rule.each,
        "when": list(demand.when),
        "bring": list(demand.bring),
        "do": [{"what": duty.what, "text": duty.text} for duty in demand.duties],
        "by": demand.by,
        "unless": [{"clause": item.clause, "text": item.text} for item in demand.exemptions],
        "lifted": {"clause": demand.lifted.clause, "text": demand.lifted.text} if demand.lifted else None,
    }


def ask(packs: Iterable[Pack], *, act: str, traits: tuple[str, ...] = ()) -> list[Demand]:
    """List what the packs demand of an act of a kind with traits, in the order of their rules."""
    known_packs = tuple(settled(pack) for pack in packs)
    own: Known = {"kind": act, "traits": frozenset(traits)}
    rules = [rule for pack in known_packs for rule in pack.rules]
    of_act = [rule for rule in rules if rule.each == "act" and possible(rule.when, own)]
    known = _known(act, own, of_act)
    return [
        _demand(pack.id, rule, variants)
        for pack in known_packs
        for rule in pack.rules
        if (variants := _fitting(rule, known.get(rule.each, [])))
    ]


def words_of(packs: Iterable[Pack], attribute: str) -> list[str]:
    """List the words that rules about acts know for an attribute (`kind`, `traits`), so that a misspelling can be seen."""
    rules = [rule for pack in packs for rule in pack.rules if rule.each == "act"]
    conditions = [condition for rule in rules for condition in (rule.when, *(item.when for item in rule.unless))]
    tests = [test for condition in conditions for test in condition.tests if test.attribute == attribute]
    return list(dict.fromkeys(word for test in tests for word in test.operands if isinstance(word, str)))


def _known(act: str, own: Known, of_act: list[Rule]) -> dict[str, list[Known]]:
    """Say what is known beforehand of the things that the act will bring about."""
    forms = dict.fromkeys(form for rule in of_act if rule.document for form in rule.document.forms)
    known: dict[str, list[Known]] = {"act": [own], "case": [{"act_kinds": frozenset({act})}]}
    known["document"] = [{"form": form} for form in forms]
    if any(rule.filmed for rule in of_act):
        known["recording"] = known["interruption"] = [{}]
    ending = VOCABULARIES["service"].label
    if act.endswith(ending) and act != ending:
        known["service"] = [{"manner": act.removesuffix(ending)}]
    return known


def _fitting(rule: Rule, variants: list[Known]) -> list[Known]:
    """Give the variants that a rule may come to judge; a duty of the whole case counts when it speaks of this act."""
    if rule.each == "case" and not any(test.attribute == "act_kinds" for test in rule.when.tests):
        return []
    return [known for known in variants if possible(rule.when, known)]


def possible(condition: Condition, known: Known) -> bool:
    """Say whether a condition may still come to hold: nothing that is known already excludes it."""
    return all(test.on(known[test.attribute]) is not Truth.FALSE for test in condition.tests if test.attribute in known)


def _certain(condition: Condition, known: Known) -> bool:
    answers = (test.on(known[test.attribute]) if test.attribute in known else Truth.UNKNOWN for test in condition.tests)
    return all(answer is Truth.TRUE for answer in answers)


def _demand(pack: str, rule: Rule, variants: list[Known]) -> Demand:
    unanswered = tuple(test for test in rule.when.tests if test.attribute not in variants[0])
    when = [say_test(rule.each, test) for test in unanswered]
    forms = tuple(str(known["form"]) for known in variants if "form" in known)
    named = [test for test in rule.when.tests if test.attribute == "form"]
    if forms and named:
        when.insert(0, f"{attribute_label('document', 'form')}为{'、'.join(forms)}")
    return Demand(
        pack=pack,
        clause=rule.clauses[0],
        rule=rule,
        when=tuple(when),
        duties=tuple(duties_of(rule)),
        by=f"{moment_label(rule.each, rule.by)}前" if rule.by else None,
        exemptions=tuple(exemptions_of(rule)),
        lifted=next((Exemption(o.cites, o.why) for o in rule.unless if _certain(o.when, variants[0])), None),
        bring=tuple(dict.fromkeys(_bring(rule))),
        forms=forms,
        open=unanswered,
    )


def duties_of(rule: Rule) -> Iterator[Duty]:
    """Say what a rule wants done, one duty for each of its demands."""
    if rule.document is not None:
        fields = f"，填写{'、'.join(rule.document.fields)}" if rule.document.fields else ""
        yield Duty("make", _name_forms(rule.document) + fields, rule.document)
    for signer in rule.signed:
        yield Duty("sign", _say_signer(signer), signer)
    for step in rule.approval:
        yield Duty("approve", f"{step.step}意见{'、理由' if step.reasons else ''}和日期", step)
    if rule.told is not None:
        answer = "，并记录回应" if rule.told.response else ""
        yield Duty("say", f"告知{'、'.join(rule.told.topics)}{answer}", rule.told)
    if rule.filmed is not None:
        yield Duty("film", _say_film(rule.filmed), rule.filmed)
    if rule.order is not None:
        first, then = moment_label(rule.each, rule.order.first), moment_label(rule.each, rule.order.then)
        yield Duty("finish", f"先{first}，再{then}", rule.order)
    if rule.time is not None:
        yield Duty("finish", say_term(rule.each, rule.time), rule.time)
    yield from _shown(rule)


def _shown(rule: Rule) -> Iterator[Duty]:
    what: What = "film" if rule.kind == "av" else "say" if rule.kind == "inform" else "show"
    if rule.shows is not None:
        for test in rule.shows.tests:
            yield Duty(what, say_test(rule.each, test), test)
    ways = ["，".join(say_test(rule.each, test) for test in way.tests) for way in rule.any_of]
    if ways:
        yield Duty(what, "；或者".join(ways), rule.any_of)


# What an act's own attributes want to be at hand before it begins: attribute → what to bring, from how many on.
_AT_HAND = {
    "certificates_shown": "全体执法人员的执法证件",
    "certified": "不少于{}名执法人员有效的执法证件",
    "officers": "不少于{}名执法人员",
}


def _bring(rule: Rule) -> Iterator[str]:
    """Say what must be at hand: the people and their certificates, blank documents, equipment that films."""
    if rule.each == "act" and rule.shows is not None:
        for test in rule.shows.tests:
            if test.attribute in _AT_HAND:
                yield _AT_HAND[test.attribute].format(f" {test.operands[0]} ")
    if rule.document is not None and rule.each == "act":
        yield f"空白的{_name_forms(rule.document)}"
    if rule.filmed is not None:
        yield "音像记录设备" + ("，电量和存储够拍全程" if rule.filmed.extent == "whole" else "")


def _name_forms(document: DocumentDemand) -> str:
    return "或".join(f"《{form}》" for form in document.forms)


def say_test(kind: SubjectKind, test: Test) -> str:
    """Write a test of a subject's attribute for a reader."""
    label = attribute_label(kind, test.attribute)
    if (kind, test.attribute, test.operator, test.operands) == ("act", "recordings", "least", (1,)):
        return "拍了音像的"
    if test.operator == "any" and all(isinstance(item, bool) for item in test.operands):
        return f"{label}：{'是' if test.operands[0] else '否'}"
    said = test.say()
    if test.attribute == "media":
        for word, name in _MEDIA.items():
            said = said.replace(word, name)
    return f"{label}{said}"


def _say_signer(signer: SignerDemand) -> str:
    text = f"{signer.role}签名，不少于 {signer.least} 人"
    if signer.refused is None:
        return text
    stand = signer.refused
    if stand.least == 0:
        return f"{text}；拒绝的，注明情况，可以由{stand.role}签名证明（{stand.cites}）"
    return f"{text}；拒绝的，注明情况并由{stand.role}签名，不少于 {stand.least} 人（{stand.cites}）"


_MEDIA = {"video": "录像", "audio": "录音", "photo": "照相"}


def _say_film(filmed: FilmDemand) -> str:
    how = "或".join(_MEDIA.get(item, item) for item in filmed.media) or "音像记录"
    if filmed.extent == "some":
        return f"作{how}"
    return f"全程{how}，中断超过 {filmed.tolerance_seconds} 秒的应当说明"


def _say_period(text: str) -> str:
    """Write a period so that it stands well within a sentence."""
    return text.replace(" 不顺延", "（不顺延）")


def say_term(kind: SubjectKind, term: TimeDemand) -> str:
    """Write a term for a reader: from which moment, how long, to which moment."""
    start, to = moment_label(kind, term.start), moment_label(kind, term.to)
    within = _say_period(term.within)
    if term.count == "back":
        return f"{start}前至少 {within}{to}"
    if term.count == "wait":
        return f"{start}后满 {within}方可{to}"
    longest = (
        f"，连同延长最长 {_say_period(term.extension.longest)}" if term.extension and term.extension.longest else ""
    )
    left_out = f"，{'、'.join(term.excludes)}的时间不计" if term.excludes else ""
    return f"{start}后 {within}内{to}{left_out}{longest}"


def exemptions_of(rule: Rule) -> Iterator[Exemption]:
    """Say which other clauses lift a rule or replace its term, and when."""
    for lifting in rule.unless:
        when = "，".join(say_test(rule.each, test) for test in lifting.when.tests)
        yield Exemption(lifting.cites, f"{when}的：{lifting.why}")
    for other in rule.instead:
        when = "，".join(say_test(rule.each, test) for test in other.when.tests)
        later = "；原期限更晚的从其原期限" if other.later else ""
        yield Exemption(other.cites, f"{when}的：{say_term(rule.each, other.time)}{later}")
