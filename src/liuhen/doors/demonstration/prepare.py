"""`python -m liuhen.doors.demonstration.prepare`: play the story into LIUHEN_DATA and open the demonstration accounts."""

from datetime import datetime

from liuhen.core.kernel.errors import LiuhenError
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.cli.printing import teller
from liuhen.doors.cli.site import start


def main() -> int:
    """Prepare the demonstration; 0 when it is whole."""
    start()
    from liuhen.doors.demonstration.cast import AGENCY, CAST, WU, moment
    from liuhen.doors.demonstration.present import open_present_cases
    from liuhen.doors.demonstration.story import PACKED_AT, perform_story
    from liuhen.flows.deliver import make_parcels
    from liuhen.flows.demonstration_accounts import open_demonstration_accounts
    from liuhen.flows.keep_log import seal_logs

    tell = teller(quiet=False)
    try:
        stage, _ = perform_story(tell)
        tell("制作归档包和光盘映像")
        make_parcels(stage.case, stage.on(PACKED_AT, WU))
        seal_logs(AGENCY, moment(PACKED_AT))
        open_demonstration_accounts(CAST)
        if not open_present_cases(stage, datetime.now(SHANGHAI)):
            tell("本机时钟早于演示案件的日期，未建立“今天的案件”；请校准时钟后重新准备演示")
    except LiuhenError as refusal:
        tell(f"失败：{refusal}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
