"""Whoever runs a command on the server, as the ledger names them: by the account of the operating system."""

import getpass
from datetime import datetime

from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.occasion import Actor, Occasion

ADMINISTRATOR = "系统管理员"


def occasion_for(agency: str | None, role: str = ADMINISTRATOR) -> Occasion:
    """Give the occasion of a command for an agency that stands; it may be left out where there is one. Raises BadInput."""
    from liuhen.records.ledger import read

    known = sorted({log.agency for log in read.logs()})
    if agency is None and len(known) != 1:
        raise BadInput("--agency", f"name one of the agencies: {', '.join(known) or 'there is none yet'}")
    if agency is not None and agency not in known:
        raise BadInput("--agency", f"no agency “{agency}”; there are {', '.join(known)}")
    return occasion_of(agency or known[0], role)


def occasion_of(agency: str, role: str = ADMINISTRATOR) -> Occasion:
    """Give the occasion of a command for an agency, which need not stand yet."""
    account, now = getpass.getuser(), datetime.now(SHANGHAI)
    return Occasion(Actor(f"os:{account}", account, agency, frozenset({role})), now, now)
