"""The first version of the search page."""

import pytest

from search.views import MAX_LENGTH, find_pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("荫城", "/culture/yincheng/"),
        ("竞争 审查", "/policies/fair-competition-review-regulations/"),
    ],
)
def test_words_are_found_inside_chinese_sentences(client, query, path):
    assert path in client.get("/search/", {"q": query}).content.decode()


def test_each_language_is_searched_on_its_own(client):
    text = client.get("/en/search/", {"q": "Yincheng"}).content.decode()
    assert "/en/culture/yincheng/" in text
    assert 'href="/culture/yincheng/"' not in text.split("<main", 1)[1].split("</main>")[0]


def test_nothing_found_is_said(client):
    response = client.get("/search/", {"q": "氢能船舶"})
    assert response.context["results"].paginator.count == 0
    assert "氢能船舶" in response.content.decode()


def test_a_long_question_is_cut(client):
    assert len(client.get("/search/", {"q": "长" * 10_000}).context["query"]) == MAX_LENGTH


def test_home_pages_and_drafts_are_not_results(page_at):
    page = page_at("culture/yincheng")
    assert page.page_ptr in list(find_pages("荫城镇"))
    page.unpublish()
    assert page.page_ptr not in list(find_pages("荫城镇"))
