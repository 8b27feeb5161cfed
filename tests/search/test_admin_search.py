"""Wagtail's own lists, choosers and querysets: the same answers on every engine."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL, And, Not, Or, Phrase, PlainText

from search import health

pytestmark = pytest.mark.django_db

WORD = "泽鹿木樨"  # in no page of the seed


@pytest.fixture
def policy(page_at, indexed):
    page = page_at("policies").get_children().live().order_by("pk").first().specific
    page.title = f"关于{WORD}科创飞地的招商引资办法"
    page.slug = "zelu"
    page.save_revision().publish()
    indexed()
    return page


def chinese() -> PageQuerySet:
    return Page.objects.filter(locale=Locale.objects.get(language_code="zh-hans"))


def found(query, **options) -> set[int]:
    return {page.pk for page in chinese().search(query, **options)}


def completed(text) -> set[int]:
    return {page.pk for page in chinese().autocomplete(text)}


def test_words_inside_a_sentence_are_found(policy, subtests):
    for query in (WORD, "木樨", "招商 木樨", "木樨 飞地", "“木樨”", "木樨。", "招商引資 木樨"):
        with subtests.test(query):
            assert policy.pk in found(query)
            assert policy.pk in found(query, fields=["title"])


def test_all_words_must_be_there(policy, subtests):
    for query in ("木樨 火箭", "樨木", "zzzz"):
        with subtests.test(query):
            assert found(query) == set()


def test_two_characters_of_chinese_are_found_in_many_pages(policy):
    results = found("招商")
    with_it = {page.pk for page in chinese() if "招商" in page.title}
    assert with_it <= results
    assert 1 < len(with_it) < len(results) < chinese().count()


def test_any_of_the_words_is_enough_where_that_is_asked(policy):
    either = found("木樨 担保", operator="or")
    assert either == found("木樨") | found("担保")
    assert found("木樨 担保") == found("木樨") & found("担保")


def test_queries_are_put_together(policy):
    one, other = PlainText("木樨"), PlainText("招商")
    assert found(And([one, other])) == {policy.pk}
    assert found(Or([one, other])) == found("招商") | {policy.pk}
    assert found(And([other, Not(one)])) == found("招商") - {policy.pk}
    assert found(Phrase("木樨")) == {policy.pk}
    assert len(found(MATCH_ALL)) == chinese().count()


def test_title_comes_before_text(policy):
    if connection.vendor == "sqlite" and not health.configured():
        pytest.skip("SQLite keeps no positions to count by: the newest come first")
    results = [page.title for page in chinese().search("招商")]
    marks = ["招商" in title for title in results]
    assert marks[0], results[:5]


def test_title_alone_is_looked_at(policy):
    titles = found("招商", fields=["title"])
    assert policy.pk in titles
    assert titles < found("招商")


def test_what_is_typed_is_completed(policy, subtests):
    for text in ("招", "泽鹿", WORD, "zelu", "zelumuxi", "zlmx", "muxi", "ke"):
        with subtests.test(text):
            assert policy.pk in completed(text)


def test_nothing_is_completed_by_other_sounds(policy):
    assert policy.pk not in completed("beijing")
    assert completed("zzzz") == set()


def test_filters_of_a_list_hold(policy, page_at):
    listing = page_at("policies")
    below = chinese().descendant_of(listing)
    assert {page.pk for page in below.search("木樨")} == {policy.pk}
    assert (
        not Page.objects.exclude(pk=policy.pk).filter(locale=policy.locale).search("木樨").count()
    )
    assert not chinese().filter(live=False).search("木樨").count()
    assert chinese().filter(live=True, title__startswith="关于").search("木樨").count() == 1
    assert type(policy).objects.filter(locale=policy.locale).search("木樨")[0] == policy
    english = Page.objects.filter(locale__in=Locale.objects.exclude(pk=policy.locale_id))
    assert not {page.locale_id for page in english.search("Shangdang")} & {policy.locale_id}


def test_lists_are_ordered_and_cut(policy):
    everything = list(chinese().order_by("title").search("招商", order_by_relevance=False))
    titles = [page.title for page in everything]
    assert titles == [
        page.title for page in chinese().filter(pk__in=found("招商")).order_by("title")
    ]
    results = chinese().order_by("title").search("招商", order_by_relevance=False)
    assert list(results[2:5]) == everything[2:5]
    assert results.count() == len(everything)


def test_facets_count_all_values(policy):
    counts = Page.objects.all().search(MATCH_ALL).facet("content_type_id")
    assert sum(counts.values()) == Page.objects.count()
    assert len(counts) > 10
    locales = Page.objects.all().search("招商").facet("locale_id")
    assert locales[policy.locale_id] == chinese().search("招商").count()


ODD = [
    "",
    " ",
    "。",
    "!!!???",
    '"',
    "'",
    '"招商',
    "招商 AND OR NOT",
    "NEAR(招商, 5)",
    "title:招商",
    "招商*",
    "* ^ ~ ( ) { } [ ] : \\ / & | < > -",
    "'; DROP TABLE wagtailcore_page; --",
    "招\x00商",
    "\x00",
    "😀",
    "招商😀",
    "\ud800招商",
    "\udfff",
    "招" * 10_000,
    "word " * 2_000,
    "a",
    "的",
    "\u200b",
    "\ufeff招商",
    "%",
    "_",
    "zz:*",
]


@pytest.mark.parametrize("query", ODD, ids=lambda query: ascii(query[:20]))
def test_odd_queries_are_answered(query):
    for operator in ("and", "or"):
        list(chinese().search(query, operator=operator)[:20])
        chinese().search(query, operator=operator).count()
    list(chinese().autocomplete(query)[:20])
    list(chinese().search(query, fields=["title"])[:20])


# The admin's lists ask the engine as the test before does. One of them with its frame, where the query is
# said again; the frame is the same around the others.
@pytest.mark.engine_free
def test_odd_queries_of_the_admin_are_no_errors(admin, subtests):
    for query in ODD:
        for name in (
            "wagtailadmin_pages:search",
            "wagtaildocs:index_results",
            "wagtailimages:index_results",
        ):
            with subtests.test(ascii(query[:20]), name=name):
                response = admin.get(reverse(name), {"q": query.encode("utf-8", "surrogatepass")})
                assert response.status_code < 500


# --- Pages of the admin ---------------------------------------------------------------------------


@pytest.fixture
def admin(client, make_user, indexed):
    user = make_user(username="chief", is_superuser=True)
    client.force_login(user)
    return client


def test_pages_are_found_in_the_admin(admin, policy, subtests):
    for address, more in [
        (reverse("wagtailadmin_pages:search"), {}),
        (reverse("wagtailadmin_pages:search_results"), {}),
        (reverse("wagtailadmin_explore", args=[policy.get_parent().pk]), {}),
        (reverse("wagtailadmin_choose_page_search"), {}),
        (
            reverse("wagtailadmin_choose_page_search"),
            {"page_type": "policies.policypage"},
        ),
    ]:
        for query in ("木樨", "招商 木樨", "zelumuxi"):
            with subtests.test(address, query=query):
                response = admin.get(address, {"q": query, **more})
                assert response.status_code == 200
                assert f"关于{WORD}科创飞地的招商引资办法" in response.content.decode()


def test_moved_page_is_found_in_its_new_place(admin, policy, home, indexed):
    policy.move(home, pos="last-child")
    indexed()
    assert {page.pk for page in chinese().descendant_of(home).search("木樨")} == {policy.pk}
    assert (
        not Page.objects.get(slug="policies", locale=policy.locale).get_descendants().search("木樨")
    )


def test_pictures_are_found(admin, indexed):
    data = io.BytesIO()
    Picture.new("RGB", (8, 8)).save(data, "PNG")
    file = ImageFile(io.BytesIO(data.getvalue()), name="a.png")
    picture = get_image_model().objects.create(title=f"{WORD}工地照片", file=file)
    picture.tags.add("木桥")
    picture.save()
    indexed()
    for name in ("wagtailimages:index", "wagtailimages:index_results"):
        assert WORD in admin.get(reverse(name), {"q": "木樨"}).content.decode()
    for query in ("木樨", "zelu", "木桥"):
        response = admin.get(reverse("wagtailimages_chooser:choose_results"), {"q": query})
        assert WORD in response.content.decode(), query
    collection = admin.get(
        reverse("wagtailimages:index"), {"q": "木樨", "collection_id": picture.collection_id}
    )
    assert WORD in collection.content.decode()


def test_documents_are_found(admin, indexed):
    document = get_document_model()(title=f"{WORD}申报表")
    document.file.save("form.txt", ContentFile(b"text"))
    document.save()
    indexed()
    for name in ("wagtaildocs:index", "wagtaildocs_chooser:choose_results"):
        assert WORD in admin.get(reverse(name), {"q": "木樨"}).content.decode(), name
    document.delete()
    indexed()
    assert WORD not in admin.get(reverse("wagtaildocs:index"), {"q": "木樨"}).content.decode()


def test_the_backend_is_that_of_the_settings():
    assert hasattr(get_search_backend(), "database") == health.configured()
