"""What the packs want written in a document can be written in it: no rule asks for an item that its type has no place for."""

from collections.abc import Iterator

import pytest

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.packfiles.packs import shipped_ids, shipped_pack
from liuhen.core.rules.model import Pack, Rule
from liuhen.core.rules.wording import items_wanted


def asked() -> Iterator[tuple[Pack, Rule, str]]:
    """Every rule that wants items, with each type of document that it speaks of."""
    for pack in map(shipped_pack, shipped_ids()):
        for rule in pack.rules:
            forms = [str(form) for test in rule.when.tests if test.attribute == "form" for form in test.operands]
            if items_wanted(rule):
                yield from ((pack, rule, form) for form in forms if form in shipped_documents())


ASKED = list(asked())


@pytest.mark.parametrize(
    ("pack", "rule", "form"), ASKED, ids=[f"{pack.id}-{rule.id}-{form}" for pack, rule, form in ASKED]
)
def test_every_item_has_its_place(pack: Pack, rule: Rule, form: str) -> None:
    kind = shipped_documents()[form]
    sayable = {spec.label for spec in kind.fields} | set(kind.states)
    assert set(items_wanted(rule)) <= sayable


def test_the_packs_ask() -> None:
    assert len(ASKED) > 20 and {pack.id for pack, _, _ in ASKED} >= {"zhuhui", "lingchuan", "changzhi", "national"}
