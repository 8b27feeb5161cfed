"""The tests read the seeded site: the content that a visitor meets, loaded once for the run."""

import contextlib
import gc
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.utils import translation

from tests.live_site import filled_site


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    # A third of the time of migrations goes into looking for garbage among classes of models.
    gc.disable()
    if connection.vendor == "sqlite":  # the filled site brings its tables along
        connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    from search import upkeep

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            _copy_the_filled_site()
        else:
            _copy_into_postgresql()
        _take_the_sample_desks_away()
        for engine in upkeep.engines():
            if not upkeep.is_current(engine):
                upkeep.rebuild(engine)
    gc.collect()
    gc.freeze()  # what stands here stays for the run
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _keys_are_checked_after_what_was_written():
    """After every test Django looks through all tables of SQLite for keys that lead nowhere.

    That takes 4 ms, as long as a small test. Where no row was written since the last look, and the
    transaction before has been taken back, there is nothing new to find.
    """
    is_wanted = TestCase._should_check_constraints

    def has_written(case, connection) -> bool:
        if connection.vendor != "sqlite" or not is_wanted(case, connection):
            return is_wanted(case, connection)
        before = getattr(connection, "changes_at_last_look", None)
        connection.changes_at_last_look = connection.connection.total_changes
        return connection.changes_at_last_look != before

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestCase, "_should_check_constraints", has_written)
        yield


def _copy_the_filled_site() -> None:
    """What `make run` fills a database with, less its administrator; made once for all runs."""
    connection.ensure_connection()
    filled = f"file:{filled_site() / 'db.sqlite3'}?mode=ro"
    with contextlib.closing(sqlite3.connect(filled, uri=True)) as source:
        source.backup(connection.connection)
    _forget_the_other()


def _copy_into_postgresql() -> None:
    from tests.copying import copy_into_postgresql

    copy_into_postgresql(filled_site() / "db.sqlite3")
    _forget_the_other()


def _forget_the_other() -> None:
    """What is remembered of the database before, and the administrator of the filled site."""
    from django.contrib.auth import get_user_model
    from django.contrib.contenttypes.models import ContentType

    ContentType.objects.clear_cache()  # their numbers were others before
    get_user_model().objects.all().delete()


def _take_the_sample_desks_away() -> None:
    """Tests make the desks they need: offers of the samples would lapse in the middle of them.

    The event that most of them have in mind is made once for all.
    """
    from content.models import SeedRecord
    from events.services.samples import remove_sample_desks
    from tests.factories.events import make_event

    remove_sample_desks()
    SeedRecord.objects.filter(key__startswith="desk:").delete()
    make_event()


@pytest.fixture(autouse=True)
def _search_remembers_nothing():
    """The database takes every test's changes back; what the search keeps in memory must go, too."""
    from search import columns

    columns.forget()


@pytest.fixture(autouse=True)
def _own_files(tmp_path):
    """No test writes into the site's own `var/`."""
    from django.test import override_settings

    with override_settings(VAR_DIR=tmp_path, MEDIA_ROOT=tmp_path / "media"):
        yield


@pytest.fixture(autouse=True)
def _default_language():
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def own_connection(db):
    """Call a function with a connection of its own, which sees what is committed: the filled site."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's database of the tests has one connection")

    def call(function):
        def work():
            try:
                return function()
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(work).result(60)

    return call


@pytest.fixture
def make_user(db, django_user_model):
    """Make a member of the named group: `make_user("Editors")`."""
    from django.contrib.auth.models import Group

    def make(*groups: str, username: str = "", **fields):
        user = django_user_model.objects.create_user(
            username=username or "-".join(groups).lower().replace(" ", "-") or "outsider",
            password="correct horse battery",
            **fields,
        )
        user.groups.set([Group.objects.get(name=name) for name in groups])
        return user

    return make


@pytest.fixture
def home(db):
    from home.models import HomePage

    return HomePage.objects.get(locale__language_code="zh-hans")


@pytest.fixture
def page_at(home):
    """The specific page at a slug path below the Chinese (or other) home page."""
    from wagtail.models import Page

    def find(path: str, code: str = "zh-hans"):
        root = (
            home if code == "zh-hans" else home.get_translations().get(locale__language_code=code)
        )
        return Page.objects.get(url_path=f"{root.url_path}{path.strip('/')}/").specific

    return find
