"""The case that is lied about: small, but through the real flows, with its log, its keys and an older package of itself.

Invariant: the present data folder is new and is given up afterwards; nothing of an installation is ever touched.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from liuhen.adapters.typeset.handwriting import sample_strokes
from liuhen.core.events.agency import CustodianAppointed, DeviceRegistered, RetentionSet
from liuhen.core.events.envelope import Sealed, leaf_of
from liuhen.core.events.parts import Party, SignerPlace, Source
from liuhen.core.events.recording import RecordingMarked
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.verifier import layout
from liuhen.core.verifier.trust import Trust, parse_trust
from liuhen.doors.demonstration.footage import Shot, make_footage
from liuhen.flows.approve import give_opinion
from liuhen.flows.claims import Claims
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.conduct_act import begin_act, end_act, show_certificates
from liuhen.flows.establish_agency import enrol_officer, establish_agency, settle
from liuhen.flows.export_log import export_log
from liuhen.flows.extract import extract_clip, extract_frame
from liuhen.flows.ingest import ingest_file, link_recording, mark_recording
from liuhen.flows.keep_log import log_folder, seal_logs, tiles_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import file_case, register_case
from liuhen.flows.package import adopt_calendar, build_package
from liuhen.flows.seal_keys import register_seal_key
from liuhen.flows.sign_document import complete_document, seal_document, sign_document
from liuhen.flows.station.reading import Companion
from liuhen.flows.station.taking import accompany_later
from liuhen.flows.write_document import Content, make_document
from liuhen.records.ledger import read

AGENCY, AGENCY_NAME = "ts-yj", "潭山县应急管理局"
PACKED_AT = "03-20 11:00"
_BESIDE = (
    ("检查_DSJ-0301.gpx", "轨迹", "application/gpx+xml", '<gpx><trkpt lat="35.7756" lon="113.2806"/></gpx>\n'),
    ("复查_DSJ-0301.txt", "说明", "text/plain", "设备编号：DSJ-0301\n使用人：韩松\n"),
)


def _actor(uid: str, name: str, role: str) -> Actor:
    return Actor(uid, name, AGENCY, frozenset({role}))


HAN = _actor("officer-han", "韩松", "执法人员")
QIN = _actor("officer-qin", "秦岚", "执法人员")
MENG = _actor("officer-meng", "孟川", "机关负责人")
LU = _actor("officer-lu", "陆宁", "档案管理员")
XIE = _actor("officer-xie", "谢安", "系统管理员")


def moment(text: str) -> datetime:
    """Read a moment of the case, such as `03-02 09:20`, of the year 2026."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Specimen:
    """What the lies are told about: two packages of one case, its log, and every event with its place in it."""

    image: Path
    files: dict[str, bytes]
    older: dict[str, bytes]
    log: dict[str, bytes]
    trust: Trust
    case: str
    other_case: str
    origin: str
    leaves: tuple[bytes, ...]
    sealed: dict[str, Sealed]
    packed_at: datetime


@dataclass(slots=True)
class _Telling:
    """Where the telling of the case stands."""

    count: int = 0
    case: str = ""
    other_case: str = ""
    act: str = ""

    def new_id(self) -> str:
        self.count += 1
        return hashlib.sha256(f"liuhen tamper {self.count}".encode()).hexdigest()[:32]

    def on(self, when: str, actor: Actor) -> Occasion:
        at = moment(when)
        return Occasion(actor, at, at + timedelta(seconds=5), self.new_id)


def make_specimen(work: Path, tell: Callable[[str], None]) -> Specimen:
    """Play the case into the present data folder and pack it into `work`."""
    (office().data / "demonstration").touch()  # test witnesses and a test authority, named as such
    telling = _Telling()
    tell("机关、立案")
    _found(telling)
    _open(telling)
    tell("检查、音像、文书")
    _inspect(telling)
    tell("归档包（早）")
    older = build_package(telling.case, telling.on("03-02 18:00", LU), work / "older")
    _close(telling)
    tell("归档包")
    occasion = telling.on(PACKED_AT, LU)
    package = build_package(telling.case, occasion, work / "package")
    seal_logs(AGENCY, occasion.recorded_at)
    log = read.logs(AGENCY)[-1]
    export_log(log.origin, storage=tiles_of(log.origin), target=log_folder(work / "log"))
    entries = list(read.entries(log.origin))
    files = _files(package.folder)
    shutil.rmtree(office().data / "footage", ignore_errors=True)
    return Specimen(
        image=package.image,
        files=files,
        older=_files(older.folder),
        log=_files(work / "log"),
        trust=parse_trust(files[layout.TRUST]),
        case=telling.case,
        other_case=telling.other_case,
        origin=log.origin,
        leaves=tuple(leaf_of(entry.sealed.header_bytes, entry.sealed.header.id) for entry in entries),
        sealed={entry.sealed.header.id: entry.sealed for entry in entries},
        packed_at=occasion.recorded_at,
    )


def _files(folder: Path) -> dict[str, bytes]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _found(telling: _Telling) -> None:
    day = telling.on("03-02 08:30", XIE)
    establish_agency(
        day, name=AGENCY_NAME, short_name="潭山应急", number_prefix="潭应急", region="130000", packs=("hebei",)
    )
    for actor, certificate in ((HAN, "03110226101"), (QIN, "03110226102"), (MENG, None), (LU, None)):
        enrol_officer(
            day,
            officer=actor.uid,
            name=actor.name,
            title=next(iter(actor.roles)),
            certificate=certificate,
            valid_from=date(2024, 1, 1),
            valid_until=date(2029, 1, 1),
        )
    settle(day, DeviceRegistered("cam-1", "执法记录仪", "执法记录仪", "DSJ-0301"))
    adopt_calendar(day)
    register_seal_key(day)
    settle(day, CustodianAppointed(LU.name, "资料和设备管理"), RetentionSet("video", "30 年", "双摘要保存"))
    seal_logs(AGENCY, moment("03-02 08:40"))


def _register(telling: _Telling, when: str, matter: str) -> str:
    return register_case(
        telling.on(when, HAN),
        kind="行政处罚",
        matter=matter,
        source=Source("依职权", "巡查", "日常巡查发现仓库通道堆放货物。"),
        party=Party("潭山县兴隆仓储部", "个体工商户", address="潭山县北街 6 号", representative="罗进"),
    )


def _open(telling: _Telling) -> None:
    telling.case = _register(telling, "03-02 09:00", "涉嫌占用疏散通道")
    give_opinion(
        telling.case,
        telling.on("03-02 09:10", HAN),
        matter="立案",
        step="承办",
        opinion="建议立案",
        reasons="有违法事实",
    )
    give_opinion(telling.case, telling.on("03-02 09:20", MENG), matter="立案", step="批准", opinion="同意立案")
    file_case(telling.case, telling.on("03-02 09:30", HAN))
    seal_logs(AGENCY, moment("03-02 10:00"))


def _inspect(telling: _Telling) -> None:
    officers = (HAN.uid, QIN.uid)
    telling.act = begin_act(
        telling.case, telling.on("03-02 14:00", HAN), kind="现场检查", place="北街 6 号仓库", officers=officers
    )
    show_certificates(telling.case, telling.on("03-02 14:01", HAN), act=telling.act, shown_to="罗进")
    end_act(telling.case, telling.on("03-02 14:10", HAN), act=telling.act, outcome="通道被占用")
    _document(
        telling,
        "03-02 14:30",
        "现场检查笔录",
        {"检查地点": "北街 6 号仓库"},
        (("当事人", "罗进"), ("执法人员", "韩松")),
    )
    seal_logs(AGENCY, moment("03-02 15:00"))
    _film(telling)
    seal_logs(AGENCY, moment("03-02 16:30"))
    _document(telling, "03-02 17:00", "行政处罚事先告知书", {"当事人": "潭山县兴隆仓储部"}, (), sealed=True)
    seal_logs(AGENCY, moment("03-02 17:30"))


def _film(telling: _Telling) -> None:
    """Take two recordings in, lay a track and a note beside them, and take stills and a clip out of them."""
    folder, officer = office().data / "footage", "韩松 03110226101"
    shots = [
        Shot(name, "bikes.mp4", moment(when), timedelta(seconds=2), "DSJ-0301", officer)
        for name, when in (("检查_DSJ-0301", "03-02 14:00"), ("复查_DSJ-0301", "03-02 14:05"))
    ]
    recordings = []
    for minute, footage in enumerate(make_footage(folder, shots)):
        occasion = telling.on(f"03-02 16:{minute:02d}", HAN)
        taken = ingest_file(footage.path, occasion, Claims(device="cam-1", officer=HAN.uid))
        assert taken.recording is not None  # our own footage is playable
        link_recording(telling.case, occasion, recording=taken.recording, act=telling.act)
        recordings.append(taken.recording)
    mark_recording(occasion, recordings[0], RecordingMarked(Decimal("1"), "现场环境", "通道"))
    for recording, (name, kind, media_type, text) in zip(recordings, _BESIDE, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
        accompany_later(recording, Companion(folder / name, kind, media_type), occasion)
        extract_frame(occasion, recording, second=Decimal("0.5"), purpose="现场环境")
    extract_clip(occasion, recordings[0], start=Decimal(0), end=Decimal(1), purpose="通道全貌")


def _document(
    telling: _Telling,
    when: str,
    form: str,
    fields: dict[str, str],
    signers: tuple[tuple[str, str], ...],
    *,
    sealed: bool = False,
) -> None:
    occasion = telling.on(when, HAN)
    places = tuple(SignerPlace(role, name) for role, name in signers)
    content = Content(fields=fields, body=("经查，仓库疏散通道堆放货物。",), signers=places)
    document = make_document(telling.case, occasion, form=form, content=content, act=None if sealed else telling.act)
    for place in places:
        sign_document(
            telling.case,
            occasion,
            document=document,
            role=place.role,
            name=place.name,
            strokes=sample_strokes(place.name),
            officer=HAN.uid if place.name == HAN.name else None,
        )
    if places:
        complete_document(telling.case, occasion, document=document)
    if sealed:
        seal_document(telling.case, occasion, document=document)


def _close(telling: _Telling) -> None:
    conclude_case(telling.case, telling.on("03-03 09:00", HAN), reason="已经整改", document=None)
    archive_case(telling.case, telling.on("03-03 10:00", LU), archive_number="TSYJ-2026-CF-D30-0001", retention="30 年")
    seal_logs(AGENCY, moment("03-03 10:30"))
    telling.other_case = _register(telling, "03-19 16:00", "涉嫌未按规定配备灭火器")
    seal_logs(AGENCY, moment("03-19 17:30"))
