"""Queries that are always the same but for one value. Their SQL is built once, not for every request.

Building a query with the ORM takes longer than most databases need to answer it. That matters only where
very many ask the same in the same second.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

from django.db import connection
from django.db.models import Model, QuerySet

from base import together

# Stands where the value goes; no column of ours holds it, nor one of the numbers behind it.
SLOT = -(2**31) + 77
# Keys are filled up to a multiple of this, so that a few statements serve lists of every length.
STEP = 20


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
    """

    def __init__(self, make: Callable[[list[int]], QuerySet]):
        self._make = make
        self._built: dict[int, tuple[type[Model], str, tuple]] = {}

    def objects(self, keys: Sequence[int]) -> list[Model]:
        """The objects of these keys, in the order of the query."""
        if not keys:
            return []
        size = -(-len(keys) // STEP) * STEP
        if size not in self._built:
            self._built[size] = self._build([SLOT + place for place in range(size)])
        model, sql, params = self._built[size]
        filled = [*keys, *[keys[0]] * (size - len(keys))]
        slots = {SLOT + place: key for place, key in enumerate(filled)}
        return list(model._default_manager.raw(sql, [_filled(each, slots) for each in params]))

    def _build(self, slots: list[int]) -> tuple[type[Model], str, tuple]:
        queryset = self._make(slots)
        sql, params = queryset.query.get_compiler(connection=connection).as_sql()
        if not set(slots) <= {each for each in params if type(each) is int}:
            raise ValueError("Not all keys are among the parameters of the query.")
        return queryset.model, sql, params


def _filled(param: object, slots: dict[int, int]) -> object:
    return slots.get(param, param) if type(param) is int else param


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
