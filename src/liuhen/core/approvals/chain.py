"""A chain of approval (审批流程): the ordered steps that a matter goes through, checked when it is set, pinned when it is used.

Invariant: a chain begins with the handler's proposal and ends with the consent, in the words by which packs ask for them, so
whatever an agency puts between, the rules find what they look for.
"""

from collections.abc import Iterator, Mapping, Sequence

from liuhen.core.events.parts import ChainStep

# The words of the packs for the two steps that every chain has.
PROPOSAL, CONSENT = "承办", "批准"
MOST_STEPS, MOST_PERSONS, LONGEST_NAME = 8, 15, 20
LEAST_PERSONS = 2

Chain = tuple[ChainStep, ...]


def chain_faults(steps: Sequence[ChainStep]) -> Iterator[str]:
    """Say in sentences for people what keeps these steps from being a chain; nothing where they are one."""
    names = [step.name for step in steps]
    if not 2 <= len(steps) <= MOST_STEPS:
        yield f"审批流程应有 2 至 {MOST_STEPS} 个环节，现有 {len(steps)} 个"
    if not names or names[0] != PROPOSAL or names[-1] != CONSENT:
        yield f"审批流程应从“{PROPOSAL}”开始，到“{CONSENT}”为止"
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"环节“{name}”出现了不止一次；请另起名称"
    for step in steps:
        yield from _step_faults(step)


def _step_faults(step: ChainStep) -> Iterator[str]:
    if not step.name.strip() or len(step.name) > LONGEST_NAME:
        yield f"环节名称应为 1 至 {LONGEST_NAME} 个字"
    if step.name in (PROPOSAL, CONSENT) and (step.optional or step.way != "opinion"):
        yield f"“{step.name}”是每次都要有的意见，不能省略，也不能改作审核或者讨论"
    if step.way != "discussion" and not step.by and not step.persons:
        yield f"请写明由谁办理“{step.name}”"
    if step.way == "discussion" and len(step.persons) == 1:
        yield f"“{step.name}”至少有 {LEAST_PERSONS} 人参加"
    if len(step.persons) > MOST_PERSONS or len(set(step.persons)) < len(step.persons):
        yield f"“{step.name}”的人员重复，或者超过 {MOST_PERSONS} 人"


def pin(steps: Chain, *, kept: frozenset[str], persons: Mapping[str, tuple[str, ...]]) -> Chain:
    """Give the chain of one round: optional steps only where `kept` names them, discussions with the persons named for it.

    A discussion whose members the agency has set keeps those.
    """
    return tuple(
        ChainStep(
            name=step.name,
            by=step.by,
            way=step.way,
            reasons=step.reasons,
            persons=step.persons or persons.get(step.name, ()),
        )
        for step in steps
        if not step.optional or step.name in kept
    )


def pinned_faults(chain: Chain, proposer: str) -> Iterator[str]:
    """Say what a round cannot be opened with: a discussion without its members, or with the proposer among them."""
    for step in chain:
        if step.way != "discussion":
            continue
        if len(step.persons) < LEAST_PERSONS:
            yield f"“{step.name}”还没有写明参加人员；请至少选 {LEAST_PERSONS} 人"
        if proposer in step.persons:
            yield f"提请人不能同时是“{step.name}”的参加人员；请另选"
