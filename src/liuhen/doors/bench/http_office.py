"""`python -m liuhen.doors.bench.http_office FOLDER CASES`: a data folder with an agency, its officer, a token and open cases.

Prints one JSON object for whoever measures: the token, the uids of the cases, and the officers as a device names them.
"""

import json
import sys
from datetime import datetime, timedelta

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.site import start

_OFFICERS = (("officer-1", "甲", "03110226001"), ("officer-2", "乙", "03110226002"))


def _main(folder: str, cases: int) -> None:
    start(folder)
    # Only after Django was started.

    from liuhen.core.events.parts import Party, Source
    from liuhen.flows.actors import actor_of, grant
    from liuhen.flows.establish_agency import enrol_officer, establish_agency
    from liuhen.flows.occasion import Actor, Occasion
    from liuhen.flows.open_case import register_case
    from liuhen.flows.tokens import issue_token
    from liuhen.records.people.models import User

    now = datetime.now(SHANGHAI) - timedelta(minutes=1)
    admin = Occasion(Actor("bench-admin", "管理员", "bench", frozenset({"系统管理员"})), now, now)
    establish_agency(admin, name="测速机关", short_name="测速", number_prefix="测", region="130000", packs=("hebei",))
    for officer, name, certificate in _OFFICERS:
        enrol_officer(admin, officer=officer, name=name, title="执法人员", certificate=certificate)
    user = User.objects.create_user("bench", agency="bench", display_name="甲")
    grant(user, {"执法人员"})
    occasion = Occasion(actor_of(user), now, now)
    uids = [
        register_case(
            occasion,
            kind="行政处罚",
            matter=f"测速案件 {number}",
            source=Source("依职权", "检查", "检查发现"),
            party=Party(f"测速当事人 {number}", "个人"),
        )
        for number in range(cases)
    ]
    officers = [
        {"officer": officer, "name": name, "certificate": certificate} for officer, name, certificate in _OFFICERS
    ]
    print(json.dumps({"token": issue_token("bench", label="bench", at=now), "cases": uids, "officers": officers}))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
