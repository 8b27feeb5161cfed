"""Pages that are linked to, looked up together."""

import pytest

from base.page_links import known_pages, linked_at_hand
from home.models import StandardPage

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def linking(*targets: int) -> StandardPage:
    """A page with a list of links to the pages of these numbers."""
    items = [
        {"type": "item", "id": f"i{pk}", "value": {"title": "", "page": pk, "url": "", "note": ""}}
        for pk in targets
    ]
    body = StandardPage._meta.get_field("body")
    return StandardPage(title="甲", body=body.to_python([{"type": "links", "value": items}]))


def linked(page: StandardPage) -> list:
    return [item.get("page") for block in page.body for item in block.value]


def test_many_pages_find_what_they_link_to_in_one_query(page_at, django_assert_num_queries):
    first, second = page_at("policies"), page_at("culture/yincheng")
    pages = [linking(first.pk), linking(second.pk, first.pk)]
    with django_assert_num_queries(1), linked_at_hand(pages):
        assert [page.pk for page in linked(pages[0])] == [first.pk]
        assert [page.pk for page in linked(pages[1])] == [second.pk, first.pk]
    assert known_pages() == {}, "nothing is remembered afterwards"


def test_a_link_to_a_page_that_is_gone_is_none(page_at):
    page = linking(10**9, page_at("policies").pk)
    with linked_at_hand([page]):
        assert linked(page) == [None, page_at("policies").page_ptr]
