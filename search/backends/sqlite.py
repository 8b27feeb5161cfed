"""modelsearch's SQLite backend with our reading of Chinese."""

from functools import reduce

import numpy as np
from django.db import connection
from django.db.models import F, Value
from django.db.models.fields import FloatField
from modelsearch.backends.database.sqlite import sqlite as stock
from modelsearch.backends.database.sqlite.query import Lexeme, SearchQueryExpression
from modelsearch.query import Phrase, PlainText

from search import entries, matching
from search.backends.finding import DatabaseFinding
from search.backends.queries import word_tokens
from search.documents import Document
from search.fulltext import TABLE


def columns(document: Document) -> dict:
    return {
        "title": document.title,
        "body": document.body,
        "autocomplete": document.autocomplete,
    }


class Index(stock.SQLiteIndex):
    def _refresh_title_norms(self, full=False):
        """Not used: see search.ranking."""

    def add_items(self, model, objs, fresh=False):
        if model.get_search_fields():
            entries.write(model, objs, columns, fresh)


class _Chinese:
    def build_search_query_content(self, query, config=None):
        if isinstance(query, PlainText | Phrase):
            wanted = word_tokens(query.query_string, last_is_prefix=self.LAST_TERM_IS_PREFIX)
            lexemes = [Lexeme(token.rstrip("*"), prefix=token.endswith("*")) for token in wanted]
            if not lexemes:
                return SearchQueryExpression(Lexeme("\ue000"), config=config)  # in no text
            both = isinstance(query, Phrase) or query.operator.lower() == "and"
            joined = reduce(lambda a, b: a & b if both else a | b, lexemes)
            return SearchQueryExpression(joined, config=config)
        return super().build_search_query_content(query, config=config)

    def build_tsrank(self, vector, query, config=None, boost=1.0):
        # Newest rows first: counting words would need their positions, which the index leaves away.
        return Value(0.0, output_field=FloatField()) - F("index_entry__id") * Value(
            1.0, output_field=FloatField()
        )


class QueryCompiler(_Chinese, stock.SQLiteSearchQueryCompiler):
    pass


class AutocompleteQueryCompiler(_Chinese, stock.SQLiteAutocompleteQueryCompiler):
    pass


def expression(column: str, alternatives: list[list[str]]) -> str:
    """Token lists as a query of FTS5: all tokens of any list, in the column."""
    wanted = " OR ".join(
        "("
        + " AND ".join(f'"{token.rstrip("*")}"{"*" * token.endswith("*")}' for token in tokens)
        + ")"
        for tokens in alternatives
    )
    return f"{column} : ({wanted})"


class Postings(matching.Postings):
    def rows(self, wanted):
        one = f"SELECT %s, group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
        values = [
            value
            for number, (column, alternatives) in enumerate(wanted)
            for value in (number, expression(column, alternatives))
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(wanted)), values)
            found = dict(cursor.fetchall())
        # One text for each: rows as Python's own numbers take longer to read than to find.
        return [
            np.sort(np.fromstring(found.get(number) or "", dtype=np.int64, sep=","))
            for number in range(len(wanted))
        ]

    def in_public_titles(self, wanted, locale):
        one = (
            f"SELECT %s WHERE EXISTS (SELECT 1 FROM {TABLE} JOIN search_entry ON index_id = "  # noqa: S608
            f"{TABLE}.rowid WHERE {TABLE} MATCH %s AND public AND locale = %s)"
        )
        values = [
            value
            for number, tokens in enumerate(wanted)
            for value in (number, expression("title", [tokens]), locale)
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(wanted)), values)
            return {number for (number,) in cursor.fetchall()}


class SearchBackend(DatabaseFinding, stock.SQLiteSearchBackend):
    postings_class = Postings
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
