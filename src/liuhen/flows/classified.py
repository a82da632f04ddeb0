"""The words by which a recording is closed to most people; a word that nobody here knows closes too."""

STATE_SECRET, OPEN = "国家秘密", "公开"
CLASSIFICATIONS = (STATE_SECRET, "商业秘密", "个人隐私", OPEN)
# What an index row holds of a recording that everybody of the agency may know of.
OPEN_WORDS = ("", OPEN)
_GRADES = ("绝密", "机密", "秘密")


def is_closed(classification: str | None) -> bool:
    """Say whether a classification closes a recording."""
    return bool(classification) and classification != OPEN


def is_state_secret(classification: str | None) -> bool:
    """Say whether a classification is 国家秘密, also where only its grade was written down."""
    return bool(classification) and (STATE_SECRET in str(classification) or classification in _GRADES)
