"""A drawn signature shows where the pen went, and the same strokes give the same picture."""

import io

import pytest
from PIL import Image

from liuhen.adapters.typeset.handwriting import sample_strokes
from liuhen.adapters.typeset.strokes import draw
from liuhen.core.kernel.errors import BadInput

ACROSS = [[[0, 0, 0, 500], [200, 0, 120, 500]]]


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def test_ink_lies_on_the_stroke_and_nowhere_else() -> None:
    cross = [*ACROSS, [[100, -50, 300, 500], [100, 50, 420, 500]]]
    image = picture(draw(cross))
    alpha = image.getchannel("A")
    middle = (image.width // 2, image.height // 2)
    assert alpha.getpixel(middle) == 255
    assert alpha.getpixel((12, middle[1])) == 255
    assert alpha.getpixel((12, 12)) == 0
    assert image.getextrema()[0] == (0, 0)  # black ink only


def test_more_pressure_gives_a_wider_line() -> None:
    def weight(pressure: int) -> int:
        alpha = picture(draw([[[0, 0, 0, pressure], [200, 0, 9, pressure]]])).getchannel("A")
        return sum(value * count for value, count in enumerate(alpha.histogram()))

    assert weight(900) > 1.5 * weight(50)


def test_a_single_touch_is_a_dot() -> None:
    assert picture(draw([[[7, 7, 0, 800]]])).getchannel("A").getextrema()[1] == 255


@pytest.mark.parametrize(
    "strokes",
    [[], [[]], [[[1, 2, 3]]], [[[1, 2, 3, 1001]]], [[[1, 2, -1, 5]]], [[[1.5, 2, 3, 4]]], [[[True, 2, 3, 4]]]],
)
def test_anything_but_points_is_refused(strokes: list[list[list[int]]]) -> None:
    with pytest.raises(BadInput, match="signature"):
        draw(strokes)


def test_sample_handwriting_is_the_same_every_time_and_differs_by_name() -> None:
    first = sample_strokes("欧阳䶮")
    assert first == sample_strokes("欧阳䶮")
    assert first != sample_strokes("欧阳龑")
    assert draw(first) == draw(sample_strokes("欧阳䶮"))


@pytest.mark.parametrize("name", ["张建国", "李喆玥", "Wang Li", "〇", "😀"])
def test_sample_handwriting_is_drawable_and_moves_forward_in_time(name: str) -> None:
    strokes = sample_strokes(name)
    moments = [point[2] for stroke in strokes for point in stroke]
    assert moments == sorted(moments)
    assert picture(draw(strokes)).height <= 160
