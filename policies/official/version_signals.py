"""A policy that is saved while readers can see it gets a version: however it was published.

As the search's index does: it is the row that says what is public, not the way it got there
(publishing, scheduling, approval, translation, import and the loader of content all end in saving).
"""

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, post_page_move

# Fields that a page is saved with alone while its text stays as it was.
BOOKKEEPING = {"draft_title", "latest_revision", "has_unpublished_changes", "live_revision"}


def connect() -> None:
    """Called once, when the application is ready."""
    from policies.models import PolicyPage

    post_save.connect(policy_saved, sender=PolicyPage, dispatch_uid="policies-version")
    # An import writes many rows at once, and no row is saved by itself.
    page_published.connect(policy_published, sender=PolicyPage, dispatch_uid="policies-version")
    post_delete.connect(page_opened, sender=PageViewRestriction, dispatch_uid="policies-version")
    post_page_move.connect(page_moved, dispatch_uid="policies-version")


def policy_saved(instance, raw=False, update_fields=None, **kwargs) -> None:
    from policies.services.versions import record_version

    is_text = update_fields is None or not set(update_fields) <= BOOKKEEPING
    if not raw and instance.live and is_text:
        record_version(policy_id=instance.pk)


def policy_published(instance, **kwargs) -> None:
    from policies.services.versions import record_version

    record_version(policy_id=instance.pk)


def page_opened(instance, **kwargs) -> None:
    """A view restriction is gone: what it closed is public now, unless its page goes with it."""
    _record_soon(instance.page_id)


def page_moved(instance, **kwargs) -> None:
    _record_soon(instance.pk)


def _record_soon(page_id: int) -> None:
    from policies.official.tasks import record_opened

    transaction.on_commit(lambda: record_opened.enqueue(page_id), robust=True)
