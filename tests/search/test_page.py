"""The search page, its address, and suggestions while typing."""

import json
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from search import health
from search.addresses import address, question_from
from search.results import MAX_LENGTH, MAX_PAGES, Question
from tests.search.odd import ODD

pytestmark = pytest.mark.django_db
PREFIXES = ["", "/en"]


def main_of(response) -> str:
    """The page without its frame, as a reader reads it."""
    return unescape(response.content.decode().split("<main", 1)[1].split("</main>")[0])


# --- The page ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("荫城", "/culture/yincheng/"),
        ("竞争 审查", "/policies/fair-competition-review-regulations/"),
    ],
)
def test_words_are_found_inside_chinese_sentences(client, query, path):
    assert f'href="{path}"' in main_of(client.get("/search/", {"q": query}))


def test_each_language_is_searched_on_its_own(client):
    text = main_of(client.get("/en/search/", {"q": "Yincheng"}))
    assert 'href="/en/culture/yincheng/"' in text
    assert 'href="/culture/yincheng/"' not in text


def test_nothing_found_is_said_with_ways_on(client):
    response = client.get("/search/", {"q": "qzxjvw"})
    assert response.context["shown"].results.total == 0
    text = main_of(response)
    assert "qzxjvw" in text
    assert f'href="{reverse("sitemap_html")}"' in text
    assert 'role="status"' in text


# The engines are asked the same in test_answers: here it is about the pages around the answer.
@pytest.mark.engine_free
@pytest.mark.parametrize("query", ODD, ids=lambda query: ascii(query[:24]))
def test_odd_words_get_an_answer(client, query):
    typed = query.encode("utf-8", "replace").decode()
    # One view and one template in both languages: each reads every other of the words.
    page = f"{PREFIXES[ODD.index(query) % 2]}/search/"
    for path in (page, "/search/suggest/", "/policies/"):
        response = client.get(path, {"q": typed})
        if "\0" in query:  # refused before it comes to any page
            assert response.status_code == 400
            continue
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()
        if path.endswith("/search/"):
            assert "<h1>" in main_of(response)
            if question_from(response.wsgi_request).query:
                assert 'role="status"' in main_of(response)


@pytest.mark.engine_free
@pytest.mark.parametrize("query", ["%00", "a%00b", "%ED%A0%80"])
def test_characters_that_nobody_can_type_are_no_error_of_ours(client, query):
    for path in ("/search/", "/search/suggest/", "/en/search/"):
        assert client.get(f"{path}?q={query}").status_code in (200, 400)


@pytest.mark.engine_free
@pytest.mark.parametrize("prefix", PREFIXES)
def test_without_words_the_sections_are_shown(client, prefix):
    response = client.get(f"{prefix}/search/")
    assert response.context["shown"] is None
    assert f'href="{prefix}/policies/"' in main_of(response)


@pytest.mark.engine_free
def test_a_long_question_is_cut_and_says_so(client):
    response = client.get("/search/", {"q": "长" * 10_000})
    assert response.context["query"] == "长" * MAX_LENGTH
    assert "finder-hint" in main_of(response)
    assert "finder-hint" not in main_of(client.get("/search/", {"q": "长" * MAX_LENGTH}))


def test_filters_narrow_to_their_counts_and_can_be_taken_away(client):
    response = client.get("/search/", {"q": "企业"})
    shown = response.context["shown"]
    (kinds,) = [facet for facet in shown.results.facets if facet.name == "kind"]
    policies = next(choice for choice in kinds.choices if choice.code == "policy")
    assert 0 < policies.count < shown.results.total
    assert policies.label == "政策"
    narrowed = client.get("/search/", {"q": "企业", "kind": "policy"})
    assert narrowed.context["shown"].results.total == policies.count
    (chip,) = narrowed.context["shown"].chips
    assert (chip.text, chip.url) == ("政策", address(Question(query="企业"), "/search/"))
    assert client.get(chip.url).context["shown"].results.total == shown.results.total


def test_filters_alone_list_what_fits(client):
    response = client.get("/search/", {"kind": ["event", "site"]})
    assert {hit.kind for hit in response.context["shown"].hits} == {"event", "site"}


def test_pages_and_order_keep_the_question(client):
    response = client.get("/search/", {"q": "企业", "kind": "policy", "sort": "date", "page": "2"})
    shown = response.context["shown"]
    assert shown.results.page == 2
    days = [hit.dated_on for hit in shown.hits]
    assert days == sorted(days, reverse=True)
    text = main_of(response)
    assert 'rel="prev"' in text
    assert "kind=policy" in text.split('rel="prev"')[0].rsplit("<a", 1)[1]
    assert 'name="sort" value="date"' in text


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_page_needs_few_queries(client, prefix):
    addresses = [
        f"{prefix}/search/?q=a",
        f"{prefix}/search/?q=企业",
        f"{prefix}/search/?kind=policy",
    ]
    for path in [*addresses, f"{prefix}/policies/", f"{prefix}/policies/?q=a&status=in_force"]:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        reads = [query["sql"] for query in captured if query["sql"].startswith("SELECT")]
        # Pages of different types are one query a type, however many there are of each.
        shown = response.context.get("shown")
        types = {type(hit.page) for hit in shown.hits} if shown else set()
        # Whether Elasticsearch is there, and what it has yet to hear of.
        more = 4 if health.configured() else 0
        assert len(reads) <= 18 + more + max(len(types) - 1, 0), [path, *reads]


# --- The address -----------------------------------------------------------------------------


def asked(rf, query: str) -> Question:
    return question_from(rf.get(f"/search/?{query}"))


@pytest.mark.engine_free
def test_an_address_is_read_leniently(rf):
    question = asked(
        rf, "q=%20招%00商%20&kind=policy&kind=site&kind=policy&kind=&colour=red&sort=up"
    )
    assert question == Question(
        query="招 商", locale="zh-hans", filters={"kind": ("policy", "site")}
    )
    assert asked(rf, "level=" + "x" * 5000).filters["level"] == ("x" * 200,)
    assert len(asked(rf, "&".join(f"year={n}" for n in range(1000))).filters["year"]) == 40
    assert asked(rf, "literal=1&sort=date&page=3") == Question(
        locale="zh-hans", sort="date", page=3, literal=True
    )


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("page", "number"),
    [("", 1), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("٣", 3), ("1e9", 1), ("9" * 5, MAX_PAGES)],
)
def test_a_bad_page_is_the_first_or_the_last(rf, client, page, number):
    assert asked(rf, f"page={page}").page == number
    assert client.get("/search/", {"q": "企业", "page": page}).status_code == 200


@pytest.mark.engine_free
def test_an_address_comes_back_as_the_same_question(rf):
    question = Question(
        query="营商 环境&?#",
        locale="zh-hans",
        filters={"kind": ("policy",), "issuer": ("a&b", "国务院")},
        sort="date",
        page=4,
        literal=True,
    )
    path = address(question, "/search/", page=question.page)
    assert question_from(rf.get(path)) == question
    assert "page=" not in address(question, "/search/", sort="relevance")
    assert address(Question(), "/search/") == "/search/"


# --- Suggestions -------------------------------------------------------------------------------


def test_suggestions_come_as_json_in_the_language_of_the_address(client):
    response = client.get("/search/suggest/", {"q": "荫城"})
    assert set(response["Cache-Control"].split(", ")) == {"private", "max-age=60"}
    answer = json.loads(response.content)
    assert 0 < len(answer["suggestions"]) <= 8
    assert answer["said"]
    assert set(answer["suggestions"][0]) == {"text", "kind", "url", "note"}
    assert all(s["url"].startswith("/") for s in answer["suggestions"])
    english = client.get("/en/search/suggest/", {"q": "Yincheng"}).json()["suggestions"]
    assert english
    assert all(s["url"].startswith("/en/") for s in english)


def test_no_words_no_suggestions(client):
    for query in ("", "   ", "qzxjvw"):
        assert client.get("/search/suggest/", {"q": query}).json() == {
            "suggestions": [],
            "said": "",
        }


def test_drafts_are_not_suggested(client, page_at):
    page = page_at("culture/yincheng")
    page.unpublish()
    answer = client.get("/search/suggest/", {"q": "荫城"}).json()
    assert page.title not in [suggestion["text"] for suggestion in answer["suggestions"]]
