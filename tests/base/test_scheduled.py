"""Publishing at a set time asks again what publishing by hand asks, and one page never stops another."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry

from base.scheduled import REFUSED, publish_due

pytestmark = pytest.mark.django_db


def schedule(page, *, minutes_ago: int, user=None, **changes):
    """A draft of `page` with `changes` that was to be public some minutes ago; the page as it is now."""
    draft = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return draft.save_revision(approved_go_live_at=at, user=user, clean=False)


@pytest.fixture
def publisher(make_user):
    user = make_user("Publishers")
    user.email = "publisher@example.org"
    user.save()
    return user


def test_an_incomplete_page_stays_as_it_is_and_the_next_goes_on(
    page_at, publisher, mailoutbox, django_capture_on_commit_callbacks
):
    lacking, complete = page_at("about"), page_at("feedback")
    old = lacking.title
    bad = schedule(lacking, minutes_ago=2, user=publisher, title="改了", summary="")
    schedule(complete, minutes_ago=1, title="到时的标题")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("publish_scheduled", verbosity=0)
    lacking.refresh_from_db()
    complete.refresh_from_db()
    assert (lacking.title, complete.title) == (old, "到时的标题")
    bad.refresh_from_db()
    assert bad.approved_go_live_at is None
    assert lacking.live
    (entry,) = PageLogEntry.objects.filter(page=lacking.pk, action=REFUSED)
    assert entry.data["problems"] == ["缺摘要。"]
    assert "缺摘要。" in entry.message
    (mail,) = mailoutbox
    assert mail.to == ["publisher@example.org"]
    assert "缺摘要。" in mail.body
    assert f"/admin/pages/{lacking.pk}/edit/" in mail.body
    assert publish_due() == 0


def test_what_breaks_in_publishing_is_left_on_the_schedule(page_at, caplog):
    broken, sound = page_at("about"), page_at("feedback")
    revision = schedule(broken, minutes_ago=2)
    revision.content["summary"] = None  # no page can be made of it
    revision.content["body"] = 7
    revision.save()
    schedule(sound, minutes_ago=1, title="到时的标题")
    assert publish_due() == 1
    sound.refresh_from_db()
    assert sound.title == "到时的标题"
    assert "at its time" in caplog.text


def test_a_false_time_of_publication_is_refused(page_at):
    page = page_at("about")
    schedule(page, minutes_ago=1, displayed_at=timezone.now() + timedelta(days=3))
    assert publish_due() == 0
    assert PageLogEntry.objects.filter(page=page.pk, action=REFUSED).exists()


def test_a_page_taken_off_the_schedule_is_not_published(page_at):
    page = page_at("about")
    revision = schedule(page, minutes_ago=1, title="不该公开")
    revision.approved_go_live_at = None
    revision.save()
    assert publish_due() == 0


def test_what_has_expired_is_taken_down_though_another_page_is_refused(page_at):
    lacking, expired = page_at("about"), page_at("feedback")
    schedule(lacking, minutes_ago=2, summary="")
    type(expired).objects.filter(pk=expired.pk).update(
        expire_at=timezone.now() - timedelta(minutes=1)
    )
    call_command("publish_scheduled", verbosity=0)
    expired.refresh_from_db()
    assert not expired.live
