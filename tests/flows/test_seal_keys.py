"""印章密钥: registered before it signs, signing every seal from then on, and never left out or exchanged in silence."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from liuhen.adapters.signing.sm2 import sign_detached
from liuhen.core.crypto.detached import parse_detached
from liuhen.core.crypto.sm2 import verify
from liuhen.core.facts.model import Document
from liuhen.core.kernel.errors import BadInput
from liuhen.core.verifier.documents import check_seal_signature
from liuhen.flows import sign_document
from liuhen.flows.access import NotAllowed
from liuhen.flows.ground import agency_facts, ground_of
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import AgencyUnknown
from liuhen.flows.seal_keys import (
    SealKeyStands,
    SealKeyUnknown,
    register_seal_key,
    retire_seal_key,
    seal_keys_of,
)
from liuhen.flows.seals import SealKeyElsewhere, key_name
from liuhen.flows.sign_document import DocumentChanged, seal_document
from liuhen.flows.write_document import Content, make_document
from tests.flows.closing import AGENCY, Story, tell
from tests.flows.test_sign_document import standing

ADMIN = Actor("closing-admin", "许管理", AGENCY, frozenset({"系统管理员"}))


@pytest.fixture
def story(db: None) -> Story:
    # Keys lie outside the database: those of a story that was rolled back belong to nobody.
    for path in (office().data / "keys").glob(f"seal-{AGENCY}-*"):
        path.unlink()
    return tell()


def admin(story: Story, minute: float) -> Occasion:
    return replace(story.on("registrar", minute), actor=ADMIN)


def drafted(story: Story, minute: float) -> str:
    form, content = "行政处罚事先告知书", Content(body=("情况属实。",))
    return make_document(story.case, story.on("registrar", minute), form=form, content=content)


def sealed(story: Story, minute: float = 40) -> Document:
    document = drafted(story, minute)
    seal_document(story.case, story.on("head", minute), document=document)
    return standing(story, document)


def bytes_of(sha256: str) -> bytes:
    with office().vault.open(sha256) as file:
        return file.read()


def findings(document: Document, signature: bytes | None) -> list[str]:
    assert document.sealed_file is not None
    keys = agency_facts(AGENCY).agency.seal_keys
    data = bytes_of(document.sealed_file.sha256)
    return [one.code for one in check_seal_signature(document, keys, data, signature, "文书", verify)]


def test_without_a_key_a_seal_is_pades_alone(story: Story) -> None:
    document = sealed(story)
    assert document.seal_signature is None and findings(document, None) == []


def test_every_seal_is_signed_once_a_key_is_registered(story: Story) -> None:
    before = sealed(story)
    key = register_seal_key(admin(story, 41))
    document = sealed(story, 42)
    assert document.seal_signature is not None and document.sealed_file is not None
    assert document.seal_signature.name.endswith(".pdf.sm2.json")
    signature = bytes_of(document.seal_signature.sha256)
    assert parse_detached(signature).public_key.hex() == key
    assert findings(document, signature) == []
    assert findings(replace(document, seal_signature=None), None) == ["SIGN-008"]
    assert findings(before, None) == [], "what was sealed before the key owes it nothing"


def test_a_retired_key_signs_nothing_more_and_what_it_signed_stands(story: Story) -> None:
    first = register_seal_key(admin(story, 39))
    old = sealed(story, 40)
    with pytest.raises(SealKeyStands):
        register_seal_key(admin(story, 41))
    retire_seal_key(admin(story, 41), key=first[2:18], reason="更换设备")
    between = sealed(story, 42)
    second = register_seal_key(admin(story, 43))
    new = sealed(story, 44)
    assert second != first and between.seal_signature is None
    assert [one.key for one in seal_keys_of(admin(story, 45))] == [first, second]
    for document, key in ((old, first), (new, second)):
        assert document.seal_signature is not None
        signature = bytes_of(document.seal_signature.sha256)
        assert parse_detached(signature).public_key.hex() == key and findings(document, signature) == []
    assert findings(between, None) == []


def test_a_key_that_is_not_here_is_told_and_nothing_is_sealed(story: Story, tmp_path: Path) -> None:
    register_seal_key(admin(story, 39))
    path = next((office().data / "keys").glob(f"{key_name(AGENCY, 0)}*"))
    aside = Path(shutil.move(path, tmp_path / "aside"))
    document = drafted(story, 40)
    with pytest.raises(SealKeyElsewhere, match="恢复密钥"):
        seal_document(story.case, story.on("head", 40), document=document)
    assert standing(story, document).sealed is None
    shutil.move(aside, path)
    seal_document(story.case, story.on("head", 40), document=document)
    assert standing(story, document).seal_signature is not None


def test_a_key_retired_while_a_document_is_sealed(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    key = register_seal_key(admin(story, 39))
    document = drafted(story, 40)

    def retired_meanwhile(*given: object) -> bytes:
        retire_seal_key(admin(story, 41), key=key, reason="密钥遗失")
        return sign_detached(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sign_document, "sign_detached", retired_meanwhile)
    with pytest.raises(DocumentChanged):
        seal_document(story.case, story.on("head", 42), document=document)
    assert standing(story, document).sealed is None


def test_what_cannot_be_registered_or_retired(story: Story) -> None:
    with pytest.raises(NotAllowed):
        register_seal_key(story.on("head", 39))
    with pytest.raises(AgencyUnknown):
        register_seal_key(replace(admin(story, 39), actor=replace(ADMIN, agency="closing-nowhere")))
    with pytest.raises(SealKeyUnknown):
        retire_seal_key(admin(story, 39), key="0" * 16, reason="没有")
    key = register_seal_key(admin(story, 40))
    with pytest.raises(BadInput, match="原因"):
        retire_seal_key(admin(story, 41), key=key, reason=" ")
    with pytest.raises(SealKeyUnknown, match="列表"):
        retire_seal_key(admin(story, 41), key=key[:10], reason="太短")
    with pytest.raises(NotAllowed):
        retire_seal_key(story.on("head", 41), key=key, reason="更换")
    assert ground_of(story.case, AGENCY).facts.agency.seal_key is not None
