"""预留编号: numbers of one series set aside for forms that are filled in offline, used one by one, and given back.

Invariant: a number of a block is used once at most, is never taken by the series again, and what is left of a returned block is
void with a reason; nobody reserves numbers for himself.

Who may: reserving hands out unused numbers of the agency, so the person in charge does it (APPROVE), for somebody else on the
roll. Giving back is set down by the person in charge or by who keeps the registers (KEEP_REGISTERS). Documents are made with
reserved numbers by whoever makes documents.
"""

from collections.abc import Iterable

from liuhen.core.documents.model import DocumentType
from liuhen.core.documents.numbers import Number, read_number
from liuhen.core.events.numbers import NumbersReserved, NumbersReturned
from liuhen.core.facts.agency_model import AgencyFacts, NumberBlock
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.flows.access import NotFound, Permission, has, may_any, require, require_any
from liuhen.flows.ground import agency_facts
from liuhen.flows.numbering import take_numbers
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write_agency
from liuhen.records.index.models import DocumentRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn

MOST_RESERVED = 200
RETURNERS = (Permission.APPROVE, Permission.KEEP_REGISTERS)


class NumberNotReserved(LiuhenError):
    """The number is of no open block of this type."""


class NumberUsed(LiuhenError):
    """The number is a document's already."""


class BlockReturned(LiuhenError):
    """The block was given back before."""


class HolderIsSelf(LiuhenError):
    """Nobody reserves numbers for himself."""


def may_reserve(actor: Actor) -> bool:
    """Say whether the actor may reserve numbers."""
    return has(actor, Permission.APPROVE)


def may_return(actor: Actor) -> bool:
    """Say whether the actor may set down that a block was given back."""
    return may_any(actor, RETURNERS)


def numbered_types() -> tuple[DocumentType, ...]:
    """Give the types of documents that take numbers."""
    return tuple(kind for kind in office().documents.values() if kind.character and not kind.of_volume)


def reserve_numbers(occasion: Occasion, *, block: str, form: str, count: int, holder: str, reason: str) -> NumberBlock:
    """Set the next `count` numbers of a type aside for `holder` (an officer on the roll, by uid).

    `block` is the uid that the asking page chose: asked again, the same block is given. Raises NotAllowed, HolderIsSelf,
    and BadInput naming the field.
    """
    require(occasion.actor, Permission.APPROVE)
    agency = occasion.actor.agency
    kind = next((one for one in numbered_types() if one.name == form), None)
    if kind is None:
        raise BadInput("form", "请选择一种有文号的文书")
    if not 1 <= count <= MOST_RESERVED:
        raise BadInput("count", f"一次预留 1 到 {MOST_RESERVED} 个号；更多的请分次预留")
    if not reason.strip():
        raise BadInput("reason", "请写明为什么预留，例如“下乡执法没有网络”")
    with turn():
        hold(agency)
        facts = agency_facts(agency).agency
        if block in facts.blocks:
            return facts.blocks[block]
        name = _holder(facts, occasion.actor, holder)
        taken = take_numbers(agency, facts.number_prefix, kind.character, occasion.at, count)
        first, last = taken[0], taken[-1]
        write_agency(
            occasion,
            NumbersReserved(
                block, kind.name, kind.character, first.year, first.ordinal, last.ordinal, name, reason.strip()
            ),
        )
        return agency_facts(agency).agency.blocks[block]


def _holder(facts: AgencyFacts, actor: Actor, holder: str) -> str:
    if holder == actor.uid:
        raise HolderIsSelf("预留编号要由他人领用，不能自己批给自己；请选择领用的执法人员，或者由其他负责人办理")
    if holder not in facts.officers:
        raise BadInput("holder", "请选择本机关名册上的人员")
    return facts.officers[holder].name


def return_numbers(occasion: Occasion, *, block: str, reason: str) -> NumberBlock:
    """Close a block; its unused numbers become void. Raises NotAllowed, NotFound, BlockReturned, BadInput."""
    require_any(occasion.actor, RETURNERS)
    agency = occasion.actor.agency
    if not reason.strip():
        raise BadInput("reason", "请写明没有用掉的号为什么作废，例如“带回空白表格，已销毁”")
    with turn():
        hold(agency)
        facts = agency_facts(agency).agency
        found = facts.blocks.get(block)
        if found is None:
            raise NotFound("预留编号")
        if found.returned is not None:
            raise BlockReturned(f"这批预留编号（{say_block(facts, found)}）已经交回，不会重复登记")
        unused = tuple(sorted(unused_of(agency, facts, found)))
        write_agency(occasion, NumbersReturned(block, reason.strip(), unused))
        return agency_facts(agency).agency.blocks[block]


def say_block(facts: AgencyFacts, block: NumberBlock) -> str:
    """Write the numbers of a block: 陵财罚〔2026〕3号至7号."""
    first = Number(facts.number_prefix, block.character, block.year, block.first).say()
    return first if block.first == block.last else f"{first}至{block.last}号"


def unused_of(agency: str, facts: AgencyFacts, block: NumberBlock) -> frozenset[int]:
    """Give the numbers of a block that no document bears."""
    all_of = range(block.first, block.last + 1)
    numbers = {Number(facts.number_prefix, block.character, block.year, n).say(): n for n in all_of}
    used = DocumentRow.objects.filter(agency=agency, number__in=list(numbers)).values_list("number", flat=True)
    return frozenset(all_of) - {numbers[text] for text in used}


def free_numbers(actor: Actor, kind: DocumentType) -> tuple[str, ...]:
    """Give the reserved numbers of a type that no document bears yet, in their order."""
    facts = agency_facts(actor.agency).agency
    found: list[str] = []
    for block in _open(facts.blocks.values(), kind.character):
        free = sorted(unused_of(actor.agency, facts, block))
        found += [Number(facts.number_prefix, block.character, block.year, n).say() for n in free]
    return tuple(found)


def _open(blocks: Iterable[NumberBlock], character: str) -> Iterable[NumberBlock]:
    return (block for block in blocks if block.returned is None and block.character == character)


def require_reserved(agency: str, kind: DocumentType, text: str) -> Number:
    """Give a number that was reserved for this type and that no document bears; the caller holds the agency's log.

    Raises NumberNotReserved, NumberUsed.
    """
    facts = agency_facts(agency).agency
    number = read_number(text.strip(), facts.number_prefix)
    blocks = list(_open(facts.blocks.values(), kind.character)) if kind.character else []
    if (
        number is None
        or number.character != kind.character
        or not any(block.year == number.year and block.first <= number.ordinal <= block.last for block in blocks)
    ):
        raise NumberNotReserved(f"“{text.strip()}”不在《{kind.name}》未交回的预留编号之内；请核对纸质文书上的文号")
    if DocumentRow.objects.filter(agency=agency, number=number.say()).exists():
        raise NumberUsed(f"文号 {number.say()} 已经有文书使用，一个号只用一次；请核对纸质文书上的文号")
    return number
