"""Several statements in one message to the database. Each way there and back costs as much as a small statement.

PostgreSQL takes many statements in one message, SQLite is in the same process and gets one after the other.
All belong to the caller's transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model

Statement = tuple[str, Sequence]
# What a statement gave: its rows, or how many rows it has inserted or changed.
Result = list[tuple] | int


def inserts(*groups: Iterable[Model], whole: Model | None = None) -> list[Statement]:
    """The statements that insert these rows, a statement for each group of one model.

    As with `bulk_create` no signals are sent; the objects don't learn their ids. Expressions are no values
    here. `whole` is the row that they point at; where it has no id yet, it is what was inserted just before.
    """
    return [_insert(rows, whole) for rows in map(list, groups) if rows]


def insert_whole(
    whole: Model, parts: Iterable[Iterable[Model]], then: Sequence[Statement] = ()
) -> list[Result]:
    """Insert a row, the rows that point at it, and execute what follows; `whole` learns its id.

    Returns the results of `then`.
    """
    then = list(then)
    quote = connection.ops.quote_name
    sql, parameters = _insert([whole], None)
    first = (f"{sql} RETURNING {quote(whole._meta.pk.column)}", parameters)
    if _takes_many():
        key, *results = _each([first, *inserts(*parts, whole=whole), *then], _read)
        _is_stored(whole, key)
    else:
        _is_stored(whole, *_each([first], _read))
        results = _each([*inserts(*parts, whole=whole), *then], _read)
    return results[len(results) - len(then) :]


def _is_stored(row: Model, key: Result) -> None:
    row.pk = key[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _insert(rows: Sequence[Model], whole: Model | None) -> Statement:
    model = type(rows[0])
    head, fields, pointing = _shape(model, None if whole is None else type(whole))
    database = connections[DEFAULT_DB_ALIAS]
    values, pointers = ["%s"] * len(fields), []
    if pointing and whole.pk is None:
        values += [_last_id(type(whole))] * pointing
    elif pointing:
        values += ["%s"] * pointing
        pointers = [whole.pk] * pointing
    parameters = []
    for row in rows:
        parameters += [
            field.get_db_prep_save(field.pre_save(row, add=True), database) for field in fields
        ]
        parameters += pointers
    row_sql = f"({', '.join(values)})"
    return f"{head} VALUES {', '.join([row_sql] * len(rows))}", parameters


@cache
def _shape(model: type[Model], whole: type[Model] | None) -> tuple[str, list[Field], int]:
    """How the insert begins, the fields with values of their own, and how many keys of `whole` follow."""
    quote = connection.ops.quote_name
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and f.db_returning)]
    keys = [f for f in fields if whole and not f.null and f.related_model is whole]
    fields = [f for f in fields if f not in keys]
    columns = ", ".join(quote(field.column) for field in [*fields, *keys])
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns})", fields, len(keys)


@cache
def _last_id(model: type[Model]) -> str:
    """The id that this session has given last to a row of this table, as PostgreSQL says it."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(table)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, column])
        (sequence,) = cursor.fetchone()
    return f"currval('{sequence}')"


def run(statements: Sequence[Statement]) -> list[int]:
    """Execute them in order; returns how many rows each has inserted or changed."""
    return _each(statements, lambda cursor: cursor.rowcount)


def fetch(statements: Sequence[Statement]) -> list[list[tuple]]:
    """Execute queries in order; returns the rows of each."""
    return _each(statements, lambda cursor: cursor.fetchall())


def _read(cursor) -> Result:
    return cursor.fetchall() if cursor.description else cursor.rowcount


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
        # Each by itself, because psycopg remembers how it reads a statement, but not a long message.
        cursor.execute("; ".join(cursor.cursor.mogrify(*statement) for statement in statements))
        results = [read(cursor)]
        while cursor.nextset():
            results.append(read(cursor))
        return results


def _takes_many() -> bool:
    options = connection.settings_dict.get("OPTIONS", {})
    return connection.vendor == "postgresql" and not options.get("server_side_binding")
