"""The operator's side of the search: the index made anew, broken on purpose, found and mended."""

import io
import time

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from elasticsearch.helpers import bulk, scan
from modelsearch.index import get_indexed_models
from wagtail.models import Locale, Page, PageViewRestriction

from home.models import StandardPage
from search import analysis, changes, checking, entries, fulltext, health, upkeep, vocabulary
from search.analysis import VERSION
from search.api import search
from search.models import EngineState, Entry, IndexState, PendingChange
from search.results import Question

pytestmark = pytest.mark.django_db
WORD = "泽鹿木樨"  # in no page of the seed

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")
only_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL only")
only_elasticsearch = pytest.mark.skipif("not health.configured()", reason="Elasticsearch only")


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("search_index", *arguments, stdout=out)
    return out.getvalue()


def total(query: str = WORD) -> int:
    return search(Question(query, literal=True)).total


def agree() -> bool:
    return not any(checking.check(engine) for engine in upkeep.engines())


def in_database(query: str = WORD) -> list[int]:
    """The Chinese pages with the words, as a list of the admin would find them in the database."""
    pages = Page.objects.filter(locale=Locale.objects.get(language_code="zh-hans"))
    return [page.pk for page in upkeep.database().search(query, pages)]


def called(page, title: str) -> None:
    """Publish a page with another title, as an editor does."""
    page = page.specific
    page.title = title
    page.save_revision().publish()


@pytest.fixture
def policies(page_at):
    return list(page_at("policies").get_children().live().order_by("pk").specific()[:12])


@pytest.fixture
def policy(policies):
    return policies[0]


@pytest.fixture
def others(policies):
    return policies[1:6]


@pytest.fixture
def backend(db):
    return upkeep.elasticsearch()


@pytest.fixture(autouse=True)
def _whole_again(request):
    """The index of Elasticsearch is not rolled back: what a test took away is made again."""
    yield
    if health.configured() and not upkeep.is_complete(upkeep.elasticsearch()):
        upkeep.rebuild(upkeep.ELASTICSEARCH)


def pages_index(backend) -> str:
    return backend.get_index_for_model(Page).name


# --- Making it anew ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "engine", [pytest.param("database", id="in_the_database"), "elasticsearch"]
)
def test_rebuild_has_every_object_once(engine, policy, indexed):
    if engine not in upkeep.engines():
        pytest.skip("this site has no Elasticsearch")
    called(policy, f"{WORD}办法")
    seen = []
    assert upkeep.rebuild(engine, seen.append) == sum(seen) == upkeep.count()
    assert not checking.check(engine)
    indexed()
    assert total() == 1
    for model in get_indexed_models():
        kind = ContentType.objects.get_for_model(model)
        rows = entries.index_entry().objects.filter(content_type=kind).count()
        assert rows == model.get_indexed_objects().count()
    assert Entry.objects.count() == Page.objects.count()


def test_rebuild_in_the_database_says_that_the_index_is_of_this_version():
    IndexState.objects.update(analysis="0")
    assert not upkeep.is_current(upkeep.DATABASE)
    run("rebuild", "--engine", "database")
    assert upkeep.is_current(upkeep.DATABASE)
    assert IndexState.load().analysis == VERSION


def test_rebuild_in_the_database_drops_rows_of_nothing(policy):
    table = entries.index_entry()._default_manager
    row = table.get(object_id=str(policy.pk), content_type__model="policypage")
    row.pk, row.object_id = None, "999999"
    row.save()
    upkeep.rebuild(upkeep.DATABASE)
    assert not table.filter(object_id="999999").exists()
    assert agree()


@pytest.mark.engine_free
@only_sqlite
def test_rebuild_leaves_no_token_of_an_old_analysis(policy):
    called(policy, f"{WORD}办法")
    tokens = analysis.token_text
    # What the connection calls is another function for a while.
    connection.connection.create_function(
        "search_tokens", 2, lambda *texts: tokens(*texts) + " oldtoken", deterministic=True
    )
    upkeep.rebuild(upkeep.DATABASE)
    IndexState.objects.update(analysis="0")
    fulltext.prepare_connection(None, connection)
    upkeep.rebuild(upkeep.DATABASE)
    assert not checking.check(upkeep.DATABASE).broken
    assert not upkeep.database().search("oldtoken", Page).count()


@only_elasticsearch
def test_while_elasticsearch_rebuilds_the_old_index_answers(policy, others, indexed, backend):
    called(policy, f"{WORD}办法")
    called(others[0], f"{WORD}旧名")
    indexed()
    assert total() == 2
    answers = []
    done = 0

    def meanwhile(number: int) -> None:
        nonlocal done
        done += number
        if done == upkeep.count() and not answers:  # everything has been read
            answers.append((search(Question(WORD)).engine, total()))
            policy.unpublish()
            called(others[0], "改了名的办法")
            called(others[1], f"{WORD}细则")
            others[2].delete()
            answers.append((search(Question(WORD)).engine, total()))
            changes.send(backend)  # as the worker would
            answers.append((search(Question(WORD)).engine, total()))

    upkeep.rebuild(upkeep.ELASTICSEARCH, meanwhile)
    # What waits is left out; what was sent is found in the old index.
    assert answers == [("elasticsearch", 2), ("elasticsearch", 0), ("elasticsearch", 1)]
    result = search(Question(WORD))
    assert (result.engine, [hit.page.pk for hit in result.hits]) == (
        "elasticsearch",
        [others[1].pk],
    )
    assert not checking.check(upkeep.ELASTICSEARCH)
    assert not PendingChange.objects.exists()


@only_elasticsearch
def test_rebuild_leaves_one_index_for_each_kind_and_sends_nothing_twice(
    policy, backend, monkeypatch
):
    def behind() -> dict[str, list[str]]:
        found = backend.es.indices.get_alias(index=f"{backend.index_prefix}*")
        return {name: list(index["aliases"]) for name, index in found.items()}

    called(policy, f"{WORD}办法")
    assert PendingChange.objects.exists()
    sent = []
    bring = changes.bring
    monkeypatch.setattr(changes, "bring", lambda *all: (sent.append(all[1:3]), bring(*all)))
    before = behind()
    upkeep.rebuild(upkeep.ELASTICSEARCH)
    after = behind()
    names = {backend.get_index_for_model(model).name for model in get_indexed_models()}
    assert sorted(aliases for one in after.values() for aliases in one) == sorted(names)
    assert not set(before) & set(after)
    # What waited before was read with everything else.
    assert sent == []
    assert not PendingChange.objects.exists()
    assert total() == 1
    called(policy, "又一名办法")
    assert changes.send(backend)
    assert len(sent) == 1


@only_elasticsearch
def test_failed_rebuild_leaves_the_old_index_and_no_other(backend, policy, indexed):
    called(policy, f"{WORD}办法")
    indexed()
    before = set(backend.es.indices.get(index=f"{backend.index_prefix}*"))

    def fail(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upkeep.rebuild(upkeep.ELASTICSEARCH, fail)
    assert set(backend.es.indices.get(index=f"{backend.index_prefix}*")) == before
    assert search(Question(WORD)).engine == "elasticsearch"
    assert total() == 1


@only_elasticsearch
def test_index_that_is_no_alias_is_replaced(backend):
    name = pages_index(backend)
    backend.es.indices.delete(
        index=[index.name for index in backend.get_index_for_model(Page).aliased_indices()]
    )
    backend.es.indices.create(index=name)
    assert not upkeep.is_complete(backend)
    upkeep.rebuild(upkeep.ELASTICSEARCH)
    assert upkeep.is_complete(backend)
    assert not checking.check(upkeep.ELASTICSEARCH)


def test_update_index_of_wagtail_leaves_a_good_index(policy):
    called(policy, f"{WORD}办法")
    call_command("update_index", verbosity=0)
    assert agree()
    assert all(map(upkeep.is_current, upkeep.engines()))
    health.probe()
    assert total() == 1


# --- Broken and mended -------------------------------------------------------------------


def delete_rows(**which) -> None:
    entries.index_entry().objects.filter(**which).delete()


def break_entry_deleted(page):
    Entry.objects.filter(pk=page.pk).delete()


def break_title_altered(page):
    title, _body = vocabulary.text_columns()
    entries.index_entry().objects.filter(object_id=str(page.pk)).update(**{title: "别的"})


def break_body_altered(page):
    _title, body = vocabulary.text_columns()
    entries.index_entry().objects.filter(object_id=str(page.pk)).update(**{body: "别的"})


def break_facets_altered(page):
    Entry.objects.filter(pk=page.pk).update(facets={"kind": ["nonsense"]})


def break_permission_altered(page):
    Entry.objects.filter(pk=page.pk).update(public=False)


def break_date_altered(page):
    Entry.objects.filter(pk=page.pk).update(dated_on="2001-01-01")


def break_analysis_old(page):
    Entry.objects.filter(pk=page.pk).update(fingerprint="old")


def break_row_of_a_page_that_is_gone(page):
    table = entries.index_entry().objects
    row = table.get(object_id=str(page.pk), content_type__model="policypage")
    row.pk, row.object_id = None, "999999"
    row.save()


def break_row_of_a_model_that_is_gone(page):
    kind = ContentType.objects.create(app_label="gone", model="away")
    row = entries.index_entry().objects.get(
        object_id=str(page.pk), content_type__model="policypage"
    )
    row.pk, row.content_type = None, kind
    row.save()


BREAKS = [harm for name, harm in list(globals().items()) if name.startswith("break_")]
ADDS = [break_row_of_a_page_that_is_gone, break_row_of_a_model_that_is_gone]


def named(harmed: dict, label: str, found: dict[str, set[str]]) -> set[str]:
    """How the pages of a report were harmed; their keys where none of ours was."""
    names = {str(page.pk): harm.__name__ for harm, page in harmed.items()}
    return {names.get(key, key) for key in found.get(label, ())}


def test_damage_in_the_database_is_found_and_mended(policies):
    """All kinds at once, each on a page of its own."""
    harmed = dict(zip(BREAKS, policies, strict=False))
    assert len(harmed) == len(BREAKS)
    for harm, page in harmed.items():
        harm(page)
    kind = ContentType.objects.get_for_model(StandardPage)
    delete_rows(content_type=kind)
    found = checking.check(upkeep.DATABASE)
    assert found.missing == {
        "wagtailcore.page": {str(pk) for pk in StandardPage.objects.values_list("pk", flat=True)}
    }
    altered = {harm.__name__ for harm in BREAKS if harm not in ADDS}
    assert named(harmed, "wagtailcore.page", found.old) == altered
    gone = ContentType.objects.get(app_label="gone")
    assert found.extra == {
        "wagtailcore.page": {"999999"},
        f"content type {gone.pk}": {str(harmed[break_row_of_a_model_that_is_gone].pk)},
    }
    # Which compares, mends, and compares again.
    assert "database: repaired" in run("repair", "--engine", "database")
    for harm, page in harmed.items():
        assert page.pk in in_database(page.title), harm


def test_empty_index_in_the_database_is_found_and_mended(policy):
    called(policy, f"{WORD}办法")
    delete_rows()
    assert "database: repaired" in run("repair", "--engine", "database")
    assert in_database() == [policy.pk]


FULLTEXT_HARMS = [
    f"DELETE FROM {fulltext.TABLE} WHERE rowid IN (SELECT index_id FROM search_entry LIMIT 5)",  # noqa: S608
    f"INSERT INTO {fulltext.TABLE}({fulltext.TABLE}) VALUES ('delete-all')",  # noqa: S608
    f"DELETE FROM {fulltext.TABLE}_data WHERE id > 10",  # noqa: S608
    "DROP VIEW search_fulltext_source",
]


@only_sqlite
def test_broken_fulltext_table_is_found_and_mended(policy):
    for number, harm in enumerate(FULLTEXT_HARMS):
        with connection.cursor() as cursor:
            cursor.execute(harm)
        assert not fulltext.is_whole(), harm
        fulltext.mend()
        called(policy, f"{WORD}{number}办法")  # the triggers are back, too
        assert fulltext.is_whole(), harm
        assert in_database() == [policy.pk], harm


@only_sqlite
def test_fulltext_table_that_is_gone_is_made_by_repair(policy):
    called(policy, f"{WORD}办法")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {fulltext.TABLE}")
    assert "the full-text table is broken" in run("repair", "--engine", "database")
    assert in_database() == [policy.pk]
    called(policy, "又改了名")
    assert not checking.check(upkeep.DATABASE)


@pytest.mark.engine_free
@only_sqlite
def test_change_behind_the_triggers_is_found(policy):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER update_{fulltext.TABLE}")
        cursor.execute(
            f"UPDATE {fulltext.SOURCE} SET title = '别的' WHERE object_id = %s",  # noqa: S608
            [str(policy.pk)],
        )
    found = checking.check(upkeep.DATABASE)
    assert found.broken
    assert found.old == {"wagtailcore.page": {str(policy.pk)}}


@only_postgresql
def test_replaced_vector_is_found_and_mended(policies):
    harmed = dict(zip(checking.VECTORS, policies, strict=False))
    for column, page in harmed.items():
        with connection.cursor() as cursor:
            # As many lexemes as before, so that only the words differ.
            cursor.execute(
                f"UPDATE {fulltext.SOURCE} SET {column} = (SELECT array_to_tsvector(array_agg('x' || n)) "  # noqa: S608
                f"FROM generate_series(1, length({column})) n) WHERE object_id = %s",
                [str(page.pk)],
            )
    found = checking.check(upkeep.DATABASE).old["wagtailcore.page"]
    assert {column for column, page in harmed.items() if str(page.pk) in found} == {
        "title",
        "body",
        "autocomplete",
    }
    assert len(found) == len(harmed)
    assert "database: repaired" in run("repair", "--engine", "database")
    for column, page in harmed.items():
        assert page.pk in in_database(page.title), column


def harm_deleted(es, index, key):
    es.delete(index=index, id=key)


def harm_replaced(es, index, key):
    es.index(index=index, id=key, document={"title": "别的"})


def harm_words_altered(es, index, key):
    es.update(index=index, id=key, doc={"title": "别的"})


def harm_facet_altered(es, index, key):
    es.update(index=index, id=key, doc={"facet_kind": ["nonsense"]})


def harm_made_private(es, index, key):
    es.update(index=index, id=key, doc={"public": False})


def harm_added(es, index, key):
    es.index(index=index, id="999999", document={"title": WORD, "public": True, "pk": "999999"})


HARMS = [harm for name, harm in list(globals().items()) if name.startswith("harm_")]


@only_elasticsearch
def test_damage_in_elasticsearch_is_found_and_mended(policies, backend):
    """All kinds at once, each on a page of its own."""
    harmed = dict(zip(HARMS, policies, strict=False))
    assert len(harmed) == len(HARMS)
    for harm, page in harmed.items():
        harm(backend.es, pages_index(backend), str(page.pk))
    found = checking.check(upkeep.ELASTICSEARCH)
    assert named(harmed, "wagtailcore.page", found.missing) == {"harm_deleted"}
    altered = {harm.__name__ for harm in HARMS} - {"harm_deleted", "harm_added"}
    assert named(harmed, "wagtailcore.page", found.old) == altered
    assert found.extra == {"wagtailcore.page": {"999999"}}
    # Which compares, mends, and compares again.
    assert "elasticsearch: repaired" in run("repair", "--engine", "elasticsearch")
    for harm, page in harmed.items():
        result = search(Question(page.title, literal=True))
        assert result.engine == "elasticsearch"
        assert page.pk in [hit.page.pk for hit in result.hits], harm
    assert total() == 0  # the one that was added is gone


@only_elasticsearch
def test_empty_index_in_elasticsearch_is_found_and_mended(policy, indexed, backend):
    called(policy, f"{WORD}办法")
    indexed()
    name = pages_index(backend)
    hits = scan(backend.es, index=name, query={"_source": False})
    bulk(backend.es, [{"_op_type": "delete", "_index": name, "_id": hit["_id"]} for hit in hits])
    assert "elasticsearch: repaired" in run("repair", "--engine", "elasticsearch")
    result = search(Question(WORD))
    assert (result.engine, [hit.page.pk for hit in result.hits]) == ("elasticsearch", [policy.pk])


@only_elasticsearch
def test_deleted_index_is_made_again_by_repair(backend, policy, indexed):
    called(policy, f"{WORD}办法")
    indexed()
    backend.es.indices.delete(
        index=[index.name for index in backend.get_index_for_model(Page).aliased_indices()]
    )
    result = search(Question(WORD))
    assert (result.engine, result.total) == ("database", 1), "the very next search answers"
    assert checking.check(upkeep.ELASTICSEARCH)
    assert "elasticsearch: repaired" in run("repair", "--engine", "elasticsearch")
    assert not checking.check(upkeep.ELASTICSEARCH)
    assert EngineState.load().up
    assert search(Question(WORD)).engine == "elasticsearch"


@only_elasticsearch
def test_writes_never_make_an_index_by_the_way(backend, policy):
    backend.es.indices.delete(
        index=[index.name for index in backend.get_index_for_model(Page).aliased_indices()]
    )
    called(policy, f"{WORD}办法")
    assert not changes.send(backend)
    assert PendingChange.objects.exists()
    assert not backend.get_index_for_model(Page).exists()


@only_elasticsearch
def test_what_is_written_late_does_not_replace_what_is_newer(backend, policy):
    """Two processes send at once: who read the page earlier may come second."""
    index = backend.get_index_for_model(Page)
    early = time.time_ns() // 1000
    stale = policy.specific_class.objects.get(pk=policy.pk)
    called(policy, f"{WORD}办法")
    assert changes.send(backend)
    index.add_items(type(stale), [stale], early)
    index.delete_ids([str(stale.pk)], early)
    index.refresh()
    assert total() == 1


# --- Everything that changes what is found -----------------------------------------------


def test_every_change_of_an_editor_leaves_a_true_index(policy, others, home, indexed):
    called(policy, f"{WORD}办法")
    others[0].unpublish()
    others[1].delete()
    others[2].move(home, pos="last-child")
    restriction = PageViewRestriction.objects.create(page=others[3], restriction_type="login")
    indexed()
    assert agree(), checking.check(upkeep.DATABASE)
    restriction.delete()
    indexed()
    assert agree(), checking.check(upkeep.DATABASE)


def test_title_of_a_translation_is_taken_over_and_back(policy, indexed):
    english = policy.get_translations().live().first() or policy.copy_for_translation(
        policy.get_translations()
        .model.objects.get(pk=policy.pk)
        .locale.__class__.objects.get(language_code="en"),
        copy_parents=True,
    )
    called(english, "Zelumuxi measures")
    indexed()
    found = search(Question("Zelumuxi", literal=True))
    assert [hit.page.pk for hit in found.hits] == [policy.pk]
    assert agree()
    english.specific.unpublish()
    indexed()
    assert total("Zelumuxi") == 0
    assert agree()


# --- The command ----------------------------------------------------------------------------


def test_check_is_content_with_a_good_index():
    assert "0 missing, 0 out of date, 0 of nothing" in run("check")
    assert "repaired" not in run("repair")


def test_check_counts_what_differs_and_fails(policy, others):
    table = entries.index_entry().objects
    table.get(object_id=str(policy.pk), content_type__model="policypage").delete()
    title, _body = vocabulary.text_columns()
    table.filter(object_id=str(others[0].pk), content_type__model="policypage").update(
        **{title: "别的"}
    )
    break_row_of_a_page_that_is_gone(others[1])
    out = io.StringIO()
    with pytest.raises(CommandError, match="^differs from the database: database$") as raised:
        call_command("search_index", "check", stdout=out)
    assert raised.value.returncode == 1
    assert (
        f"database: {upkeep.count()} objects, 1 missing, 1 out of date, 1 of nothing"
        in out.getvalue()
    )


@pytest.mark.engine_free
def test_unknown_engine_and_action_are_refused():
    with pytest.raises(CommandError, match="invalid choice: 'solr'"):
        run("check", "--engine", "solr")
    with pytest.raises(CommandError, match="invalid choice: 'mend'"):
        run("mend")


@pytest.mark.engine_free
def test_elasticsearch_that_is_not_there_is_said_plainly():
    with (
        override_settings(
            WAGTAILSEARCH_BACKENDS={"default": {"BACKEND": "search.backends.database"}}
        ),
        pytest.raises(CommandError, match="ELASTICSEARCH_URL is not set"),
    ):
        run("check", "--engine", "elasticsearch")


NOBODY = {
    "default": {
        "BACKEND": "search.backends.elasticsearch",
        "URLS": ["http://127.0.0.1:9"],
        "AUTO_UPDATE": False,
    },
    "database": {"BACKEND": "search.backends.database"},
}


@pytest.mark.engine_free
@pytest.mark.parametrize("action", ["check", "repair", "rebuild"])
def test_elasticsearch_that_does_not_answer_is_one_sentence(action):
    # A check asks all engines, and gets that far; the others would first mend or make the database's index.
    only = [] if action == "check" else ["--engine", "elasticsearch"]
    with (
        override_settings(WAGTAILSEARCH_BACKENDS=NOBODY),
        pytest.raises(CommandError, match=r"^Elasticsearch failed: [^\n]{10,300}$"),
    ):
        run(action, *only)


def test_status_says_how_it_stands():
    said = run("status")
    for name in ("entries", "public", "analysis", "vocabulary", "configured", "up", "waiting"):
        assert f"\n{name}: " in f"\n{said}"


def test_words_makes_the_vocabulary(policy):
    from search.models import Term

    Term.objects.all().delete()
    called(policy, f"{WORD}办法")
    assert " words" in run("words")
    assert Term.objects.filter(text="招商").exists()


def test_tend_sends_what_waits_and_makes_an_old_vocabulary(policy):
    called(policy, f"{WORD}办法")
    IndexState.objects.update(lexicon_at=None)
    run("tend")
    assert IndexState.load().lexicon_at
    assert not PendingChange.objects.exists()
    assert total() == 1


# --- The tables -------------------------------------------------------------------------------


class Editor:
    """Runs statements in the test's own transaction: SQLite's schema editor wants none around it."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_fulltext_table_goes_back_to_wagtail_and_returns(policy):
    """What migration 0001 does with rows in the table, backwards and forwards."""
    called(policy, f"{WORD}办法")
    connection.check_constraints()  # PostgreSQL alters no table that has some to check
    fulltext.restore(apps, Editor())
    if connection.vendor == "sqlite":
        from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend

        # Wagtail's own backend finds what was there, and writes.
        stock = SQLiteSearchBackend({})
        assert [page.pk for page in stock.search("Shangdang", Page)]
        stock.add(policy)
    fulltext.create(apps, Editor())
    upkeep.rebuild(upkeep.DATABASE)
    assert not checking.check(upkeep.DATABASE)
    assert in_database() == [policy.pk]
