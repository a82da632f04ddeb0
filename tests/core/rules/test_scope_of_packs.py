"""The scope of the four bureaus' packs: who issued them, whom they bind, over which stages, since when; and that it is obeyed.

The tables are read off the regulations, not off the packs.
"""

from datetime import date, timedelta

import pytest

from liuhen.adapters.packfiles.packs import shipped_ids, shipped_pack
from liuhen.core.rules.scope import OutsideScope, require_scope

DAY = date(2026, 3, 2)
# pack → issuer's place, first day, kinds the text names, kinds it does not bind, stages
SCOPES = {
    "lingchuan": (
        "陵川",
        date(2019, 1, 1),
        ("行政处罚", "行政检查"),
        ("行政许可", "民事调解"),
        ("调查取证", "审查决定", "送达执行", "归档管理"),
    ),
    "pengyang": (
        "彭阳",
        date(2019, 1, 1),
        ("行政处罚", "行政检查"),
        ("民事调解", "内部人事处理"),
        ("执法检查", "调查取证", "审查决定", "送达执行"),
    ),
    "zhuhui": (
        "珠晖",
        date(2016, 1, 1),
        ("行政许可", "行政处罚", "行政强制", "行政征收", "行政收费", "行政检查", "行政确认", "行政给付"),
        ("行政裁决", "民事调解"),
        ("程序启动", "调查取证", "审查决定", "送达执行"),
    ),
    "changzhi": (
        "长治",
        date(2020, 12, 2),
        ("行政处罚", "行政检查"),
        ("行政征收", "民事调解"),
        ("程序启动", "调查取证", "审核决定", "送达执行", "归档管理"),
    ),
}
SHIPPED = [pack for pack in SCOPES if pack in shipped_ids()]


@pytest.mark.parametrize("pack", SHIPPED)
def test_it_says_whose_it_is(pack: str) -> None:
    place, *_ = SCOPES[pack]
    assert shipped_pack(pack).short_title == place
    assert shipped_pack(pack).issuer.startswith(place)


@pytest.mark.parametrize("pack", SHIPPED)
def test_it_binds_the_kinds_its_text_names_and_no_others(pack: str) -> None:
    _, _, bound, free, _ = SCOPES[pack]
    for kind in bound:
        require_scope(shipped_pack(pack), kind=kind, day=DAY)
    for kind in free:
        with pytest.raises(OutsideScope, match="适用于"):
            require_scope(shipped_pack(pack), kind=kind, day=DAY)


@pytest.mark.parametrize("pack", SHIPPED)
def test_it_covers_its_stages(pack: str) -> None:
    assert shipped_pack(pack).stages == SCOPES[pack][4]


@pytest.mark.parametrize("pack", SHIPPED)
def test_it_is_in_force_from_its_first_day_and_not_before(pack: str) -> None:
    first = SCOPES[pack][1]
    require_scope(shipped_pack(pack), kind="行政处罚", day=first)
    with pytest.raises(OutsideScope, match=str(first)):
        require_scope(shipped_pack(pack), kind="行政处罚", day=first - timedelta(days=1))
