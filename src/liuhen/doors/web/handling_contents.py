"""办理, from what was typed to what an event says: the parts that nobody types because the case or the session knows them."""

from collections.abc import Callable, Mapping
from typing import Any

from liuhen.core.kernel.codec import encode
from liuhen.doors.web.handling_forms import StepForm
from liuhen.flows.occasion import Actor
from liuhen.flows.read_case import CaseReading

PASSED = "通过"
_Complete = Callable[[dict[str, Any], CaseReading, Actor], dict[str, Any]]


def content_of(form: StepForm, reading: CaseReading, actor: Actor) -> dict[str, Any]:
    """Give the plain data of the event that a valid form stands for."""
    return _COMPLETE.get(form.name, _as_typed)(form.content(), reading, actor)


def _as_typed(said: dict[str, Any], _: CaseReading, __: Actor) -> dict[str, Any]:
    return said


def _with_certificates(said: dict[str, Any], reading: CaseReading, _: Actor) -> dict[str, Any]:
    """Name the officers of an act as the roll has them."""
    roll = reading.facts.agency.officers
    officers = [
        {"officer": uid, "name": roll[uid].name, "certificate": roll[uid].certificate} for uid in said["officers"]
    ]
    return said | {"officers": officers}


def _all_officers(said: dict[str, Any], reading: CaseReading, _: Actor) -> dict[str, Any]:
    act = reading.facts.case.acts[said["act"]]
    return said | {"officers": [one.officer for one in act.officers]}


def _by_reviewer(said: dict[str, Any], _: CaseReading, actor: Actor) -> dict[str, Any]:
    return said | {"reviewer": actor.uid, "name": actor.name, "passed": said["passed"] == PASSED}


def _by_actor(said: dict[str, Any], _: CaseReading, actor: Actor) -> dict[str, Any]:
    return said | {"reviewer": actor.name}


def _item(said: dict[str, Any], reading: CaseReading, _: Actor) -> dict[str, Any]:
    """Put the fields into the one part that the event holds; an item of before keeps what this form has no field for."""
    before = reading.facts.case.items_of_evidence.get(said["evidence"])
    kept: Mapping[str, Any] = encode(before.item) if before is not None and before.item is not None else {}
    return {"evidence": {**kept, **said}}


_COMPLETE: Mapping[str, _Complete] = {
    "case.act-begun": _with_certificates,
    "case.certificates-shown": _all_officers,
    "case.legal-review-given": _by_reviewer,
    "case.statement-reviewed": _by_actor,
    "case.evidence-listed": _item,
}
