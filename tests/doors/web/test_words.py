"""Every field of every event of a case or a recording has a Chinese word on the pages: a clerk never reads an identifier."""

import dataclasses

import pytest

from liuhen.core.events import parts
from liuhen.core.events.catalogue import BY_NAME
from liuhen.doors.web.cards.words import WORDS

# What stands in the streams that a case shows; the register has words of its own.
CONTENTS = [*(kind.content for kind in BY_NAME.values() if kind.stream != "agency"), parts.Span]


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: content.__name__)
def test_every_field_has_a_word(content: type) -> None:
    assert [field.name for field in dataclasses.fields(content) if field.name not in WORDS] == []
