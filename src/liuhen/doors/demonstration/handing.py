"""Handing documents to the party (直接送达): one receipt that all have signed, and the service of each document it names."""

from collections.abc import Sequence

from liuhen.doors.demonstration.cast import LI, PARTY, WANG, Stage, moment, places
from liuhen.flows.serve import Delivery, serve
from liuhen.flows.write_document import Content

_RECIPIENT = "刘大勇"


def hand_over(
    stage: Stage, when: str, documents: Sequence[str], *, place: str, key: str, act: str | None = None
) -> None:
    """Hand the documents of the given forms to the party; the receipt is kept under `key`."""
    at = moment(when)
    fields = {
        "送达文书名称": "、".join(documents),
        "受送达人": PARTY,
        "送达时间": f"{at.year} 年 {at.month} 月 {at.day} 日 {at:%H} 时 {at:%M} 分",
        "送达地点": place,
        "送达方式": "直接送达",
    }
    signers = places(("受送达人", _RECIPIENT), ("送达人", LI.name), ("送达人", WANG.name))
    receipt = stage.write(when, LI, "送达回证", Content(fields=fields, signers=signers), act=act, key=key, sealed=True)
    details = {"receipt": receipt} | ({"act": stage.acts[act]} if act else {})
    for form in documents:
        said = Delivery(stage.documents[form], "直接", _RECIPIENT, place, happened=at, details=details)
        serve(stage.case, stage.on(when, LI), said)
