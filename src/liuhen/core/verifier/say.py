"""The report in words: a large plain answer first, then what was found, then what was checked."""

from liuhen.core.verifier.report import Report

ANSWERS = {"passed": "一致", "failed": "不一致", "indeterminate": "无法判断"}
_WEIGHTS = {"failed": "✗", "indeterminate": "?", "notice": "i"}
_FURTHER = {"document": "手中的文书", "editions": "规则（摘要前 16 位）", "statement": "重新核算"}
_MOST = 200


def say_report(report: Report) -> str:
    """Write the report as lines of Chinese text."""
    about = report.about
    lines = [f"核验结论：{ANSWERS[report.verdict]}", ""]
    if about.get("number"):
        lines.append(
            f"案件：{about['number']}    机关：{about.get('agency_name', '')}    打包：{about.get('packed', '')}"
        )
    lines += [f"{label}：{about[key]}" for key, label in _FURTHER.items() if about.get(key)]
    for item in report.findings[:_MOST]:
        where = f"    [{item.path}]" if item.path else ""
        lines.append(f"{_WEIGHTS[item.weight]} {item.code}  {item.message}{where}")
    if len(report.findings) > _MOST:
        lines.append(f"……另有 {len(report.findings) - _MOST} 项，见 --json")
    if report.checked:
        lines += ["", "已核对：" + "，".join(f"{what} {number}" for what, number in report.checked.items())]
    return "\n".join(lines)
