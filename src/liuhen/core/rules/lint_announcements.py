"""The linter of what packs say aloud and of the causes they name for breaks.

Invariant: what is announced is judged and what is judged is announced: a topic that no rule looks for in the film, or a
rule that looks for a topic nobody is told to say, is a fault.
"""

from collections.abc import Collection, Iterator

from liuhen.core.rules.announcing import BLANKS, strange_blanks
from liuhen.core.rules.fault import Fault
from liuhen.core.rules.model import Announcement, Pack, Rule, Sentence
from liuhen.core.rules.subjects import VOCABULARIES


def spoken_faults(pack: Pack) -> Iterator[Fault]:
    """Find every fault of the announcements and causes of a pack."""
    for index, announcement in enumerate(pack.announcements):
        yield from _announcement_faults(pack, announcement, f"announcements[{index}]")
    yield from _unannounced(pack)
    known, seen = {clause.id for clause in pack.clauses}, set[str]()
    for index, one in enumerate(pack.interruption_causes):
        path = f"interruption_causes[{index}]"
        yield from _citation(one.cause, one.cites, known, path)
        if not one.cause.strip():
            yield Fault(pack.id, "names an empty cause; write it or drop it", f"{path}.cause")
        if one.cause in seen:
            yield Fault(one.cause, "this cause stands twice; keep one", f"{path}.cause")
        seen.add(one.cause)


def _announcement_faults(pack: Pack, announcement: Announcement, path: str) -> Iterator[Fault]:
    if not announcement.items:
        yield Fault(pack.id, "announces nothing; write items, or drop the announcement", path)
    attributes = VOCABULARIES["act"].attributes
    for test in announcement.when.tests:
        if test.attribute not in attributes:
            said = f"act has no attribute “{test.attribute}”; it has {'、'.join(attributes)}"
            yield Fault(pack.id, said, f"{path}.when.{test.attribute}")
    known, seen = {clause.id for clause in pack.clauses}, set[str]()
    for index, item in enumerate(announcement.items):
        place = f"{path}.items[{index}]"
        yield from _citation(item.topic, item.cites, known, place)
        yield from _sentence_faults(pack, item, place)
        if item.topic in seen:
            yield Fault(item.topic, "this topic is announced twice at once; keep one", f"{place}.topic")
        seen.add(item.topic)


def _citation(about: str, clause: str, known: Collection[str], path: str) -> Iterator[Fault]:
    if clause not in known:
        said = f"cites {clause or 'nothing'}, which clauses.yaml does not have; correct the number or add the clause"
        yield Fault(about, said, f"{path}.cites")


def _sentence_faults(pack: Pack, item: Sentence, path: str) -> Iterator[Fault]:
    if not item.say.strip():
        yield Fault(item.topic, "says nothing; write the sentence that is read aloud", f"{path}.say")
    if strange := strange_blanks(item.say):
        known = "、".join(f"{{{blank}}}" for blank in BLANKS)
        yield Fault(item.topic, f"nobody can fill in “{strange[0]}”; blanks are {known}", f"{path}.say")
    judged = (rule for rule in pack.rules if item.cites in rule.clauses)
    if not any(item.topic in topics for rule in judged for topics in marked_topics(rule)):
        said = f"no rule of {item.cites} judges that it was marked; add it to a rule's shows: {{marked: …}} or drop it"
        yield Fault(item.topic, said, f"{path}.topic")


def _unannounced(pack: Pack) -> Iterator[Fault]:
    announced = {item.topic for announcement in pack.announcements for item in announcement.items}
    for index, rule in enumerate(pack.rules):
        for topics in marked_topics(rule):
            missing = sorted(topics - announced)
            if missing and topics & announced:
                said = f"wants {'、'.join(missing)} marked, which no announcement says; add the sentence or drop it"
                yield Fault(rule.id, said, f"rules[{index}].shows.marked")


def marked_topics(rule: Rule) -> Iterator[frozenset[str]]:
    """Give the topics that a rule about acts wants marked in the film, one set for each of its tests."""
    if rule.each != "act":
        return
    for test in rule.tests:
        if test.attribute == "marked" and test.operator in ("any", "all"):
            yield frozenset(word for word in test.operands if isinstance(word, str))
