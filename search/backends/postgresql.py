"""modelsearch's PostgreSQL backend with our reading of Chinese."""

from functools import reduce

import numpy as np
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import Case, F, FloatField, Func, TextField, Value, When
from django.db.models.functions import Cast
from modelsearch.backends.database.postgres import postgres as stock
from modelsearch.backends.database.postgres.query import Lexeme
from modelsearch.query import Phrase, PlainText

from search import entries, matching
from search.backends.finding import DatabaseFinding
from search.backends.queries import word_tokens
from search.documents import Document

# A vector may have 1 MB; a book of 600,000 characters has some 60,000 different pairs.
MOST_TOKENS = 80_000


class Vector(Func):
    """`array_to_tsvector(…)`: the tokens as they are, without positions."""

    function = "array_to_tsvector"
    template = "%(function)s(string_to_array(%(expressions)s, ' '))"
    output_field = SearchVectorField()


def vector(tokens: str):
    tokens = " ".join(tokens.split(" ", MOST_TOKENS)[:MOST_TOKENS])
    return Vector(Value(tokens, output_field=TextField()))


def columns(document: Document) -> dict:
    title, body, completed = entries.tokens_of(document)
    return {
        "title": vector(title),
        "body": vector(body),
        "autocomplete": vector(completed),
        "title_text": document.title,
        "body_text": document.body,
    }


class Index(stock.PostgresIndex):
    def _refresh_title_norms(self, full=False):
        """Not used: see search.ranking."""

    def add_items(self, model, objs, fresh=False):
        if model.get_search_fields():
            entries.write(model, objs, columns, fresh)


class _Chinese:
    def build_tsquery_content(self, query, config=None, invert=False):
        if isinstance(query, PlainText | Phrase):
            wanted = word_tokens(query.query_string, last_is_prefix=self.LAST_TERM_IS_PREFIX)
            lexemes = [
                Lexeme(token.rstrip("*"), invert=invert, prefix=token.endswith("*"))
                for token in wanted
            ] or [Lexeme("\ue000", invert=invert)]  # in no text
            both = isinstance(query, Phrase) or query.operator.lower() == "and"
            joined = reduce(lambda a, b: a & b if both != invert else a | b, lexemes)
            return SearchQuery(joined, search_type="raw", config="simple")
        return super().build_tsquery_content(query, config=config, invert=invert)

    def get_index_vectors(self, search_query):
        """One vector with an index of its own: the body's has the title's words, too."""
        return [(F("index_entries__body"), 1.0)]

    def get_fields_vectors(self, search_query):
        """Some fields only: the title, or everything. Stock reads the raw columns, and no Chinese."""
        if all(name == "title" for name in self.search_fields):
            return [(F("index_entries__title"), 1.0)]
        return self.get_index_vectors(search_query)

    def _build_rank_expression(self, vectors, config):
        # What is in the title before what is in the text; then the newest.
        return Case(
            When(
                index_entries__title=self.build_tsquery(self.query, config=config), then=Value(2.0)
            ),
            default=Value(1.0),
            output_field=FloatField(),
        )


class QueryCompiler(_Chinese, stock.PostgresSearchQueryCompiler):
    pass


class AutocompleteQueryCompiler(_Chinese, stock.PostgresAutocompleteQueryCompiler):
    def get_index_vectors(self, search_query):
        return [(F("index_entries__autocomplete"), 1.0)]

    def _build_rank_expression(self, vectors, config):
        return Cast(F("pk"), FloatField())


def quoted(token: str) -> str:
    """A token as a lexeme of a tsquery."""
    text = token.rstrip("*").replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'{':*' if token.endswith('*') else ''}"


COLUMNS = {"title": "title", "body": "body", "autocomplete": "autocomplete"}


def expression(alternatives: list[list[str]]) -> str:
    """Token lists as a tsquery: all tokens of any list."""
    return " | ".join(
        "(" + " & ".join(quoted(token) for token in tokens) + ")" for tokens in alternatives
    )


class Postings(matching.Postings):
    def rows(self, wanted):
        table = entries.index_entry()._meta.db_table
        # As bytes: an array of numbers as text takes ten times as long to read.
        parts = [
            f"SELECT %s::int, string_agg(int4send(id::int4), ''::bytea) FROM {table} "  # noqa: S608
            # Behind a SELECT its share of rows is unknown: the planner would rather read all rows of a
            # frequent word, and does not count that each vector is unpacked for it.
            f"WHERE {COLUMNS[column]} @@ (SELECT %s::tsquery)"
            for column, _alternatives in wanted
        ]
        values = [
            value
            for number, (_column, alternatives) in enumerate(wanted)
            for value in (number, expression(alternatives))
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            found = dict(cursor.fetchall())
        return [
            np.sort(np.frombuffer(found.get(number) or b"", dtype=">i4").astype(np.int64))
            for number in range(len(wanted))
        ]

    def in_public_titles(self, wanted, locale):
        one = (
            f"SELECT %s::int WHERE EXISTS (SELECT 1 FROM {entries.index_entry()._meta.db_table} AS words "  # noqa: S608
            "JOIN search_entry ON index_id = words.id "
            "WHERE words.title @@ %s::tsquery AND public AND locale = %s)"
        )
        values = [
            value
            for number, tokens in enumerate(wanted)
            for value in (number, expression([tokens]), locale)
        ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(wanted)), values)
            return {number for (number,) in cursor.fetchall()}


class SearchBackend(DatabaseFinding, stock.PostgresSearchBackend):
    postings_class = Postings
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = Index
