"""The stored texts of pages, for the second look and for snippets."""

from collections.abc import Sequence

from django.db import connection

from search.columns import Columns
from search.entries import index_entry
from search.ranking import Candidate
from search.vocabulary import text_columns


def untold(page_ids: Sequence[int], columns: Columns) -> list[Candidate]:
    """The candidates of pages without their texts, for a list that asked for no words."""
    return [Candidate(facts.page_id, "", "", facts) for _pk, facts in columns.facts(page_ids)]


def candidates(page_ids: Sequence[int], columns: Columns) -> list[Candidate]:
    """The candidates of pages, in the order of the ids; pages that are not indexed are left out."""
    known = dict(columns.facts(page_ids))
    if not known:
        return []
    title, body = text_columns()
    table = index_entry()._meta.db_table
    with connection.cursor() as cursor:
        # Numbers of ours, written out: a hundred parameters would take as long as the answer.
        cursor.execute(
            f"SELECT id, {title}, {body} FROM {table} WHERE id IN ({', '.join(map(str, known))})"  # noqa: S608
        )
        texts = {pk: (head, text or "") for pk, head, text in cursor.fetchall()}
    return [
        Candidate(facts.page_id, *texts[pk], facts) for pk, facts in known.items() if pk in texts
    ]
