"""A format of documents as one file (格式文件), to hand it to an agency elsewhere: YAML, layout and their digests in a zip.

Invariant: what is read was written whole: every part is there under its name with its digest, nothing else, and nothing grows
when it is unpacked.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from liuhen.core.kernel.errors import BadInput

_FORMAT = "liuhen-document-format/1"
_TYPE, _LAYOUT, _ABOUT = "格式.yaml", "版式.typ", "说明.json"
LARGEST = 1_000_000
_WHEN = (1980, 1, 1, 0, 0, 0)
_PLACE = "格式文件"


@dataclass(frozen=True, slots=True)
class FormatFile:
    """What travels: the type as YAML, the layout where there is one, and who set which version."""

    type: str
    layout: bytes | None
    agency: str
    version: int


def write_format(format: FormatFile) -> bytes:
    """Give the file; equal formats give equal bytes."""
    parts = {_TYPE: format.type.encode()} | ({_LAYOUT: format.layout} if format.layout is not None else {})
    about = {
        "format": _FORMAT,
        "agency": format.agency,
        "version": format.version,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()},
    }
    parts[_ABOUT] = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True).encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def read_format(data: bytes) -> FormatFile:
    """Read a file. Raises BadInput for one that is not whole."""
    parts = _parts(data)
    about = _about(parts)
    digests = about["sha256"]
    for name, part in parts.items():
        if name != _ABOUT and digests.get(name) != hashlib.sha256(part).hexdigest():
            raise BadInput(_PLACE, f"里的“{name}”与摘要不符，传送中可能损坏或者被改动；请重新取得")
    if set(digests) != set(parts) - {_ABOUT}:
        raise BadInput(_PLACE, "不完整：有的部分不见了；请重新取得")
    try:
        text = parts[_TYPE].decode()
    except UnicodeDecodeError:
        raise BadInput(_PLACE, f"里的“{_TYPE}”不是 UTF-8 编码的文字；请重新取得") from None
    return FormatFile(text, parts.get(_LAYOUT), about["agency"], about["version"])


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if len(set(names)) < len(names) or not {_TYPE, _ABOUT} <= set(names) <= {_TYPE, _LAYOUT, _ABOUT}:
                raise BadInput(_PLACE, f"应当只有“{_TYPE}”“{_ABOUT}”和可能有的“{_LAYOUT}”；请用导出的原文件")
            if sum(info.file_size for info in infos) > LARGEST:
                raise BadInput(_PLACE, f"展开后超过 {LARGEST // 1_000_000} MB；请用导出的原文件")
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise BadInput(_PLACE, "打不开：不是 zip 文件，或者已经损坏；请重新取得") from None


def _about(parts: dict[str, bytes]) -> dict[str, Any]:
    try:
        about: Any = json.loads(parts[_ABOUT])
    except (ValueError, RecursionError):
        about = None
    sound = (
        isinstance(about, dict)
        and about.get("format") == _FORMAT
        and isinstance(about.get("agency"), str)
        and isinstance(about.get("version"), int)
        and isinstance(about.get("sha256"), dict)
    )
    if not sound:
        raise BadInput(_PLACE, f"里的“{_ABOUT}”不认识；请用本系统导出的格式文件")
    found: dict[str, Any] = about
    return found
