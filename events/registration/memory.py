"""What all forms of an event share, kept by each process for some seconds: a rush reads it once.

Seats, times and whether registration is open are never kept: they are read for each form. What is kept
(page, questions, wordings, who answers for the data) is read anew as soon as the desk was changed, and
after `REGISTRATION_MEMORY_SECONDS` in any case.
"""

import time

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import PageViewRestriction

from base.models import OfficialSettings
from events.models import RegistrationDesk
from events.registration.setup import Setup, public_page, title_of

MOST = 100
# What of a setup is the same for everybody who fills in the form.
SHARED = ("questions", "question_fields", "texts", "round", "has_codes", "session_titles")

_setups: dict[tuple, tuple[float, Setup]] = {}
_others: dict[tuple, tuple[float, object]] = {}


def forget() -> None:
    """Read everything anew from now on."""
    _setups.clear()
    _others.clear()


def setup_for(desk: RegistrationDesk, page_id: int) -> Setup | None:
    """The setup of a form that was sent; None when the event's page is not public."""
    key = (page_id, get_language(), desk.pk, desk.updated_at)
    setup = _get(_setups, key, lambda: _read(desk, page_id))
    if setup is None or setup.desk is desk:
        return setup
    mine = Setup(desk, setup.page)
    for name in SHARED:
        mine.__dict__[name] = getattr(setup, name)
    return mine


def _read(desk: RegistrationDesk, page_id: int) -> Setup | None:
    page = public_page(page_id)
    if page is None:
        return None
    setup = Setup(desk, page)
    for name in SHARED:
        getattr(setup, name)
    return setup


def anything_restricted() -> bool:
    """Whether any page of the site is for some readers only."""
    return _get(_others, ("restricted",), PageViewRestriction.objects.exists)


def event_title(desk: RegistrationDesk) -> str:
    """The event's title in the reader's language."""
    key = ("title", desk.pk, get_language(), desk.page.title)
    return _get(_others, key, lambda: title_of(desk))


def remember_handler(request: HttpRequest) -> None:
    """Have who answers for the data at hand for this request."""
    name = OfficialSettings.get_cache_attr_name()
    official = _get(
        _others, ("official", request.get_host()), lambda: OfficialSettings.for_request(request)
    )
    setattr(request, name, official)


def _get(kept: dict, key: tuple, read):
    now = time.monotonic()
    until, value = kept.get(key, (0.0, None))
    if now < until:
        return value
    value = read()
    if settings.REGISTRATION_MEMORY_SECONDS:
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = (now + settings.REGISTRATION_MEMORY_SECONDS, value)
    return value
