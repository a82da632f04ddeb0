"""试用文书格式: a format drawn on made-up data before anybody may publish it.

Invariant: no real case is touched; a layout of an agency's own passes only if it leaves a line for every signature and prints
everything that a document of the type says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from liuhen.adapters.signing.pages import count_pages
from liuhen.adapters.signing.places import numbers_of_hands
from liuhen.adapters.typeset.own_layout import LayoutRefused
from liuhen.core.documents.adapting import SAMPLE_PARTY, sample_text
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.parts import Party
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.facts.model import CaseFacts, Facts
from liuhen.flows.corrected_content import worded
from liuhen.flows.draft_document import Filled, content_of
from liuhen.flows.formats_in_force import Format, layout_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.write_document import drawn_data, render

# As many drawings go into one confined process as it has time for.
_AT_ONCE = 20
_CHANGED = "（改动此处以检查版式）"


def sample_pdf(occasion: Occasion, agency_name: str, format: Format) -> bytes:
    """Draw a format on made-up data. Raises BadInput, LayoutRefused."""
    return render(format, sample_data(occasion, agency_name, format.kind))


def sample_data(occasion: Occasion, agency_name: str, kind: DocumentType) -> dict[str, Any]:
    """Give made-up data of a type."""
    case = CaseFacts(number="样案〔2026〕0号", party=Party(SAMPLE_PARTY, "企业"))
    facts = Facts(case=case, agency=AgencyFacts(name=agency_name))
    filled = Filled(
        texts={spec.label: sample_text(spec) for spec in kind.fields},
        questions=[(question, "（样例）是的。") for question in kind.questions],
        items=[tuple(f"样例 {row}" for _ in kind.heads) for row in (1, 2, 3)] if kind.heads else [],
        signers=[(spec.role, f"样例{n}") for spec in kind.signers for n in range(1, max(1, spec.least) + 1)],
    )
    content = content_of(kind, filled)
    number = f"样〔{occasion.at.year}〕0号" if kind.character else None
    data = drawn_data(facts, occasion, kind.name, content, worded(content, None), number, None)
    if kind.facing == "出具":
        data["verification"] = {"code": "样张", "text": "样张，没有法律效力"}
    return data


def require_drawable(occasion: Occasion, agency_name: str, format: Format) -> None:
    """Raise LayoutRefused, or BadInput, for a format that does not draw what its documents say."""
    data = sample_data(occasion, agency_name, format.kind)
    layout = layout_of(format)
    if layout is None:
        office().typesetter.render(format.kind.name, data)
        return
    probes = list(_probes(data))
    silent: list[str] = []
    for start in range(0, max(1, len(probes)), _AT_ONCE):
        some = probes[start : start + _AT_ONCE]
        drawing = office().typesetter.render_alike(layout, format.kind.name, [data, *(changed for _, changed in some)])
        base, *others = drawing.digests
        silent += [name for (name, _), digest in zip(some, others, strict=True) if digest == base]
        if start == 0:
            _require_places(drawing.pdf, len(data["signatures"]))
    if silent:
        raise LayoutRefused(f"版式文件没有印出：{'、'.join(silent)}；请在版式中写上，不能丢掉文书的内容")


def _require_places(pdf: bytes, signatures: int) -> None:
    count_pages(pdf)
    missing = set(range(signatures)) - numbers_of_hands(pdf)
    if missing:
        raise LayoutRefused(
            f"版式文件没有给 {len(missing)} 个签名留位置；请用内置的 signatures() 画签名栏，签名才有地方落笔"
        )


def _probes(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what a layout must print, each with the data in which just that is different."""
    yield from _single(data)
    for name, label in (("fields", "填写项"), ("questions", "问答")):
        for place, (key, text) in enumerate(data[name]):
            called = f"{label}“{key[:12]}”"
            yield called, {**data, name: _with(data[name], place, [key, text + _CHANGED])}
    for name, label in (("body", "固定文字"), ("notes", "附注")):
        for place, text in enumerate(data[name]):
            yield f"{label}第 {place + 1} 条", {**data, name: _with(data[name], place, text + _CHANGED)}
    for name, label in (("opinions", "意见栏"), ("signatures", "签名栏")):
        for place, one in enumerate(data[name]):
            yield (
                f"{label}“{one['role']}”",
                {**data, name: _with(data[name], place, {**one, "role": one["role"] + "改"})},
            )


def _single(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, label in (("title", "标题"), ("agency", "机关名称"), ("number", "文号")):
        if data[name]:
            yield label, {**data, name: data[name] + "改"}
    yield "日期", {**data, "date": f"{int(data['date'][:4]) - 1}{data['date'][4:]}"}
    if data["items"]:
        yield "清单", {**data, "items": _with(data["items"], 0, [cell + "改" for cell in data["items"][0]])}
    if "verification" in data:
        yield "核验码", {**data, "verification": {**data["verification"], "code": "改"}}


def _with(found: list[Any], place: int, new: Any) -> list[Any]:
    return [*found[:place], new, *found[place + 1 :]]
