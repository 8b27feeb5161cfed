"""Brings catalogues, database, static files and content up to date, before the site is served.

A step whose inputs are as they were at its last run is left out, so a second start takes
seconds and never touches what editors wrote since. All steps share one process: an interpreter
with Django in it costs more than a second to start.
"""

import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")

import django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django_tasks import task_backends  # noqa: E402
from django_tasks.backends.dummy import DummyBackend  # noqa: E402

from deploy import tree  # noqa: E402


def main() -> None:
    django.setup()
    stamps = settings.VAR_DIR / "stamps"
    stamps.mkdir(exist_ok=True)
    # Which database it is, wherever `var/` stands: a copy of it is as full as the original.
    database = str([str(value) for value in settings.DATABASES["default"].values()])
    database = database.replace(str(settings.VAR_DIR), "")

    run("compile_catalogues")
    new_database = migrate()
    if not settings.DEBUG:
        rooms = [ROOT / "site", *(path.parent for path in ROOT.glob("*/__init__.py"))]
        statics = [path for room in rooms for path in files(room / "static")]
        statics += [ROOT / "requirements.txt", ROOT / "base/staticfiles.py"]
        if not Path(settings.STATIC_ROOT).exists():
            (stamps / "static").unlink(missing_ok=True)
        once(stamps / "static", fingerprint(statics), "collectstatic", interactive=False)

    if new_database:
        for stamp in stamps.glob("load_*"):
            stamp.unlink()
    load_content(stamps, database)
    run("ensure_admin")


def load_content(stamps: Path, database: str) -> None:
    """Load seed and samples, and index them in one go.

    Each save would queue two index updates, and the worker would be at them for the first minute
    of the site; so no task is queued here.
    """
    task_backends["default"] = DummyBackend(alias="default", params={})
    # The loaders know what they loaded before; asking them means reading a hundred files.
    inputs = fingerprint(files(ROOT / "content"), database)
    loaded = [once(stamps / name, inputs, name) for name in ("load_content", "load_samples")]
    run("load_terms")
    if any(loaded):
        announce("references", lambda: run("rebuild_references_index"))
    prepare_search(any(loaded))


def prepare_search(loaded: bool) -> None:
    """Bring the index of every engine up to date: after loading, and where it is missing or old."""
    from search import health, upkeep

    stale = [engine for engine in upkeep.engines() if loaded or not upkeep.is_current(engine)]
    if stale:
        announce("attachments", lambda: run("read_attachments", no_index=True))
    for engine in stale:
        try:
            announce(f"search index ({engine})", lambda engine=engine: upkeep.rebuild(engine))
        except health.failures():
            # A server that is away is no reason to stay away too: the site searches in the database.
            continue


def files(folder: Path) -> list[Path]:
    found = folder.rglob("*")
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    return tree.fingerprint(ROOT, [path for path in paths if path.exists()], *more)


def once(stamp: Path, wanted: str, command: str, **options: object) -> bool:
    """Run the command unless its stamp says that it ran with the same inputs."""
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    announce(command, lambda: run(command, **options))
    stamp.write_text(wanted)
    return True


def run(command: str, **options: object) -> None:
    call_command(command, verbosity=0, stdout=io.StringIO(), **options)


def announce(title: str, step: Callable[[], object]) -> None:
    started = time.monotonic()
    print(f"  {title.replace('_', ' ')} …", end="", flush=True)
    step()
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def migrate() -> bool:
    """Apply what is missing. Returns whether the database was an empty one."""
    executor = MigrationExecutor(connection)
    empty = not executor.loader.applied_migrations
    # Asked first: a `migrate` with nothing to do still spends seconds on permissions.
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        announce("migrate", lambda: run("migrate", interactive=False))
    return empty


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except (CommandError, DatabaseError) as error:
        sys.exit(f"\n{type(error).__name__}: {error}")
