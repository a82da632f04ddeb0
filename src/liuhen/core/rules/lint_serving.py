"""The linter of manners of service: every clause, period and field that they name is there.

Invariant: what passes here can be counted and asked for by a form without another look.
"""

from collections.abc import Iterator

from liuhen.core.calendar.periods import parse_period
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.fault import Fault
from liuhen.core.rules.model import Pack, Serving
from liuhen.core.rules.serving import FIELDS
from liuhen.core.rules.settings import named_in_serving


def serving_faults(pack: Pack) -> Iterator[Fault]:
    """Find every fault of the manners of service of a pack."""
    seen: set[str] = set()
    for index, one in enumerate(pack.serving):
        path = f"serving[{index}]"
        if one.manner in seen:
            yield Fault(one.manner, "this manner of service stands twice; keep one", f"{path}.manner")
        seen.add(one.manner)
        yield from _citations(pack, one, path)
        yield from _period(pack, one, path)
        yield from _fields(one, path)


def _citations(pack: Pack, one: Serving, path: str) -> Iterator[Fault]:
    if not one.cites:
        yield Fault(one.manner, "cites no clause; name the one by which it counts as service", f"{path}.cites")
    known = {clause.id for clause in pack.clauses}
    for place, clause in enumerate(one.cites):
        if clause not in known:
            said = f"cites {clause}, which clauses.yaml does not have; correct the number or add the clause"
            yield Fault(one.manner, said, f"{path}.cites[{place}]")


def _period(pack: Pack, one: Serving, path: str) -> Iterator[Fault]:
    if one.within is None:
        return
    asked = named_in_serving(one)
    if asked is not None:
        if asked not in {setting.id for setting in pack.settings}:
            said = f"refers to the setting ${asked}, which pack.yaml does not have; correct it or add it under settings"
            yield Fault(one.manner, said, f"{path}.within")
        return
    try:
        parse_period(one.within)
    except BadInput as fault:
        yield Fault(one.manner, str(fault), f"{path}.within")


def _fields(one: Serving, path: str) -> Iterator[Fault]:
    for place, name in enumerate(one.fields):
        if name not in FIELDS:
            said = f"records “{name}”, which no service has; there are {', '.join(FIELDS)}"
            yield Fault(one.manner, said, f"{path}.fields[{place}]")
    named = [(name, f"must[{place}]") for place, name in enumerate(one.must)]
    named += [(name, f"ways[{place}]") for place, way in enumerate(one.ways) for name in way]
    named += [(paper.entry, f"papers[{place}].entry") for place, paper in enumerate(one.papers)]
    for name, place_of in named:
        if name not in one.fields:
            yield Fault(
                one.manner, f"asks for “{name}”, which it does not record; add it to fields", f"{path}.{place_of}"
            )
