"""Queries that are always the same but for one value. Their SQL is built once, not for every request.

Building a query with the ORM takes longer than most databases need to answer it. That matters only where
very many ask the same in the same second.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import Model, QuerySet

from base import together

# Stands where the value goes; no column of ours holds it, nor one of the numbers behind it.
SLOT = -(2**31) + 77
# Keys are filled up to a multiple of this, so that a few statements serve lists of every length.
STEP = 20
# So often a connection has asked a list before the database keeps its statement, too: one that lives for
# a request gains nothing by it.
OFTEN = 3


class Prepared:
    """A query of columns, `values_list()`, made by `make(SLOT)` when it is first asked for.

    find_desk = Prepared(lambda slot: Desk.objects.filter(page=slot).values_list("pk", "title"))
    find_desk.rows(page_id)
    """

    def __init__(self, make: Callable[[object], QuerySet], slot: object = SLOT):
        self._make, self._slot = make, slot

    @cached_property
    def _built(self):
        query = self._make(self._slot).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        if self._slot not in params:
            raise ValueError("The value is not among the parameters of the query.")
        return sql, params, converters

    def rows(self, value: object) -> list[tuple]:
        """All rows for this value, which the column must take as it is."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(value))
            return self.read(cursor.fetchall())

    def statement(self, value: object) -> together.Statement:
        sql, params, _ = self._built
        return sql, [value if each == self._slot else each for each in params]

    def read(self, rows: list[tuple]) -> list[tuple]:
        """Rows as the database gave them, with the values that the columns' fields make of them."""
        converters = self._built[2]
        return [_converted(row, converters) for row in rows] if converters else rows


class PreparedList:
    """A query for the objects of some keys, made by `make([SLOT, …])` for each STEP of their number.

    The query names every key once, in an `IN`; objects are read as `Manager.raw()` reads them, with what
    was annotated, and without what was deferred. `select_related` and `prefetch_related` are not done.
    PostgreSQL keeps the statement, and after some more uses its plan: with conditions on what stands above
    a page it plans ten times as long as it reads.
    """

    def __init__(self, make: Callable[[list[int]], QuerySet]):
        self._make = make
        self._built: dict[int, _Built] = {}

    def objects(self, keys: Sequence[int]) -> list[Model]:
        """The objects of these keys, in the order of the query."""
        if not keys:
            return []
        size = -(-len(keys) // STEP) * STEP
        if size not in self._built:
            self._built[size] = self._build([SLOT + place for place in range(size)])
        built = self._built[size]
        filled = [*keys, *[keys[0]] * (size - len(keys))]
        statement = _kept(built, filled) or (built.sql, built.params_with(filled))
        return list(built.model._default_manager.raw(*statement))

    def _build(self, slots: list[int]) -> "_Built":
        queryset = self._make(slots)
        sql, params = queryset.query.get_compiler(connection=connection).as_sql()
        if not set(slots) <= {each for each in params if type(each) is int}:
            raise ValueError("Not all keys are among the parameters of the query.")
        return _Built(queryset.model, sql, params, slots)


class _Built:
    """A query of a model with the slots of its keys, and the name of its statement in a database."""

    _numbers = count(1)

    def __init__(self, model: type[Model], sql: str, params: Sequence, slots: list[int]):
        self.model, self.sql, self.params = model, sql, params
        self._places = {slot: place for place, slot in enumerate(slots)}
        self.name = f"prepared_list_{next(self._numbers)}"

    def _place(self, param: object) -> int | None:
        return self._places.get(param) if type(param) is int else None

    def params_with(self, keys: Sequence[int]) -> list:
        places = map(self._place, self.params)
        return [
            param if place is None else keys[place]
            for param, place in zip(self.params, places, strict=True)
        ]

    def prepare(self) -> None:
        """Have PostgreSQL keep the statement for this connection: only the keys are left open."""
        with connection.cursor() as cursor:
            literals = (
                cursor.cursor.mogrify("%s", [param]) if place is None else f"${place + 1}"
                for param, place in zip(self.params, map(self._place, self.params), strict=True)
            )
            cursor.execute(f"PREPARE {self.name} AS {self.sql % tuple(literals)}")


# For each open connection how often it has asked a list; from OFTEN on the statement is kept there.
_asked: "WeakKeyDictionary[object, dict[str, int]]" = WeakKeyDictionary()


def _kept(built: _Built, keys: Sequence[int]) -> together.Statement | None:
    """The call of a statement that PostgreSQL keeps; None where it does not.

    Behind a pool that gives every transaction another connection (it asks for
    DISABLE_SERVER_SIDE_CURSORS) nothing can be kept.
    """
    options = connection.settings_dict
    if connection.vendor != "postgresql" or options.get("DISABLE_SERVER_SIDE_CURSORS"):
        return None
    connection.ensure_connection()
    asked = _asked.setdefault(connection.connection, {})
    times = asked.get(built.name, 0) + 1
    if times == OFTEN:
        built.prepare()  # counted only when that went well
    asked[built.name] = times
    if times < OFTEN:
        return None
    return f"EXECUTE {built.name} ({', '.join(['%s'] * len(keys))})", keys


def _converted(row: tuple, converters: dict) -> tuple:
    values = list(row)
    for position, (functions, column) in converters.items():
        for function in functions:
            values[position] = function(values[position], column, connection)
    return tuple(values)


def rows_together(*asked: tuple[Prepared, object]) -> list[list[tuple]]:
    """The rows of several queries, each with its value, by one message where the database takes that."""
    found = together.fetch([prepared.statement(value) for prepared, value in asked])
    return [prepared.read(rows) for (prepared, _), rows in zip(asked, found, strict=True)]
