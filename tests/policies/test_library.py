"""The policy library and its documents."""

from datetime import date

import pytest

from policies.models import PolicyPage, Validity

pytestmark = pytest.mark.django_db


def test_at_least_twenty_statutes_in_both_languages():
    for code in ("zh-hans", "en"):
        assert (
            PolicyPage.objects.live().filter(level="nation", locale__language_code=code).count()
            >= 20
        )


def test_the_districts_plan_is_a_draft_and_says_so(client):
    for prefix, word in (("", "征求意见稿"), ("/en", "Draft for comment")):
        text = client.get(f"{prefix}/policies/shangdang-enclave-plan-draft/").content.decode()
        assert word in text
    plan = PolicyPage.objects.get(
        slug="shangdang-enclave-plan-draft", locale__language_code="zh-hans"
    )
    assert plan.validity == Validity.DRAFT
    assert plan.adopted_on == date(2023, 7, 17)
    assert len(plan.contents) >= 7


def test_the_four_levels_of_the_plan_are_tabs(client):
    levels = client.get("/policies/").context["levels"]
    assert [level["value"] for level in levels] == ["nation", "city", "district", "park"]


def test_the_province_is_a_tab_once_it_has_a_policy(client, page_at):
    page = page_at("policies/coal-law")
    page.level = "province"
    page.save()
    levels = client.get("/policies/").context["levels"]
    assert "province" in [level["value"] for level in levels]


def test_levels_filters_and_pages_agree_with_the_counts(client):
    response = client.get("/policies/", {"level": "nation", "in_force": "1"})
    count = next(level["count"] for level in response.context["levels"] if level["current"])
    assert response.context["results"].total == count
    assert {hit.status for hit in response.context["results"].hits} == {"in_force"}
    second = client.get("/policies/", {"level": "nation", "in_force": "1", "page": "2"})
    first_titles = {hit.page.title for hit in response.context["results"].hits}
    assert first_titles.isdisjoint(hit.page.title for hit in second.context["results"].hits)
    assert "level=nation" in second.content.decode()


def test_in_force_is_short_for_the_status(client):
    short = client.get("/policies/", {"in_force": "1"}).context
    long = client.get("/policies/", {"status": "in_force"}).context
    assert short["results"].total == long["results"].total > 0
    (chip,) = short["shown"].chips
    assert (chip.text, chip.url) == ("有效", "/policies/")


def test_without_words_the_newest_stand_first(client):
    results = client.get("/policies/").context["results"]
    assert (
        results.total == PolicyPage.objects.live().filter(locale__language_code="zh-hans").count()
    )
    days = [hit.page.search_date for hit in results.hits]
    assert days == sorted(days, reverse=True)


def test_the_form_of_words_and_filters_keeps_the_level(client):
    text = client.get("/policies/", {"level": "nation"}).content.decode()
    assert '<input type="hidden" form="finder" name="level" value="nation">' in text


def test_unknown_levels_are_ignored(client):
    context = client.get("/policies/", {"level": ["moon", "nation"], "kind": "event"}).context
    assert context["level"] == "nation"
    assert context["results"].total > 20


def test_words_are_found_inside_chinese_sentences(client):
    titles = [
        hit.page.title
        for hit in client.get("/policies/", {"q": "公平竞争"}).context["results"].hits
    ]
    assert "公平竞争审查条例" in titles
    assert client.get("/policies/", {"q": "qzxjvw"}).context["results"].total == 0


def test_only_policies_are_found(client):
    hits = client.get("/policies/", {"q": "上党"}).context["results"].hits
    assert {hit.kind for hit in hits} == {"policy"}


def test_a_document_past_its_end_is_shown_as_void(client, page_at):
    PolicyPage.objects.filter(pk=page_at("policies/coal-law").pk).update(
        in_force_until=date(2020, 1, 1)
    )
    text = client.get("/policies/coal-law/").content.decode()
    assert "tag--void" in text
    assert "失效" in text


def test_silence_of_the_document_is_shown_as_silence(page_at):
    pairs = {str(label): value for label, value in page_at("policies/coal-law").metadata}
    assert pairs["索引号"] == ""
    assert pairs["层级"] == "国家"


def test_a_policy_without_issuer_or_date_is_not_published(page_at):
    page = page_at("policies/coal-law")
    page.issuing_body, page.adopted_on, page.in_force_from, page.published_on = "", None, None, None
    assert [p.field for p in page.publish_problems()] == ["issuing_body", "adopted_on"]
    page = page_at("policies/coal-law")
    page.in_force_from, page.in_force_until = date(2026, 2, 1), date(2026, 1, 1)
    assert [p.field for p in page.publish_problems()] == ["in_force_until"]


@pytest.mark.parametrize(
    ("validity", "tone"),
    [("in_force", "force"), ("draft", "draft"), ("abolished", "void"), ("void", "void")],
)
def test_tone_of_validity(validity, tone):
    assert PolicyPage(validity=validity).validity_tone == tone
