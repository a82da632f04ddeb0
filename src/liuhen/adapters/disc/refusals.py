"""Why a package cannot be written or opened, in sentences for the officer who tried."""

from liuhen.core.kernel.errors import LiuhenError


class ImageRefused(LiuhenError):
    """The folder cannot become a disc image as it stands, or there is no room for it."""


class NotAPackage(LiuhenError):
    """What lies at the path is neither a folder, a zip file nor a disc image."""


class DamagedPackage(LiuhenError):
    """The container is cut, corrupt or hostile; nothing in it can be relied on."""
