"""Documents scheduled to change each other: the first one takes effect, the second is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from base.scheduled import REFUSED, publish_due
from policies.models import PolicyPage, PolicyRelation
from tests.policies.relating import draft_of, stored

pytestmark = pytest.mark.django_db


def law(slug: str) -> PolicyPage:
    return PolicyPage.objects.get(slug=slug, locale__language_code="zh-hans")


def schedule_abolition(page, target, *, minutes_ago: int) -> None:
    draft = draft_of(page)
    draft.relations.add(PolicyRelation(kind="abolishes", target=target))
    draft.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=minutes_ago))


def test_of_two_scheduled_opposite_abolitions_one_takes_effect():
    coal, energy = law("coal-law"), law("energy-law")
    schedule_abolition(coal, energy, minutes_ago=2)
    schedule_abolition(energy, coal, minutes_ago=1)
    assert publish_due() == 1
    assert stored(energy) == "abolished"
    assert stored(coal) == "in_force"
    refused = PageLogEntry.objects.get(action=REFUSED)
    assert refused.page_id == energy.pk
    assert not PolicyRelation.objects.filter(page=energy, kind="abolishes").exists()
