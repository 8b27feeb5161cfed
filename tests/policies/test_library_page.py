"""The library page: its facets, tabs, tree and years, the addresses it gives, and what it costs."""

import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from policies.models import PolicyPage
from policies.timeline import HEIGHT, LEAST, timeline
from search import facets
from search.presentation import Shown
from search.results import Choice, FacetShown, Question, Results
from tests.factories.clauses import make_clause, public_clause
from tests.policies.test_statute import LAW

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


def asked(url: str) -> dict:
    return parse_qs(urlsplit(url).query)


def context(client, address="/policies/", **parameters):
    return client.get(address, parameters).context


def text_of(client, address="/policies/", **parameters) -> str:
    return client.get(address, parameters).content.decode()


# --- Facets --------------------------------------------------------------------------------------


def test_the_side_column_has_the_facets_and_the_tabs_the_levels(client):
    groups = [group.name for group in context(client)["groups"]]
    assert groups == ["status", "subject", "issuer", "place", "year"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_each_number_is_that_of_the_narrowed_list(client, prefix):
    path = f"{prefix}/policies/"
    found = context(client, path, status="in_force")
    choices = [(g.name, g.choices[-1]) for g in found["groups"] if g.name != "status"]
    for name, choice in choices:
        narrowed = context(client, path, status="in_force", **{name: choice.code})
        assert narrowed["results"].total == choice.count > 0, (name, choice.code)


def test_subjects_are_a_tree_that_loses_no_policy(client):
    branches = context(client)["branches"]
    by_code = {branch.choice.code: branch for branch in branches}
    coal = next(one for one in by_code["resources"].below if one.code == "resources.coal")
    assert coal.label == "煤炭"
    above, below = (
        context(client, subject=code)["results"].total for code in ("resources", coal.code)
    )
    assert above == by_code["resources"].choice.count > below == coal.count > 0
    every = [branch.choice.code for branch in branches]
    assert context(client, subject=every)["results"].total == context(client)["results"].total


def test_a_subject_outside_the_list_stands_under_other(client, page_at):
    page = page_at("policies/coal-law")
    page.subject = "闻所未闻"
    page.save()
    slugs = {hit.page.slug for hit in context(client, subject="other")["results"].hits}
    assert "coal-law" in slugs


def test_the_subject_in_the_pages_own_words_is_still_an_address(client):
    found = context(client, topic="煤炭")
    assert found["results"].total > 0
    (chip,) = found["shown"].chips
    assert (chip.text, chip.url) == ("煤炭", "/policies/")
    assert 'name="topic" value="煤炭"' in text_of(client, topic="煤炭")


@pytest.mark.engine_free
def test_of_very_many_values_the_most_frequent_are_offered_and_the_chosen_one():
    number = facets.MOST_CHOICES + 20
    counts = {"issuer": {f"{n:03}": n for n in range(1, number + 1)}}
    (issuer,) = facets.shown(Question(filters={"issuer": ("001",)}), counts)
    codes = [choice.code for choice in issuer.choices]
    assert codes == [*(f"{n:03}" for n in range(number, 20, -1)), "001"]
    assert issuer.left == 19
    shown = Shown(Question(), Results("", "", facets=[issuer], total=number), "/")
    assert shown.groups[0].left == 19


# --- Tabs, switch, years --------------------------------------------------------------------------


@pytest.mark.engine_free
def test_a_tab_keeps_the_other_filters_and_begins_anew(client):
    found = context(client, status="in_force", level="city", page="2", q="企业")
    national = next(tab for tab in found["levels"] if tab["value"] == "nation")
    assert asked(national["url"]) == {"q": ["企业"], "level": ["nation"], "status": ["in_force"]}
    assert asked(found["every_level"]["url"]) == {"q": ["企业"], "status": ["in_force"]}
    assert found["every_level"]["count"] == sum(tab["count"] for tab in found["levels"])
    assert context(client, national["url"])["results"].total == national["count"]


@pytest.mark.engine_free
def test_the_switch_turns_on_and_off(client):
    off = context(client, level="nation")["in_force"]
    assert (off["on"], off["url"]) == (False, "/policies/?level=nation&status=in_force")
    turned = context(client, off["url"])
    assert turned["results"].total == off["count"]
    assert turned["in_force"] == {
        "on": True,
        "url": "/policies/?level=nation",
        "count": off["count"],
    }
    both = context(client, status=["in_force", "draft"])["in_force"]
    assert (both["on"], both["url"]) == (False, "/policies/?status=in_force")


@pytest.mark.engine_free
def test_the_years_lead_to_their_documents_and_back(client):
    years = context(client, level="nation")["years"]
    assert [year.year for year in years] == sorted({year.year for year in years}, reverse=True)
    year = years[1]
    there = context(client, year.url)
    assert there["results"].total == year.count
    assert {str(hit.page.search_date.year) for hit in there["results"].hits} == {year.year}
    (now,) = [one for one in there["years"] if one.current]
    assert (now.year, now.url) == (year.year, "/policies/?level=nation")
    # The others can still be chosen instead.
    assert len(there["years"]) == len(years)


@pytest.mark.engine_free
def test_bars_are_as_high_as_the_years_are_full():
    choices = [Choice("2024", "2024", 200), Choice("2023", "2023", 1), Choice("2019", "2019", 100)]
    results = Results("", "", facets=[FacetShown("year", "Year", choices)])
    years = timeline(Shown(Question(), results, "/policies/"))
    assert [(one.height, one.top) for one in years] == [
        (HEIGHT, 0),
        (LEAST, HEIGHT - LEAST),
        (HEIGHT // 2, HEIGHT // 2),
    ]
    assert [one.gap for one in years] == [False, False, True]
    assert years[1].url == "/policies/?year=2023"


@pytest.mark.engine_free
def test_one_year_alone_is_no_drawing():
    one = [FacetShown("year", "Year", [Choice("2024", "2024", 2)])]
    for filters in ({}, {"year": ("2024",)}):
        shown = Shown(Question(filters=filters), Results("", "", facets=one), "/")
        assert timeline(shown) == []


@pytest.mark.engine_free
def test_the_drawing_says_the_same_in_words(client):
    found = context(client)
    text = text_of(client)
    for year in found["years"]:
        assert f"{year.year} 年：{year.count} 件" in text
        assert f'href="{escape(year.url)}"' in text


# --- Order ----------------------------------------------------------------------------------------


def test_the_list_is_sorted_by_either_date_or_by_words(client, page_at):
    page = page_at("policies/coal-law")
    page.adopted_on, page.published_on = date(1990, 1, 1), date(2026, 11, 1)
    page.save()
    by_publication = context(client, sort="published")
    assert by_publication["results"].hits[0].page.slug == "coal-law"
    assert context(client)["results"].hits[0].page.slug != "coal-law"
    assert [(o.text, o.url) for o in by_publication["shown"].orders] == [
        ("按成文日期", "/policies/"),
        ("按发布日期", ""),
    ]
    with_words = context(client, q="煤炭", sort="published")
    assert with_words["results"].hits[0].page.slug == "coal-law"
    texts = [order.text for order in with_words["shown"].orders if order.url]
    assert texts == ["按相关程度排列", "按成文日期"]
    assert 'name="sort" value="published"' in text_of(client, sort="published")


# --- Addresses ------------------------------------------------------------------------------------


@pytest.mark.engine_free
def test_a_choice_has_one_address_however_it_was_asked(client):
    tidy = "/policies/?q=%E4%BC%81%E4%B8%9A&status=draft&status=in_force&year=2021&year=2023"
    untidy = (
        "/policies/?year=2023&status=in_force&q=+企业&year=2021&year=&status=draft&page=1&sort=&x=1"
    )
    for address in (tidy, untidy):
        found = context(client, address)
        assert found["kept"] == f"http://testserver{tidy}"
        assert found["address"] == tidy
    assert context(client, "/policies/?q=&in_force=1")["address"] == "/policies/?status=in_force"
    assert f'value="http://testserver{escape(tidy)}"' in text_of(client, tidy)


@pytest.mark.engine_free
def test_the_choice_is_taken_along_to_feed_and_title(client):
    text = text_of(client, level="nation", status="in_force", year="2021")
    parameters = escape("?level=nation&status=in_force&year=2021")
    assert f'href="{reverse("policies:feed")}{parameters}"' in text
    assert "国家 · 有效 · 2021" in text.split("</title>")[0]


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "name", ["matching:steps", "policy_clauses", "alerts:subscribe", "policies_export:xlsx"]
)
def test_ways_on_stand_there_as_far_as_they_exist(client, name):
    try:
        url = reverse(name)
    except NoReverseMatch:
        url = None
    text = text_of(client)
    assert (f'"{url}' in text) == bool(url)


# --- Results --------------------------------------------------------------------------------------


@pytest.mark.engine_free
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_document_says_how_many_clauses_it_has(client, page_at, prefix):
    page = page_at("policies/coal-law")
    for make in (public_clause, public_clause, make_clause):
        make(page)
    address = f"{prefix}/policies/"
    subject = {"subject": "resources"}
    found = {
        h.page.slug: h.page.clause_count for h in context(client, address, **subject)["shown"].hits
    }
    assert found["coal-law"] == 2
    assert set(found.values()) == {0, 2}
    assert "coal-law/#clauses" in text_of(client, address, **subject)


@pytest.mark.engine_free
def test_nothing_found_helps_on(client):
    text = text_of(client, level="park", year="2021", status="draft")
    for url in (
        "/policies/?level=park&year=2021",
        "/policies/?level=park&status=draft",
        "/policies/?level=park",
    ):
        assert f'href="{escape(url)}"' in text.split('class="nothing"')[1]


@pytest.mark.parametrize(
    "query",
    [
        "subject=%00",
        "place=" + "长" * 500,
        "year=99999999999999999999",
        "year=²",
        "level=%ED%A0%80",
        "sort=x&page=-1",
    ],
)
def test_odd_addresses_are_no_error(client, query):
    assert client.get(f"/policies/?{query}").status_code in (200, 400)


# --- What it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?level=nation&status=in_force&subject=resources",
        "?q=a",
        "?q=a&status=in_force",
        "?q=企业",
        "?q=法律&sort=published",
        "?page=2",
    ],
)
def test_the_library_needs_few_queries(client, prefix, query):
    address = f"{prefix}/policies/{query}"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    reads = [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
    assert len(reads) <= MOST_QUERIES, reads


def test_a_list_reads_no_texts(client):
    client.get("/policies/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/policies/?level=nation")
    reads = [one["sql"] for one in captured if '"policies_policypage"."body"' in one["sql"]]
    assert reads == []


# --- The page of a statute ------------------------------------------------------------------------


@pytest.fixture
def statute(page_at):
    page = page_at("policies/coal-law")
    lines = "".join(f"<p>{line}</p>" for line in LAW.strip().split("\n"))
    page.body = json.dumps([{"type": "text", "value": lines, "id": "0" * 8}])
    page.save()
    return page


@pytest.mark.engine_free
def test_a_statute_has_contents_and_addresses(client, statute):
    text = text_of(client, "/policies/coal-law/")
    assert 'href="#unit-2"' in text
    assert 'id="unit-2"' in text
    assert 'href="#article-6-1"' in text
    assert 'id="article-6-1"' in text
    assert "共 8 条" in text


def test_a_statute_needs_few_queries(client, statute):
    client.get("/policies/coal-law/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/policies/coal-law/")
    assert len(captured) <= MOST_QUERIES


@pytest.mark.engine_free
def test_other_documents_are_shown_as_before(client):
    response = client.get("/policies/advertising-law/")
    assert response.context["page"].statute is None
    assert 'class="contents' in response.content.decode()


def test_every_policy_of_the_seed_has_a_subject_in_the_list(db):
    # Those of the seed are chosen words: one that is in no list is a slip of the pen.
    from policies.subjects import OTHER, codes_of

    own = PolicyPage.objects.filter(is_sample=False)
    subjects = own.values_list("subject", flat=True).distinct()
    assert [text for text in subjects if codes_of(text) == [OTHER]] == []


def test_the_index_has_both_dates(page_at):
    from search.models import Entry

    page = page_at("policies/coal-law")
    page.published_on = date(2024, 5, 1)
    page.save()
    entry = Entry.objects.get(pk=page.pk)
    assert (entry.dated_on, entry.published_on) == (page.search_date, date(2024, 5, 1))
    call_command("search_index", "check", verbosity=0)
