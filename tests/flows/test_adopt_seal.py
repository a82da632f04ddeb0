"""自有印章: an agency's own certificate seals once it is adopted, and nothing else ever seals for the agency again."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from liuhen.adapters.keys.authority import open_test_authority
from liuhen.adapters.signing.seals import PadesSeal
from liuhen.adapters.signing.signing_keys import FileKey
from liuhen.adapters.timestamps.dummy import DummyAuthority
from liuhen.core.events.case import DocumentSealed
from liuhen.core.facts.model import Document
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.verifier.documents import check_document
from liuhen.core.verifier.layout import TRUST
from liuhen.core.verifier.trust import parse_trust
from liuhen.flows.access import NotAllowed
from liuhen.flows.adopt_seal import (
    NoSealInForce,
    SealStands,
    SealUnusable,
    adopt_seal,
    seals_of,
    try_seal,
    withdraw_seal,
)
from liuhen.flows.check_document import check_pdf
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.keep_log import seal_logs
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.package import build_package
from liuhen.flows.seals import SealKeyElsewhere, SealNotStamped, SealOutOfForce, known_roots, roots_of, seal_folder
from liuhen.flows.sign_document import seal_document
from liuhen.flows.write_document import keep
from liuhen.flows.writing import write_case
from tests.flows.closing import AGENCY, Story, tell
from tests.flows.test_numbers import BEGUN, Office
from tests.flows.test_seal_keys import bytes_of, drafted
from tests.flows.test_sign_document import standing
from tests.own_authority import Clock, OwnAuthority, lay_out, own_authority, stamping

NAME = "安禾县应急管理局"
ADMIN = Actor("closing-admin", "许管理", AGENCY, frozenset({"系统管理员"}))
BASIS = "印章启用审批表〔2026〕3 号"


@pytest.fixture(scope="module")
def authority() -> OwnAuthority:
    return own_authority(NAME)


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    yield tell()
    shutil.rmtree(seal_folder(AGENCY), ignore_errors=True)


class Desk:
    """An administrator with the files of a seal, and the clock of the time-stamping authority."""

    def __init__(self, story: Story, clock: Clock, address: str, authority: OwnAuthority) -> None:
        self.story, self.clock, self.address, self.authority = story, clock, address, authority
        lay_out(seal_folder(AGENCY), authority, address)

    def at(self, minute: float) -> Occasion:
        at = self.story.began + timedelta(minutes=minute)
        self.clock.at = at
        return Occasion(ADMIN, at, at)

    def seal(self, minute: float) -> Document:
        self.at(minute)
        document = drafted(self.story, minute)
        seal_document(self.story.case, self.story.on("head", minute), document=document)
        return standing(self.story, document)

    def findings(self, document: Document) -> list[str]:
        facts = ground_of(self.story.case, AGENCY).facts
        assert document.sealed_file is not None
        roots = roots_of(facts.agency, self.story.began)
        data = bytes_of(document.sealed_file.sha256)
        return [one.code for one in check_document(document, facts.agency, data, "文书", roots)]


@pytest.fixture
def desk(story: Story, authority: OwnAuthority) -> Iterator[Desk]:
    clock = Clock(story.began)
    with stamping(authority, clock) as address:
        yield Desk(story, clock, address, authority)


def test_an_adopted_seal_seals_and_everybody_can_check_it(desk: Desk) -> None:
    before = desk.seal(30)
    adopt_seal(desk.at(31), basis=BASIS)
    (adopted,) = seals_of(desk.at(32))
    assert (adopted.subject, adopted.issuer, adopted.kept) == (NAME, "示范电子认证有限公司", "文件")
    after = desk.seal(33)
    assert after.sealed_file is not None and before.sealed_file is not None
    assert desk.findings(before) == [] and desk.findings(after) == []
    answer = check_pdf(bytes_of(after.sealed_file.sha256))
    assert answer.verdict == "passed" and [one.known for one in answer.seals] == [True]
    assert [one.signer for one in answer.seals] == [NAME]
    assert len(list(known_roots(AGENCY).glob("*.der"))) == 2


def test_logs_are_stamped_by_the_adopted_authority(desk: Desk) -> None:
    adopt_seal(desk.at(31), basis=BASIS)
    sealings = seal_logs(AGENCY, desk.at(32).at)
    assert sealings and "时间戳" not in [one.name for sealing in sealings for one in sealing.pending]


def test_a_renewed_certificate_replaces_the_old_one(desk: Desk) -> None:
    adopt_seal(desk.at(31), basis=BASIS)
    with pytest.raises(SealStands):
        adopt_seal(desk.at(32), basis=BASIS)
    old = desk.seal(33)
    lay_out(seal_folder(AGENCY), desk.authority, desk.address, seal=desk.authority.issue(NAME))
    with pytest.raises(SealKeyElsewhere, match="liuhen seal adopt"):
        desk.seal(34)
    adopt_seal(desk.at(35), basis="证书换领")
    new = desk.seal(36)
    assert desk.findings(old) == [] and desk.findings(new) == []
    first, second = seals_of(desk.at(37))
    assert first.retired is not None and second.retired is None


def test_what_the_test_seal_seals_after_the_adoption_is_no_seal_of_the_agency(desk: Desk) -> None:
    """An insider at the server still has the test authority, whose root the packages of old documents carry."""
    desk.seal(30)
    adopt_seal(desk.at(31), basis=BASIS)
    document = drafted(desk.story, 33)
    facts = ground_of(desk.story.case, AGENCY).facts
    file, when = facts.case.documents[document].file, desk.at(34).at
    assert file is not None
    test = open_test_authority(office().data / "authority" / AGENCY, NAME, when)
    tsa = DummyAuthority(test.tsa.key_pem, test.tsa.certificate_pem, test.tsa.chain_pem)
    seal = PadesSeal(NAME, FileKey(test.seal.key_pem, test.seal.certificate_pem, test.seal.chain_pem), tsa)
    kept = keep(seal.apply(bytes_of(file.sha256), at=when), file.name, file.media_type)
    write_case(
        desk.story.case, desk.story.on("head", 34), DocumentSealed(document, kept, NAME), after=facts.case.version
    )
    assert desk.findings(standing(desk.story, document)) == ["SIGN-010"]


def test_a_withdrawn_seal_seals_nothing_more_and_is_not_replaced_by_the_test_seal(desk: Desk) -> None:
    with pytest.raises(NoSealInForce):
        withdraw_seal(desk.at(30), reason="没有")
    adopt_seal(desk.at(31), basis=BASIS)
    sealed = desk.seal(32)
    withdraw_seal(desk.at(33), reason="密码设备遗失")
    with pytest.raises(SealOutOfForce, match="停用"):
        desk.seal(34)
    assert desk.findings(sealed) == []


def test_an_expired_certificate_seals_nothing(desk: Desk) -> None:
    soon = desk.story.began + timedelta(minutes=40)
    lay_out(seal_folder(AGENCY), desk.authority, desk.address, seal=desk.authority.issue(NAME, until=soon))
    adopt_seal(desk.at(31), basis=BASIS)
    desk.seal(32)
    with pytest.raises(SealOutOfForce, match="到期"):
        desk.seal(41)


def test_without_a_time_stamp_nothing_is_sealed(desk: Desk) -> None:
    lay_out(seal_folder(AGENCY), desk.authority, "http://127.0.0.1:9/tsr")
    with pytest.raises(SealNotStamped, match="没有应答"):
        adopt_seal(desk.at(31), basis=BASIS)
    assert agency_facts(AGENCY).agency.seal_certificates == []


@pytest.mark.parametrize("stranger", ["安和县应急管理局", "个人"])
def test_the_seal_of_another_is_not_adopted(desk: Desk, stranger: str) -> None:
    lay_out(seal_folder(AGENCY), desk.authority, desk.address, seal=desk.authority.issue(stranger))
    with pytest.raises(SealUnusable, match=stranger):
        adopt_seal(desk.at(31), basis=BASIS)


def test_a_certificate_that_does_not_hold_yet_or_any_more_is_not_adopted(desk: Desk) -> None:
    gone = desk.authority.issue(NAME, until=datetime(2021, 1, 1, tzinfo=UTC))
    lay_out(seal_folder(AGENCY), desk.authority, desk.address, seal=gone)
    with pytest.raises(LiuhenError):
        adopt_seal(desk.at(31), basis=BASIS)
    assert agency_facts(AGENCY).agency.seal_certificate is None


def test_a_clock_that_differs_from_that_of_the_authority_is_told(desk: Desk) -> None:
    occasion = desk.at(31)
    desk.clock.at = occasion.at + timedelta(hours=2)
    with pytest.raises(SealUnusable, match="时间戳"):
        adopt_seal(occasion, basis=BASIS)


def test_trying_records_nothing(desk: Desk) -> None:
    assert try_seal(desk.at(31)).startswith(b"%PDF-")
    assert seals_of(desk.at(32)) == ()


def test_who_may_not_and_what_is_missing(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        adopt_seal(desk.story.on("head", 31), basis=BASIS)
    with pytest.raises(NotAllowed):
        withdraw_seal(desk.story.on("head", 31), reason="不用了")
    with pytest.raises(NotAllowed):
        try_seal(replace(desk.at(31), actor=replace(ADMIN, roles=frozenset({"执法人员"}))))
    with pytest.raises(BadInput, match="依据"):
        adopt_seal(desk.at(31), basis=" ")
    shutil.rmtree(seal_folder(AGENCY))
    with pytest.raises(BadInput, match=r"seal\.toml"):
        adopt_seal(desk.at(31), basis=BASIS)


class Following:
    """The clock of an authority that goes with an office whose every act takes a minute."""

    def __init__(self, office: Office) -> None:
        self.office = office

    @property
    def at(self) -> datetime:
        return BEGUN + timedelta(minutes=self.office.minute)


def test_a_package_with_seals_of_before_and_after_verifies_offline(db: None, tmp_path: Path) -> None:
    office_ = Office()
    authority = own_authority("安禾县局")
    with stamping(authority, Following(office_)) as address:
        lay_out(seal_folder(office_.agency), authority, address)
        for renewed in (False, True):
            if renewed:
                adopt_seal(office_.on(office_.person("许", "系统管理员")), basis=BASIS)
            seal_document(office_.case, office_.on(office_.officer), document=office_.make())
        conclude_case(office_.case, office_.on(office_.officer), reason="整改完毕", document=None)
        archive_case(office_.case, office_.on(office_.keeper), archive_number="A1", retention="30 年")
        package = build_package(office_.case, office_.on(office_.keeper), tmp_path)
    shutil.rmtree(seal_folder(office_.agency))
    assert not [one for one in package.verification.findings if one.code.startswith("SIGN")]
    assert package.verification.verdict != "failed" and package.image_verification.verdict != "failed"
    trust = parse_trust((package.folder / TRUST).read_bytes(), "trust")
    assert len(trust.roots) == 3, "the test authority, under which the first was sealed, and the two roots adopted"
