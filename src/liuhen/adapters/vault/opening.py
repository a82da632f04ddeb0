"""From the one line in the settings to a vault.

Invariant: an address that is not understood is refused with a sentence; a path is never taken for a bucket or the reverse.
"""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from liuhen.adapters.vault.local import LocalVault
from liuhen.adapters.vault.port import Vault
from liuhen.adapters.vault.s3 import S3Vault
from liuhen.adapters.vault.s3_service import S3Place
from liuhen.core.kernel.errors import BadInput

_OPTIONS = {"endpoint", "region"}


def open_vault(address: str, *, spool: Path) -> Vault:
    """Open the vault at a local path or at s3://BUCKET/PREFIX?endpoint=URL&region=NAME.

    Keys of S3 come from where boto3 looks for them (AWS_ACCESS_KEY_ID and so on). Raises BadInput.
    """
    if "://" not in address:
        return LocalVault(Path(address).expanduser())
    return S3Vault(read_place(address), spool=spool)


def read_place(address: str) -> S3Place:
    """Read an s3:// address. Raises BadInput."""
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc or set(parts.netloc) & set("@:"):
        raise BadInput(
            address, "不是可用的保管库地址；请写本地文件夹路径，或 s3://存储桶/前缀？endpoint=https://主机：端口"
        )
    options = parse_qs(parts.query, keep_blank_values=True)
    if unknown := set(options) - _OPTIONS:
        raise BadInput(address, f"不认识的选项 {'、'.join(sorted(unknown))}；只能用 endpoint 和 region")
    prefix = parts.path.strip("/")
    return S3Place(
        bucket=parts.netloc,
        prefix=f"{prefix}/" if prefix else "",
        endpoint=options.get("endpoint", [None])[0],
        region=options.get("region", ["us-east-1"])[0],
    )
