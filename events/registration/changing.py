"""The form of a registration that exists: shown with what was said, and stored again."""

from dataclasses import replace

from django.http import HttpRequest

from crm.form_context import handler_name
from crm.models import ConsentKind
from events import services
from events.choices import PoolKind
from events.models import Registration
from events.registration import consenting
from events.registration.forms import RegistrationForm, readable
from events.registration.notice import given_consents, make_notice
from events.registration.questions import initial_of
from events.registration.setup import Setup, page_of
from events.registration.storing import guest_of, pools_of, tell_crm


def unbound_change(request: HttpRequest, registration: Registration) -> RegistrationForm:
    """The form with everything as it is now."""
    setup = _setup(registration)
    return _form(request, setup, initial=_initial(setup))


def bound_change(request: HttpRequest, registration: Registration) -> RegistrationForm:
    """The form as it was sent."""
    return _form(request, _setup(registration), readable(request.POST))


def store_change(request: HttpRequest, form: RegistrationForm) -> Registration:
    """Store a valid form, and the consent that was given with it. Raises what `services.change` raises."""
    setup = form.setup
    registration = setup.registration
    wanted = ConsentKind.EVENT_LEAD in (form.given | set(form.consents))
    guest = guest_of(form, wants_contact=wanted)
    asked = {question.key for question in setup.questions}
    # The answers to questions that are not asked any more stay.
    older = {key: said for key, said in registration.answers.items() if key not in asked}
    changed = services.change(
        registration,
        guest=replace(guest, answers=older | guest.answers),
        pools=pools_of(form),
        code=form.cleaned_data.get("invitation", ""),
    )
    if form.consents:
        notice = make_notice(request, setup)
        consenting.give(changed, given_consents(request, setup, notice, form.consents))
    if wanted and not registration.wants_contact:
        tell_crm(changed)
    return changed


def _setup(registration: Registration) -> Setup:
    return Setup(registration.desk, page_of(registration.desk), registration)


def _form(request: HttpRequest, setup: Setup, *args, **options) -> RegistrationForm:
    given = frozenset(setup.registration.consents.active().values_list("kind", flat=True))
    # The consent to taking part was given, or an officer has it on paper.
    given |= {ConsentKind.EVENT, ConsentKind.MEETING}
    return RegistrationForm(
        *args, setup=setup, handler=handler_name(request), given=given, **options
    )


def _initial(setup: Setup) -> dict:
    registration = setup.registration
    pools = registration.pools.all()
    companions = registration.attendees.filter(position__gt=0).values_list("name", flat=True)
    return {
        "name": registration.name,
        "organisation_name": registration.organisation_name,
        "position": registration.position,
        "email": registration.email,
        "phone": registration.phone_typed,
        "intent": registration.intent,
        "companions": "\n".join(companions),
        "attendance": next(
            (str(pool.pk) for pool in pools if pool.kind == PoolKind.ATTENDANCE), ""
        ),
        "sessions": [str(pool.pk) for pool in pools if pool.kind == PoolKind.SESSION],
        **initial_of(setup.questions, registration.answers),
    }
