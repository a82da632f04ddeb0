"""What is said when a spreadsheet is not taken in: one Chinese sentence with the remedy, for the clerk who sent it."""

from liuhen.core.kernel.errors import LiuhenError


class SheetRefused(LiuhenError):
    """The file is no xlsx that we read: another format, too large, damaged, or with more in it than a table."""
