"""Repairs what wagtail-localize leaves behind when it publishes a translation.

It saves a stale copy of the parent, whose `numchild` then says 0, and every child answers 404
(its issue 773).
"""

from wagtail.models import Page


def repair_child_count(page: Page) -> None:
    """Set the parent's `numchild` to the number of its children when it is wrong."""
    parent = page.get_parent()
    if parent is None:
        return
    count = Page.objects.child_of(parent).count()
    Page.objects.filter(pk=parent.pk).exclude(numchild=count).update(numchild=count)
    own = Page.objects.child_of(page).count()
    Page.objects.filter(pk=page.pk).exclude(numchild=own).update(numchild=own)
