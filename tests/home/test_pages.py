"""Every page of the site answers, in both languages, with few queries."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from base.visibility import visible
from search.entries import refresh_public

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def count_queries(client, address) -> int:
    client.get(address)  # warm: site roots, content types
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(queries)


def one_page_of_each_type() -> dict[str, Page]:
    found: dict[str, Page] = {}
    for page in visible(Page.objects.filter(depth__gt=1)).specific().order_by("path"):
        found.setdefault(f"{type(page).__name__} {page.locale.language_code}", page)
    return found


def test_every_page_answers_with_few_queries(client):
    pages = one_page_of_each_type()
    assert len({name.split()[0] for name in pages}) == 22
    counts = {name: count_queries(client, page.url) for name, page in pages.items()}
    assert {name: n for name, n in counts.items() if n > MOST_QUERIES} == {}


# The search counts by the types of its results: tests/search/test_page.py.
@pytest.mark.parametrize("address", ["/search/", "/sitemap/", "/feeds/policies.atom"])
def test_other_views_answer_with_few_queries(client, address):
    assert count_queries(client, address) <= MOST_QUERIES


@pytest.mark.engine_free
def test_every_public_address_answers(client):
    for page in visible(Page.objects.filter(depth__gt=1)):
        assert client.get(page.url).status_code == 200, page.url


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("index", "child"),
    [
        ("culture", "culture/yincheng"),
        ("products", "products/yincheng-iron"),
        ("invest/industries", "invest/industries/coal"),
        ("invest/parks", "invest/parks"),
        ("invest/sites", "invest/sites"),
        ("policies", "policies/company-law"),
        ("enclaves", "enclaves/shenzhen"),
        ("events", "events"),
    ],
)
def test_a_list_of_twelve_costs_as_many_queries_as_a_list_of_one(client, page_at, index, child):
    parent = page_at(index)
    children = Page.objects.child_of(parent).live()
    pattern = page_at(child) if child != index else children.first().specific
    others = list(children.exclude(pk=pattern.pk).values_list("pk", flat=True))
    # As a draft is to a reader: gone. To delete and copy pages would cost ten times as much.
    Page.objects.filter(pk__in=others).update(live=False)
    refresh_public(others)
    cache.clear()
    few = count_queries(client, parent.url)
    Page.objects.filter(pk__in=others).update(live=True)
    refresh_public(others)
    for number in range(11 - len(others)):
        pattern.copy(
            to=Page.objects.get(pk=parent.pk),
            update_attrs={"slug": f"copy-{number}", "title": f"第{number}页"},
            keep_live=True,
            copy_revisions=False,
        )
    cache.clear()
    assert count_queries(client, parent.url) <= few + 1  # one: the paginator's count may appear


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("model", "parents"),
    [
        ("home.CulturePage", {"CultureIndexPage"}),
        ("products.ProductPage", {"ProductIndexPage"}),
        ("policies.PolicyPage", {"PolicyIndexPage"}),
        ("investment.IndustryPage", {"IndustryIndexPage"}),
        ("investment.ParkPage", {"ParkIndexPage"}),
        ("investment.SitePage", {"SiteIndexPage"}),
        ("enclaves.EnclavePage", {"EnclaveIndexPage"}),
        ("events.EventPage", {"EventIndexPage"}),
        ("home.StandardPage", {"HomePage", "StandardPage", "GuidePage"}),
    ],
)
def test_a_page_type_stands_only_where_it_belongs(model, parents):
    from django.apps import apps

    allowed = {parent.__name__ for parent in apps.get_model(model).allowed_parent_page_models()}
    assert allowed == parents
