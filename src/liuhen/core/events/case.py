"""Events of a case: from the source to the archive.

Law words (kinds of act, manners, matters) are text that packs know; the code never branches on them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from liuhen.core.events.parts import (
    Edition,
    Evidence,
    FileRef,
    Participant,
    Party,
    SignerPlace,
    Source,
    TextChange,
    WorkingOfficer,
)


@dataclass(frozen=True, slots=True)
class CaseRegistered:
    """案件来源登记: the case exists; its packs' editions are pinned now and never change."""

    register_number: str
    kind: str
    matter: str
    source: Source
    party: Party
    packs: tuple[Edition, ...]
    traits: tuple[str, ...] = ()
    unit: str | None = None
    entrusted_by: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFiled:
    """立案: the head approved; the case has its number (案号)."""

    number: str


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """One step of an approval of some matter (立案, 查封扣押, 行政处罚决定, 结案 …), with opinion, reasons and day.

    `request`: the round it belongs to; `file_sha256`: the document as it was read; `on_behalf_of`: the delegation (授权) by
    which somebody else took the step; `returned_to`: the earlier step to which 退回 sends the round; `assurance`: by what
    the signer proved who they are.
    """

    matter: str
    step: str
    officer: str
    name: str
    opinion: str
    result: Literal["同意", "不同意", "退回"]
    reasons: str | None = None
    signed_on: date | None = None
    document: str | None = None
    act: str | None = None
    request: str | None = None
    file_sha256: str | None = None
    on_behalf_of: str | None = None
    returned_to: str | None = None
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class ActBegun:
    """An act towards the party begins: 现场检查, 询问, 查封扣押, 留置送达 …; `traits` are the legal marks a pack asks for.

    `host`: who presides over a hearing.
    """

    act: str
    kind: str
    place: str
    officers: tuple[WorkingOfficer, ...]
    traits: tuple[str, ...] = ()
    party_present: bool | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class CertificatesShown:
    """亮证: the officers showed their enforcement certificates."""

    act: str
    officers: tuple[str, ...]
    shown_to: str


@dataclass(frozen=True, slots=True)
class PartyTold:
    """告知: someone was told something (rights, recording in progress), and what they answered."""

    topics: tuple[str, ...]
    told: str
    manner: str
    act: str | None = None
    document: str | None = None
    response: str | None = None


@dataclass(frozen=True, slots=True)
class ActEnded:
    """An act ended."""

    act: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentMade:
    """A document exists as a file. `facing`: 出具 to the party, 取证 of evidence, 内部 for the agency itself.

    `changed`: what was changed after it was read out, as it is shown in order; the earlier words stand in the file, struck out."""

    document: str
    form: str
    title: str
    facing: Literal["出具", "取证", "内部"]
    file: FileRef
    pages: int = 1
    made_on: date | None = None
    number: str | None = None
    act: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    corrections: int = 0
    signers: tuple[SignerPlace, ...] = ()
    code: str | None = None
    template: str | None = None
    changed: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSigned:
    """A hand signature (strokes and image) bound to the digest of the document as it was read and signed.

    `manner` 捺指印: a fingerprint stands for the signature; `strokes` is then the picture as it was taken, `image` the print
    cleaned from it, `finger` which finger it was.
    """

    document: str
    file_sha256: str
    role: str
    name: str
    strokes: FileRef
    image: FileRef
    officer: str | None = None
    manner: Literal["签名", "捺指印"] = "签名"
    finger: str | None = None


@dataclass(frozen=True, slots=True)
class SignatureRefused:
    """拒签: a person refused or could not sign; officers note it and sign in their own role."""

    document: str
    role: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentMarked:
    """骑缝, 更正处 or 签名处: a finger print or stamp across the pages, at each correction, or over somebody's own signature.

    `change`: beside which of the document's changes, from 1. `role`: over the signature of `name` in this role, by `finger`.
    `picture` is what was taken of the mark, `image` what is drawn of it.
    """

    document: str
    mark: Literal["骑缝", "更正处", "签名处"]
    manner: str
    name: str
    change: int | None = None
    picture: FileRef | None = None
    image: FileRef | None = None
    role: str | None = None
    finger: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentCompleted:
    """定稿: the document with every hand signature drawn in; `file` starts with the very bytes that were signed."""

    document: str
    file: FileRef


@dataclass(frozen=True, slots=True)
class DocumentSealed:
    """加盖印章: the agency's seal was put on; `file` is the sealed file, which starts with the bytes that were signed.

    `signature`: the detached SM2 signature over the sealed file, by a key of the seal that the agency registered.
    """

    document: str
    file: FileRef
    authority: str
    signature: FileRef | None = None


@dataclass(frozen=True, slots=True)
class RecordingLinked:
    """A person confirmed that a recording shows an act of this case."""

    recording: str
    act: str


@dataclass(frozen=True, slots=True)
class RecordingUnlinked:
    """A recording was linked by mistake: it shows nothing of this case."""

    recording: str
    reason: str


@dataclass(frozen=True, slots=True)
class InterruptionExplained:
    """中断说明: why filming stopped, by voice on resuming (`second` of the recording) or in writing (`document`)."""

    act: str
    interruption: str
    stopped_at: datetime
    cause: str
    manner: Literal["语音", "书面"]
    resumed_at: datetime | None = None
    recording: str | None = None
    second: Decimal | None = None
    document: str | None = None
    reported_to: str | None = None
    reported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StatementHeard:
    """陈述申辩: what the party said for itself, and the record of it."""

    summary: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class StatementReviewed:
    """陈述申辩复核: what the agency found on reviewing it."""

    outcome: str
    document: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class LegalReviewGiven:
    """法制审核: the legal unit's opinion before the decision; `request` is the round of approval it is a step of."""

    reviewer: str
    name: str
    opinion: str
    passed: bool
    document: str | None = None
    request: str | None = None
    file_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class DiscussionHeld:
    """集体讨论: who took part, what each said, what was concluded; `request` is the round of approval it is a step of."""

    participants: tuple[Participant, ...]
    conclusion: str
    document: str | None = None
    request: str | None = None
    result: Literal["同意", "不同意", "退回"] | None = None
    file_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """行政执法决定: the decision, its document and, for a fine, its amount in yuan."""

    decision: str
    kind: str
    summary: str
    document: str
    amount: Decimal | None = None
    correct_by: date | None = None


@dataclass(frozen=True, slots=True)
class ServiceMade:
    """送达: a document was served in some manner; `receipt` is the 送达回证 or what stands for it.

    `carrier`: where a public notice appeared (公告栏张贴, 报纸, 网站 …). `post`: the kind of mail (挂号信, 特快专递).
    `left_at`: where a document was left (住所, 经营场所 …). `consent`: the 送达地址确认书 by which the party agreed to
    electronic service. What was posted as a public notice is served when its time has run out: then this event's `at` is that day.
    `agent`: who received it for the party, or who was asked to serve it. `proofs`: further documents of the case that show it.
    `attempt`: the attempt whose receipt came back. `effective_on`: the day from which terms run, as computed when it was
    recorded; `basis` is the working, sentence by sentence. `paper_signers`: the roles of those who signed a receipt on paper, as
    whoever recorded the service saw them on its scan.
    """

    service: str
    document: str
    manner: str
    recipient: str
    place: str
    receipt: str | None = None
    server: str | None = None
    witness: str | None = None
    reason: str | None = None
    act: str | None = None
    carrier: str | None = None
    post: str | None = None
    post_number: str | None = None
    left_at: str | None = None
    consent: str | None = None
    agent: str | None = None
    proofs: tuple[str, ...] = ()
    attempt: str | None = None
    effective_on: date | None = None
    basis: tuple[str, ...] = ()
    paper_signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionPerformed:
    """履行: the party did what was decided."""

    decision: str
    manner: str
    document: str | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EvidenceListed:
    """A recording or document is used as evidence, with what its passport must say."""

    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CaseConcluded:
    """结案: the act of enforcement came to its end (行政执法行为终结); archiving terms run from here."""

    reason: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class CaseArchived:
    """归档: the case was filed in volumes and handed to the archive."""

    archive_number: str
    archivist: str
    retention: str
    documents: int
    recordings: int
    handed_over_by: str | None = None


@dataclass(frozen=True, slots=True)
class PackageMade:
    """An archive package was built and who may have taken it: digests of its manifest."""

    manifest_sha256: str
    manifest_sm3: str
    purpose: str


@dataclass(frozen=True, slots=True)
class CaseConsulted:
    """查阅: somebody opened, downloaded or copied something of this case, and why."""

    what: str
    manner: Literal["查看", "播放", "下载", "导出"]
    purpose: str | None = None
