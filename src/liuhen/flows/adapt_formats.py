"""文书格式维护: an agency sets its own version of a type, publishes it to those below, and goes back; nobody overwrites another.

Invariant: a version is one event, numbered here and nowhere else, and stays readable as it was; what is published can be drawn and
can say all that the packs ask of it; a version is set only by who saw the one it replaces.

Who may: the system administrator (MANAGE_AGENCY), as for lists, and the legal reviewers (REVIEW), who answer for the wording.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from liuhen.adapters.typeset.own_layout import read_layout
from liuhen.core.documents.adapting import Fault, Wanted, faults_of
from liuhen.core.documents.comparing import Difference, differences
from liuhen.core.documents.definition import spell_type
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.formats import DocumentTypeAdopted
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import say_instant
from liuhen.core.rules.model import Pack
from liuhen.core.rules.wording import items_wanted
from liuhen.flows.access import NotAllowed, NotFound, Permission, has, may_any
from liuhen.flows.actors import names_by_roll
from liuhen.flows.formats_in_force import Adoption, Format, Setter, formats_of, line_of, setter_of, shipped_types
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.try_format import require_drawable, sample_pdf
from liuhen.flows.write_document import keep
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_ADAPTERS = (Permission.MANAGE_AGENCY, Permission.REVIEW)
LONGEST_NOTE = 500


class FormatMoved(LiuhenError):
    """Another version holds by now than the one that the changes were made from."""

    def __init__(self, newest: Format) -> None:
        who = newest.agency_name or "内置"
        when = f"于 {say_instant(newest.at)} " if newest.at else ""
        super().__init__(
            f"《{newest.kind.name}》的格式已由{who}{when}改成了别的版本，您的修改不是在它上面作的，没有发布；请对照现行格式重新修改。"
        )


class FormatUnchanged(LiuhenError):
    """The format says the same as the one in force."""


class FormatFaulty(LiuhenError):
    """The format lacks what it must have, or changes what it must not."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("；".join(fault.sentence for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Version:
    """A version in the history of a type: what was set (None: taken back), how it differs from what held before it."""

    format: Format | None
    adoption: Adoption
    agency_name: str
    by: str
    differences: tuple[Difference, ...]


def may_read(actor: Actor) -> bool:
    """Say whether the actor may read formats: who works on cases, and who keeps the agency's data."""
    return has(actor, Permission.VIEW) or has(actor, Permission.MANAGE_AGENCY)


def may_adapt(actor: Actor) -> bool:
    """Say whether the actor may set formats."""
    return may_any(actor, _ADAPTERS)


def require_adapter(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may set formats."""
    if not may_adapt(actor):
        raise NotAllowed(actor, *_ADAPTERS)


def formats_for(actor: Actor) -> Mapping[str, Format]:
    """Give the formats in force for the actor's agency, by the codes of their types. Raises NotAllowed."""
    if not may_read(actor):
        raise NotAllowed(actor, Permission.VIEW)
    return {one.kind.code: one for one in formats_of(actor.agency).values()}


def format_for(actor: Actor, code: str) -> Format:
    """Give the format in force of one type. Raises NotAllowed, NotFound."""
    found = formats_for(actor).get(code)
    if found is None:
        raise NotFound("文书种类")
    return found


def shipped_of(code: str) -> DocumentType:
    """Give a type as it comes with Liuhen. Raises NotFound."""
    found = next((kind for kind in shipped_types().values() if kind.code == code), None)
    if found is None:
        raise NotFound("文书种类")
    return found


def history_of(actor: Actor, code: str) -> tuple[Version, ...]:
    """Give every version that bound the actor's agency, the newest first. Raises NotAllowed, NotFound."""
    format_for(actor, code)
    found = sorted(_adoptions(actor.agency, code), key=lambda pair: pair[1].header.recorded_at)
    names = names_by_roll(agency_facts(actor.agency).agency.officers, {one.header.actor for _, one in found})
    versions, before = [], shipped_of(code)
    for setter, adoption in found:
        now = setter.format(adoption) if adoption.said.definition is not None else None
        kind = now.kind if now is not None else shipped_of(code)
        who = names.get(adoption.header.actor, "") if setter.uid == actor.agency else ""
        versions.append(Version(now, adoption, setter.name, who, differences(before, kind)))
        before = kind
    return tuple(reversed(versions))


def _adoptions(agency: str, code: str) -> Iterator[tuple[Setter, Adoption]]:
    for setter in line_of(agency):
        for adoption in setter.adoptions:
            if adoption.said.code == code and (setter.uid == agency or adoption.said.published):
                yield setter, adoption


def version_of(actor: Actor, code: str, event: str) -> Format:
    """Give one version by its event. Raises NotAllowed, NotFound."""
    for version in history_of(actor, code):
        if version.format is not None and version.adoption.header.id == event:
            return version.format
    raise NotFound("格式版本")


def wanted_of(form: str) -> tuple[Wanted, ...]:
    """Give what the packs at hand ask of documents of a type."""
    return tuple(
        Wanted(item, _cite(pack, clause), rule.title)
        for pack in (shelved.pack for shelved in office().shelf.editions())
        for rule in pack.rules
        if any(test.attribute == "form" and form in map(str, test.operands) for test in rule.when.tests)
        for item in items_wanted(rule)
        for clause in rule.clauses
    )


def _cite(pack: Pack, clause: str) -> str:
    return f"{pack.short_title} {clause.partition('/')[2]}"


def faults_in(kind: DocumentType) -> tuple[Fault, ...]:
    """Give what is wrong with a changed type. Raises NotFound for one of no known code."""
    return faults_of(shipped_of(kind.code), kind, wanted_of(kind.name))


def keep_layout(actor: Actor, code: str, source: bytes) -> FileRef:
    """Put a layout into the vault, for a draft. Raises NotAllowed, NotFound, LayoutRefused."""
    require_adapter(actor)
    kind = shipped_of(code)
    text = read_layout(source)
    return keep(text.encode(), f"{kind.name}.typ", "text/plain")


def sample_of(occasion: Occasion, kind: DocumentType, template: FileRef | None) -> bytes:
    """Draw a format on made-up data. Raises NotAllowed, FormatFaulty, BadInput, LayoutRefused."""
    if not may_read(occasion.actor):
        raise NotAllowed(occasion.actor, Permission.VIEW)
    if faults := faults_in(kind):
        raise FormatFaulty(faults)
    name = setter_of(occasion.actor.agency).name
    return sample_pdf(occasion, name, Format(kind, template=template))


def adopt_format(
    occasion: Occasion,
    kind: DocumentType,
    *,
    template: FileRef | None = None,
    note: str,
    published: bool = False,
    based_on: str,
) -> Format:
    """Set the agency's own version of a type; `based_on` is the event of the format it was made from, empty for the shipped.

    Raises NotAllowed, NotFound, FormatFaulty, LayoutRefused, FormatMoved, FormatUnchanged, BadInput.
    """
    require_adapter(occasion.actor)
    _require_note(note)
    if faults := faults_in(kind):
        raise FormatFaulty(faults)
    name = setter_of(occasion.actor.agency).name
    require_drawable(occasion, name, Format(kind, template=template))
    with turn():
        hold(occasion.actor.agency)
        standing = format_for(occasion.actor, kind.code)
        if standing.event != based_on:
            raise FormatMoved(standing)
        # Setting what holds anyway is a change only where it is published for the first time, or no longer.
        reached = standing.published and standing.agency == occasion.actor.agency
        if (standing.kind, standing.template) == (kind, template) and reached == published:
            raise FormatUnchanged(f"《{kind.name}》与现行格式完全相同，没有发布新版本；请修改后再发布。")
        _write(occasion, kind, spell_type(kind), template, note, published)
        return format_for(occasion.actor, kind.code)


def go_back(occasion: Occasion, code: str, *, note: str, based_on: str) -> Format:
    """Take the agency's own version back, so that its superior's or the shipped one holds again.

    Raises NotAllowed, NotFound, FormatMoved, FormatUnchanged, BadInput.
    """
    require_adapter(occasion.actor)
    _require_note(note)
    with turn():
        hold(occasion.actor.agency)
        standing, kind = format_for(occasion.actor, code), shipped_of(code)
        if standing.event != based_on:
            raise FormatMoved(standing)
        own = [one for one in setter_of(occasion.actor.agency).adoptions if one.said.code == code]
        if not own or own[-1].said.definition is None:
            raise FormatUnchanged(f"《{kind.name}》没有本机关自己的格式，不用改回。")
        # Whom an earlier version reached must hear of its end.
        _write(occasion, kind, None, None, note, any(one.said.published for one in own))
        return format_for(occasion.actor, code)


def _require_note(note: str) -> None:
    if not 0 < len(note.strip()) <= LONGEST_NOTE:
        raise BadInput("note", f"请写明为什么改、依据什么改，不超过 {LONGEST_NOTE} 个字")


def _write(
    occasion: Occasion,
    kind: DocumentType,
    definition: str | None,
    template: FileRef | None,
    note: str,
    published: bool,
) -> None:
    own = [one for one in setter_of(occasion.actor.agency).adoptions if one.said.code == kind.code]
    said = DocumentTypeAdopted(kind.code, kind.name, len(own) + 1, definition, template, note.strip(), published)
    write_agency(occasion, said)
