"""What a sender may say of a file beside its bytes, by whichever way it comes: its name, the officer, the device.

Invariant: a name leads nowhere but into the folder that it is laid in; nobody and nothing is named whom the agency lacks.
"""

from liuhen.core.kernel.canonical import normal
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.ground import agency_facts

_LONGEST_NAME = 200  # bytes in UTF-8; file systems take 255


def file_name(text: str, word: str) -> str:
    """Give a sender's name for a file in its one spelling. Raises BadInput naming `word`, the field it was said in."""
    if text in ("", ".", "..") or any(char in "/\\" or not char.isprintable() for char in text):
        raise BadInput(word, "文件名不能为空，不能含有斜杠、反斜杠或控制字符；请只写文件名本身")
    name = normal(text)
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST_NAME:
        raise BadInput(word, f"文件名超过 {_LONGEST_NAME} 字节；请缩短后重新上传")
    return name


def require_enrolled(agency: str, *, officer: str | None, device: str | None) -> None:
    """Refuse an officer or a device that the agency does not have. Raises BadInput naming the word."""
    if officer is None and device is None:
        return
    facts = agency_facts(agency).agency
    if officer is not None and officer not in facts.officers:
        raise BadInput("officer", "本机关名册上没有这名人员；请核对编号")
    if device is not None and device not in facts.devices:
        raise BadInput("device", "本机关没有登记这台设备；请先由系统管理员登记")
