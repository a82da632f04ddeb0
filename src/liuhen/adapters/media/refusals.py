"""What is said of a file that is not whole, in the same words whatever its container.

Invariant: each sentence names what is wrong and what to do, and the original is never asked to be thrown away.
"""

from liuhen.adapters.media.facts import Unreadable

MOST_PARTS = 2_000_000  # far beyond an honest day of fragments; stops a file made of empty pieces


def cut_off(claimed: int, size: int) -> Unreadable:
    """A structure claims more bytes than the file has."""
    return Unreadable(
        f"文件不完整：按其结构应有至少 {claimed} 字节，实际只有 {size} 字节，传输或录制中途中断；请从设备重新导出。"
    )


def unfinished() -> Unreadable:
    """The writer died before it could close the file."""
    return Unreadable(
        "文件未正常收尾，录制时可能断电或死机，缺少长度和索引信息；请用厂商软件修复后重新导入，并保留原件。"
    )


def broken(kind: str) -> Unreadable:
    """What should follow does not."""
    return Unreadable(f"{kind} 文件结构损坏，无法继续解析；请从设备重新导出。")


def too_many_parts() -> Unreadable:
    """More pieces than a recording can have."""
    return Unreadable("文件结构异常：数据块多得不合理，疑似损坏或人为构造；请核实来源。")


def without_sound(kind: str) -> Unreadable:
    """A sound file that holds none."""
    return Unreadable(f"{kind} 文件没有声音数据；请从设备重新导出。")
