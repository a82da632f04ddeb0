"""How the pages write Chinese: thin spaces between 汉字 and Latin or digits, times, terms left, sizes, verdict marks.

Invariant: a filter changes only how a text looks; numbers (案号, 文号) and names of people never pass through `spaced`, so
what is copied from the screen can be searched for.
"""

import re
from datetime import datetime, timedelta

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from liuhen.core.kernel.moments import SHANGHAI, say_instant, say_span
from liuhen.core.rules.verdict import LABELS, Answered

register = template.Library()

_THIN = "\u2009"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_AFTER_HAN = re.compile(rf"([{_HAN}])\s?([0-9A-Za-z])")
_BEFORE_HAN = re.compile(rf"([0-9A-Za-z%])\s?([{_HAN}])")

_NUMBER = re.compile(rf"(〔\d+〕\d+){_THIN}(号)")

# Drawn, not typed: no font is sure to have these signs, and phones turn some of them into pictures.
_ICONS: dict[str, str] = {
    "met": "M2.5 8.5 6.3 12.3 13.5 4.5",
    "unmet": "M4 4l8 8M12 4l-8 8",
    "pending": "M8 1.8a6.2 6.2 0 1 0 .01 0M8 4.6V8l2.6 2",
    "undetermined": "M5.2 5.6a2.8 2.8 0 1 1 4.2 2.5C8.4 8.7 8 9.2 8 10.3M8 13v.3",
    "not_applicable": "M4 8h8",
    "sign": "M2.5 13.5l.8-3.2 7.7-7.7 2.4 2.4-7.7 7.7zM9.2 14h4.6",
    "play": "M4.5 3l8 5-8 5z",
    "refused": "M3.5 3.5l9 9M8 1.8a6.2 6.2 0 1 0 .01 0",
}


@register.filter
def spaced(text: object) -> str:
    """Put a thin space where a 汉字 meets a Latin letter or a digit."""
    value = conditional_escape(text if isinstance(text, SafeString) else str(text))
    if "&" in value:  # an escaped character must not be torn apart
        return value
    spaced_out = _BEFORE_HAN.sub(rf"\1{_THIN}\2", _AFTER_HAN.sub(rf"\1{_THIN}\2", value))
    return SafeString(_NUMBER.sub(r"\1\2", spaced_out))


@register.filter
def moment(at: datetime | None) -> str:
    """Write 2026-03-02 10:05 (周一), for reading and for machines; an empty text where there is no moment."""
    if at is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', at.astimezone(SHANGHAI).isoformat(), say_instant(at))


@register.filter
def clock(at: datetime | None) -> str:
    """Write the time of day alone: 10:05."""
    return "" if at is None else f"{at.astimezone(SHANGHAI):%H:%M}"


@register.filter
def size(count: int) -> str:
    """Write a number of bytes: 812 字节, 35.2 KB, 1.1 GB."""
    if count < 1000:
        return f"{count} 字节"
    for unit, power in (("KB", 1000), ("MB", 1000**2), ("GB", 1000**3)):
        if count < power * 1000:
            return f"{count / power:.1f} {unit}"
    return f"{count / 1000**4:.1f} TB"


@register.filter
def grouped(number: int) -> str:
    """Write a whole number in groups of three: 1 842."""
    return f"{number:,}".replace(",", _THIN)


@register.simple_tag
def verdict_mark(verdict: str) -> str:
    """Draw the mark of a verdict with its name for those who do not see it; the colour is never the only sign."""
    label = LABELS[_answered(verdict)]
    return format_html('<span class="mark mark-{}" role="img" aria-label="{}">{}</span>', verdict, label, icon(verdict))


@register.simple_tag
def icon(name: str) -> str:
    """Draw a small sign in the colour of the text around it; it says nothing to those who listen."""
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', name, _ICONS[name]
    )


def _answered(verdict: str) -> Answered:
    return next(known for known in LABELS if known == verdict)


def verdict_name(verdict: str) -> str:
    """Give the Chinese name of a verdict."""
    return LABELS[_answered(verdict)]


def say_left(due: datetime, now: datetime) -> str:
    """Write how long a term still runs, or by how much it is over."""
    return f"还剩 {say_span(due - now)}" if due >= now else f"已超 {say_span(now - due)}"


def say_second(second: float) -> str:
    """Write a place in a recording: 2:05, 1:02:05."""
    minutes, seconds = divmod(int(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def say_length(span: timedelta) -> str:
    """Write the length of a recording or an act: 48 分 10 秒 as 48:10."""
    return say_second(span.total_seconds())
