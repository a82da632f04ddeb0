"""Data for documents in tests: one that fills every key with words found nowhere else, and one with next to nothing."""

from typing import Any

from liuhen.adapters.typeset.handwriting import sample_strokes
from liuhen.adapters.typeset.strokes import draw

AGENCY = "平山县应急管理局"
PARTY = "平山县喆玥䶮化工新材料有限公司"


def bare(title: str = "") -> dict[str, Any]:
    """Give the least a document can be drawn from."""
    return {"title": title, "date": "2026-03-02"}


def full() -> dict[str, Any]:
    """Give data that fills every key of the contract."""
    ink = draw(sample_strokes("李喆"))
    return {
        "title": "全键样张",
        "number": "（平）应急罚〔2026〕3号",
        "agency": AGENCY,
        "case_number": "（平）应急案〔2026〕9号",
        "date": "2026-03-02",
        "party": PARTY,
        "fields": [
            ["案由甲", "未按规定储存"],
            ["来源乙", "监督检查"],
            ["住所丙", "河北省石家庄市平山县西柏坡大街一号院三号楼"],
        ],
        "body": ["正文首段甲。", "正文次段乙。"],
        "questions": [["所问甲？", "所答乙。"]],
        "question_words": ["发问", "应答"],
        "items_title": "物品表题",
        "item_heads": ["列头甲", "列头乙"],
        "items": [["格一", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"], ["格三", "格四"]],
        "opinions": [
            {
                "role": "承办意见",
                "name": "王建国",
                "opinion": "建议甲",
                "reasons": "缘由乙",
                "date": "2026-03-04",
                "image": ink,
            },
            {"role": "批准意见", "name": "", "opinion": "", "reasons": "", "date": ""},
        ],
        "signatures": [
            {"role": "在场人", "name": "李喆", "date": "2026-03-05T11:20:00+08:00", "image": ink, "each_page": True},
            {"role": "见证人", "name": "周玥", "date": "2026-03-06", "note": "拒签缘由丁"},
        ],
        "notes": ["附注戊", "附注己"],
        "verification": {
            "code": "7F3A-19C2",
            "text": "核对说明庚",
            "link": "https://xzzf.example.gov.cn/check/?code=7F3A19C20B66AD41",
        },
        "seal": True,
    }


FOUND = [
    "全键样张",
    "（平）应急罚〔2026〕3号",
    "平山县应急管理局",
    "（平）应急案〔2026〕9号",
    "喆玥䶮",
    "案由甲",
    "未按规定储存",
    "来源乙",
    "监督检查",
    "住所丙",
    "三号楼",
    "正文首段甲",
    "正文次段乙",
    "所问甲",
    "所答乙",
    "发问",
    "应答",
    "物品表题",
    "列头甲",
    "列头乙",
    "格一",
    "格三",
    "格四",
    "承办意见",
    "王建国",
    "建议甲",
    "缘由乙",
    "批准意见",
    "2026年3月4日",
    "在场人",
    "李喆",
    "2026年3月5日11时20分",
    "见证人",
    "周玥",
    "2026年3月6日",
    "拒签缘由丁",
    "附注戊",
    "附注己",
    "7F3A-19C2",
    "核对说明庚",
    "2026年3月2日",
    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
]
