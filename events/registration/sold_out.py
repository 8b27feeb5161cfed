"""The answer when there are no seats: known before anything is written, and cheap to give.

When a hundred seats are gone, thousands of forms may still be on their way. What they hold is read only
as far as it says which seats are wanted, and the page is a light one without the frame; all that was
typed goes along in it.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import ngettext

from crm.form_token import StaleTokenError, read_token, submission_key
from crm.views import private
from events.choices import PoolKind
from events.models import RegistrationDesk, SeatPool
from events.registration.fields import names_in
from events.registration.memory import event_title
from events.registration.setup import name_of
from events.services.seats import lacking

# Of the answers below 500 the one for what was right and came too late.
CONFLICT = 409
# Not part of what a person says: the same words sent twice are one registration.
UNSAID = {"csrfmiddlewaretoken", "token", "homepage", "again"}


@dataclass(frozen=True)
class Free:
    """What may still be had. `seats` is None without limit, or where it is not told."""

    title: str
    seats: int | None

    def __str__(self) -> str:
        if self.seats is None:
            return self.title
        words = ngettext("%(number)d seat left", "%(number)d seats left", self.seats)
        return f"{self.title} · {words % {'number': self.seats}}"


def form_key(posted: MultiValueDict, page_id: int) -> str | None:
    """The same for the same form with the same content; None when its token is not good."""
    try:
        token = read_token(posted.get("token", ""))
    except StaleTokenError:
        return None
    said = sorted((name, values) for name, values in posted.lists() if name not in UNSAID)
    values = [part for name, found in said for part in (name, *found)]
    return submission_key(token, [str(page_id), *values])


def full_pools(desk: RegistrationDesk, posted: MultiValueDict) -> list[SeatPool]:
    """The pools without seats for this form, where it can't wait for them either.

    As they were read: whoever gets past here is still decided by the conditional update.
    """
    wanted = {posted.get("attendance", ""), *posted.getlist("sessions")}
    pools = [
        pool for pool in _offered(desk) if pool.kind == PoolKind.EVENT or str(pool.pk) in wanted
    ]
    begun = timezone.now() >= desk.page.starts_at
    persons = 1 + len(names_in(posted.get("companions", "")))
    short = lacking(pools, persons, past_queue=begun)
    return [] if short and not begun and _takes_waiting(desk) else short


def _takes_waiting(desk: RegistrationDesk) -> bool:
    most = desk.waiting_max
    return desk.has_waiting_list and (most is None or desk.registrations.waiting().count() < most)


def _offered(desk: RegistrationDesk) -> list[SeatPool]:
    return [pool for pool in desk.pools.all() if pool.is_active]


def sold_out_page(
    request: HttpRequest,
    desk: RegistrationDesk,
    page_id: int,
    posted: MultiValueDict,
    full: list[SeatPool],
) -> HttpResponse:
    """What is full, what else is free, and the way back to the form with all that was typed."""
    kinds = {pool.kind for pool in full}
    free = [] if PoolKind.EVENT in kinds else _free(desk, full)
    context = {
        "title": event_title(desk),
        "page_id": page_id,
        "full": [name_of(pool) for pool in full if pool.kind != PoolKind.EVENT],
        "free": free,
        # A session may be left out; some kind of attendance there must be.
        "everything": PoolKind.EVENT in kinds or (PoolKind.ATTENDANCE in kinds and not free),
        "typed": [
            (name, value)
            for name, values in posted.lists()
            if name not in ("csrfmiddlewaretoken", "homepage", "again")
            for value in values
        ],
        "contact": desk.contact,
    }
    return private(render(request, "events/registration/sold_out.html", context, status=CONFLICT))


def _free(desk: RegistrationDesk, full: list[SeatPool]) -> list[Free]:
    """What may be had of the kinds that are full."""
    kinds = {pool.kind for pool in full}
    taken = {pool.pk for pool in full}
    return [
        Free(name_of(pool), pool.free if desk.shows_seats else None)
        for pool in _offered(desk)
        if pool.kind in kinds and pool.pk not in taken and pool.free != 0
    ]
