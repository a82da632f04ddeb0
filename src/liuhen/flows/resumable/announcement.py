"""What a sender announces of a file before its bytes, and what became of it after them.

Invariant: what was announced is written once, before the first byte is taken, and never changes; names lead nowhere but
into the upload's own folder.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from liuhen.core.kernel.digests import Digests
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import parse_instant, render_instant
from liuhen.flows.claims import Claims
from liuhen.flows.occasion import Actor
from liuhen.flows.resumable.refusals import UploadTooLong
from liuhen.flows.resumable.taken import Taken, read_taken, restore_taken, write_taken
from liuhen.flows.sender import file_name

LARGEST_UPLOAD = 64 << 30
_DIGEST = re.compile(r"[0-9a-f]{64}")

Entrance = Literal["网页", "接口"]
Status = Literal["stored", "known", "quarantined", "altered"]


@dataclass(frozen=True, slots=True)
class Announced:
    """`size` in bytes; digests where the sender computed them; `said` holds every word of the sender's, for giving back.

    `taken` where the file was taken on a phone within an act.
    """

    name: str
    size: int
    sha256: str | None = None
    sm3: str | None = None
    device: str | None = None
    officer: str | None = None
    said: str = ""
    taken: Taken | None = None

    def differs(self, found: Digests) -> str | None:
        """Say which announced digest the bytes do not have, None where all agree."""
        for label, announced, got in (("SHA-256", self.sha256, found.sha256), ("SM3", self.sm3, found.sm3)):
            if announced is not None and announced != got:
                return f"收到的内容与发送前算出的 {label} 不一致（发送前 {announced[:12]}…，收到 {got[:12]}…）"
        return None


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload as it was begun: by whom, through which door, and what was announced."""

    uid: str
    owner: Actor
    way: Entrance
    begun_at: datetime
    announced: Announced

    @property
    def claims(self) -> Claims:
        """What the flow of ingestion is told beside the bytes."""
        said, taken = self.announced, self.announced.taken
        return Claims(
            way=taken.way if taken else self.way,
            device=said.device,
            officer=said.officer,
            started_at=taken.started_at if taken else None,
            ended_at=taken.ended_at if taken else None,
            original_name=said.name,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a whole file; `altered` is what arrived otherwise than it was sent."""

    status: Status
    recording: str | None
    sha256: str
    sm3: str
    reason: str | None
    at: datetime


def announce(said: Mapping[str, str], size: int, *, raw: str = "") -> Announced:
    """Read a sender's words. Raises BadInput naming the word, UploadTooLong."""
    if size > LARGEST_UPLOAD:
        raise UploadTooLong(f"文件超过 {LARGEST_UPLOAD >> 30} GiB；请分段后上传")
    name = file_name(said.get("filename") or said.get("name") or "", "filename")
    for word in ("sha256", "sm3"):
        if word in said and not _DIGEST.fullmatch(said[word]):
            raise BadInput(word, "摘要应为 64 位小写十六进制；请核对后重新上传")
    return Announced(
        name=name,
        size=size,
        sha256=said.get("sha256"),
        sm3=said.get("sm3"),
        device=said.get("device") or None,
        officer=said.get("officer") or None,
        said=raw,
        taken=read_taken(said),
    )


def write_upload(upload: Upload) -> dict[str, Any]:
    """Write an upload as plain data for its file."""
    owner = asdict(upload.owner) | {"roles": sorted(upload.owner.roles)}
    return {
        "uid": upload.uid,
        "owner": owner,
        "way": upload.way,
        "begun_at": render_instant(upload.begun_at),
        "announced": asdict(upload.announced) | {"taken": write_taken(upload.announced.taken)},
    }


def read_upload(data: Mapping[str, Any]) -> Upload:
    """Read an upload back from its file."""
    owner, announced = data["owner"], data["announced"]
    return Upload(
        uid=data["uid"],
        owner=Actor(owner["uid"], owner["name"], owner["agency"], frozenset(owner["roles"])),
        way=data["way"],
        begun_at=parse_instant(data["begun_at"]),
        announced=Announced(**(announced | {"taken": restore_taken(announced.get("taken"))})),
    )


def write_outcome(outcome: Outcome) -> dict[str, Any]:
    """Write an outcome as plain data for its file."""
    return asdict(outcome) | {"at": render_instant(outcome.at)}


def read_outcome(data: Mapping[str, Any]) -> Outcome:
    """Read an outcome back from its file."""
    return Outcome(**(dict(data) | {"at": parse_instant(data["at"])}))
