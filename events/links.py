"""The signed links of registrations and doors: they open without an account, and nothing else does."""

from django.conf import settings
from wagtail.models import Page

from base.signed_links import sign, unsign, whole_url
from events.models import Door, Registration

REGISTRATION, DOOR = "events.registration", "events.door"


def registration_token(registration: Registration) -> str:
    return sign(registration.public_id, REGISTRATION)


def registration_of(token: str) -> Registration | None:
    """The registration of a link of ours, None for any other."""
    public_id = unsign(token, REGISTRATION)
    found = Registration.objects.select_related("desk__page").filter(public_id=public_id)
    return found.first() if public_id else None


def registration_url(registration: Registration) -> str:
    """The whole address, for mails."""
    args = [registration_token(registration)]
    return whole_url("registration:detail", args, registration.language)


def door_token(door: Door) -> str:
    return sign(door.public_id, DOOR)


def door_of(token: str) -> Door | None:
    """The door of a link of ours, None for any other and once the link was taken away."""
    public_id = unsign(token, DOOR)
    found = Door.objects.select_related("desk__page").filter(public_id=public_id, is_active=True)
    return found.first() if public_id else None


def page_url(page: Page) -> str:
    """The whole address of an event's page, for mails, calendars and posters; "" without one."""
    parts = page.get_url_parts()
    # Not Wagtail's `full_url`: that is what the Site row says, and this is where the site really is.
    return f"{settings.BASE_URL}{parts[2]}" if parts and parts[2] else ""
