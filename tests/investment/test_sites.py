"""The figures of a site."""

from decimal import Decimal

import pytest

from investment.models import SitePage
from investment.models.sites import _number


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (Decimal("3200.00"), "3,200"),
        (Decimal("8.40"), "8.4"),
        (Decimal("100"), "100"),
        (1250, "1,250"),
        (Decimal("1234567.50"), "1,234,567.5"),
    ],
)
def test_numbers_have_separators_and_no_idle_zeros(value, text):
    assert _number(value) == text


def test_spec_shows_only_what_is_known():
    site = SitePage(kind="workshop", floor_area_sqm=Decimal(3200), area_basis="gross")
    groups = site.spec_groups
    assert len(groups) == 1
    assert [row[1] for row in groups[0][1]] == ["3,200"]
    assert site.headline_figures[0][1:] == ("3,200", "m²")


def test_a_site_without_area_or_checked_day_is_not_published():
    problems = {problem.field for problem in SitePage(title="x").publish_problems()}
    assert {"floor_area_sqm", "checked_on"} <= problems


@pytest.mark.django_db
def test_list_can_be_narrowed_by_kind(client):
    everything = client.get("/invest/sites/").context["sites"]
    offices = client.get("/invest/sites/?kind=office").context["sites"]
    assert {site.kind for site in offices} == {"office"}
    assert len(everything) > len(offices) > 0
    assert len(client.get("/invest/sites/?kind=nonsense").context["sites"]) == len(everything)


@pytest.mark.django_db
def test_park_lists_its_sites_in_the_language_of_the_reader(client, page_at):
    for prefix, code in (("", "zh-hans"), ("/en", "en")):
        sites = list(client.get(f"{prefix}/invest/parks/shangdang-zone/").context["sites"])
        assert sites
        assert {site.locale.language_code for site in sites} == {code}
