"""Documents: a record of two pages typeset, and a file of three hundred pages bound.

Every record is of other words, so that nothing the typesetter remembers can be given out again as it is. Typesetting and binding
only compute: the value is the best of the rounds, the middle one is told beside it.
"""

from datetime import date
from pathlib import Path

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.signing.pages import count_pages
from liuhen.adapters.typeset.binding import Part, bind
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.doors.bench.row import NotMeasured, Row, Size, median, timed

_FORM = "询问笔录"
_PAGES = 2
_DAY = date(2026, 3, 2)
_QUESTIONS = (
    (
        "你单位第{n}号库房现在存放什么物品，数量多少？",
        "存放烟花爆竹{n}箱，包装箱上写明了规格和含药量，都是上个月从批发企业购进的。",
    ),
    (
        "核定的最大储存量是多少，你们是否超过？",
        "许可证上写的是三百箱。{n}日盘点的时候确实超过了，我们以为节前可以临时多放一些。",
    ),
    (
        "库房的温湿度记录和出入库台账由谁登记？",
        "由保管员登记，第{n}页以后的台账因为人手不够没有及时补上，这一点我承认。",
    ),
)


def measure(size: Size, folder: Path) -> list[Row]:
    """Give the milliseconds a document of two pages takes, how many a core makes in a second, and what a file takes."""
    typesetter = Typesetter(shipped_documents())
    documents, count = 0, max(2, size.cases // 10)
    waits, rates = [], []
    for _ in range(size.rounds * 3):
        first, documents = documents, documents + count
        _record(typesetter, first)
        took = timed(lambda first=first: [_record(typesetter, first + n) for n in range(count)])  # type: ignore[misc]
        waits.append(1000 * took.wall / count)
        rates.append(count / max(took.wall, took.cpu))
    return [
        Row("documents", min(waits), "ms", goal=50, better="lower", usual=median(waits), rounds=tuple(waits)),
        Row("documents-rate", max(rates), "a second", goal=20, usual=median(rates), rounds=tuple(rates)),
        _bound(typesetter, size),
    ]


def _record(typesetter: Typesetter, number: int) -> bytes:
    pdf = typesetter.render(_FORM, _data(number))
    if count_pages(pdf) != _PAGES:
        raise NotMeasured(f"the record has {count_pages(pdf)} pages where it should have {_PAGES}")
    return pdf


def _data(number: int) -> dict[str, object]:
    turns = [_QUESTIONS[n % len(_QUESTIONS)] for n in range(9)]
    return {
        "agency": "潭山县应急管理局",
        "case_number": f"潭应急案〔2026〕{number}号",
        "date": _DAY.isoformat(),
        "fields": [
            ["询问时间", "2026年3月2日 10:05 至 11:20"],
            ["被询问人", "李喆"],
            ["职务", f"第{number}库房负责人"],
        ],
        "questions": [[ask.format(n=number + n), said.format(n=number + n)] for n, (ask, said) in enumerate(turns)],
        "signatures": [{"role": "被询问人", "name": "李喆", "date": _DAY.isoformat(), "each_page": True}],
    }


def _bound(typesetter: Typesetter, size: Size) -> Row:
    wanted = 1.5 * size.cases // _PAGES
    parts = [Part(f"{n} {_FORM}", _record(typesetter, n)) for n in range(max(2, int(wanted)))]
    found: list[int] = []

    def assemble() -> None:
        _, pages = bind(parts, "卷宗", lambda first, count: typesetter.folios(first, count, _DAY))
        found.append(pages)

    waits = [1000 * timed(assemble).wall for _ in range(size.rounds)]
    if set(found) != {_PAGES * len(parts)}:
        raise NotMeasured(f"the bound file has {found} pages, its documents {_PAGES * len(parts)}")
    return Row(
        "documents-file", min(waits), "ms", goal=10_000, better="lower", usual=median(waits), rounds=tuple(waits)
    )
