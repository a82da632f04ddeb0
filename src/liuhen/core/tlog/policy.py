"""The trust policy: which logs and witnesses are known, and how many must have cosigned (C2SP tlog-policy, draft).

Invariant: every name is defined before it is used and counted at most once, so no witness can weigh twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from liuhen.core.tlog.checkpoint import OpenedCheckpoint, open_checkpoint
from liuhen.core.tlog.keys import PURE, Primitives, VerifierKey, parse_verifier_key
from liuhen.core.tlog.note import GoodSignature
from liuhen.core.tlog.refusals import Code, Malformed, Unproven

NO_QUORUM = "none"
LARGEST_POLICY = 200_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log the policy knows."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A witness the policy knows; the name has a meaning only inside the policy."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that has witnessed when `threshold` of its members have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy; `quorum` is the name of a witness or group, or `none`."""

    logs: tuple[LogLine, ...]
    witnesses: tuple[WitnessLine, ...]
    groups: tuple[GroupLine, ...]
    quorum: str

    def render(self) -> bytes:
        """Write the policy in the order logs, witnesses, groups, quorum."""
        lines = [f"log {line.key.render()}{_after(line.url)}" for line in self.logs]
        lines += [f"witness {line.name} {line.key.render()}{_after(line.url)}" for line in self.witnesses]
        lines += [f"group {line.name} {line.threshold} {' '.join(line.members)}" for line in self.groups]
        lines.append(f"quorum {self.quorum}")
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")

    def has_quorum(self, witnessed: Mapping[str, bool]) -> bool:
        """Tell whether the witnesses that cosigned (name to True) make up the quorum."""
        if self.quorum == NO_QUORUM:
            return True
        state = dict(witnessed)
        for group in self.groups:
            state[group.name] = sum(state.get(member, False) for member in group.members) >= group.threshold
        return state.get(self.quorum, False)


def _after(url: str | None) -> str:
    return "" if url is None else f" {url}"


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """What a policy says about a checkpoint that its log signed."""

    opened: OpenedCheckpoint
    witnessed: Mapping[str, GoodSignature]
    missing: tuple[str, ...]
    satisfied: bool

    def require_quorum(self) -> None:
        """Raise Unproven when too few witnesses cosigned."""
        if not self.satisfied:
            names = ", ".join(self.missing)
            raise Unproven(Code.QUORUM_MISSED, f"too few witnesses cosigned the checkpoint; missing: {names}")


@dataclass(slots=True)
class _Draft:
    logs: list[LogLine] = field(default_factory=list)
    witnesses: list[WitnessLine] = field(default_factory=list)
    groups: list[GroupLine] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    quorum: str | None = None


def parse_policy(data: bytes, place: str = "policy") -> Policy:
    """Read a policy. Raises Malformed with the line number. Spec: C2SP tlog-policy.

    Names are opaque octets: bytes that are not UTF-8 are carried through unchanged.
    """
    if len(data) > LARGEST_POLICY or any((octet < 32 and octet not in (9, 10)) or octet == 127 for octet in data):
        raise Malformed(
            Code.POLICY_FORM, place, "a policy is a short text without control characters besides tab and newline"
        )
    draft = _Draft()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            _read_line(draft, words, f"{place}, line {number}")
    if draft.quorum is None:
        raise Malformed(Code.POLICY_FORM, place, "the quorum line is missing; add “quorum <name>” or “quorum none”")
    return Policy(tuple(draft.logs), tuple(draft.witnesses), tuple(draft.groups), draft.quorum)


def _read_line(draft: _Draft, words: list[str], place: str) -> None:
    reader = {"log": _read_log, "witness": _read_witness, "group": _read_group, "quorum": _read_quorum}.get(words[0])
    if reader is None:
        raise Malformed(Code.POLICY_FORM, place, f"unknown word “{words[0]}”; expected log, witness, group or quorum")
    reader(draft, words[1:], place)


def _read_log(draft: _Draft, words: list[str], place: str) -> None:
    if len(words) not in (1, 2):
        raise Malformed(Code.POLICY_FORM, place, "expected: log <vkey> [<url>]")
    key = parse_verifier_key(words[0], place)
    if key.kind.cosigns and key.kind.name != "ML_DSA":
        raise Malformed(Code.POLICY_FORM, place, "a log needs a log key, this is a witness's")
    if any(line.key.public_key == key.public_key for line in draft.logs):
        raise Malformed(Code.POLICY_FORM, place, "this log key stands twice; remove one line")
    draft.logs.append(LogLine(key, words[1] if len(words) == 2 else None))


def _read_witness(draft: _Draft, words: list[str], place: str) -> None:
    if len(words) not in (2, 3):
        raise Malformed(Code.POLICY_FORM, place, "expected: witness <name> <vkey> [<url>]")
    key = parse_verifier_key(words[1], place)
    if not key.kind.cosigns:
        raise Malformed(Code.POLICY_FORM, place, "a witness needs a cosigning key, this is a log's")
    if any(line.key.public_key == key.public_key for line in draft.witnesses):
        raise Malformed(Code.POLICY_FORM, place, "this witness key stands twice; remove one line")
    _define(draft, words[0], place)
    draft.witnesses.append(WitnessLine(words[0], key, words[2] if len(words) == 3 else None))


def _read_group(draft: _Draft, words: list[str], place: str) -> None:
    if len(words) < 3:
        raise Malformed(Code.POLICY_FORM, place, "expected: group <name> all|any|<k> <member>...")
    name, count, *members = words
    for member in members:
        if member not in draft.names or member in draft.members:
            raise Malformed(Code.POLICY_FORM, place, f"“{member}” must be defined above and stand in one group only")
        draft.members.add(member)
    threshold = {"any": 1, "all": len(members)}.get(count)
    if threshold is None:
        plain = count.isascii() and count.isdigit() and count[0] != "0" and len(count) < 10
        threshold = int(count) if plain else 0
    if not 1 <= threshold <= len(members):
        raise Malformed(Code.POLICY_FORM, place, f"“{count}” must be all, any or a number from 1 to {len(members)}")
    _define(draft, name, place)
    draft.groups.append(GroupLine(name, threshold, tuple(members)))


def _read_quorum(draft: _Draft, words: list[str], place: str) -> None:
    if len(words) != 1 or draft.quorum is not None:
        raise Malformed(Code.POLICY_FORM, place, "expected exactly one line: quorum <name>")
    if words[0] != NO_QUORUM and words[0] not in draft.names:
        raise Malformed(Code.POLICY_FORM, place, f"“{words[0]}” must be a witness or group defined above, or none")
    draft.quorum = words[0]


def _define(draft: _Draft, name: str, place: str) -> None:
    if name == NO_QUORUM or name in draft.names:
        raise Malformed(Code.POLICY_FORM, place, f"the name “{name}” is reserved or already defined; choose another")
    draft.names.add(name)


def judge_checkpoint(data: bytes, policy: Policy, primitives: Primitives = PURE) -> PolicyVerdict:
    """Check a signed checkpoint and count its witnesses; a missed quorum is a verdict, not an error.

    Raises Malformed, and Unproven when no log of the policy signed it or a known signature is bad.
    """
    opened = open_checkpoint(
        data, [line.key for line in policy.logs], [line.key for line in policy.witnesses], primitives
    )
    by_key = {item.key.identity: item for item in opened.cosignatures}
    found = {line.name: by_key[line.key.identity] for line in policy.witnesses if line.key.identity in by_key}
    missing = tuple(line.name for line in policy.witnesses if line.name not in found)
    return PolicyVerdict(opened, found, missing, policy.has_quorum(dict.fromkeys(found, True)))
