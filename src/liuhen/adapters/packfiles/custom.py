"""The custom that comes with Liuhen: what is said, and named as a cause, where no pack says anything.

Invariant: read as strictly as a pack; it is data beside the packs and belongs to none of them.
"""

from functools import cache

from liuhen.adapters.packfiles.located import read_yaml
from liuhen.adapters.packfiles.packs import shipped_folder
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.announcing import Custom, require_plain


@cache
def shipped_custom() -> Custom:
    """Load `custom.yaml`. Raises BadInput with file and line."""
    located = read_yaml(shipped_folder() / "custom.yaml", "custom.yaml")
    try:
        return require_plain(decode(Custom, located.data))
    except BadInput as fault:
        raise located.relocate(fault) from None
