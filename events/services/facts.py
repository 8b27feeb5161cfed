"""What follows when an event's page is saved: its other languages say the same facts, its seats go on.

When an event is, and whether it takes place at all, is said by the page in the site's first language, as
long as that is public; the other languages follow it, their drafts too. Two languages never contradict each
other, and whoever changes the time changes it once.
"""

from django.conf import settings
from django.db.models.signals import post_save

from events.models import EventPage, RegistrationDesk
from events.services.capacities import pass_seats_on

FACTS = ("starts_at", "ends_at", "is_called_off", "is_online")
# Fields that a page is saved with alone while what it says stays as it was.
BOOKKEEPING = {"draft_title", "latest_revision", "has_unpublished_changes", "live_revision"}


def connect() -> None:
    """Called once, when the application is ready.

    By saving, not by publishing: scheduling, approval and translation all end in it, and it is one
    transaction with what follows, so that nobody overtakes those who wait in between.
    """
    post_save.connect(event_saved, sender=EventPage, dispatch_uid="events-facts")


def event_saved(instance, raw=False, update_fields=None, **kwargs) -> None:
    is_bookkeeping = update_fields is not None and set(update_fields) <= BOOKKEEPING
    if raw or is_bookkeeping or not instance.live:
        return
    agree(instance)
    desk = RegistrationDesk.objects.for_page(instance)
    if desk is not None:
        pass_seats_on(desk)  # it may be later, or take place after all


def chief_of(page: EventPage) -> EventPage | None:
    """The page whose facts hold for all languages; None as long as it is not public."""
    pages = EventPage.objects.filter(translation_key=page.translation_key, live=True)
    return pages.filter(locale__language_code=settings.LANGUAGE_CODE).first()


def agree(page: EventPage) -> int:
    """Bring the other languages in line with the first; returns how many pages were changed."""
    chief = chief_of(page)
    if chief is None:
        return 0
    others = EventPage.objects.filter(translation_key=page.translation_key).exclude(pk=chief.pk)
    changed = sum([_follow(other, chief) for other in others])
    if changed and page.pk != chief.pk:
        _copy(chief, page)  # who holds it goes on with what was stored
    return changed


def differs(one: EventPage, other: EventPage) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in FACTS)


def _copy(chief: EventPage, page: EventPage) -> None:
    for name in FACTS:
        setattr(page, name, getattr(chief, name))


def _follow(page: EventPage, chief: EventPage) -> bool:
    changed = differs(page, chief)
    if changed:
        _copy(chief, page)
        page.save(update_fields=FACTS, clean=False)
    draft = page.get_latest_revision_as_object() if page.latest_revision_id else None
    if draft is not None and differs(draft, chief):
        _copy(chief, draft)
        # A draft stays one; what was published stays published, with the facts that hold.
        revision = draft.save_revision(changed=False, clean=False)
        if page.live and not page.has_unpublished_changes:
            EventPage.objects.filter(pk=page.pk).update(live_revision=revision)
    return changed
