"""The linter of packs: what the strict decoding cannot see. Each fault names where it stands and what mends it.

Invariant: `path` is the place in the pack as plain data (`rules[3].time.within`), so that whoever read it from a file can
say the line; a word that is nearly right is answered with the word that was meant.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from liuhen.core.calendar.periods import Months, Years, parse_period
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.conditions import Condition
from liuhen.core.rules.fault import Fault
from liuhen.core.rules.lint_announcements import spoken_faults
from liuhen.core.rules.lint_serving import serving_faults
from liuhen.core.rules.model import Pack, Rule, TimeDemand
from liuhen.core.rules.settings import MARK, fits, named_in, named_in_serving, settled
from liuhen.core.rules.subjects import VOCABULARIES, knows_moment


def lint(pack: Pack, register: frozenset[str], forms: frozenset[str] | None = None) -> list[Fault]:
    """Find every fault of a pack against the register of its clauses and, where given, the forms that documents have."""
    faults = [*_head_faults(pack), *_clause_faults(pack, register), *_citation_faults(pack), *_setting_faults(pack)]
    faults += [*lint_rules(settled(pack).rules), *spoken_faults(pack), *serving_faults(pack)]
    return faults if forms is None else [*faults, *_form_faults(pack, forms)]


def lint_rules(rules: Sequence[Rule]) -> list[Fault]:
    """Find the faults that a rule has by itself, also when the rest of its pack cannot be read."""
    return [fault for index, rule in enumerate(rules) for fault in _own_faults(rule, f"rules[{index}]")]


def _head_faults(pack: Pack) -> Iterator[Fault]:
    if pack.in_force_until is not None and pack.in_force_until <= pack.in_force_from:
        said = (
            f"in_force_until {pack.in_force_until} is not after in_force_from {pack.in_force_from}, so this edition is"
        )
        yield Fault(
            pack.id, f"{said} never in force; write the first day on which it no longer holds", "in_force_until"
        )
    if not pack.kinds:
        yield Fault(pack.id, "binds no kind of enforcement; write kinds such as [行政处罚, 行政检查]", "kinds")


def _clause_faults(pack: Pack, register: frozenset[str]) -> Iterator[Fault]:
    ids = [clause.id for clause in pack.clauses]
    for clause_id in sorted({clause_id for clause_id in ids if ids.count(clause_id) > 1}):
        yield Fault(
            clause_id, "stands twice in clauses.yaml; keep one", f"clauses[{len(ids) - 1 - ids[::-1].index(clause_id)}]"
        )
    for clause_id in sorted(register - set(ids)):
        yield Fault(clause_id, "is in the register but not in clauses.yaml; add it with its answer", "clauses")
    for clause_id in sorted(set(ids) - register):
        yield Fault(
            clause_id, "is not in the register; check the article number", f"clauses[{ids.index(clause_id)}].id"
        )
    in_rules = {clause_id for rule in pack.rules for clause_id in cited(rule)}
    for index, clause in enumerate(pack.clauses):
        if clause.answer == "rule" and clause.id not in in_rules:
            said = "is answered by a rule, but no rule cites it; write the rule or change the answer"
            yield Fault(clause.id, said, f"clauses[{index}].answer")


def cited(rule: Rule) -> Iterator[str]:
    """Give every clause that a rule cites: its own, and those of its alternatives, liftings and refusals."""
    return (clause for clause, _ in _citations(rule))


def _citations(rule: Rule) -> Iterator[tuple[str, str]]:
    """Give every clause that a rule cites, with its path in the rule."""
    yield from ((clause, f"clauses[{index}]") for index, clause in enumerate(rule.clauses))
    yield from ((other.cites, f"instead[{index}].cites") for index, other in enumerate(rule.instead))
    yield from ((lifting.cites, f"unless[{index}].cites") for index, lifting in enumerate(rule.unless))
    for term, place in _terms(rule):
        if term.extension:
            yield term.extension.cites, f"{place}.extension.cites"
    for index, signer in enumerate(rule.signed):
        if signer.refused:
            yield signer.refused.cites, f"signed[{index}].refused.cites"


def _citation_faults(pack: Pack) -> Iterator[Fault]:
    known = [clause.id for clause in pack.clauses]
    seen: set[str] = set()
    for index, rule in enumerate(pack.rules):
        if rule.id in seen:
            yield Fault(rule.id, "this rule id stands twice; rename one", f"rules[{index}].id")
        seen.add(rule.id)
        for clause_id, path in _citations(rule):
            if clause_id not in known:
                said = f"cites {clause_id}, which clauses.yaml does not have{_meant(clause_id, known)}"
                yield Fault(rule.id, f"{said}; correct the number or add the clause", f"rules[{index}].{path}")


def _setting_faults(pack: Pack) -> Iterator[Fault]:
    """Find settings that nobody uses or that cannot stand where they are used, and uses of settings that are not there."""
    known = [setting.id for setting in pack.settings]
    used = [(index, name) for index, rule in enumerate(pack.rules) for name in named_in(rule)]
    for index, name in used:
        if name not in known:
            said = f"refers to the setting ${name}, which pack.yaml does not have{_meant(name, known)}"
            yield Fault(pack.rules[index].id, f"{said}; correct it or add it under settings", f"rules[{index}]")
    for index, setting in enumerate(pack.settings):
        place = f"settings[{index}]"
        if known.index(setting.id) != index:
            yield Fault(setting.id, "this setting stands twice; keep one", f"{place}.id")
        if setting.id not in {name for _, name in used} | {named_in_serving(one) for one in pack.serving}:
            yield Fault(setting.id, f"no rule refers to this setting; write ${setting.id} in one or drop it", place)
        if not fits(setting, setting.value):
            wanted = f"one of {'、'.join(setting.choices)}" if setting.choices else "a period such as 30 日"
            yield Fault(setting.id, f"“{setting.value}” is not {wanted}", f"{place}.value")


def _own_faults(rule: Rule, path: str) -> Iterator[Fault]:
    if not rule.clauses:
        yield Fault(rule.id, "cites no clause; every duty must name the clause it comes from", f"{path}.clauses")
    if not _demands(rule):
        said = "demands nothing; add shows, any_of, document, signed, approval, told, filmed, order or time"
        yield Fault(rule.id, said, path)
    yield from _attribute_faults(rule, path)
    yield from _moment_faults(rule, path)
    for term, place in _terms(rule):
        yield from _period_faults(rule, term, f"{path}.{place}")


def _period_faults(rule: Rule, term: TimeDemand, path: str) -> Iterator[Fault]:
    written = [(term.within, f"{path}.within")]
    if term.extension and term.extension.longest:
        written.append((term.extension.longest, f"{path}.extension.longest"))
    for text, place in written:
        if text.startswith(MARK):  # what stands there is the pack's to say
            continue
        try:
            period = parse_period(text)
        except BadInput as fault:
            yield Fault(rule.id, str(fault), place)
            continue
        if term.count == "back" and isinstance(period, (Months, Years)):
            yield Fault(rule.id, "what is counted back is given in 小时, 工作日 or 日", place)
    if term.count == "back" and (term.excludes or term.extension):
        yield Fault(rule.id, "a term counted back has neither excludes nor extension; drop them", path)


def _demands(rule: Rule) -> bool:
    written = (rule.shows, rule.any_of, rule.document, rule.signed, rule.approval, rule.told, rule.filmed, rule.time)
    return any((*written, rule.order))


def _conditions(rule: Rule) -> Iterator[tuple[Condition, str]]:
    yield rule.when, "when"
    if rule.shows is not None:
        yield rule.shows, "shows"
    yield from ((way, f"any_of[{index}]") for index, way in enumerate(rule.any_of))
    yield from ((other.when, f"instead[{index}].when") for index, other in enumerate(rule.instead))
    yield from ((lifting.when, f"unless[{index}].when") for index, lifting in enumerate(rule.unless))


def terms_of(rule: Rule) -> Iterator[TimeDemand]:
    """Give every term of a rule: its own, and those of its alternatives."""
    return (term for term, _ in _terms(rule))


def _terms(rule: Rule) -> Iterator[tuple[TimeDemand, str]]:
    if rule.time is not None:
        yield rule.time, "time"
    yield from ((other.time, f"instead[{index}].time") for index, other in enumerate(rule.instead))


def _attribute_faults(rule: Rule, path: str) -> Iterator[Fault]:
    known = VOCABULARIES[rule.each].attributes
    for condition, place in _conditions(rule):
        for test in condition.tests:
            if test.attribute not in known:
                said = f"{rule.each} has no attribute “{test.attribute}”{_meant(test.attribute, known)}"
                yield Fault(rule.id, f"{said}; it has {'、'.join(known)}", f"{path}.{place}.{test.attribute}")


def _moment_faults(rule: Rule, path: str) -> Iterator[Fault]:
    known = (*VOCABULARIES[rule.each].moments, *(f"case.{name}" for name in VOCABULARIES["case"].moments))
    moments = [(rule.by, "by")] if rule.by else []
    for term, place in _terms(rule):
        moments += [(term.start, f"{place}.start"), (term.to, f"{place}.to")]
    if rule.order:
        moments += [(rule.order.first, "order.first"), (rule.order.then, "order.then")]
    for name, place in moments:
        if not knows_moment(rule.each, name):
            said = f"{rule.each} has no moment “{name}”{_meant(name, known)}; it has {'、'.join(known)}"
            yield Fault(rule.id, said, f"{path}.{place}")


def _form_faults(pack: Pack, known: frozenset[str]) -> Iterator[Fault]:
    """Find documents that nobody makes, neither another pack nor a worked case.

    Of the forms that a rule offers one must be known, and the others are then known by it; a condition names known ones.
    """
    declared = {form for rule in pack.rules if rule.document for form in rule.document.forms}
    for index, rule in enumerate(pack.rules):
        offered = rule.document.forms if rule.document else ()
        if offered and known.isdisjoint(offered):
            yield _unknown_form(rule, offered[0], known, f"rules[{index}].document.forms")
        for condition, place in _conditions(rule) if rule.each == "document" else ():
            for test in condition.tests:
                for form in test.operands if test.attribute == "form" else ():
                    if form not in known | declared:
                        yield _unknown_form(rule, str(form), known | declared, f"rules[{index}].{place}.form")


def _unknown_form(rule: Rule, form: str, known: Collection[str], path: str) -> Fault:
    said = f"no document is called 《{form}》{_meant(form, known)}"
    return Fault(rule.id, f"{said}; correct the name, or show in a worked case how it is made", path)


def overlap_faults(pack: Pack, others: Iterable[Pack]) -> list[Fault]:
    """Find other editions of a pack that are in force on a day on which this one is too."""
    found = []
    for other in others:
        if other.id != pack.id or other.edition == pack.edition:
            continue
        earlier, later = sorted((pack, other), key=lambda item: (item.in_force_from, item.edition))
        if _ends(earlier) > later.in_force_from:
            said = f"editions {earlier.edition} and {later.edition} are both in force on {later.in_force_from}"
            remedy = f"write in_force_until: {later.in_force_from} in edition {earlier.edition}"
            path = "in_force_from" if pack is later else "in_force_until"
            found.append(Fault(f"{pack.id}@{pack.edition}", f"{said}; {remedy}", path))
    return found


def _ends(pack: Pack) -> date:
    return pack.in_force_until or date.max


def _meant(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, list(known), 1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""
