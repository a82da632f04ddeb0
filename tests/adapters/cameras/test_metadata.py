"""Metadata headers: either prefix, any case, %-decoded with + as plus, merged or replaced, bounded."""

from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.cameras.metadata import (
    LONGEST_VALUE,
    MOST_KEYS,
    Sent,
    decode_value,
    is_complete,
    merged,
    moment_of,
    read_metadata,
    render_metadata,
    replaced,
)


def test_either_prefix_counts_and_the_own_one_first() -> None:
    headers = [("X-Object-Meta-Status", "Complete"), ("x-CONTAINER-meta-USERID", "u"), ("X-Other", "1")]
    assert read_metadata(headers, "container").values == {"status": "Complete", "userid": "u"}
    both = [("X-Container-Meta-Name", "own"), ("X-Object-Meta-Name", "foreign")]
    assert read_metadata(both, "container").values == read_metadata(both[::-1], "container").values == {"name": "own"}


def test_values_are_decoded_as_paths_are() -> None:
    assert decode_value("a+b%2Bc%20%E6%9D%8E") == "a+b+c 李"
    assert decode_value("李".encode().decode("latin-1")) == "李", "sent without %-encoding"
    assert decode_value("%ff%0a") == "\ufffd\ufffd"


def test_empty_values_delete_in_containers_and_vanish_in_objects() -> None:
    sent = read_metadata([("X-Object-Meta-A", ""), ("X-Object-Meta-B", "2")], "object")
    assert merged({"a": "1", "c": "3"}, sent) == {"b": "2", "c": "3"}
    assert replaced(sent) == {"b": "2"}


def test_too_much_is_cut_and_named() -> None:
    sent = read_metadata([("X-Object-Meta-Long", "y" * (LONGEST_VALUE + 1))], "object")
    assert sent.cut == ("long",) and len(sent.values["long"]) == LONGEST_VALUE
    many = read_metadata([(f"X-Object-Meta-K{n}", "v") for n in range(MOST_KEYS + 2)], "object")
    assert len(many.values) == MOST_KEYS and len(many.cut) == 2
    assert read_metadata([("X-Object-Meta-A_B", "v")], "object").cut == ("a_b",)


def test_completion_and_moments() -> None:
    assert is_complete({"status": " complete "}) and not is_complete({"status": "Transferring"})
    told = {"starttime": "1661255290", "starttimeiso": "broken"}
    moment = moment_of(told, "starttime")
    assert moment is not None and moment.timestamp() == 1661255290
    assert moment_of({}, "starttime") is None


@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True), st.text(min_size=1, max_size=50), max_size=8))
def test_what_is_written_is_read_back(values: dict[str, str]) -> None:
    clean = {key: "".join(char for char in text if char.isprintable()).strip() for key, text in values.items()}
    headers = render_metadata(clean, "object")
    assert all(value.isascii() and value.isprintable() for value in headers.values())
    assert read_metadata(headers.items(), "object") == Sent(clean)
