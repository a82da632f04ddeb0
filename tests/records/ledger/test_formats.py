"""The vectors printed in docs/formats are what the program writes."""

import re
from pathlib import Path

import pytest

from liuhen.core.events.envelope import commit_sha256, commit_sm3, leaf_of, parse_header, render_header
from liuhen.core.kernel import canonical
from liuhen.core.tlog.merkle import leaf_hash

DOCS = Path(__file__).parents[3] / "docs" / "formats"


def blocks(name: str) -> list[bytes]:
    """Give the JSON blocks of a page, without the newline that ends them on the page."""
    return [text.encode() for text in re.findall(r"```json\n(.*?)\n```", (DOCS / name).read_text(encoding="utf-8"))]


def test_the_event_vector() -> None:
    content, header_bytes = blocks("event.md")
    header = parse_header(header_bytes)
    assert render_header(header) == header_bytes
    assert canonical.render(canonical.parse(content)) == content
    salt = bytes(range(32))
    assert header.content_sha256 == commit_sha256(content, salt)
    assert header.content_sm3 == commit_sm3(content, salt)


def test_the_leaf_vector() -> None:
    _, header_bytes = blocks("event.md")
    (leaf,) = blocks("leaf.md")
    assert leaf_of(header_bytes, parse_header(header_bytes).id) == leaf
    assert leaf_hash(leaf).hex() in (DOCS / "leaf.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["event.md", "leaf.md"])
def test_every_field_of_the_vector_is_explained(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    for key in canonical.parse(blocks(name)[-1]):
        assert f"`{key}`" in page
