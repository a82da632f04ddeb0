"""卷宗: the cover, the catalogue, the closing sheet and the compliance statement as documents, typeset from facts and sealed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from liuhen.core.facts.model import Facts
from liuhen.core.kernel.moments import local_day, say_instant
from liuhen.core.rules.model import Pack
from liuhen.core.rules.verdict import LABELS, Verdict
from liuhen.flows.law import packs_of
from liuhen.flows.office import office
from liuhen.flows.seals import seal_of


def cover(facts: Facts, at: datetime, *, notes: Sequence[str] = ()) -> bytes:
    """Draw 卷宗封面, with notes at its foot."""
    case = facts.case
    officers = dict.fromkeys(officer.name for act in case.acts.values() for officer in act.officers)
    fields = [
        ["案卷题名", f"{case.party.name if case.party else ''}{case.matter}案"],
        ["档号", case.archive_number or ""],
        ["立案日期", _day(case.filed)],
        ["结案日期", _day(case.concluded)],
        ["归档日期", _day(case.archived)],
        ["承办人", "、".join(officers)],
        ["保管期限", case.retention or ""],
        ["件数", f"文书 {len(case.documents)} 件，音像 {_recordings(facts)} 件"],
    ]
    return _draw("卷宗封面", facts, at, {"title": "行政执法案卷", "fields": fields, "notes": list(notes)})


def contents(facts: Facts, catalogue: dict[str, Any], at: datetime) -> bytes:
    """Draw 卷内目录."""
    rows, page = [], 1
    for row in catalogue["documents"]:
        rows.append([str(row["order"]), row["number"], facts.agency.name, row["title"], row["date"], str(page), ""])
        page += row["pages"]
    first = len(rows)
    for row in catalogue["recordings"]:
        note = f"音像，{row['act']}"
        rows.append([str(first + row["order"]), "", facts.agency.name, row["title"], "", "", note])
    heads = ["序号", "文号", "责任者", "题名", "日期", "页号", "备注"]
    return _draw("卷内目录", facts, at, {"item_heads": heads, "items": rows})


def remarks(facts: Facts, at: datetime, archivist: str) -> bytes:
    """Draw 备考表."""
    case = facts.case
    pages = sum(document.pages for document in case.documents.values())
    body = [
        f"本卷共有文书 {len(case.documents)} 件 {pages} 页，音像记录 {_recordings(facts)} 件。",
        *_voided(facts),
        "本卷由系统依据执法全过程记录生成，内容完整，未发现缺损。各件的摘要、存证证明和合规说明随卷保存，可以离线核验。",
    ]
    fields = [["立卷人", archivist], ["检查人", ""], ["立卷时间", _day(at)]]
    return _draw("备考表", facts, at, {"body": body, "fields": fields})


def compliance(facts: Facts, verdicts: tuple[Verdict, ...], at: datetime) -> bytes:
    """Draw 合规说明书: what is not met or not known first, with its reasons, then every clause in a table."""
    packs = packs_of(facts.case.packs)
    counts = Counter(verdict.verdict for verdict in verdicts)
    summary = "，".join(f"{LABELS[name]} {counts[name]} 项" for name in LABELS if counts[name])
    asking = [verdict for verdict in verdicts if verdict.verdict in ("unmet", "undetermined", "pending")]
    body = [f"截至 {say_instant(at)}，依立案时固定的规则核算：{summary}。"]
    body += [_asking_line(verdict, packs) for verdict in asking]
    items = [
        [
            cite(verdict.clause, packs),
            verdict.title,
            verdict.subject.label,
            LABELS[verdict.verdict],
            verdict.because[-1],
        ]
        for verdict in verdicts
    ]
    heads = ["条款", "要求", "对象", "结论", "依据"]
    fields = [
        ["案号", facts.case.number or facts.case.register_number],
        ["规则", "、".join(f"《{pack.title}》（{pack.edition} 起施行）" for pack in packs)],
    ]
    return _draw("合规说明书", facts, at, {"fields": fields, "body": body, "item_heads": heads, "items": items})


def _asking_line(verdict: Verdict, packs: tuple[Pack, ...]) -> str:
    what = f"{LABELS[verdict.verdict]}：{cite(verdict.clause, packs)} {verdict.title}（{verdict.subject.label}）"
    return f"{what}。{'；'.join(verdict.because)}。"


def cite(clause: str, packs: tuple[Pack, ...]) -> str:
    """Write a clause as people cite it: 河北 24.1."""
    pack_id, _, article = clause.partition("/")
    return next((f"{pack.short_title} {article}" for pack in packs if pack.id == pack_id), clause)


def sealed(facts: Facts, pdf: bytes, at: datetime) -> bytes:
    """Put the agency's seal on a document of the volume."""
    return seal_of(facts.agency, at).apply(pdf, at=at)


def _draw(form: str, facts: Facts, at: datetime, data: dict[str, Any]) -> bytes:
    number = facts.case.number or facts.case.register_number
    base = {"form": form, "agency": facts.agency.name, "case_number": number, "date": local_day(at).isoformat()}
    return office().typesetter.render(form, base | data)


def _day(at: datetime | None) -> str:
    return local_day(at).isoformat() if at else ""


def _voided(facts: Facts) -> list[str]:
    gone = facts.case.voided_documents.values()
    return [f"另有作废文书 {len(gone)} 件：{'、'.join(one.number or one.title for one in gone)}。"] if gone else []


def _recordings(facts: Facts) -> int:
    return sum(recording.act is not None for recording in facts.recordings.values())
