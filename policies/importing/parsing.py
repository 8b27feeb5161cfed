"""From the cells of a row to the values of a policy, with what is wrong at its column."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from policies.choices import Validity
from policies.columns import DATE, EXPIRED, Column, by_name, heading, imported, known_headings
from policies.importing.tables import Row
from policies.importing.values import EMPTIED, as_uuid, clean, parse, yes_or_no
from policies.importing.word import FILE_CELL

_EMPTIED_MARK = {"emptied": True}


@dataclass
class Parsed:
    """A row as values: {name of a column: value or EMPTIED}; empty cells are not in it."""

    number: int
    values: dict[str, object] = field(default_factory=dict)
    # (name of the column or "", message)
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        title = self.values.get("title")
        return title if isinstance(title, str) else ""

    def dump(self) -> str:
        """As one line of text that `load` reads."""
        values = {
            name: _EMPTIED_MARK if value is EMPTIED else value
            for name, value in self.values.items()
        }
        return json.dumps(
            [self.number, values, self.errors], ensure_ascii=False, default=date.isoformat
        )

    @classmethod
    def load(cls, line: str) -> "Parsed":
        number, values, errors = json.loads(line)
        for name, value in values.items():
            if value == _EMPTIED_MARK:
                values[name] = EMPTIED
            elif isinstance(value, str) and by_name(name).kind == DATE:
                values[name] = date.fromisoformat(value)
        return cls(number, values, [tuple(error) for error in errors])


def parse_row(row: Row, unknown: dict[str, None]) -> Parsed:
    """The values of a row. Headings that nobody knows are added to `unknown`."""
    parsed = Parsed(row.number)
    if row.error:
        parsed.errors.append(("", row.error))
    for name, raw in row.cells.items():
        column = known_headings().get(heading(name))
        if column is not None:
            _set(parsed, column, raw)
        elif heading(name) in EXPIRED:
            _set_expired(parsed, raw)
        elif name != FILE_CELL and len(unknown) < 50:
            unknown.setdefault(clean(name)[:80])
    _sort_keys(parsed)
    return parsed


def _set(parsed: Parsed, column: Column, raw: object) -> None:
    try:
        value = parse(column, raw)
    except ValidationError as error:
        parsed.errors += [(column.name, message) for message in error.messages]
        return
    if value is not None and value != "":
        parsed.values[column.name] = value


def _set_expired(parsed: Parsed, raw: object) -> None:
    """A yes-or-no column of other collections; one with the validity itself says more."""
    text = clean(raw)
    if not text:
        return
    try:
        expired = yes_or_no(None, text)
    except ValidationError as error:
        parsed.errors += [("validity", message) for message in error.messages]
        return
    parsed.values.setdefault("validity", (Validity.VOID if expired else Validity.IN_FORCE).value)


def _sort_keys(parsed: Parsed) -> None:
    """A number that is none of ours is one of the source: other collections call theirs `id`, too."""
    number = parsed.values.get("id")
    if number is None:
        return
    ours = as_uuid(str(number))
    if ours is not None:
        parsed.values["id"] = str(ours)
        return
    del parsed.values["id"]
    parsed.values.setdefault("source_id", number)


def labels() -> dict[str, str]:
    """{name of a column: its label in the active language}."""
    return {column.name: str(column.label) for column in imported()}


def batched(items: Iterable, size: int) -> Iterable[list]:
    batch: list = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
