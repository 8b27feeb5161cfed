"""From a valid form to a registration, its profile for meetings, and a word to the CRM."""

import logging

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from crm.form_context import Notice
from crm.models import ConsentKind
from crm.services import Count
from events.choices import Source
from events.errors import EventError
from events.models import EventMail, Registration, SeatPool
from events.outbox import queue_mail
from events.registration.forms import RegistrationForm
from events.registration.notice import given_consents
from events.registration.questions import answers_from
from events.services import Guest, Person, register

logger = logging.getLogger(__name__)

# What a link may say of where its reader comes from; the poster's QR code says "poster".
TOLD_SOURCES = {Source.POSTER, Source.MAIL, Source.WECHAT}


def store(
    request: HttpRequest,
    form: RegistrationForm,
    notice: Notice | None,
    key: str | None,
    count: Count,
) -> Registration:
    """Register the guest of a valid form, with the profile for meetings if there is one.

    count: what counts this form for its address. Raises what `register` raises.
    """
    data, setup = form.cleaned_data, form.setup
    booking = register(
        desk=setup.desk,
        guest=guest_of(form, wants_contact=bool(data.get("consent_event_lead"))),
        pools=pools_of(form),
        code=data.get("invitation", ""),
        consents=given_consents(request, setup, notice, form.consents),
        language=get_language(),
        source=data["came_by"] if data["came_by"] in TOLD_SOURCES else Source.SITE,
        submission_key=key,
        count=count,
    )
    registration = booking.registration
    if booking.is_new and data.get("side"):
        _join(registration, data)
    if booking.is_new and registration.wants_contact:
        tell_crm(registration)
    return registration


def guest_of(form: RegistrationForm, *, wants_contact: bool) -> Guest:
    """What the form says of the person and those who come along."""
    data = form.cleaned_data
    organisation = data["organisation_name"]
    return Guest(
        name=data["name"],
        organisation_name=organisation,
        position=data["position"],
        phone=data["phone"],
        email=data["email"],
        answers=answers_from(form.setup.questions, data),
        wants_contact=wants_contact,
        intent=data["intent"] if wants_contact else "",
        companions=[Person(name, organisation) for name in data.get("companions", ())],
    )


def pools_of(form: RegistrationForm) -> list[SeatPool]:
    """The seats that were chosen; the form has refused what is no choice."""
    data = form.cleaned_data
    keys = [data.get("attendance", ""), *data.get("sessions", ())]
    pools = [form.setup.pool(key) for key in keys if key]
    return [pool for pool in pools if pool is not None]


def _join(registration: Registration, data: dict) -> None:
    """Take part in the meetings. In a transaction of its own: seats are held for a moment only.

    What is refused here can be made up for on the registration's page, which offers it.
    """
    from events.matchmaking.joining import join  # that room knows this one

    try:
        join(
            registration,
            side=data["side"],
            offers=data["offers"],
            seeks=data["seeks"],
            chains=data["chains"],
            is_listed=bool(data.get(f"consent_{ConsentKind.MEETING}")),
        )
    except EventError as error:
        logger.warning("Registration %s did not join its meetings: %s", registration.pk, error)


def tell_crm(registration: Registration) -> None:
    """Let the officers of investment hear of it now; what fails here is done by `tend_events`."""
    from events.afterwards.crm_link import link_registration  # that room knows this one

    transaction.on_commit(lambda: link_registration(registration), robust=True)


def repeat_link(registration: Registration) -> None:
    """Somebody registers again: the link goes to the address of the first time, once an hour at most."""
    hour = timezone.now().strftime("%Y%m%d%H")
    queue_mail(registration, EventMail.Purpose.KNOWN, once=f"known:{hour}")
