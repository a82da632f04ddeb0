"""The verification as a whole, where no real package is needed: whatever is opened, a report comes out."""

import io

from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.bag.writing import render_tag_files
from liuhen.core.kernel.digests import digests_of
from liuhen.core.verifier import layout
from liuhen.core.verifier.trust import Trust
from liuhen.core.verifier.verify import verify_package
from tests.core.verifier.making import POLICY, seal


class Shelf:
    """A package in memory; `names` are listed as they are, whatever opens."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def list_files(self) -> list[str]:
        return list(self.files)

    def open(self, name: str, /) -> io.BytesIO:
        return io.BytesIO(self.files[name])


class Broken(Shelf):
    """A package whose files cannot be read a second time."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(files)
        self.opened: set[str] = set()

    def open(self, name: str, /) -> io.BytesIO:
        if name in self.opened and name == layout.TRUST:
            raise ZeroDivisionError("nobody thought of this")
        self.opened.add(name)
        return super().open(name)


class Unlistable(Shelf):
    """A package that cannot even say what it holds."""

    def list_files(self) -> list[str]:
        raise RecursionError("too deep")


def whole() -> dict[str, bytes]:
    """Give a bag that is whole, of files that hold nothing sensible but the trust."""
    payload = {name: b"x" for name in layout.REQUIRED if name.startswith("data/")}
    payload[layout.TRUST] = Trust(POLICY, ()).render()
    tags = {name: b"x" for name in (layout.SEAL, layout.GUIDE, layout.VERIFIER)}
    listed = [(name, digests_of(data)) for name, data in payload.items()]
    return payload | tags | render_tag_files(listed, (), [(name, digests_of(data)) for name, data in tags.items()])


def codes(package: Shelf) -> list[str]:
    report = verify_package(package)
    assert report.verdict == "failed"
    return [item.code for item in report.findings]


def test_an_empty_package_lacks_everything() -> None:
    assert codes(Shelf({})).count("PKG-001") == len(layout.REQUIRED)


def test_a_whole_bag_of_nonsense_is_refused_at_its_seal() -> None:
    assert codes(Shelf(whole())) == ["TRUST-001", "SEAL-001"]


def test_without_witnesses_the_reader_is_told() -> None:
    files = whole()
    policy = Trust(POLICY, ()).render().replace(b"quorum all", b"quorum none")
    assert "TRUST-003" in codes(Shelf(files | {layout.TRUST: policy}))


def test_a_step_that_nobody_thought_of_fails_the_package_and_not_the_program() -> None:
    assert "PKG-005" in codes(Broken(whole()))
    assert "PKG-005" in codes(Unlistable({}))


def test_names_in_another_unicode_form_are_opened_as_they_are_spelled() -> None:
    files = whole()
    payload = {name: data for name, data in files.items() if name.startswith("data/")} | {"data/文书/\u00e9.pdf": b"x"}
    tags = {name: files[name] for name in (layout.SEAL, layout.GUIDE, layout.VERIFIER)}
    listed = [(name, digests_of(data)) for name, data in payload.items()]
    bag = render_tag_files(listed, (), [(name, digests_of(data)) for name, data in tags.items()])
    spelled = {name.replace("\u00e9", "e\u0301"): data for name, data in (payload | tags | bag).items()}
    assert codes(Shelf(spelled)) == ["TRUST-001", "SEAL-001"]


def test_a_seal_that_cannot_be_dated_is_refused() -> None:
    text = seal().render().replace("2026-03-02T10:00:00+08:00", "0001-01-01T00:00:00+14:00")
    note = f"{text}\n— x AAAAAAA=\n".encode()
    assert "SEAL-001" in codes(Shelf(whole() | {layout.SEAL: note}))


@given(st.sampled_from(sorted(whole())), st.binary(max_size=300))
def test_no_bytes_in_any_file_stop_the_verifier(name: str, data: bytes) -> None:
    codes(Shelf(whole() | {name: data}))


@given(st.dictionaries(st.text(max_size=20), st.binary(max_size=50), max_size=5))
def test_no_names_stop_the_verifier(files: dict[str, bytes]) -> None:
    codes(Shelf(whole() | files) if files else Shelf({}))
