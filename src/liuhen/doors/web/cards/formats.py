"""文书格式: which format of each type holds and who set it, its form, what a change would change, and its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from liuhen.core.documents.adapting import Fault, standing_words
from liuhen.core.documents.comparing import Difference, differences
from liuhen.core.documents.flowing import FACTS
from liuhen.core.documents.model import DocumentType, FieldSpec
from liuhen.doors.web.format_drafts import FormatDraft
from liuhen.doors.web.format_forms import KINDS, SPARE_FIELDS, SPARE_SIGNERS
from liuhen.flows.adapt_formats import Version, may_adapt, wanted_of
from liuhen.flows.formats_in_force import Format
from liuhen.flows.occasion import Actor


@dataclass(frozen=True, slots=True)
class FormatLine:
    """A type in the list; `setter` says who set its format."""

    name: str
    code: str
    url: str
    setter: str
    origin: str
    at: datetime | None
    drafted: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history."""

    label: str
    who: str
    at: datetime
    note: str
    published: bool
    in_force: bool
    taken_back: bool
    own_layout: bool
    sample_url: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class FormatPage:
    """The page of a type."""

    name: str
    code: str
    setter: str
    origin: str
    at: datetime | None
    note: str
    own_layout: bool
    kind: DocumentType
    sample_url: str
    versions: tuple[VersionLine, ...]
    may_adapt: bool
    has_own: bool
    has_draft: bool
    based_on: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A row of the form: a field as it stands, or room for one more; `was` is its name so far."""

    place: int
    order: int
    spec: FieldSpec
    was: str
    choices: str
    errors: tuple[str, ...]
    asked: str


@dataclass(frozen=True, slots=True)
class ListBox:
    """A box with one text a line."""

    name: str
    label: str
    hint: str
    text: str
    rows: int
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignerRow:
    """A role that signs."""

    place: int
    role: str
    least: str


@dataclass(frozen=True, slots=True)
class FormatEditor:
    """The form of a draft, with what is wrong in it."""

    name: str
    code: str
    based_on: str
    revision: int
    origin: str
    rows: tuple[FieldRow, ...]
    boxes: tuple[ListBox, ...]
    signers: tuple[SignerRow, ...]
    signer_errors: tuple[str, ...]
    kinds: tuple[str, ...]
    facts: tuple[str, ...]
    errors: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    standing: tuple[str, ...]
    own_layout: bool


def say_setter(format: Format, agency: str) -> tuple[str, str]:
    """Say who set a format, and of which origin it is: shipped, own or superior."""
    if not format.version:
        return "内置", "shipped"
    if format.agency == agency:
        return f"本机关第 {format.version} 版", "own"
    return f"上级发布：{format.agency_name}第 {format.version} 版", "superior"


def format_line(format: Format, actor: Actor, drafted: bool) -> FormatLine:
    """Give a type as the list shows it."""
    setter, origin = say_setter(format, actor.agency)
    kind = format.kind
    return FormatLine(kind.name, kind.code, reverse("format", args=[kind.code]), setter, origin, format.at, drafted)


def format_page(format: Format, versions: Iterable[Version], actor: Actor, has_draft: bool) -> FormatPage:
    """Give the page of a type."""
    kind = format.kind
    setter, origin = say_setter(format, actor.agency)
    lines = tuple(_version(version, format, actor) for version in versions)
    return FormatPage(
        name=kind.name,
        code=kind.code,
        setter=setter,
        origin=origin,
        at=format.at,
        note=format.note,
        own_layout=format.template is not None,
        kind=kind,
        sample_url=reverse("format-sample", args=[kind.code]),
        versions=lines,
        may_adapt=may_adapt(actor),
        has_own=origin == "own",
        has_draft=has_draft,
        based_on=format.event,
    )


def _version(version: Version, standing: Format, actor: Actor) -> VersionLine:
    said, header = version.adoption.said, version.adoption.header
    own = header.agency == actor.agency
    address = reverse("format-sample", args=[said.code])
    return VersionLine(
        label=f"{'本机关' if own else version.agency_name}第 {said.version} 版",
        who=version.by,
        at=header.at,
        note=said.note or "",
        published=said.published,
        in_force=header.id == standing.event,
        taken_back=version.format is None,
        own_layout=said.template is not None,
        sample_url=f"{address}?version={header.id}" if version.format is not None else "",
        differences=version.differences,
    )


_BOXES = (
    ("body", "固定文字", "每行一段；花括号里写填写项的名称，制作时填入其内容，如 {当事人}", 8),
    ("questions", "问题", "每行一问；用于有问有答的笔录", 5),
    ("heads", "清单表头", "每行一列；有清单的文书才写", 3),
    ("notes", "附注", "每行一条", 3),
)


def format_editor(draft: FormatDraft, kind: DocumentType, faults: Iterable[Fault]) -> FormatEditor:
    """Give the form of a type as it was changed, with what is wrong with it."""
    found = tuple(faults)
    asked: dict[str, list[str]] = {}
    for one in wanted_of(kind.name):
        asked.setdefault(one.item, []).append(one.clause)
    by_field = {label: word for word, labels in kind.states.items() for label in labels if word in asked}
    wanted = {spec.label: asked.get(spec.label) or asked.get(by_field.get(spec.label, ""), []) for spec in kind.fields}
    spare = [FieldSpec("")] * SPARE_FIELDS
    return FormatEditor(
        name=kind.name,
        code=kind.code,
        based_on=draft.based_on,
        revision=draft.revision,
        origin=draft.origin or "",
        rows=tuple(
            FieldRow(
                place=place,
                order=place + 1,
                spec=spec,
                was=spec.label,
                choices=" | ".join(spec.choices),
                errors=_errors(found, f"fields[{place}]") if spec.label else (),
                asked="、".join(dict.fromkeys(wanted.get(spec.label, []))),
            )
            for place, spec in enumerate([*kind.fields, *spare])
        ),
        boxes=tuple(
            ListBox(name, label, hint, "\n".join(getattr(kind, name)), rows, _errors(found, name))
            for name, label, hint, rows in _BOXES
        ),
        signers=tuple(
            SignerRow(place, role, least)
            for place, (role, least) in enumerate(
                [*((one.role, str(one.least)) for one in kind.signers), *[("", "")] * SPARE_SIGNERS]
            )
        ),
        signer_errors=_errors(found, "signers"),
        kinds=KINDS,
        facts=tuple(FACTS),
        errors=tuple((_anchor(fault.place), fault.sentence) for fault in found),
        asked=tuple((item, "、".join(dict.fromkeys(clauses))) for item, clauses in asked.items()),
        standing=standing_words(kind),
        own_layout=draft.template is not None,
    )


def _errors(faults: Iterable[Fault], place: str) -> tuple[str, ...]:
    def is_here(fault: Fault) -> bool:
        return fault.place == place or fault.place.startswith((f"{place}.", f"{place}["))

    return tuple(fault.sentence for fault in faults if is_here(fault))


def _anchor(place: str) -> str:
    """Give the field of the form that a fault is about, the form as a whole for what it does not show."""
    name = place.partition("[")[0].partition(".")[0]
    if name == "fields" and "[" in place:
        return f"f{place.partition('[')[2].partition(']')[0]}-label"
    if name == "signers":
        return "s0-role"
    return name if name in {one[0] for one in _BOXES} else "f0-label"


@dataclass(frozen=True, slots=True)
class FormatReview:
    """What publishing a draft would change."""

    name: str
    code: str
    based_on: str
    revision: int
    origin: str
    setter: str
    differences: tuple[Difference, ...]
    layout: str
    standing: tuple[str, ...]
    preview_url: str
    stale: str
    same: bool


def format_review(draft: FormatDraft, standing: Format, actor: Actor) -> FormatReview:
    """Give what publishing the draft would change in the format in force."""
    kind = draft.kind
    found = differences(standing.kind, kind)
    setter, _ = say_setter(standing, actor.agency)
    layout = ""
    if draft.template != standing.template:
        layout = "改回内置版式" if draft.template is None else "换用上传的版式文件"
    stale = "" if draft.based_on == standing.event else f"您改动期间，格式已改成了{setter}"
    return FormatReview(
        name=kind.name,
        code=kind.code,
        based_on=draft.based_on,
        revision=draft.revision,
        origin=draft.origin or "",
        setter=setter,
        differences=found,
        layout=layout,
        standing=standing_words(kind) if kind.body != standing.kind.body else (),
        preview_url=f"{reverse('format-preview', args=[kind.code])}?revision={draft.revision}",
        stale=stale,
        same=not found and not layout,
    )
