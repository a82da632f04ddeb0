"""What can be refused while a file arrives in pieces, in words that reach the sender."""

from liuhen.core.kernel.errors import LiuhenError


class OffsetMoved(LiuhenError):
    """The piece does not begin where the file ends now: it came twice, late, or beside another; `offset` is the end."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"这一段不是从已收到的 {offset} 字节处开始；请先查询进度，再从那里续传")
        self.offset = offset


class UploadTooLong(LiuhenError):
    """More bytes than were announced, or than any upload may have."""


class PieceAltered(LiuhenError):
    """The piece is not what its sender's checksum says; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__("这一段在传输中被改动，校验不符，没有接收；请重传这一段")


class UploadAltered(LiuhenError):
    """The file that arrived is not the one that its sender digested; it was set aside and never accepted."""


class UploadSetAside(LiuhenError):
    """The upload has ended: what arrived was not what had been sent, and stands in quarantine."""


class UploadBusy(LiuhenError):
    """Somebody else is just taking this upload in."""

    def __init__(self) -> None:
        super().__init__("该文件正在入库；请稍后查询结果")


class TooManyUploads(LiuhenError):
    """The person has more unfinished uploads than anybody needs."""


class NoRoom(LiuhenError):
    """The disk is full; every byte that was acknowledged stays where it is."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}：存储空间不足，已收到的部分都保留着；请联系系统管理员清理或者扩容，之后从断点续传")
