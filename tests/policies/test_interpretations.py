"""Interpretations (解读) and documents lead to each other."""

import pytest

from policies.models import InterpretationDocument, InterpretationIndexPage, InterpretationPage
from search.api import search
from search.results import Question

pytestmark = pytest.mark.django_db
PATH = "policies/interpretations/fair-competition-questions"


def test_document_and_interpretation_link_each_other_in_both_languages(client):
    for prefix, title in (("", "三问公平竞争审查"), ("/en", "Three questions")):
        regulations = f"{prefix}/policies/fair-competition-review-regulations/"
        text = client.get(f"{prefix}/{PATH}/").content.decode()
        assert f'<a href="{regulations}">' in text.split("page__cols")[0]
        text = client.get(regulations).content.decode()
        assert f'<a href="{prefix}/{PATH}/">{title}' in text


def test_an_interpretation_may_explain_several_documents(client, page_at):
    page, coal = page_at(PATH), page_at("policies/coal-law")
    page.further_documents.add(InterpretationDocument(policy=coal))
    page.save_revision().publish()
    assert [one.pk for one in coal.family.interpretations] == [page.pk]
    assert [one.pk for one in page_at("policies/energy-law").family.interpretations] == []
    assert [one.pk for one in page.documents()] == [page.document_id, coal.pk]


def test_the_column_says_what_it_is(client):
    text = client.get("/policies/interpretations/").content.decode()
    assert '<meta name="ColumnType" content="政策解读">' in text
    assert "三问公平竞争审查" in text


def test_the_library_leads_to_the_column_while_it_is_public(client, page_at):
    for prefix in ("", "/en"):
        text = client.get(f"{prefix}/policies/").content.decode()
        assert f'<a href="{prefix}/policies/interpretations/">' in text.split("data-results")[0]
    page_at("policies/interpretations").unpublish()
    assert "/interpretations/" not in client.get("/policies/").content.decode()


def test_an_interpretation_without_document_is_not_published(page_at):
    page = page_at(PATH)
    page.document = None
    assert [problem.field for problem in page.publish_problems()] == ["document"]


def test_places_in_the_tree():
    assert InterpretationPage.allowed_parent_page_models() == [InterpretationIndexPage]
    assert InterpretationIndexPage.allowed_subpage_models() == [InterpretationPage]


def test_the_search_knows_the_kind():
    hits = search(Question("三问公平竞争审查", kinds=("interpretation",))).hits
    assert [(hit.page.slug, hit.kind_label) for hit in hits] == [
        ("fair-competition-questions", "政策解读文章")
    ]
