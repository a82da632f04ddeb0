"""JSON Schemas (2020-12) of the files of a pack, so that an editor completes and checks while a jurist writes.

Invariant: made from the dataclasses that decode the files, the vocabularies of the rules and the catalogue of events; a
word that the program learns is in the schemas without anybody writing it there. What a schema accepts may still be refused
by the linter (a clause that is not there, a day that does not exist), never the other way round for what packs need.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from liuhen.adapters.packfiles.event_meanings import MEANINGS, meaning_of
from liuhen.adapters.packfiles.meanings import FIELDS, WORDS
from liuhen.core.calendar.periods import SPELLING
from liuhen.core.events.catalogue import BY_NAME, EventType
from liuhen.core.events.parts import FileRef, MediaSummary
from liuhen.core.events.scenario import Expectation, Scenario
from liuhen.core.rules.conditions import Condition
from liuhen.core.rules.model import Clause, Pack, Rule
from liuhen.core.rules.subjects import VOCABULARIES
from liuhen.core.rules.verdict import LABELS

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$"
_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "pattern": _DAY},
    datetime: {"type": "string", "pattern": _INSTANT},
    Decimal: {"type": ["string", "integer"], "pattern": r"^-?\d+(\.\d+)?$"},
}
_SETTING = r"\$[a-z][a-z0-9-]*"
_SINGLE: Schema = {"type": ["string", "boolean", "integer"]}
_TEXTS: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}]}
_TESTS: dict[str, tuple[str, Schema]] = {
    "all": ("都要有", _TEXTS),
    "not": ("都没有", _TEXTS),
    "least": ("不少于", {"type": "integer"}),
    "present": ("已有记录（false：没有记录）", {"type": "boolean"}),
}


def schemas() -> dict[str, Schema]:
    """Give the schema of each kind of file by the name of its own file."""
    return {
        "pack.json": _whole("规则包：名称、施行日期和适用范围", _pack()),
        "clauses.json": _whole("规则包：条款", {"type": "array", "items": _group(Clause, {}, needed=True)}),
        "rules.json": _rules(),
        "cases.json": _cases(),
    }


def _whole(title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title, **schema}


def _pack() -> Schema:
    defs: dict[str, Schema] = {}
    schema = _group(Pack, defs, needed=True)
    for elsewhere in ("clauses", "rules"):
        del schema["properties"][elsewhere]
    schema["required"] = [name for name in schema["required"] if name in schema["properties"]]
    defs["Announcement"]["properties"]["when"] |= _condition("act")
    defs["test"] = _test()
    owned = ("Setting", "Announcement", "Sentence", "InterruptionCause", "Serving", "Paper", "test")
    return {**schema, "$defs": {name: defs[name] for name in owned}}


def _group(kind: type, defs: dict[str, Schema], *, needed: bool) -> Schema:
    """Describe a dataclass; `needed`: a list without a default must be written, as in packs, though not in events."""
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    properties = {
        field.name: _described(f"{kind.__name__}.{field.name}", _value(hints[field.name], defs, needed=needed))
        for field in fields
    }
    required = [field.name for field in fields if _required(field, hints[field.name], needed)]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _described(name: str, schema: Schema) -> Schema:
    words = [f"{word} {WORDS[word]}" for word in schema.get("enum", ()) if word in WORDS]
    owner, _, field = name.partition(".")
    meaning = (
        meaning_of(owner, field) if owner in MEANINGS else FIELDS.get(name, "")
    )  # a group of an event, or of a pack
    told = [part for part in (meaning, "；".join(words)) if part]
    return {"description": "。".join(told), **schema} if told else schema


def _required(field: "dataclasses.Field[Any]", hint: Any, needed: bool) -> bool:
    if field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING:
        return False
    if get_origin(hint) in (types.UnionType, typing.Union):
        return False
    return needed or get_origin(hint) not in (tuple, frozenset)


def _value(hint: Any, defs: dict[str, Schema], *, needed: bool) -> Schema:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(next(arg for arg in args if arg is not type(None)), defs, needed=needed)
    if origin is Literal:
        return {"enum": list(args)}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _value(args[0], defs, needed=needed)}
    if origin in (dict, Mapping) or str(origin).endswith("Mapping'>"):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if hint is Condition:
        return {"type": "object"}
    if dataclasses.is_dataclass(hint):
        kind = typing.cast(type, hint)
        if kind.__name__ not in defs:
            defs[kind.__name__] = {}  # stands here while its own fields are read
            defs[kind.__name__] = _group(kind, defs, needed=needed)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    return dict(_SCALARS[hint])


def _rules() -> Schema:
    """Describe rules: what `each` judges decides which attributes and moments its other fields may name."""
    defs: dict[str, Schema] = {"test": _test()}
    rule = _group(Rule, defs, needed=True)
    rule["properties"]["each"]["description"] += "：" + "、".join(
        f"{name} {v.label}" for name, v in VOCABULARIES.items()
    )
    rule["allOf"] = []
    for kind in get_args(typing.get_type_hints(Rule)["each"]):
        defs[f"when-{kind}"], defs[f"time-{kind}"] = _condition(kind), _term(kind)
        of_kind = {"properties": {"each": {"const": kind}}, "required": ["each"]}
        rule["allOf"].append({"if": of_kind, "then": {"properties": _properties_of(kind)}})
    for group, name in (("TimeDemand", "within"), ("Extension", "longest")):
        defs[group]["properties"][name]["pattern"] = f"^(?:{SPELLING}|{_SETTING})$"
    return _whole("规则包：规则", {"type": "array", "items": {"$ref": "#/$defs/Rule"}, "$defs": {"Rule": rule, **defs}})


def _properties_of(kind: str) -> Schema:
    when, term = {"$ref": f"#/$defs/when-{kind}"}, {"$ref": f"#/$defs/time-{kind}"}
    return {
        "when": when,
        "shows": when,
        "any_of": {"items": when},
        "unless": {"items": {"properties": {"when": when}}},
        "instead": {"items": {"properties": {"when": when, "time": term}}},
        "time": term,
        "order": {"properties": {"first": _moments(kind), "then": _moments(kind)}},
        "by": _moments(kind),
    }


def _condition(kind: str) -> Schema:
    attributes = VOCABULARIES[kind].attributes
    properties = {name: {"description": label, "$ref": "#/$defs/test"} for name, (label, _) in attributes.items()}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _term(kind: str) -> Schema:
    return {"properties": {"start": _moments(kind), "to": _moments(kind)}}


def _moments(kind: str) -> Schema:
    named = {name: label for name, (label, _) in VOCABULARIES[kind].moments.items()}
    named |= {f"case.{name}": f"案件{label}" for name, (label, _) in VOCABULARIES["case"].moments.items()}
    return {"enum": list(named), "description": "、".join(f"{name} {label}" for name, label in named.items())}


def _test() -> Schema:
    written = [
        {
            "type": "object",
            "additionalProperties": False,
            "required": [name],
            "properties": {name: {"description": told, **value}},
        }
        for name, (told, value) in _TESTS.items()
    ]
    listed = {"type": "array", "minItems": 1, "items": _SINGLE}
    told = "一个值；几个值的列表（合其一）；或者 {all: […]}、{not: […]}、{least: n}、{present: true}"
    return {"description": told, "anyOf": [_SINGLE, listed, *written]}


def _cases() -> Schema:
    """Describe worked cases: a scenario as `liuhen assess` reads it, whose packs may be left out."""
    defs: dict[str, Schema] = {}
    events: Schema = {"type": "array", "items": {"$ref": "#/$defs/event"}}
    scenario: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "at", "expect"],
        "properties": {
            field.name: _described(f"Scenario.{field.name}", {"type": "string"})
            for field in dataclasses.fields(Scenario)
        },
    }
    expectation = _group(Expectation, defs, needed=True)
    expectation["properties"]["verdict"]["description"] += "：" + "、".join(f"{k} {v}" for k, v in LABELS.items())
    scenario["properties"]["at"] |= _SCALARS[datetime]
    scenario["properties"]["packs"] |= {"type": "array", "items": {"type": "string"}}
    scenario["properties"]["events"] |= events
    scenario["properties"]["expect"] |= {"type": "array", "minItems": 1, "items": expectation}
    defs |= {"case": scenario, "event": _event(), **{kind.name: _content(kind, defs) for kind in BY_NAME.values()}}
    properties = {
        "given": {"description": FIELDS["Cases.given"], **events},
        "cases": {"description": FIELDS["Cases.cases"], "type": "array", "items": {"$ref": "#/$defs/case"}},
    }
    shape = {"type": "object", "additionalProperties": False, "required": ["cases"], "properties": properties}
    return _whole("规则包：示例", {**shape, "$defs": defs})


def _event() -> Schema:
    types_told = "、".join(f"{kind.name} {kind.label}" for kind in BY_NAME.values())
    branches = [
        {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name in BY_NAME
    ]
    kinds = {"enum": list(BY_NAME), "description": f"{FIELDS['Event.type']}：{types_told}"}
    return {"type": "object", "required": ["at", "type"], "properties": {"type": kinds}, "allOf": branches}


# What the reader of scenarios fills in when it is not written (core/events/scenario.py).
_FILLED_IN = ("case.registered.packs", "case.document-signed.file_sha256")


def _content(kind: EventType, defs: dict[str, Schema]) -> Schema:
    """Describe one type of event as a scenario writes it: a file by its name, media by its kind."""
    hints = typing.get_type_hints(kind.content)
    schema = _group(kind.content, defs, needed=False)
    properties: Schema = {name: _described(f"Event.{name}", dict(_SCALARS[datetime])) for name in ("at", "recorded_at")}
    properties |= {"type": {"const": kind.name, "description": kind.label}}
    properties |= {"id": _described("Event.id", {"type": "string"})}
    required = ["at", "type"]
    if kind.stream == "recording":
        properties["recording"] = _described("Event.recording", {"type": "string"})
        required.append("recording")
    for name, value in schema["properties"].items():
        bare = next((arg for arg in get_args(hints[name]) if arg is not type(None)), hints[name])
        if bare in (FileRef, MediaSummary):
            told = "文件名；不写也可以" if bare is FileRef else "video、audio 或 photo；不写为 video"
            properties[name] = {"description": told, "anyOf": [{"type": "string"}, value]}
        else:
            properties[name] = value | {"description": meaning_of(kind.name, name)}
            if name in schema["required"] and f"{kind.name}.{name}" not in _FILLED_IN:
                required.append(name)
    return {
        "description": kind.label,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }
