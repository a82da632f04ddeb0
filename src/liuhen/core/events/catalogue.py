"""The catalogue of event types: one name, one content type, one stream, one Chinese label.

Names are written into headers for ever: never renamed, never reused.
"""

from dataclasses import dataclass
from typing import Any

from liuhen.core.events import (
    agency,
    approvals,
    case,
    custody,
    formats,
    incidents,
    measures,
    numbers,
    recording,
    seals,
    serving,
    supervision,
    terms,
)
from liuhen.core.events.envelope import Header, Sealed, StreamKind, parse_stream
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class EventType:
    """A registered type: its name in headers, the dataclass of its content, the stream it lives in, its label."""

    name: str
    content: type
    stream: StreamKind
    label: str


_TYPES = (
    EventType("agency.established", agency.AgencyEstablished, "agency", "机关建档"),
    EventType("agency.superior-set", agency.SuperiorSet, "agency", "确定上级机关"),
    EventType("agency.officer-enrolled", agency.OfficerEnrolled, "agency", "人员登记"),
    EventType("agency.account-changed", agency.AccountChanged, "agency", "账号变动"),
    EventType("agency.device-registered", agency.DeviceRegistered, "agency", "设备登记"),
    EventType("agency.custodian-appointed", agency.CustodianAppointed, "agency", "指定专门管理人员"),
    EventType("agency.list-published", agency.ListPublished, "agency", "公布清单或指引"),
    EventType("agency.retention-set", agency.RetentionSet, "agency", "确定保存期限"),
    EventType("agency.calendar-adopted", agency.CalendarAdopted, "agency", "采用工作日历"),
    EventType("agency.setting-adopted", agency.SettingAdopted, "agency", "采用设置"),
    EventType("agency.redress-named", agency.RedressNamed, "agency", "确定救济机关"),
    EventType("agency.arrival-quarantined", agency.ArrivalQuarantined, "agency", "文件隔离"),
    EventType("agency.arrival-settled", agency.ArrivalSettled, "agency", "隔离文件处理"),
    EventType("agency.transfer-closed", agency.TransferClosed, "agency", "记录仪传送人工封口"),
    EventType("agency.clock-checked", agency.DeviceClockChecked, "agency", "设备时钟比对"),
    EventType("agency.unit-registered", supervision.UnitRegistered, "agency", "科室登记"),
    EventType("agency.device-maintained", supervision.DeviceMaintained, "agency", "设备维护"),
    EventType("agency.room-registered", supervision.RoomRegistered, "agency", "场所登记"),
    EventType("agency.funds-entered", supervision.FundsEntered, "agency", "经费登记"),
    EventType("agency.backup-made", supervision.BackupMade, "agency", "备份"),
    EventType("agency.backup-restored", supervision.BackupRestored, "agency", "备份恢复演练"),
    EventType("agency.training-held", supervision.TrainingHeld, "agency", "培训"),
    EventType("agency.statistics-made", supervision.StatisticsMade, "agency", "统计分析"),
    EventType("agency.inspection-held", supervision.InspectionHeld, "agency", "监督检查"),
    EventType("agency.appraisal-made", supervision.AppraisalMade, "agency", "考核评价"),
    EventType("agency.problem-found", supervision.ProblemFound, "agency", "发现问题"),
    EventType("agency.problem-rectified", supervision.ProblemRectified, "agency", "整改"),
    EventType("agency.accountability-decided", supervision.AccountabilityDecided, "agency", "责任追究"),
    EventType("agency.format-issued", supervision.FormatIssued, "agency", "发布文书格式"),
    EventType("agency.document-type-adopted", formats.DocumentTypeAdopted, "agency", "采用文书格式"),
    EventType("agency.numbers-reserved", numbers.NumbersReserved, "agency", "预留编号"),
    EventType("agency.numbers-returned", numbers.NumbersReturned, "agency", "交回编号"),
    EventType("agency.approval-chain-set", approvals.ApprovalChainSet, "agency", "设定审批流程"),
    EventType("agency.authority-delegated", approvals.AuthorityDelegated, "agency", "委托审批"),
    EventType("agency.delegation-ended", approvals.DelegationEnded, "agency", "终止委托审批"),
    EventType("agency.signing-proof-set", approvals.SigningProofSet, "agency", "设定签署身份确认"),
    EventType("agency.seal-adopted", seals.SealAdopted, "agency", "启用印章证书"),
    EventType("agency.seal-withdrawn", seals.SealWithdrawn, "agency", "停用印章证书"),
    EventType("agency.seal-key-registered", seals.SealKeyRegistered, "agency", "登记印章密钥"),
    EventType("agency.seal-key-retired", seals.SealKeyRetired, "agency", "停用印章密钥"),
    EventType("case.registered", case.CaseRegistered, "case", "案件来源登记"),
    EventType("case.filed", case.CaseFiled, "case", "立案"),
    EventType("case.approval-given", case.ApprovalGiven, "case", "审批"),
    EventType("case.approval-requested", approvals.ApprovalRequested, "case", "提请审批"),
    EventType("case.approval-withdrawn", approvals.ApprovalWithdrawn, "case", "撤回审批"),
    EventType("case.recusal-raised", approvals.RecusalRaised, "case", "提出回避"),
    EventType("case.recusal-decided", approvals.RecusalDecided, "case", "决定回避"),
    EventType("case.act-begun", case.ActBegun, "case", "执法活动开始"),
    EventType("case.certificates-shown", case.CertificatesShown, "case", "出示执法证件"),
    EventType("case.party-told", case.PartyTold, "case", "告知"),
    EventType("case.act-ended", case.ActEnded, "case", "执法活动结束"),
    EventType("case.document-made", case.DocumentMade, "case", "制作文书"),
    EventType("case.document-signed", case.DocumentSigned, "case", "签名"),
    EventType("case.signature-refused", case.SignatureRefused, "case", "拒绝签名"),
    EventType("case.document-marked", case.DocumentMarked, "case", "骑缝或更正捺印"),
    EventType("case.document-completed", case.DocumentCompleted, "case", "文书定稿"),
    EventType("case.document-sealed", case.DocumentSealed, "case", "加盖印章"),
    EventType("case.document-voided", numbers.DocumentVoided, "case", "文书作废"),
    EventType("case.recording-linked", case.RecordingLinked, "case", "音像关联"),
    EventType("case.recording-unlinked", case.RecordingUnlinked, "case", "撤销音像关联"),
    EventType("case.interruption-explained", case.InterruptionExplained, "case", "中断说明"),
    EventType("case.statement-heard", case.StatementHeard, "case", "陈述申辩"),
    EventType("case.statement-reviewed", case.StatementReviewed, "case", "陈述申辩复核"),
    EventType("case.legal-review-given", case.LegalReviewGiven, "case", "法制审核"),
    EventType("case.discussion-held", case.DiscussionHeld, "case", "集体讨论"),
    EventType("case.decision-made", case.DecisionMade, "case", "作出决定"),
    EventType("case.service-made", case.ServiceMade, "case", "送达"),
    EventType("case.decision-performed", case.DecisionPerformed, "case", "履行"),
    EventType("case.evidence-listed", case.EvidenceListed, "case", "列为证据"),
    EventType("case.concluded", case.CaseConcluded, "case", "结案"),
    EventType("case.archived", case.CaseArchived, "case", "归档"),
    EventType("case.package-made", case.PackageMade, "case", "制作归档包"),
    EventType("case.consulted", case.CaseConsulted, "case", "查阅"),
    EventType("case.term-recomputed", terms.TermRecomputed, "case", "期限重算"),
    EventType("case.start-declined", incidents.StartDeclined, "case", "不予启动"),
    EventType("case.started-urgently", incidents.UrgentStart, "case", "紧急启动"),
    EventType("case.urgent-start-reported", incidents.UrgentStartReported, "case", "紧急启动后报告"),
    EventType("case.situation-arose", incidents.SituationArose, "case", "情形认定"),
    EventType("case.recording-chosen", incidents.RecordingChosen, "case", "选定记录方式"),
    EventType("case.statement-waived", incidents.StatementWaived, "case", "放弃陈述申辩"),
    EventType("case.objection-raised", incidents.ObjectionRaised, "case", "提出异议"),
    EventType("case.objection-handled", incidents.ObjectionHandled, "case", "异议处理"),
    EventType("case.correction-verified", incidents.CorrectionVerified, "case", "责令改正核查"),
    EventType("case.transferred", incidents.CaseTransferred, "case", "移送"),
    EventType("case.access-requested", incidents.AccessRequested, "case", "申请查阅复制或者提供"),
    EventType("case.access-decided", incidents.AccessDecided, "case", "决定是否提供"),
    EventType("case.access-given", incidents.AccessGiven, "case", "提供记录"),
    EventType("case.measure-ended", measures.MeasureEnded, "case", "措施解除或者处理"),
    EventType("case.term-extended", measures.TermExtended, "case", "延长期限"),
    EventType("case.time-excluded", measures.TimeExcluded, "case", "不计入期限的时间"),
    EventType("case.notice-posted", measures.NoticePosted, "case", "发布送达公告"),
    EventType("case.hearing-requested", measures.HearingRequested, "case", "申请听证"),
    EventType("case.surcharge-demanded", measures.SurchargeDemanded, "case", "加处罚款"),
    EventType("case.redress-expired", measures.RedressExpired, "case", "救济期限届满"),
    EventType("case.court-applied", measures.CourtApplied, "case", "申请法院强制执行"),
    EventType("case.service-attempted", serving.ServiceAttempted, "case", "送达未成或者待回执"),
    EventType("recording.stored", recording.RecordingStored, "recording", "音像入库"),
    EventType("recording.labelled", recording.RecordingLabelled, "recording", "音像标注"),
    EventType("recording.marked", recording.RecordingMarked, "recording", "音像标记"),
    EventType("recording.storage-explained", recording.StorageExplained, "recording", "未及时入库说明"),
    EventType("recording.classified", recording.RecordingClassified, "recording", "音像定密"),
    EventType("recording.kept", recording.RecordingKept, "recording", "延长或者永久保存"),
    EventType("recording.placed", recording.RecordingPlaced, "recording", "音像入卷"),
    EventType("recording.joined", custody.RecordingJoined, "recording", "音像分段"),
    EventType("recording.accompanied", custody.RecordingAccompanied, "recording", "随附文件"),
    EventType("recording.examined", custody.RecordingExamined, "recording", "音像检测"),
    EventType("recording.extracted", custody.RecordingExtracted, "recording", "截取片段或者截图"),
    EventType("recording.timed", custody.RecordingTimed, "recording", "校正拍摄时间"),
    EventType("recording.consulted", custody.RecordingConsulted, "recording", "查看未关联的音像"),
    EventType("recording.transferred", custody.RecordingTransferred, "recording", "移交音像"),
    EventType("recording.held", custody.RecordingHeld, "recording", "暂缓处置"),
    EventType("recording.released", custody.RecordingReleased, "recording", "解除暂缓处置"),
)

BY_NAME = {kind.name: kind for kind in _TYPES}
BY_CONTENT = {kind.content: kind for kind in _TYPES}


@dataclass(frozen=True, slots=True)
class Event:
    """An event as the fold reads it: its header, and its typed content, or None once lawfully destroyed."""

    header: Header
    content: Any | None

    @property
    def id(self) -> str:
        return self.header.id


def event_type(name: str, place: str = "type") -> EventType:
    """Look a type up by name; raises BadInput with the names that come close."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = [known for known in BY_NAME if known.split(".")[-1] == name.split(".")[-1]] or sorted(BY_NAME)
    raise BadInput(place, f"unknown event type “{name}”; known: {', '.join(near)}")


def encode_content(content: Any) -> tuple[str, dict[str, Any]]:
    """Give the type name and plain data of a typed content."""
    kind = BY_CONTENT[type(content)]
    data: dict[str, Any] = encode(content)
    return kind.name, data


def open_sealed(sealed: Sealed, place: str = "") -> Event:
    """Read a kept event; raises BadInput when header or content is not what its type demands."""
    header = sealed.header
    kind = event_type(header.type, f"{place}.type")
    if parse_stream(header.stream).kind != kind.stream:
        raise BadInput(place, f"an event of type {header.type} cannot stand in stream {header.stream}")
    if sealed.content_bytes is None:
        return Event(header, None)
    data = canonical.parse(sealed.content_bytes, f"{place}.content")
    return Event(header, decode(kind.content, data, f"{place}.content"))
