"""格式文件: a format leaves for an agency elsewhere as one file, comes in as one, and its YAML is read with exact lines.

Invariant: what comes in is only a draft; it is checked, tried and published like any other change.
"""

import re
from dataclasses import dataclass

from liuhen.adapters.packfiles.documents import line_of, read_document_type, write_document_type
from liuhen.adapters.packfiles.format_file import FormatFile, read_format, write_format
from liuhen.core.documents.model import DocumentType
from liuhen.core.events.parts import FileRef
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.adapt_formats import faults_in, format_for, keep_layout, require_adapter, shipped_of
from liuhen.flows.formats_in_force import layout_of, setter_of
from liuhen.flows.occasion import Actor

_LARGEST_YAML = 400_000
_NAME = "格式.yaml"
# What the strict reader of YAML says, in the words of whoever changes a format.
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r".*unknown key; known here: (.*)", re.S), r"不认识的项；这里可以写 \1"),
    (re.compile(r".*is missing; this field is required", re.S), "缺少必须写的项"),
    (re.compile(r".*“(.*)” is not one of (.*)", re.S), r"“\1”不在可选的 \2 之内"),
    (re.compile(r".*the key “(.*)” stands twice in one place; keep one", re.S), r"“\1”写了两次；请留一个"),
    (re.compile(r".*not YAML: (.*)", re.S), r"不是正确的 YAML：\1"),
    (re.compile(r".*expected text, found (.*); put it in quotation marks", re.S), r"应为文字，读到的是 \1；请加引号"),
    (re.compile(r".*expected true or false.*", re.S), "应为 true 或者 false"),
    (re.compile(r".*expected a whole number.*", re.S), "应为整数"),
    (re.compile(r".*expected a list, found (.*)", re.S), r"应为一列，每项前加“- ”，读到的是 \1"),
    (re.compile(r".*expected a group of fields, found (.*)", re.S), r"应为一组“项: 内容”，读到的是 \1"),
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file says: a type, its layout where it brings one, and where it comes from."""

    kind: DocumentType
    template: FileRef | None
    origin: str


def read_yaml_type(code: str, data: bytes) -> DocumentType:
    """Read a changed type from YAML. Raises NotFound, and BadInput whose place is “第 n 行” of the file."""
    shipped_of(code)
    if len(data) > _LARGEST_YAML:
        raise BadInput(_NAME, f"超过 {_LARGEST_YAML // 1000} KB；请精简")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(_NAME, "不是 UTF-8 编码的文字；请另存为 UTF-8 后再上传") from None
    try:
        kind = read_document_type(text, _NAME)
    except BadInput as fault:
        raise _in_chinese(fault) from None
    if kind.code != code:
        raise BadInput(
            f"第 {line_of(text, 'code')} 行", f"代码是 {kind.code}，这里要的是 {code}；请到该种文书的页面上传"
        )
    if faults := faults_in(kind):
        sentences = [f"第 {line_of(text, fault.place)} 行：{fault.sentence}" for fault in faults]
        first = faults[0]
        raise BadInput(f"第 {line_of(text, first.place)} 行", "；".join([first.sentence, *sentences[1:]]))
    return kind


def _in_chinese(fault: BadInput) -> BadInput:
    line = fault.place.rpartition(":")[2]
    sentence = fault.sentence
    for pattern, words in _WORDS:
        found = pattern.fullmatch(sentence)
        if found:
            place = sentence.partition(": ")[0]
            said = found.expand(words)
            sentence = f"{place}：{said}" if ": " in sentence and place.isascii() and " " not in place else said
            break
    return BadInput(f"第 {line} 行" if line.isdigit() else _NAME, sentence)


def export_yaml(actor: Actor, code: str) -> tuple[str, bytes]:
    """Give the format in force as YAML to change. Raises NotAllowed, NotFound."""
    format = format_for(actor, code)
    return f"{format.kind.name}.yaml", write_document_type(format.kind).encode()


def export_format(actor: Actor, code: str) -> tuple[str, bytes]:
    """Give the format in force as one file. Raises NotAllowed, NotFound."""
    format = format_for(actor, code)
    agency = format.agency_name or setter_of(actor.agency).name
    file = FormatFile(write_document_type(format.kind), layout_of(format), agency, format.version)
    return f"{format.kind.name}格式.zip", write_format(file)


def import_format(actor: Actor, code: str, data: bytes) -> Incoming:
    """Read a format file of another agency. Raises NotAllowed, NotFound, BadInput, LayoutRefused."""
    require_adapter(actor)
    file = read_format(data)
    kind = read_yaml_type(code, file.type.encode())
    template = keep_layout(actor, code, file.layout) if file.layout is not None else None
    return Incoming(kind, template, f"{file.agency}第 {file.version} 版")
