"""The vocabulary of rules in docs/formats/pack.md, made from the vocabularies; `python -m tests.core.rules.table` renews it."""

from pathlib import Path

from liuhen.core.rules.subjects import VOCABULARIES

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "pack.md"
BEGIN, END = "<!-- vocabulary: made by tests/core/rules/table.py -->", "<!-- end of vocabulary -->"


def vocabulary_tables() -> str:
    """Write every kind of subject with its attributes and moments."""
    sections = []
    for kind, words in VOCABULARIES.items():
        attributes = "、".join(f"`{name}` {label}" for name, (label, _) in words.attributes.items())
        moments = "、".join(f"`{name}` {label}" for name, (label, _) in words.moments.items()) or "无"
        sections.append(f"**`{kind}` {words.label}**\n\n- 属性：{attributes}\n- 时刻：{moments}")
    return "\n\n".join(sections)


def main() -> None:
    """Renew the page in place."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{vocabulary_tables()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
