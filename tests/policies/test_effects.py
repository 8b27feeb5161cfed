"""The stored validity follows relations and days, and comes back when the cause is gone."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry

from policies.models import PolicyPage, PolicyRelation, Validity
from policies.record.effects import LOG_ACTION, settle, tend
from search.models import Entry
from tests.policies.relating import draft_of, publish_relation, stored

pytestmark = pytest.mark.django_db
PAST = date(2024, 8, 1)


@pytest.fixture
def old(page_at):
    return page_at("policies/coal-law")


@pytest.fixture
def new(page_at):
    return page_at("policies/energy-law")


def status(page) -> list[str]:
    return Entry.objects.get(pk=page.pk).facets["status"]


def test_a_published_abolition_reaches_every_language_the_search_and_the_history(old, new, page_at):
    english = page_at("policies/coal-law", "en")
    publish_relation(new, old, "abolishes", PAST)
    for page in (old, english):
        page.refresh_from_db()
        assert page.validity == Validity.ABOLISHED
        assert page.entered_validity == Validity.IN_FORCE
        assert status(page) == ["abolished"]
        assert not Entry.objects.get(pk=page.pk).valid
    entry = PageLogEntry.objects.get(page=old, action=LOG_ACTION)
    assert entry.data == {
        "from": "in_force",
        "to": "abolished",
        "reason": f"自 2024 年 8 月 1 日起被《{new.title}》废止。",
    }
    assert "效力由“有效”变为“废止”" in entry.message


def test_a_draft_relation_changes_nothing(old, new):
    new.relations.add(PolicyRelation(kind="abolishes", target=old, effective_on=PAST))
    new.save_revision()
    assert stored(old) == Validity.IN_FORCE


def test_a_draft_for_comment_abolishes_nothing_until_it_is_issued(old, new):
    new.validity, new.in_force_from = Validity.DRAFT, None
    new.save_revision().publish()
    publish_relation(new, old, "abolishes", PAST)
    assert stored(old) == Validity.IN_FORCE
    new = draft_of(new)
    new.validity = Validity.IN_FORCE
    new.save_revision().publish()
    assert stored(old) == Validity.ABOLISHED


def test_a_withdrawn_relation_gives_back_what_was_entered(old, new):
    old.validity = Validity.AMENDED
    old.save_revision().publish()
    publish_relation(new, old, "replaces", PAST)
    assert stored(old) == Validity.ABOLISHED
    new = draft_of(new)
    new.relations.clear()
    new.save_revision().publish()
    assert stored(old) == Validity.AMENDED


def test_taking_the_other_document_down_and_deleting_it_gives_back_too(old, new):
    publish_relation(new, old, "replaces", PAST)
    PolicyPage.objects.get(pk=new.pk).unpublish()
    assert stored(old) == Validity.IN_FORCE
    new = PolicyPage.objects.get(pk=new.pk)
    new.get_latest_revision().publish()
    assert stored(old) == Validity.ABOLISHED
    PolicyPage.objects.get(pk=new.pk).delete()
    assert stored(old) == Validity.IN_FORCE
    assert status(old) == ["in_force"]


def test_without_a_day_it_takes_effect_when_the_document_comes_into_force(old, new):
    new.in_force_from = timezone.localdate() + timedelta(10)
    new.save_revision().publish()
    publish_relation(new, old, "abolishes")
    assert stored(old) == Validity.IN_FORCE
    day = new.in_force_from
    assert tend(day - timedelta(1)) == 0
    assert tend(day) == 2  # in both languages
    assert stored(old) == Validity.ABOLISHED
    assert tend(day) == 0


def test_the_day_of_coming_into_force_arrives(old):
    today = timezone.localdate()
    old.in_force_from = today + timedelta(3)
    old.save_revision().publish()
    assert status(old) == ["not_yet"]
    assert PolicyPage.objects.get(pk=old.pk).search_status == ("not_yet", "尚未施行", True)
    # As it will be looked at on that day.
    PolicyPage.objects.filter(pk=old.pk).update(
        in_force_from=today, validity_until=today - timedelta(1)
    )
    call_command("tend_policies", verbosity=0)
    assert status(old) == ["in_force"]


def test_an_end_that_came_in_past_publishing_is_found(old):
    """As by an import in bulk."""
    day = timezone.localdate() - timedelta(1)
    PolicyPage.objects.filter(pk=old.pk).update(in_force_until=day)
    assert tend() == 2  # in both languages
    old.refresh_from_db()
    assert (old.validity, old.entered_validity) == (Validity.VOID, Validity.IN_FORCE)
    old.in_force_until = None
    old.save_revision().publish()
    assert stored(old) == Validity.IN_FORCE


def test_a_waiting_draft_follows_but_keeps_what_somebody_chose(old, new, page_at):
    other = page_at("policies/advertising-law")
    old.title = "改了题目"
    old.save_revision()
    other.validity = Validity.VOID
    other.save_revision()
    for target in (old, other):
        publish_relation(new, target, "amends", PAST)
    old.refresh_from_db()
    draft = draft_of(old)
    assert (draft.title, draft.validity, draft.entered_validity) == (
        "改了题目",
        Validity.AMENDED,
        Validity.IN_FORCE,
    )
    assert draft_of(other).validity == Validity.VOID
    assert stored(other) == Validity.AMENDED


def test_another_value_chosen_later_counts(old, new):
    publish_relation(new, old, "amends", PAST)
    old = draft_of(old)
    old.validity = Validity.PARTLY_VOID
    assert old.publish_problems() == []
    old.save_revision().publish()
    old.refresh_from_db()
    assert (old.validity, old.entered_validity) == (Validity.PARTLY_VOID, Validity.PARTLY_VOID)


def test_a_contradictory_entry_is_refused_with_the_reason(old, new, page_at):
    publish_relation(new, old, "abolishes", PAST)
    old.refresh_from_db()
    assert old.publish_problems() == []
    old.validity = Validity.IN_FORCE
    (problem,) = old.publish_problems()
    assert problem.field == "validity"
    assert problem.message == (
        f"“有效”与已知情况矛盾：自 2024 年 8 月 1 日起被《{new.title}》废止。"
    )
    english = page_at("policies/coal-law", "en")
    english.validity = Validity.IN_FORCE  # whoever translates can't help it: it follows
    assert english.publish_problems() == []
    english.save_revision().publish()
    assert stored(english) == Validity.ABOLISHED


def test_settling_twice_writes_and_tells_nothing(old, new, django_assert_max_num_queries):
    publish_relation(new, old, "abolishes", PAST)
    count = PageLogEntry.objects.count()
    with django_assert_max_num_queries(4):  # the savepoint's two, the pages, their effects
        assert settle([old.translation_key]) == []
    assert PageLogEntry.objects.count() == count


def test_what_follows_is_a_version_that_nobody_wrote(
    old, new, make_user, django_capture_on_commit_callbacks
):
    old.save_revision().publish(user=make_user("Publishers"))
    with django_capture_on_commit_callbacks(execute=True):
        publish_relation(new, old, "abolishes", PAST)
    version = old.versions.get(number=2)
    assert version.data["fields"]["validity"] == Validity.ABOLISHED
    assert (version.author, version.note) == (None, "效力因日期到来或者另一文件而变化。")
