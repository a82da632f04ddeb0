"""印章密钥: the SM2 keys by which an agency's seal signs beside its PAdES signature, registered in the agency's own stream.

Invariant: a key is registered before anything is signed by it, and once one is in force every seal carries its signature; a
retired key stays known, for what it signed stays signed.
"""

from liuhen.core.events.seals import SealKeyRegistered, SealKeyRetired
from liuhen.core.facts.agency_model import SealKey
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.open_case import require_established
from liuhen.flows.seals import key_name
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

TEST_AUTHORITY = "测试印章密钥（由本系统生成保管）"
_LONGEST = 200


class SealKeyStands(LiuhenError):
    """A key is in force already; it is retired before another is registered."""


class SealKeyUnknown(LiuhenError):
    """The agency has no such key in force."""


def register_seal_key(occasion: Occasion) -> str:
    """Make a key pair that this server keeps, register it, and give the public key in hexadecimal.

    Raises NotAllowed, AgencyUnknown, SealKeyStands.
    """
    require(occasion.actor, Permission.MANAGE_AGENCY)
    agency = occasion.actor.agency
    with turn():
        hold(agency)
        facts = agency_facts(agency).agency
        require_established(facts)
        if facts.seal_key is not None:
            raise SealKeyStands(f"已登记的印章密钥（{facts.seal_key.short}…）仍在使用；请先停用再登记新的")
        name = key_name(agency, len(facts.seal_keys))
        # One that was made and never registered (the process died between) is registered now.
        pair = office().keys.sm2(name) if office().keys.has(name) else office().keys.new_sm2(name)
        write_agency(occasion, SealKeyRegistered(pair.public.hex(), TEST_AUTHORITY))
    return pair.public.hex()


def retire_seal_key(occasion: Occasion, *, key: str, reason: str) -> None:
    """Take a key out of force; what it signed stays signed. Raises NotAllowed, SealKeyUnknown, BadInput."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    if not 0 < len(reason.strip()) <= _LONGEST:
        raise BadInput("reason", f"请写明停用的原因，不超过 {_LONGEST} 个字")
    with turn():
        hold(occasion.actor.agency)
        standing = agency_facts(occasion.actor.agency).agency.seal_key
        if standing is None or key.lower() not in (standing.key, standing.short):
            raise SealKeyUnknown("没有这把正在使用的印章密钥；请照列表中的 16 位数字写明是哪一把")
        write_agency(occasion, SealKeyRetired(standing.key, reason.strip()))


def seal_keys_of(occasion: Occasion) -> tuple[SealKey, ...]:
    """List the seal keys of the actor's agency in the order of their registration. Raises NotAllowed."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    return tuple(agency_facts(occasion.actor.agency).agency.seal_keys.values())
