"""The whole story, from the founding of the agency to the archive; the log is sealed at the end of each of its days."""

from collections.abc import Callable
from pathlib import Path

from liuhen.doors.demonstration import closing, decision, investigation, opening
from liuhen.doors.demonstration.cast import AGENCY, Progress, Stage, moment
from liuhen.doors.demonstration.footage import Footage, make_footage
from liuhen.flows.keep_log import seal_logs
from liuhen.flows.office import office

Scene = Callable[[Stage, Path], None]

# The days of the story in their order: the hour at which its log is sealed, and what happened before.
_DAYS: tuple[tuple[str, tuple[Scene, ...]], ...] = (
    ("02-24 18:00", (lambda stage, _: opening.found_agency(stage),)),
    (
        "03-02 18:00",
        (lambda stage, _: opening.receive_complaint(stage), lambda stage, _: opening.approve_filing(stage)),
    ),
    (
        "03-03 18:00",
        (investigation.inspect, lambda stage, _: investigation.question(stage), investigation.store_inspection),
    ),
    (
        "03-04 18:00",
        (
            lambda stage, _: investigation.approve_seizure(stage),
            investigation.store_questioning_late,
            investigation.seize,
        ),
    ),
    ("03-09 18:00", (lambda stage, _: decision.report(stage),)),
    ("03-10 18:00", (lambda stage, _: decision.review_law(stage),)),
    ("03-11 18:00", (lambda stage, _: decision.notify(stage),)),
    ("03-13 18:00", (lambda stage, _: decision.hear(stage),)),
    ("03-16 18:00", (lambda stage, _: decision.review_statement_of_party(stage),)),
    ("03-18 18:00", (lambda stage, _: decision.deliberate(stage),)),
    ("03-19 18:00", (lambda stage, _: decision.decide_case(stage),)),
    ("03-23 18:00", (closing.leave_decision,)),
    ("04-01 18:00", (lambda stage, _: closing.perform(stage),)),
    ("04-03 18:00", (lambda stage, _: closing.conclude(stage),)),
    ("04-20 10:30", (lambda stage, _: closing.archive(stage),)),
)
PACKED_AT = "04-20 11:00"


def perform_story(tell: Progress) -> tuple[Stage, list[Footage]]:
    """Play the demonstration into the present data folder and give where it ended. The folder must be new."""
    mark = office().data / "demonstration"
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    folder = office().data / "footage"
    tell("准备音像素材（他人拍摄的真实片段，加记录仪水印）")
    footage = make_footage(folder, investigation.SHOTS)
    stage = Stage(tell)
    for sealed_at, scenes in _DAYS:
        for scene in scenes:
            scene(stage, folder)
        seal_logs(AGENCY, moment(sealed_at))
    return stage, footage
