"""Settings: values that a pack leaves to be confirmed, put in the place of `$id` in its rules before anything is judged.

Invariant: total. A value that an agency adopted but that cannot stand where it is used changes nothing, and it is said so;
a pack without settings is given back as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from liuhen.core.calendar.periods import parse_period
from liuhen.core.facts import agency_model
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.model import Pack, Rule, Serving, Setting

MARK = "$"
CONFIDENCE = {"high": "有把握", "medium": "待确认", "low": "存疑"}
Adopted = Mapping[tuple[str, str], agency_model.Setting]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a rule owes to settings: sentences for its reasons, and the events by which an agency adopted a value."""

    lines: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A pack with every setting in its place, and what each rule that uses one owes to it, by the id of the rule."""

    pack: Pack
    grounds: Mapping[str, Grounds] = field(default_factory=dict)


def settle(pack: Pack, adopted: Adopted | None = None) -> Settled:
    """Put the values that an agency adopted, and the pack's own elsewhere, in their places."""
    if not pack.settings:
        return Settled(pack)
    chosen = tuple(
        sorted(
            (setting, choice.value, choice.basis, str(local_day(choice.adopted)) if choice.adopted else "", event)
            for (pack_id, setting), choice in (adopted or {}).items()
            if pack_id == pack.id
            for event in choice.evidence[-1:]
        )
    )
    return _settle(Same(pack), chosen)


def settled(pack: Pack) -> Pack:
    """Give a pack with its own values in their places, where no agency is asked."""
    return settle(pack).pack


def fits(setting: Setting, value: str) -> bool:
    """Say whether a value can stand for a setting: one of its choices, or a period where it has none."""
    if setting.choices:
        return value in setting.choices
    try:
        parse_period(value)
    except BadInput:
        return False
    return True


def named_in(rule: Rule) -> tuple[str, ...]:
    """Give the ids of the settings that a rule refers to, in the order in which it does."""
    found: list[str] = []
    _walk(encode(rule), found)
    return tuple(dict.fromkeys(found))


def named_in_serving(serving: Serving) -> str | None:
    """Give the id of the setting by which a manner of service runs out, None where it names none."""
    within = serving.within or ""
    return within.removeprefix(MARK) if within.startswith(MARK) else None


def serving_key(manner: str) -> str:
    """Give the key of a manner of service among the grounds, beside the ids of rules."""
    return f"serving.{manner}"


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """A pack by identity: hashing hundreds of rules at every look would cost more than judging by them."""

    pack: Pack

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.pack is other.pack

    def __hash__(self) -> int:
        return id(self.pack)


@lru_cache(maxsize=64)
def _settle(same: Same, chosen: tuple[tuple[str, str, str, str, str], ...]) -> Settled:
    pack = same.pack
    values = {setting.id: setting.value for setting in pack.settings}
    said = {setting.id: _own(setting) for setting in pack.settings}
    known = {setting.id: setting for setting in pack.settings}
    evidence: dict[str, str] = {}
    for name, value, basis, day, event in chosen:
        if name not in known:
            continue
        evidence[name] = event
        if fits(known[name], value):
            values[name] = value
            said[name] = f"{known[name].title}采用 {value}（本机关于 {day} 采用，依据：{basis}）"
        else:
            said[name] += f"；本机关采用的“{value}”不能用在这里，仍按规则包"
    rules, grounds = [], {}
    for rule in pack.rules:
        names = [name for name in named_in(rule) if name in known]
        rules.append(decode(Rule, _put(encode(rule), values)) if names else rule)
        if names:
            events = tuple(evidence[name] for name in names if name in evidence)
            grounds[rule.id] = Grounds(tuple(said[name] for name in names), events)
    serving = []
    for one in pack.serving:
        asked = named_in_serving(one)
        serving.append(one if asked not in known else replace(one, within=values[str(asked)]))
        if asked in known:
            own = (evidence[asked],) if asked in evidence else ()
            grounds[serving_key(one.manner)] = Grounds((said[asked],), own)
    return Settled(replace(pack, rules=tuple(rules), serving=tuple(serving)), grounds)


def _own(setting: Setting) -> str:
    sure = "" if setting.confidence == "high" else f"，{CONFIDENCE[setting.confidence]}：{setting.note}"
    return f"{setting.title}按规则包取 {setting.value}{sure}"


def _walk(data: Any, found: list[str]) -> None:
    if isinstance(data, str) and data.startswith(MARK):
        found.append(data.removeprefix(MARK))
    elif isinstance(data, Mapping):
        for item in data.values():
            _walk(item, found)
    elif isinstance(data, list):
        for item in data:
            _walk(item, found)


def _put(data: Any, values: Mapping[str, str]) -> Any:
    if isinstance(data, str):
        return values.get(data.removeprefix(MARK), data) if data.startswith(MARK) else data
    if isinstance(data, Mapping):
        return {key: _put(item, values) for key, item in data.items()}
    return [_put(item, values) for item in data] if isinstance(data, list) else data
