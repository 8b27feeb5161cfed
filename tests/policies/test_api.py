"""The read-only API: what it says, how it is paged, and that nothing makes it fail."""

import json
from datetime import date, timedelta

import jsonschema_rs
import pytest
import schemathesis
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from policies.api.openapi import description
from policies.models import ClauseTranslation, PolicyPage
from tests.factories.clauses import make_clause, public_clause, seal
from tests.policies.relating import publish_relation

pytestmark = pytest.mark.django_db
API = "/api/policies/"


@pytest.fixture(autouse=True)
def _no_limit(settings):
    settings.API_REQUESTS_PER_MINUTE = 0
    cache.clear()


def get(client, path=API, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status, response.content
    return response.json()


def walk(client, **query) -> list[dict]:
    """All results, page by page."""
    answer = get(client, **query)
    found = answer["results"]
    while answer["next"]:
        answer = client.get(answer["next"]).json()
        found += answer["results"]
    return found


@pytest.mark.parametrize(
    "query",
    [{}, {"level": "nation"}, {"in_force": "1", "year": "2021"}, {"q": "公平竞争"}, {"q": "公平竞争", "sort": "date"}],
)  # fmt: skip
def test_it_finds_what_the_page_finds_in_the_same_order(client, query):
    page = client.get("/policies/", query).context["results"]
    found = walk(client, limit=7, **query)
    titles = [policy["title"] for policy in found]
    assert len(titles) == len(set(titles)) == get(client, **query)["count"] == page.total > 0
    assert titles[: len(page.hits)] == [hit.page.title for hit in page.hits]


@pytest.mark.parametrize("name", ["level", "status", "subject", "topic", "issuer", "place", "year"])
def test_it_has_every_filter_of_the_page(client, name):
    parameters = description("")["paths"][API]["get"]["parameters"]
    assert name in {parameter["name"] for parameter in parameters}
    groups = {facet.name: facet for facet in client.get("/policies/").context["results"].facets}
    for choice in groups[name].choices[:2]:
        answer = client.get(API, {name: choice.code})
        assert answer.json()["count"] == choice.count > 0


def test_relations_are_said_from_both_sides_and_only_of_public_documents(client, page_at):
    energy, coal = page_at("policies/energy-law"), page_at("policies/coal-law")
    publish_relation(energy, coal, "abolishes", date(2024, 8, 1), note="第九十条")

    def relation(page, other) -> dict:
        found = get(client, f"{API}{page.translation_key}/")["relations"]
        return next(each for each in found if each["policy"] == str(other.translation_key))

    there, back = relation(energy, coal), relation(coal, energy)
    assert (there["kind"], there["direction"]) == ("abolishes", "to")
    assert (back["kind"], back["direction"]) == ("abolishes", "from")
    assert there["effective_on"] == back["effective_on"] == "2024-08-01"
    assert (back["title"], back["proposed"]) == (energy.title, False)
    energy.unpublish()
    keys = [r["policy"] for r in get(client, f"{API}{coal.translation_key}/")["relations"]]
    assert str(energy.translation_key) not in keys


def test_what_is_a_draft_or_still_to_begin_does_not_hold(client, page_at):
    plan, law = page_at("policies/shangdang-enclave-plan-draft"), page_at("policies/coal-law")
    assert get(client, f"{API}{law.translation_key}/")["in_force"]
    assert not get(client, f"{API}{plan.translation_key}/")["in_force"]
    law.in_force_from = timezone.localdate() + timedelta(3)
    law.save_revision().publish()
    assert not get(client, f"{API}{law.translation_key}/")["in_force"]
    assert client.get(API, {"status": "not_yet"}).json()["count"] == 1


def test_a_page_does_not_shift_when_something_is_added(client, page_at):
    expected = [policy["id"] for policy in walk(client, limit=5)]
    first = get(client, limit=5)
    page_at("policies").add_child(
        instance=PolicyPage(title="泽鹿木樨", level="city", adopted_on="2030-01-01")
    )
    second = client.get(first["next"]).json()
    assert [policy["id"] for policy in first["results"] + second["results"]] == expected[:10]
    assert second["count"] == len(expected) + 1


def test_one_policy_has_its_text_and_clauses(client, page_at):
    page = page_at("policies/coal-law")
    public_clause(page, title="示例条款")
    make_clause(page, title="草稿条款")
    answer = get(client, f"{API}{page.translation_key}/")
    assert answer["title"] == page.title
    assert answer["level"] == {"code": "nation", "label": "国家"}
    assert answer["body"]
    assert [clause["title"] for clause in answer["clauses"]] == ["示例条款"]
    assert get(client, f"{API}clauses/", policy=str(page.translation_key))["count"] == 1
    english = get(client, f"/en{API}{page.translation_key}/")
    assert english["level"]["label"] == "National"
    assert english == get(client, f"{API}{page.translation_key}/", lang="en") | {
        "api_url": english["api_url"]
    }


def test_a_clause_speaks_as_on_the_page(client, page_at):
    page = page_at("policies/coal-law")
    clause = make_clause(page, title="示例条款")
    # A title alone does not say who gets what: readers are shown the Chinese words.
    ClauseTranslation.objects.create(clause=clause, language="en", title="A sample")
    seal([clause])
    (found,) = get(client, f"/en{API}clauses/", policy=str(page.translation_key))["results"]
    assert found["title"] == "示例条款"


def test_drafts_and_private_policies_are_nowhere(client, page_at):
    from wagtail.models import PageViewRestriction

    draft, private = page_at("policies/coal-law"), page_at("policies/company-law")
    for page in (draft, private):
        public_clause(page, title="示例条款")
    draft.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    titles = {policy["title"] for policy in walk(client, limit=100)}
    assert not titles & {draft.title, private.title}
    for page in (draft, private):
        get(client, f"{API}{page.translation_key}/", status=404)
        assert get(client, f"{API}clauses/", policy=str(page.translation_key))["count"] == 0


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"level": "moon"}, "level"),
        ({"status": "perhaps"}, "status"),
        ({"year": "20x3"}, "year"),
        ({"limit": "0"}, "limit"),
        ({"limit": "９"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"sort": "size"}, "sort"),
        ({"in_force": "2"}, "in_force"),
        ({"q": "x" * 101}, "q"),
        ({"cursor": "made-up"}, "cursor"),
        ({"cursor": "长" * 400}, "cursor"),
        ({"lang": "fr"}, "lang"),
        ({"lang": ["zh-hans", "en"]}, "lang"),
    ],
)
def test_what_makes_no_sense_is_named(client, query, wrong):
    response = client.get(API, query)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert list(response.json()["errors"]) == [wrong]


def test_a_cursor_is_good_for_its_own_question_only(client):
    cursor = get(client, limit=5)["next"].partition("cursor=")[2]
    get(client, cursor=cursor.partition("&")[0], level="nation", status=400)


def test_an_answer_that_is_known_is_not_sent_again(client, page_at):
    page = page_at("policies/coal-law")
    for path in (API, f"{API}{page.translation_key}/", "/api/openapi.json"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*"
    day = client.get(f"{API}{page.translation_key}/")["Last-Modified"]
    again = client.get(f"{API}{page.translation_key}/", headers={"If-Modified-Since": day})
    assert again.status_code == 304


def test_other_sites_may_read_and_nobody_may_write(client):
    preflight = client.options(API, headers={"Origin": "https://example.org"})
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    for method in (client.post, client.put, client.delete):
        response = method(API)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    for path in ("/api/nothing/", "/api/policies/no%0Auuid/", "/en/api/policies/长/"):
        response = client.get(path)
        assert (response.status_code, response["Content-Type"]) == (
            404,
            "application/problem+json",
        )
    assert client.get("/api/policies").status_code == 301


def test_too_many_requests_are_told_when_to_go_on(client, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    answers = [client.get(API, {"limit": 1}) for _ in range(8)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 1
    assert 1 <= int(refused[0]["Retry-After"]) <= 60


def test_as_few_queries_for_many_as_for_few(client, django_assert_max_num_queries):
    get(client)
    with django_assert_max_num_queries(8):
        get(client, limit=100)


def test_people_find_a_page_about_it(client):
    for prefix, word in (("", "接口"), ("/en", "For programs")):
        text = client.get(f"{prefix}/api/").content.decode()
        assert word in text
        assert f"{prefix}/api/openapi.json" in text
        assert f"{prefix}/exports/policies.xlsx" in text


def test_the_description_is_valid():
    document = json.loads(json.dumps(description("http://testserver")))
    schemas = document["components"]["schemas"]
    for name in schemas:
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schemas[name]}
        )
    schemathesis.openapi.from_dict(document).validate()


# --- A schema fuzzer ----------------------------------------------------------------------------

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def schema():
    from django.core.signals import request_finished, request_started
    from django.core.wsgi import get_wsgi_application
    from django.db import close_old_connections

    # As Django's own test client does: the test's connection stays open between requests.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    found = schemathesis.openapi.from_dict(description("http://testserver"))
    found.app = get_wsgi_application()
    # The site answers NUL itself, in plain text, before any view.
    found.config.generation.allow_x00 = False
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_no_request_makes_it_fail(schema, mode, page_at):
    public_clause(page_at("policies/coal-law"), cap=1, cap_unit="yuan")
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(operation.as_strategy(generation_mode=mode))
        @hypothesis_settings(
            max_examples=25,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case):
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        call()
