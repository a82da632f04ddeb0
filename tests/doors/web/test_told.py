"""What happened to a recording, in one line each: sentences a clerk reads, without codes, bytes and milliseconds."""

from decimal import Decimal

import pytest

from liuhen.core.events.custody import RecordingExamined, RecordingExtracted, RecordingHeld
from liuhen.core.events.parts import FileRef, MediaSummary, Span
from liuhen.core.events.recording import RecordingLabelled, RecordingMarked, RecordingStored
from liuhen.core.kernel.moments import parse_instant
from liuhen.doors.web.cards.told import told
from liuhen.doors.web.cards.words import content_lines

FILE = FileRef("0" * 64, "1" * 64, 6_954_882, "video/mp4", "现场.mp4")
BEGUN, ENDED = parse_instant("2026-03-03T09:11:50+08:00"), parse_instant("2026-03-03T09:20:20+08:00")
SPANS = tuple(Span("静音", Decimal(60 * number), Decimal(60 * number + 30)) for number in range(8))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            RecordingStored(FILE, MediaSummary("video", "mp4", 510_000), BEGUN, ENDED),
            "录像 8:30；7.0 MB；拍摄 2026-03-03 09:11 (周二) 至 2026-03-03 09:20 (周二)",
        ),
        (
            RecordingStored(FILE, MediaSummary("audio", "wav"), clock_doubt="设备时钟停在 1970 年"),
            "录音；7.0 MB；设备时钟停在 1970 年",
        ),
        (RecordingMarked(Decimal("95.5"), "现场环境", "后院库房"), "1:35 现场环境（后院库房）"),
        (RecordingMarked(Decimal(3661), "出示证件"), "1:01:01 出示证件"),
        (RecordingLabelled("案〔2026〕1号", None, "李喆"), "案〔2026〕1号；李喆"),
        (RecordingExamined("检测 1", 1000), "没有静音、黑屏、静止和断流"),
        (RecordingExamined("检测 1", 1000, SPANS[:2]), "静音 0:00–0:30、静音 1:00–1:30"),
        (
            RecordingExtracted("x1", "片段", FILE, "0" * 64, Decimal(12), "指认", Decimal(40)),
            "片段 0:12–0:40；用途：指认",
        ),
        (None, ""),
    ],
)
def test_a_line_says_what_happened(content: object, line: str) -> None:
    assert told(content) == line


def test_a_long_list_is_cut_and_says_how_long_it_is() -> None:
    assert told(RecordingExamined("检测 1", 1000, SPANS)).endswith(" 等 8 处")


def test_what_has_no_saying_of_its_own_shows_its_fields_without_codes() -> None:
    assert told(RecordingHeld("h1", "行政复议")) == "理由：行政复议"


def test_a_stretch_is_told_in_seconds_and_not_as_the_way_a_case_began() -> None:
    lines = [(line.label, line.text) for line in content_lines(RecordingExamined("检测 1", 1000, SPANS[:1]))]
    assert lines[-1] == ("检测出的各段 1", "静音 0–30 秒")
