"""The full-text table on SQLite: the index only, its words read from modelsearch's table when asked.

Wagtail makes an FTS5 table with its default settings: a second copy of every text, positions that
a search by pairs has no use for, and one token for each run of Chinese. Ours (made by migration
0001) has the same name and columns, so modelsearch's queries work on it; its triggers read the
texts with `search_tokens`, a function of this module that every connection gets.
"""

from django.db import DatabaseError, connection, transaction

from search import analysis

TABLE = "wagtailsearch_indexentry_fts"
SOURCE = "wagtailsearch_indexentry"

_COLUMNS = "autocomplete, body, title"


def _values(row: str) -> str:
    return (
        f"{row}.autocomplete AS autocomplete, search_tokens({row}.title, {row}.body) AS body, "
        f"search_tokens({row}.title, '') AS title"
    )


_ADD = f"INSERT INTO {TABLE}(rowid, {_COLUMNS}) SELECT NEW.id, {_values('NEW')};"  # noqa: S608
_TAKE = (
    f"INSERT INTO {TABLE}({TABLE}, rowid, {_COLUMNS}) "  # noqa: S608
    # Django deletes the row here itself before the one that it belongs to; twice would spoil the index.
    f"SELECT 'delete', OLD.id, {_values('OLD')} "
    f"WHERE EXISTS (SELECT 1 FROM {TABLE}_docsize WHERE id = OLD.id);"
)

CREATE = [
    *(f"DROP TRIGGER IF EXISTS {event}_{TABLE}" for event in ("insert", "update", "delete")),
    f"DROP TABLE IF EXISTS {TABLE}",
    "DROP VIEW IF EXISTS search_fulltext_source",
    f"CREATE VIEW search_fulltext_source AS SELECT id, {_values(SOURCE)} FROM {SOURCE}",  # noqa: S608
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5({_COLUMNS}, content='search_fulltext_source', "
    # Tokens come ready; this tokenizer parts them at blanks and knows no letter too young for it.
    "content_rowid='id', tokenize='ascii', detail=column)",
    f"CREATE TRIGGER insert_{TABLE} AFTER INSERT ON {SOURCE} BEGIN {_ADD} END",
    f"CREATE TRIGGER delete_{TABLE} AFTER DELETE ON {SOURCE} BEGIN {_TAKE} END",
    f"CREATE TRIGGER update_{TABLE} AFTER UPDATE OF {_COLUMNS} ON {SOURCE} BEGIN {_TAKE} {_ADD} END",
    # Rows may be there; a table that lacks them is spoilt by the first trigger that takes one out.
    f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')",  # noqa: S608
]

# What Wagtail's own migration made.
RESTORE = [
    *(f"DROP TRIGGER IF EXISTS {event}_{TABLE}" for event in ("insert", "update", "delete")),
    f"DROP TABLE IF EXISTS {TABLE}",
    "DROP VIEW IF EXISTS search_fulltext_source",
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(autocomplete, body, title)",
    f"INSERT INTO {TABLE}(rowid, {_COLUMNS}) SELECT id, {_COLUMNS} FROM {SOURCE}",  # noqa: S608
    f"CREATE TRIGGER insert_{TABLE} AFTER INSERT ON {SOURCE} BEGIN INSERT INTO {TABLE}(title, body, "  # noqa: S608
    "autocomplete, rowid) VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id); END",
    f"CREATE TRIGGER update_{TABLE} AFTER UPDATE ON {SOURCE} BEGIN UPDATE {TABLE} SET title=NEW.title, "  # noqa: S608
    "body=NEW.body, autocomplete=NEW.autocomplete WHERE rowid=NEW.id; END",
    f"CREATE TRIGGER delete_{TABLE} AFTER DELETE ON {SOURCE} BEGIN DELETE FROM {TABLE} "  # noqa: S608
    "WHERE rowid=OLD.id; END",
]
# Narrow rows: the texts and vectors stand apart, and reading the keys of thousands of hits stays cheap.
POSTGRESQL = [f"ALTER TABLE {SOURCE} SET (toast_tuple_target = 128)"]
POSTGRESQL_RESTORE = [f"ALTER TABLE {SOURCE} RESET (toast_tuple_target)"]


def prepare_connection(sender, connection, **kwargs) -> None:
    """Give a new SQLite connection the function that the triggers call.

    And tell PostgreSQL not to compile queries: a search of many words costs enough, by its own
    estimate, to be compiled, which takes longer than to answer it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET jit = off")
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "search_tokens", 2, analysis.token_text, deterministic=True
        )


def execute(schema_editor, postgresql: list[str], sqlite: list[str]) -> None:
    statements = {"postgresql": postgresql, "sqlite": sqlite}.get(
        schema_editor.connection.vendor, []
    )
    for statement in statements:
        schema_editor.execute(statement)


def create(apps, schema_editor) -> None:
    execute(schema_editor, POSTGRESQL, CREATE)


def restore(apps, schema_editor) -> None:
    execute(schema_editor, POSTGRESQL_RESTORE, RESTORE)


def command(words: str, rank: int | None = None) -> None:
    """Give the full-text table of SQLite one of its commands. Raises DatabaseError."""
    columns, values = TABLE, words
    if rank is not None:
        columns, values = f"{columns}, rank", f"{values}, {rank}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE}({columns}) VALUES ({values})")  # noqa: S608


def is_empty() -> bool:
    """Whether the table has no row yet; always on other databases, which have no such table."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {TABLE}_docsize)")  # noqa: S608
        return not cursor.fetchone()[0]


def is_whole() -> bool:
    """Whether the table fits the texts that it was made of; always on other databases."""
    if connection.vendor != "sqlite":
        return True
    try:
        command("'integrity-check'", rank=1)  # 1: compared with the texts
    except DatabaseError:
        return False
    return True


def mend() -> None:
    """Make the table anew of its texts; nothing on other databases."""
    if connection.vendor != "sqlite":
        return
    try:
        command("'rebuild'")
    except DatabaseError:  # not even its frame is left
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in CREATE:
                cursor.execute(statement)
