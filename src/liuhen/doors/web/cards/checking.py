"""The answer of the public page: one large word, then what was checked, by whom it was witnessed, what could not be."""

from collections.abc import Iterator
from dataclasses import dataclass

from liuhen.core.kernel.moments import local_day, say_day, say_instant
from liuhen.core.verifier.report import Answer
from liuhen.core.verifier.say import ANSWERS
from liuhen.doors.web.cards.parts import Line
from liuhen.flows.check_document import DocumentAnswer, SealFound
from liuhen.flows.check_package import PackageAnswer

_MOST = 50
_SENTENCES: dict[Answer, str] = {
    "passed": "包内每个文件、每条记录、每枚印章和合规说明都与封存时相同。",
    "failed": "有内容与封存时不同。下面逐项列出不同之处。",
    "indeterminate": "没有发现被改动，但有的内容无法核对。下面列出原因。",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something found, with its stable code and the file it concerns."""

    code: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """The answer to show."""

    verdict: Answer
    word: str
    sentence: str
    name: str
    about: tuple[Line, ...]
    counts: tuple[Line, ...]
    checked: tuple[Line, ...]
    wrong: tuple[Remark, ...]
    unable: tuple[Remark, ...]
    notices: tuple[Remark, ...]
    more: int


def package_answer(answer: PackageAnswer, name: str) -> AnswerCard:
    """Give the answer for a package."""
    report, about = answer.report, answer.report.about
    labels = (("案件", "number"), ("机关", "agency_name"), ("打包", "packed"))
    by_weight = {
        weight: [Remark(item.code, item.message, item.path) for item in report.findings if item.weight == weight]
        for weight in ("failed", "indeterminate", "notice")
    }
    return AnswerCard(
        verdict=report.verdict,
        word=ANSWERS[report.verdict],
        sentence=_SENTENCES[report.verdict],
        name=name,
        about=tuple(Line(label, about[key]) for label, key in labels if about.get(key)),
        counts=tuple(Line(what, str(number)) for what, number in report.checked.items()),
        checked=(Line("见证方", "、".join(answer.witnesses)),) if answer.witnesses else (),
        wrong=tuple(by_weight["failed"][:_MOST]),
        unable=tuple(by_weight["indeterminate"][:_MOST]),
        notices=tuple(by_weight["notice"][:_MOST]),
        more=sum(max(0, len(found) - _MOST) for found in by_weight.values()),
    )


def refused_answer(verdict: Answer, sentence: str, name: str) -> AnswerCard:
    """Give the answer for something that could not even be opened."""
    return AnswerCard(verdict, ANSWERS[verdict], sentence, name, (), (), (), (), (), (), 0)


def document_answer(answer: DocumentAnswer, name: str) -> AnswerCard:
    """Give the answer for a document."""
    return AnswerCard(
        verdict=answer.verdict,
        word="已作废" if answer.issued and answer.issued.voided_at else ANSWERS[answer.verdict],
        sentence=f"{answer.reason}。",
        name=name,
        about=tuple(_issued_lines(answer)),
        counts=(),
        checked=tuple(_checked_lines(answer)),
        wrong=tuple(Remark("印章", f"{seal.signer}：{seal.reason}", "") for seal in answer.seals if not seal.whole),
        unable=tuple(
            Remark("印章", f"{seal.signer}：{seal.reason}", "")
            for seal in answer.seals
            if seal.whole and not seal.known
        ),
        notices=(),
        more=0,
    )


def _issued_lines(answer: DocumentAnswer) -> Iterator[Line]:
    issued = answer.issued
    if issued is None:
        return
    yield Line("签发机关", issued.agency)
    yield Line("文书种类", issued.form)
    if issued.number:
        yield Line("文号", issued.number, code=True)
    yield Line("制作", say_instant(issued.made_at))
    yield Line("盖章", say_instant(issued.sealed_at) if issued.sealed_at else "没有加盖电子印章")
    if issued.voided_at is not None:
        yield Line("作废", f"已作废，{say_day(local_day(issued.voided_at))}")


def _checked_lines(answer: DocumentAnswer) -> Iterator[Line]:
    if answer.digests:
        yield Line("SHA-256", answer.digests.sha256, code=True)
        yield Line("SM3", answer.digests.sm3, code=True)
    elif answer.issued:
        yield Line("签发时的 SHA-256", answer.issued.sha256, code=True)
    for seal in answer.seals:
        yield Line("印章", _say_seal(seal))


def _say_seal(seal: SealFound) -> str:
    state = "完好" if seal.whole else "已失效"
    known = "，由本系统认可的机构签发" if seal.known else ""
    return f"{seal.signer}，{say_instant(seal.signed_at) if seal.signed_at else '时间不明'}，{state}{known}"
