"""The library's feeds: filters, steady ids, and 304 for what is unchanged."""

from xml.etree import ElementTree

import pytest

from policies.alerts.filters import normalise
from policies.models import PolicyPage
from tests.policies.alerts_cast import later, publish

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(answer) -> dict[str, str]:
    """{title: id}"""
    root = ElementTree.fromstring(answer.content)
    return {e.findtext(f"{ATOM}title"): e.findtext(f"{ATOM}id") for e in root.iter(f"{ATOM}entry")}


def test_a_feed_of_a_filter(client, page_at, django_assert_max_num_queries):
    plan = page_at("policies/shangdang-enclave-plan-draft")
    client.get("/feeds/policies.atom?level=district")
    with django_assert_max_num_queries(15):
        answer = client.get("/feeds/policies.atom?level=district&page=7&status=draft")
    found = entries(answer)
    assert plan.title in found
    levels = PolicyPage.objects.filter(title__in=found, locale=plan.locale)
    assert set(levels.values_list("level", flat=True)) == {"district"}
    root = ElementTree.fromstring(answer.content)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    query = normalise("level=district&status=draft", "zh-hans")
    assert links["self"].endswith(f"/feeds/policies.atom?{query}")
    assert links["alternate"].endswith(f"/policies/?{query}")
    assert "：层级：区 · 状态：征求意见稿" in root.findtext(f"{ATOM}title")


def test_an_id_stays_until_the_document_changes(client, page_at):
    plan = page_at("policies/shangdang-enclave-plan-draft")
    first = entries(client.get("/feeds/policies.atom?level=district"))[plan.title]
    assert first.startswith(f"tag:localhost,2026-11-01:policy/{plan.translation_key}/zh-hans/")
    publish(plan, at=later(minutes=1), summary="别的摘要")
    assert entries(client.get("/feeds/policies.atom?level=district"))[plan.title] == first
    publish(plan, at=later(minutes=2), document_number="试〔2026〕1号")
    assert entries(client.get("/feeds/policies.atom?level=district"))[plan.title] != first


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "query", ["", "?level=nation", "?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D%E8%AF%AD"]
)
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_what_is_unchanged_is_not_sent_again(client, kind, query):
    address = f"/en/feeds/policies.{kind}{query}"
    answer = client.get(address)
    assert answer.status_code == 200
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    page = PolicyPage.objects.live().get(slug="coal-law", locale__language_code="en")
    publish(page, at=later(minutes=1), title="Coal Law, changed")
    again = client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code
    assert again == (304 if "q=" in query else 200)
    assert client.get(address)["Last-Modified"] != answer["Last-Modified"] or "q=" in query


def test_odd_addresses_are_feeds_of_everything(client):
    for odd in ("?level=nowhere", "?q=%01", "?page=-1", "?year=" + "9" * 300):
        assert client.get(f"/feeds/policies.atom{odd}").status_code == 200
