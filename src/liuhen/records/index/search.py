"""Full-text search of cases in Chinese: bigrams made here, kept by SQLite's FTS5 or PostgreSQL's tsvector.

Invariant: one function makes the tokens for writing and for asking, so both databases find the same cases; two characters
suffice, one character finds words beginning with it.
"""

import re
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.backends.utils import CursorWrapper

_RUNS = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003ffff]+|[0-9A-Za-z]+")


def _is_han(run: str) -> bool:
    return ord(run[0]) >= 0x3400


def tokens(text: str) -> Iterator[str]:
    """Make the tokens of a text: overlapping pairs of Han characters and the last one alone; Latin words and numbers whole."""
    for run in _RUNS.findall(text):
        if not _is_han(run):
            yield run.lower()
            continue
        yield from (run[i : i + 2] for i in range(len(run) - 1))
        yield run[-1]


def _phrases(query: str) -> list[list[str]]:
    """Turn what a person typed into phrases that must all be there."""
    phrases: list[list[str]] = []
    for run in _RUNS.findall(query):
        pairs = list(tokens(run))
        phrases.append(pairs[:-1] if _is_han(run) and len(pairs) > 1 else pairs)
    return phrases


def index_case(row_id: int, texts: Iterable[str]) -> None:
    """Write a case's searchable texts, in place of what stood there."""
    words = list(tokens(" ｜ ".join(texts)))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _write_row(cursor, row_id, " ".join(words))
        else:
            _write_vector(cursor, row_id, words)


def _write_row(cursor: CursorWrapper, row_id: int, words: str) -> None:
    # Reading is cheap here and writing is not: few events change what people search for.
    cursor.execute("SELECT words FROM index_case_search WHERE rowid = %s", [row_id])
    if cursor.fetchall() != [(words,)]:
        cursor.execute("DELETE FROM index_case_search WHERE rowid = %s", [row_id])
        cursor.execute("INSERT INTO index_case_search (rowid, words) VALUES (%s, %s)", [row_id, words])


def _write_vector(cursor: CursorWrapper, row_id: int, words: list[str]) -> None:
    vector = " ".join(f"'{word}':{min(place, 16383)}" for place, word in enumerate(words, 1))
    cursor.execute(
        "INSERT INTO index_case_search (row_id, words) VALUES (%s, %s::tsvector) "
        "ON CONFLICT (row_id) DO UPDATE SET words = EXCLUDED.words",
        [row_id, vector],
    )


def matching_sql(query: str) -> tuple[str, list[str]] | None:
    """Give a sub-select of case row ids that match what was typed, with its parameters; None when nothing can be asked."""
    phrases = _phrases(query)
    if not phrases:
        return None
    if connection.vendor == "sqlite":
        asked = " AND ".join(_fts_phrase(phrase) for phrase in phrases)
        return "SELECT rowid FROM index_case_search WHERE index_case_search MATCH %s", [asked]
    asked = " & ".join("(" + " <-> ".join(_ts_word(word) for word in phrase) + ")" for phrase in phrases)
    return "SELECT row_id FROM index_case_search WHERE words @@ %s::tsquery", [asked]


def _fts_phrase(phrase: list[str]) -> str:
    asked = '"' + " ".join(phrase) + '"'
    return f"{asked}*" if len(phrase) == 1 else asked


def _ts_word(word: str) -> str:
    return f"'{word}':*" if len(word) == 1 or not _is_han(word) else f"'{word}'"


SQLITE_TABLE = "CREATE VIRTUAL TABLE index_case_search USING fts5(words, tokenize='unicode61')"
POSTGRES_TABLE = (
    "CREATE TABLE index_case_search (row_id bigint PRIMARY KEY, words tsvector NOT NULL); "
    "CREATE INDEX index_case_search_words ON index_case_search USING gin (words)"
)
