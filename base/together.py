"""Several statements in one message to the database. Each way there and back costs as much as a small statement.

PostgreSQL takes many statements in one message, SQLite is in the same process and gets one after the other.
All belong to the caller's transaction.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery

Statement = tuple[str, Sequence]


def inserts(*groups: Iterable[Model]) -> list[Statement]:
    """The statements that insert these rows, a statement for each group of one model.

    As with `bulk_create` no signals are sent; the objects don't learn their ids.
    """
    statements = []
    for group in groups:
        rows = list(group)
        if rows:
            fields = [
                f for f in rows[0]._meta.concrete_fields if not (f.primary_key and f.db_returning)
            ]
            query = InsertQuery(type(rows[0]))
            query.insert_values(fields, rows)
            statements += query.get_compiler(connection=connection).as_sql()
    return statements


def run(statements: Sequence[Statement]) -> list[int]:
    """Execute them in order; returns how many rows each has inserted or changed."""
    return _each(statements, lambda cursor: cursor.rowcount)


def fetch(statements: Sequence[Statement]) -> list[list[tuple]]:
    """Execute queries in order; returns the rows of each."""
    return _each(statements, lambda cursor: cursor.fetchall())


def _each(statements: Sequence[Statement], read: Callable) -> list:
    if not statements:
        return []
    with connection.cursor() as cursor:
        if not _takes_many():
            results = []
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
                results.append(read(cursor))
            return results
        cursor.execute(
            "; ".join(sql for sql, _ in statements),
            [each for _, parameters in statements for each in parameters],
        )
        results = [read(cursor)]
        while cursor.nextset():
            results.append(read(cursor))
        return results


def _takes_many() -> bool:
    options = connection.settings_dict.get("OPTIONS", {})
    return connection.vendor == "postgresql" and not options.get("server_side_binding")
