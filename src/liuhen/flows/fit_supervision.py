"""When an act of supervision fits: figures, inspections, appraisals, problems and their mending, who answered for them."""

from liuhen.core.events import supervision as happened
from liuhen.flows.fit_registers import AgencySetting, Faults, is_day_before, not_before
from liuhen.flows.fitting import fresh_id, some


def make_statistics(setting: AgencySetting, said: happened.StatisticsMade) -> Faults:
    """Figures that were used for something."""
    yield from some("uses", said.uses, "用途")


def inspect(setting: AgencySetting, said: happened.InspectionHeld) -> Faults:
    """A new inspection of some units."""
    yield from fresh_id("inspection", said.inspection, said.inspection in setting.inspections, "监督检查")
    yield from some("units", said.units, "涉及的科室")


def appraise(setting: AgencySetting, said: happened.AppraisalMade) -> Faults:
    """Results of at least one unit."""
    if not said.results:
        yield "results", "没有写明各科室的结果"


def find_problem(setting: AgencySetting, said: happened.ProblemFound) -> Faults:
    """A new problem; its case and inspection, where they are named, are ours, and it can still be put right."""
    yield from fresh_id("problem", said.problem, said.problem in setting.agency.problems, "问题")
    if said.case is not None and not setting.has_case(said.case):
        yield "case", "本机关没有这个案号的案件；请核对"
    if said.inspection is not None and said.inspection not in setting.inspections:
        yield "inspection", "没有记录这次监督检查；请先记录监督检查"
    if is_day_before(said.rectify_by, setting.at):
        yield "rectify_by", "整改期限早于发现问题的日期；请核对"


def rectify(setting: AgencySetting, said: happened.ProblemRectified) -> Faults:
    """A problem that was found and not put right yet."""
    known = setting.agency.problems.get(said.problem)
    if known is None:
        yield "problem", "没有记录这个问题；请先记录发现问题"
        return
    if known.rectified is not None:
        yield "problem", "这个问题已经记录整改，不能重复记录"
    yield from not_before(setting, known.found, "发现问题")


def hold_accountable(setting: AgencySetting, said: happened.AccountabilityDecided) -> Faults:
    """Those who answer for a problem that was found; nobody decides about himself."""
    known = setting.agency.problems.get(said.problem)
    if known is None:
        yield "problem", "没有记录这个问题；请先记录发现问题"
        return
    yield from some("persons", said.persons, "被追究责任的人员")
    if setting.actor.name in said.persons or said.decided_by in said.persons:
        yield "persons", "被追究责任的人员不能自己作出或者记录追究责任的决定"
    if said.measure in known.measures:
        yield "measure", "这个问题已经记录过这项处理措施，不能重复记录"
    yield from not_before(setting, known.found, "发现问题")
