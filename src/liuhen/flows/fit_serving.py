"""When a public notice, an attempt to serve and a performance fit the case as it stands."""

from liuhen.core.events import case as done
from liuhen.core.events import serving as happened
from liuhen.flows.fitting import Faults, Setting, begun_act, fresh_id, not_before, yuan
from liuhen.flows.study_serving import serving_law


def attempt(setting: Setting, said: happened.ServiceAttempted) -> Faults:
    """An attempt to serve a document of the case, in a manner that binds it; why it failed is said."""
    case = setting.facts.case
    yield from fresh_id("attempt", said.attempt, said.attempt in case.attempts, "送达尝试")
    document = case.documents.get(said.document)
    if document is None:
        yield "document", "本案没有这份文书；请核对"
    else:
        yield from not_before(setting, document.made, "文书制作")
    manners = serving_law(setting.facts).manners
    if said.manner not in manners:
        yield "manner", f"没有“{said.manner}”这种送达方式；可以用的有{'、'.join(manners)}"
    if said.result == "未送达" and not said.reason:
        yield "reason", "请写明没有送达的原因；公告送达以前，案卷中要有这些经过"
    yield from begun_act(setting, said.act)
    if any(uid not in case.documents for uid in said.proofs):
        yield "proofs", "本案没有这份文书；请核对"


def perform(setting: Setting, said: done.DecisionPerformed) -> Faults:
    """A performance, or a payment, of a decision that was made before."""
    decision = setting.facts.case.decisions.get(said.decision)
    if decision is None:
        yield "decision", "本案没有这项决定；请核对"
        return
    yield from not_before(setting, decision.made, "作出决定")
    if said.document is not None and said.document not in setting.facts.case.documents:
        yield "document", "本案没有这份文书；请核对"
    yield from yuan(said.amount)
