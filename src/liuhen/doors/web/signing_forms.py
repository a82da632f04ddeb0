"""签名与盖章: the hand that a browser sends, and the forms of a refusal and of a mark; what cannot be is said in Chinese.

Invariant: strokes that leave here are whole numbers within the limits of the drawing, so no fault of theirs meets a clerk later.
"""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from liuhen.adapters.typeset.prints import MOST_BYTES as MOST_BYTES_OF_PRINT
from liuhen.core.kernel.errors import BadInput

MOST_POINTS, MOST_BYTES = 20_000, 1_000_000
_MOST_STROKES = 1_000
# Less than this many pixels in both directions is a slip of the finger, not a name.
_LEAST_EXTENT = 12
_FARTHEST, _LONGEST_MS = 100_000, 3_600_000
_HAND = "签名"


@dataclass(frozen=True, slots=True)
class Hand:
    """What was written on the pad, and the digest of the document that stood beside it."""

    sha256: str
    strokes: list[list[list[int]]]


def read_hand(request: HttpRequest) -> Hand:
    """Read a hand from the body of a request. Raises BadInput with a sentence for whoever holds the pen."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise BadInput(_HAND, f"笔迹超过 {MOST_BYTES // 1000} KB，没有保存；请按“重写”，写得简短一些")
    try:
        said: Any = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadInput(_HAND, "收到的内容不完整，没有保存；请再按一次“确认签名”") from None
    strokes = said.get("strokes") if isinstance(said, dict) else None
    if not isinstance(strokes, list) or not strokes:
        raise BadInput(_HAND, "还没有笔迹；请签名后再确认")
    return Hand(str(said.get("sha256", "")), _checked(strokes))


def _checked(strokes: list[Any]) -> list[list[list[int]]]:
    if len(strokes) > _MOST_STROKES or not all(isinstance(stroke, list) and stroke for stroke in strokes):
        raise BadInput(_HAND, "笔迹无法识别；请按“重写”后重新签名")
    points = [point for stroke in strokes for point in stroke]
    if len(points) > MOST_POINTS:
        raise BadInput(_HAND, f"笔迹有 {len(points)} 个点，最多 {MOST_POINTS} 个；请按“重写”，写得简短一些")
    if not all(_is_point(point) for point in points):
        raise BadInput(_HAND, "笔迹无法识别；请按“重写”后重新签名")
    if all(max(way) - min(way) < _LEAST_EXTENT for way in ([one[0] for one in points], [one[1] for one in points])):
        raise BadInput(_HAND, "只有一个点，不像签名；请按“重写”后签写姓名")
    return strokes


def _is_point(point: Any) -> bool:
    if not isinstance(point, list) or len(point) != 4 or not all(type(number) is int for number in point):
        return False
    x, y, moment, pressure = point
    return bool(max(abs(x), abs(y)) <= _FARTHEST and 0 <= moment <= _LONGEST_MS and 0 <= pressure <= 1000)


class RefusalForm(forms.Form):
    """拒签或者无法签名: why one place has no signature; in other cases with the reason in words."""

    why = forms.ChoiceField(label="情形", error_messages={"required": "请选择情形。", "invalid_choice": "请选择情形。"})
    text = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="选“其他”的必须写明；如 已宣读，当事人无异议，按指印",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "说明太长，请精简到 200 字以内。"},
    )

    def __init__(self, role: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = self.fields["why"]
        assert isinstance(why, forms.ChoiceField)  # declared above
        words = (f"{role}拒绝签名", "不会写字", "不在场", "其他")
        why.choices = [("", "请选择"), *((word, word) for word in words)]

    def clean(self) -> dict[str, Any]:
        """Ask for words where the choice says nothing."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("why") == "其他" and not said.get("text"):
            self.add_error("text", "选“其他”的，请写明没有签名的原因。")
        return said

    @property
    def reason(self) -> str:
        """The reason as it is set down; only of a valid form."""
        why, text = self.cleaned_data["why"], self.cleaned_data["text"]
        if why == "其他":
            return str(text)
        return f"{why}：{text}" if text else str(why)


FINGERS = tuple(f"{hand}{finger}" for hand in ("右手", "左手") for finger in ("食指", "拇指", "中指", "无名指", "小指"))


class PrintForm(forms.Form):
    """捺指印: a picture of a fingerprint, from a telephone's camera or a reader, and which finger it was."""

    picture = forms.FileField(
        label="指印的照片",
        max_length=200,
        help_text="用印泥按在白纸上再拍照，或者选指纹采集仪存下的图片；原图一并留存",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/bmp,image/webp"}),
        error_messages={
            "required": "请选择或者拍摄指印的照片。",
            "empty": "照片是空的；请重新拍摄。",
            "max_length": "照片的文件名太长；请改短后再选。",
            "invalid": "没有收到照片；请重新选择。",
        },
    )
    finger = forms.ChoiceField(label="哪一指", choices=[(word, word) for word in FINGERS])

    def clean_picture(self) -> Any:
        """Refuse what is too large before it is read."""
        picture = self.cleaned_data["picture"]
        if picture.size > MOST_BYTES_OF_PRINT:
            raise forms.ValidationError(f"照片超过 {MOST_BYTES_OF_PRINT // 1_000_000} MB；请把分辨率调低后重拍。")
        return picture


class ChangeForm(PrintForm):
    """更正处捺印: the fingerprint beside one change, and whose it is."""

    name = forms.CharField(
        label="捺印人",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明谁捺印。", "max_length": "捺印人太长，请精简到 60 字以内。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["finger"]


class MarkForm(forms.Form):
    """骑缝 and 更正处: what was pressed on the printed sheets, and whose it is."""

    mark = forms.ChoiceField(label="捺印处", choices=[(word, word) for word in ("骑缝", "更正处")])
    manner = forms.ChoiceField(label="方式", choices=[(word, word) for word in ("手印", "印章")])
    name = forms.CharField(
        label="捺印人",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明谁捺印。", "max_length": "捺印人太长，请精简到 60 字以内。"},
    )
