"""The public form of an event. Few queries until it is known that there are seats: see `sold_out`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from base.client_address import client_address
from crm.form_context import Notice, handler_name
from crm.form_token import check_pace, read_token
from crm.views import UNPROCESSABLE, private
from events.errors import AlreadyRegisteredError, NotOpenError, SoldOutError
from events.links import registration_token
from events.models import Registration, RegistrationDesk
from events.registration import explaining, memory
from events.registration.finding import find_desk
from events.registration.forms import RegistrationForm, readable, refresh, show_typed
from events.registration.notice import make_notice
from events.registration.setup import Setup, find_setup
from events.registration.sold_out import form_key, full_pools, sold_out_page
from events.registration.storing import repeat_link, store
from events.services import check_open

FORBIDDEN = 403


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, page_id: int) -> HttpResponse:
    """The form of an event, whichever language its page is in."""
    if request.method == "POST":
        posted = readable(request.POST)
        answer = _again if "again" in posted else _take
        return answer(request, page_id, posted)
    setup = _setup_or_404(page_id)
    return _show(request, setup, _blank(request, setup), 200)


def _setup_or_404(page_id: int) -> Setup:
    setup = find_setup(page_id)
    if setup is None:
        raise Http404
    return setup


def _blank(request: HttpRequest, setup: Setup) -> RegistrationForm:
    hints = {
        "came_by": request.GET.get("from", "")[:20],
        "invitation": request.GET.get("code", "")[:40],
    }
    built = RegistrationForm(setup=setup, handler=handler_name(request), initial=hints)
    refresh(built)
    return built


def _again(request: HttpRequest, page_id: int, posted: MultiValueDict) -> HttpResponse:
    """The button of the page that says what is full: the form with all that was typed, not judged."""
    setup = _setup_or_404(page_id)
    shown = _blank(request, setup)
    show_typed(shown, posted)
    return _show(request, setup, shown, 200)


def _take(request: HttpRequest, page_id: int, posted: MultiValueDict) -> HttpResponse:
    """Find out cheaply what is repeated or too late; whatever is left is read as a form."""
    key = form_key(posted, page_id)
    desk, earlier = find_desk(page_id, key)
    if desk is None:
        raise Http404
    if earlier is not None:
        return _see_registration(earlier)
    closed = _closed(desk)
    full = [] if closed else full_pools(desk, posted)
    if full and not memory.anything_restricted():
        return sold_out_page(request, desk, page_id, posted, full)
    setup = memory.setup_for(desk, page_id)
    if setup is None:
        raise Http404
    if full:
        return sold_out_page(request, desk, page_id, posted, full)
    memory.remember_handler(request)
    return _judge(request, setup, posted, key)


def _judge(
    request: HttpRequest, setup: Setup, posted: MultiValueDict, key: str | None
) -> HttpResponse:
    """Register, or show again what has to be mended."""
    bound = RegistrationForm(posted, setup=setup, handler=handler_name(request))
    notice = make_notice(request, setup)
    closed = _closed(setup.desk)
    if closed:
        bound.add_error(None, str(closed))
    elif notice is None or notice.is_closed:
        bound.add_error(None, gettext("The form is not open yet: the organiser is not named."))
    if not bound.is_valid():
        return _show(request, setup, bound, UNPROCESSABLE, notice)
    try:
        return _see_registration(_store(request, bound, notice, key))
    except SoldOutError as error:
        return sold_out_page(request, setup.desk, setup.page.pk, posted, error.pools)
    except AlreadyRegisteredError as error:
        repeat_link(error.registration)
        return _see_other(reverse("registration:known", args=[setup.page.pk]))
    except explaining.EXPLAINED as error:
        return _show(request, setup, bound, explaining.explain(bound, error), notice)


def _closed(desk: RegistrationDesk) -> NotOpenError | None:
    try:
        check_open(desk)
    except NotOpenError as error:
        return error
    return None


def _store(
    request: HttpRequest, bound: RegistrationForm, notice: Notice | None, key: str | None
) -> Registration:
    check_pace(read_token(bound.cleaned_data["token"]))
    with explaining.counting(client_address(request)) as count:
        return store(request, bound, notice, key, count)


def _show(
    request: HttpRequest,
    setup: Setup,
    shown: RegistrationForm,
    status: int,
    notice: Notice | None = None,
) -> HttpResponse:
    """The page of the form; where nothing can be registered it says why, and keeps what was typed."""
    if shown.is_bound:
        refresh(shown)
    context = {
        "form": shown,
        "setup": setup,
        "desk": setup.desk,
        "event": setup.page,
        "closed": _closed(setup.desk),
        "notice": notice or make_notice(request, setup),
        "form_action": reverse("registration:form", args=[setup.page.pk]) + "#errors",
    }
    response = render(request, "events/registration/form.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def known(request: HttpRequest, page_id: int) -> HttpResponse:
    """The same for everybody who registers again: what is known of them goes out by mail alone."""
    setup = _setup_or_404(page_id)
    context = {"event": setup.page, "desk": setup.desk}
    return private(render(request, "events/registration/known.html", context))


def cookie_missing(request: HttpRequest, page_id: int) -> HttpResponse:
    """The answer to a form whose CSRF cookie was missing or old: all that was typed comes back."""
    setup = _setup_or_404(page_id)
    bound = RegistrationForm(readable(request.POST), setup=setup, handler=handler_name(request))
    explaining.cookie_missing(bound)
    return _show(request, setup, bound, FORBIDDEN)


# `crm.views.csrf_failure` asks the view that was meant.
form.csrf_failure = cookie_missing


def _see_registration(registration: Registration) -> HttpResponse:
    # A fragment of its own: browsers would carry the form's over.
    url = reverse("registration:detail", args=[registration_token(registration)])
    return _see_other(f"{url}#main")


def _see_other(url: str) -> HttpResponse:
    return private(HttpResponse(status=303, headers={"Location": url}))
