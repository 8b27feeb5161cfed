"""The pages of a registration, for whoever holds its signed link.

The link is the key: there is no session that a foreign page could abuse, so the POSTs go without a CSRF
token and work in a browser that keeps no cookies (as with the alerts of the policy library).
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from base.client_address import client_address
from crm.views import UNPROCESSABLE, private
from events import calendars, services
from events.errors import DeadlineOverError, MoveError, OfferOverError
from events.links import registration_of, registration_token
from events.models import Registration
from events.registration import consenting, explaining
from events.registration.changing import bound_change, store_change, unbound_change
from events.registration.forms import refresh
from events.registration.notice import KINDS, make_notice
from events.registration.showing import Shown

DONE = {"changed", "cancelled", "accepted", "withdrawn", "over", "late", "moved"}


def _find(token: str) -> Registration:
    found = registration_of(token)
    if found is None:
        raise Http404
    return found


@require_safe
def detail(request: HttpRequest, token: str) -> HttpResponse:
    """Status, tickets, what can be done, what is known, and the consents."""
    registration = _find(token)
    done = request.GET.get("done", "")
    context = {"shown": Shown(registration, token), "done": done if done in DONE else ""}
    return private(render(request, "events/registration/detail.html", context))


@require_safe
def tickets(request: HttpRequest, token: str) -> HttpResponse:
    """The tickets alone, for paper."""
    shown = Shown(_find(token), token)
    if not shown.has_tickets:
        raise Http404
    return private(render(request, "events/registration/tickets.html", {"shown": shown}))


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The event as a calendar file, for who has a seat; to take part online, with the link."""
    shown = Shown(_find(token), token)
    if not shown.has_seat:
        raise Http404
    response = HttpResponse(shown.calendar_file(), content_type=calendars.CONTENT_TYPE)
    response["Content-Disposition"] = 'attachment; filename="event.ics"'
    return private(response)


@csrf_exempt
@never_cache
@require_POST
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take the seat that is offered."""
    registration = _find(token)
    try:
        services.accept_offer(registration)
    except OfferOverError:
        return _back(registration, "over")
    except MoveError:
        return _back(registration, "moved")
    return _back(registration, "accepted")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel, leave the waiting list, or turn an offered seat down; asked once more before."""
    registration = _find(token)
    if request.method != "POST":
        shown = Shown(registration, token)
        if not shown.can_cancel:
            return _back(registration, "moved")
        return private(render(request, "events/registration/cancel.html", {"shown": shown}))
    try:
        services.cancel(registration)
    except DeadlineOverError:
        return _back(registration, "late")
    except MoveError:
        return _back(registration, "moved")
    return _back(registration, "cancelled")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str) -> HttpResponse:
    """The form again, with what was said; whoever asks for more than there is keeps what they have."""
    registration = _find(token)
    shown = Shown(registration, token)
    if not shown.can_change:
        return _back(registration, "late" if registration.is_active else "moved")
    if request.method != "POST":
        return _show_change(request, shown, unbound_change(request, registration), 200)
    form = bound_change(request, registration)
    status = UNPROCESSABLE
    if form.is_valid():
        try:
            explaining.counting(client_address(request)).now()
            store_change(request, form)
            return _back(registration, "changed")
        except MoveError:
            return _back(registration, "moved")
        except explaining.EXPLAINED as error:
            status = explaining.explain(form, error)
    return _show_change(request, shown, form, status)


def _show_change(request: HttpRequest, shown: Shown, form, status: int) -> HttpResponse:
    if form.is_bound:
        refresh(form)
    context = {
        "shown": shown,
        "form": form,
        "event": shown.page,
        "notice": make_notice(request, form.setup),
    }
    return private(render(request, "events/registration/change.html", context, status=status))


@csrf_exempt
@never_cache
@require_POST
def withdraw(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Withdraw one consent; without that to taking part the personal data is gone at once."""
    if kind not in KINDS:
        raise Http404
    registration = _find(token)
    done = "withdrawn" if consenting.withdraw(registration, kind) else ""
    return _back(registration, done)


def _back(registration: Registration, done: str) -> HttpResponse:
    url = reverse("registration:detail", args=[registration_token(registration)])
    query = f"?done={done}" if done else ""
    return private(HttpResponse(status=303, headers={"Location": f"{url}{query}#main"}))
