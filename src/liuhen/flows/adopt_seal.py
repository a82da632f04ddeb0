"""启用印章: an agency's own certificate takes the place of the test seal, tried in full before it counts.

Invariant: nothing is sealed by a certificate that the agency's stream does not name, and none is named whose seal the offline
verifier would refuse.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from liuhen.adapters.signing.seal_file import NAME, SealFile, read_seal_file
from liuhen.adapters.timestamps.client import HttpTimestamper
from liuhen.core.events.seals import SealAdopted, SealWithdrawn
from liuhen.core.facts.agency_model import AgencyFacts, SealCertificate, SealKey
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.core.verifier.documents import check_seal
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import require_established
from liuhen.flows.seals import is_replaced, known_roots, own_seal, pem_of, roots_text, seal_folder
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

_LONGEST = 200


class SealUnusable(LiuhenError):
    """A sample that was sealed does not verify; the seal is not adopted."""


class SealStands(LiuhenError):
    """The certificate is in force already."""


class NoSealInForce(LiuhenError):
    """There is no certificate to withdraw."""


def try_seal(occasion: Occasion) -> bytes:
    """Seal a sample by the agency's `seal.toml` and give the PDF, verified as a court would.

    Raises NotAllowed, AgencyUnknown, BadInput naming what is wrong in the file, DeviceUnusable, SealNotStamped, SealNotApplied,
    SealUnusable.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    agency = agency_facts(occasion.actor.agency).agency
    require_established(agency)
    return _sample(agency, read_seal_file(seal_folder(agency.uid)), occasion)


def adopt_seal(occasion: Occasion, *, basis: str) -> None:
    """Have the agency seal by its `seal.toml` from now on; one in force before is replaced.

    Raises what try_seal does, and SealStands.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    _require_words("basis", basis, "依据", "印章启用审批表〔2026〕3 号")
    agency = agency_facts(occasion.actor.agency).agency
    require_established(agency)
    file = read_seal_file(seal_folder(agency.uid))
    _sample(agency, file, occasion)  # asks the time-stamping authority: not while the log is held
    _keep_roots(agency.uid, file)
    with turn():
        hold(occasion.actor.agency)
        if not is_replaced(agency_facts(occasion.actor.agency).agency.seal_certificate, file):
            raise SealStands("这张印章证书正在使用，没有变化；换领证书或者更换密码设备、时间戳服务以后再启用")
        write_agency(
            occasion,
            SealAdopted(
                certificate=file.fingerprint,
                subject=file.subject,
                issuer=file.issuer,
                valid_until=file.valid_until,
                kept=file.kept,
                timestamps=file.timestamps,
                roots=roots_text(file),
                basis=basis.strip(),
            ),
        )


def withdraw_seal(occasion: Occasion, *, reason: str) -> None:
    """Take the certificate out of force: nothing is sealed until another is adopted. Raises NotAllowed, NoSealInForce, BadInput."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    _require_words("reason", reason, "停用的原因", "密码设备遗失")
    with turn():
        hold(occasion.actor.agency)
        standing = agency_facts(occasion.actor.agency).agency.seal_certificate
        if standing is None:
            raise NoSealInForce("没有正在使用的印章证书，不用停用")
        write_agency(occasion, SealWithdrawn(standing.certificate, reason.strip()))


def seals_of(occasion: Occasion) -> tuple[SealCertificate, ...]:
    """List the certificates that the actor's agency has adopted, in their order. Raises NotAllowed."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    return tuple(agency_facts(occasion.actor.agency).agency.seal_certificates)


@dataclass(frozen=True, slots=True)
class SealDesk:
    """How an agency's seal stands: certificates and SM2 keys in order, the `seal.toml` that waits to be adopted or its fault."""

    certificates: tuple[SealCertificate, ...]
    keys: tuple[SealKey, ...]
    folder: Path
    waiting: SealFile | None
    fault: str

    @property
    def standing(self) -> SealCertificate | None:
        """The certificate in force."""
        return next((one for one in self.certificates[-1:] if one.retired is None), None)

    @property
    def key(self) -> SealKey | None:
        """The SM2 key in force."""
        return next((one for one in reversed(self.keys) if one.retired is None), None)


def seal_desk(occasion: Occasion) -> SealDesk:
    """Say how the seal of the actor's agency stands. Raises NotAllowed."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    agency = agency_facts(occasion.actor.agency).agency
    folder, found, fault = seal_folder(agency.uid), None, ""
    if (folder / NAME).exists():
        try:
            found = read_seal_file(folder)
        except BadInput as wrong:
            fault = str(wrong)
    waiting = found if found is not None and is_replaced(agency.seal_certificate, found) else None
    return SealDesk(tuple(agency.seal_certificates), tuple(agency.seal_keys.values()), folder, waiting, fault)


def _sample(agency: AgencyFacts, file: SealFile, occasion: Occasion) -> bytes:
    at = occasion.at
    data = {
        "form": "合规说明书",
        "agency": agency.name,
        "case_number": "试盖印章",
        "date": local_day(at).isoformat(),
        "fields": [["用途", "只用于试盖印章，不作任何证明"]],
        "body": ["本页由系统管理员试盖印章时生成。印章、证书和时间戳经核验程序核验通过后，才能启用。"],
        "item_heads": [],
        "items": [],
    }
    timestamper = HttpTimestamper(file.timestamps, roots_pem=[pem_of(root) for root in file.roots_der])
    pdf = own_seal(agency.name, file, timestamper).apply(office().typesetter.render("合规说明书", data), at=at)
    unbound = replace(agency, seal_certificates=[])
    for found in check_seal(pdf, "试盖", file.roots_der, name="试盖样页", agency=unbound, at=at, recorded=at):
        raise SealUnusable(f"试盖的印章没有通过核验，没有启用：{found.message}")
    return pdf


def _keep_roots(agency_uid: str, file: SealFile) -> None:
    """Lay the roots where the public check finds them, whole or not at all."""
    folder = known_roots(agency_uid)
    folder.mkdir(parents=True, exist_ok=True)
    for root in file.roots_der:
        path = folder / f"{hashlib.sha256(root).hexdigest()}.der"
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.write_bytes(root)
            draft.replace(path)


def _require_words(place: str, words: str, what: str, example: str) -> None:
    if not 0 < len(words.strip()) <= _LONGEST:
        raise BadInput(place, f"请写明{what}，不超过 {_LONGEST} 个字，如 {example}")
