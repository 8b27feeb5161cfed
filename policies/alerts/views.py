"""The pages of alerts. None needs a session or a cookie: a signed link or a second mail is the key.

That is why the views that take a POST are without a CSRF token: there is nothing of a visitor's
session that a foreign page could abuse, and mail programs, which unsubscribe by one POST (RFC 8058),
have no token to send.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from base.client_address import client_address
from crm.errors import TooManyInquiriesError
from crm.form_token import HastyTokenError, StaleTokenError, check_pace, read_token
from crm.services import count_inquiry
from crm.views import TOO_MANY, UNPROCESSABLE, private
from policies.alerts import subscribing
from policies.alerts.errors import (
    AlertError,
    ConfirmationOverError,
    TooManyFiltersError,
)
from policies.alerts.filters import describe, normalise
from policies.alerts.forms import (
    AlertForm,
    AlertNotice,
    blank_form,
    bound_form,
    make_notice,
    refresh,
)
from policies.alerts.links import reader_of, reader_token, subscription_of, subscription_token
from policies.alerts.mail import library_url
from policies.models import AlertReader, Subscription

GONE = 410


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form on a page of its own; the library's form posts here, too."""
    notice = make_notice(request)
    if request.method != "POST":
        query = normalise(request.META.get("QUERY_STRING", ""), get_language())
        return _show(request, blank_form(query, notice), notice, 200)
    form, status = bound_form(request.POST, notice), UNPROCESSABLE
    if notice is None or notice.is_closed:
        form.add_error(None, gettext("The form is not open yet: the organiser is not named."))
    if form.is_valid():
        try:
            _take(request, form, notice)
        except TooManyInquiriesError:
            status = TOO_MANY
            form.add_error(
                None,
                gettext(
                    "A good many forms have come from your connection within the hour. What you "
                    "wrote is still here; please send it again later."
                ),
            )
        except StaleTokenError:
            form.add_error(
                None,
                gettext(
                    "The form had been open for too long, or was changed on its way. Nothing you "
                    "wrote is lost: please send it again."
                ),
            )
        except HastyTokenError:
            form.add_error(
                None, gettext("That was very quick. Please look it over and send it again.")
            )
        except AlertError as error:
            form.add_error(None, str(error))
        else:
            return _see_other(f"{reverse('alerts:sent')}#main")
    refresh(form)
    return _show(request, form, notice, status)


def _take(request: HttpRequest, form: AlertForm, notice: AlertNotice) -> None:
    data = form.cleaned_data
    check_pace(read_token(data["token"]))
    # Counted apart from inquiries: a reader's alerts take no investor's allowance.
    count_inquiry(address=f"alerts {client_address(request)}")
    subscribing.subscribe(
        email=data["email"],
        query=data["query"],
        language=get_language(),
        frequency=data["frequency"],
        text=notice.text,
        shown_text=notice.shown(),
        connection=client_address(request),
    )


def _show(
    request: HttpRequest, form: AlertForm, notice: AlertNotice | None, status: int
) -> HttpResponse:
    query = form["query"].value() or ""
    language = get_language()
    context = {
        "form": form,
        "notice": notice,
        "filter": describe(str(query), language),
        "library": library_url(language, normalise(str(query), language)),
    }
    response = render(request, "policies/alerts/subscribe.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """The same for everybody: it must not tell whether an address is known."""
    return private(render(request, "policies/alerts/sent.html"))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for one click, because scanners of mail open every link; only the POST confirms."""
    subscription = subscription_of(token)
    if subscription is None:
        return _gone(request)
    context = {"subscription": subscription, "filter": _filter(subscription)}
    if request.method == "POST":
        try:
            subscribing.confirm(subscription=subscription)
        except ConfirmationOverError:
            context["library"] = library_url(subscription.language, subscription.query)
            page = render(request, "policies/alerts/over.html", context, status=GONE)
            return private(page)
        except TooManyFiltersError:
            return private(_see_other(f"{_manage(subscription.reader)}?done=full#main"))
        except AlertError:
            return _gone(request)
        return private(_see_other(f"{_manage(subscription.reader)}?done=confirmed#main"))
    return private(render(request, "policies/alerts/confirm.html", context))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """What a reader follows: change how often, end one, end all."""
    reader = reader_of(token)
    if reader is None:
        return _gone(request)
    if request.method == "POST":
        return private(_change(request, reader))
    rows = [
        {
            "subscription": subscription,
            "filter": _filter(subscription),
            "library": library_url(subscription.language, subscription.query),
        }
        for subscription in reader.subscriptions.confirmed()
    ]
    waiting = [
        {"filter": _filter(subscription), "confirm": _confirm(subscription)}
        for subscription in reader.subscriptions.waiting()
    ]
    done = request.GET.get("done", "")
    context = {
        "reader": reader,
        "rows": rows,
        "waiting": waiting,
        "frequencies": Subscription.Frequency.choices,
        "off": reverse("alerts:off", args=[token]),
        "done": done if done in {"confirmed", "changed", "ended", "full"} else "",
    }
    return private(render(request, "policies/alerts/manage.html", context))


def _change(request: HttpRequest, reader: AlertReader) -> HttpResponse:
    """Do what a form of the page asks; what is not one of ours is passed over."""
    here = _manage(reader)
    number = request.POST.get("subscription", "")
    found = number.isascii() and number.isdigit() and len(number) < 15
    subscription = reader.subscriptions.filter(pk=int(number)).first() if found else None
    if subscription is None:
        return _see_other(here)
    if request.POST.get("action") == "end":
        if subscribing.end(subscription=subscription):
            return _see_other(f"{reverse('alerts:ended')}#main")
        return _see_other(f"{here}?done=ended#main")
    if request.POST.get("frequency") in Subscription.Frequency.values:
        subscribing.change_frequency(subscription=subscription, frequency=request.POST["frequency"])
        return _see_other(f"{here}?done=changed#main")
    return _see_other(here)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """End everything. A POST is enough, from this page or from a mail program (RFC 8058)."""
    reader = reader_of(token)
    if request.method == "POST":
        if reader is not None:
            subscribing.erase(reader=reader)
        # Also the second time and for a link that is no longer known: nothing is sent any more.
        return private(render(request, "policies/alerts/ended.html"))
    if reader is None:
        return _gone(request)
    context = {
        "reader": reader,
        "filters": [_filter(subscription) for subscription in reader.subscriptions.all()],
        "manage": _manage(reader),
    }
    return private(render(request, "policies/alerts/off.html", context))


@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    return private(render(request, "policies/alerts/ended.html"))


def _gone(request: HttpRequest) -> HttpResponse:
    context = {"library": library_url(get_language())}
    return private(render(request, "policies/alerts/gone.html", context, status=GONE))


def _filter(subscription: Subscription) -> str:
    return describe(subscription.query, subscription.language)


def _manage(reader: AlertReader) -> str:
    return reverse("alerts:manage", args=[reader_token(reader)])


def _confirm(subscription: Subscription) -> str:
    return reverse("alerts:confirm", args=[subscription_token(subscription)])


def _see_other(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})
