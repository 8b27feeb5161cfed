from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import get_language, gettext
from django.views.csrf import csrf_failure as default_csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from base import navigation
from base.client_address import client_address
from crm.errors import ConsentAlreadyWithdrawnError, CrmError, TooManyInquiriesError
from crm.form_context import Notice, bound_form_context, handler_name, refresh
from crm.form_token import (
    FormToken,
    HastyTokenError,
    StaleTokenError,
    check_pace,
    read_token,
    submission_key,
)
from crm.forms import InquiryForm
from crm.models import INQUIRY_KINDS, LEAD_KINDS, ConsentKind, InquiryPage, Lead
from crm.services import GivenConsent, capture_lead, count_inquiry, withdraw_consent
from crm.status_link import make_token, status_path
from crm.status_link import read_token as read_status_token

# Of the answers below 500 the one that says "understood, but not acceptable as it is".
UNPROCESSABLE = 422
TOO_MANY = 429
CONTENT_FIELDS = (
    "name", "organisation_name", "phone", "email", "region", "chain", "scale_min", "scale_max",
    "currency", "site_need", "message", "attached", "source",
)  # fmt: skip


@never_cache
def submit(request: HttpRequest) -> HttpResponse:
    """The one address that inquiries are posted to, from whatever page."""
    if request.method != "POST":
        return redirect(_inquiry_url(request))
    context = bound_form_context(request)
    form: InquiryForm = context["form"]
    status = UNPROCESSABLE
    if context["notice"] and context["notice"].is_closed:
        form.add_error(None, gettext("The form is not open yet: the organiser is not named."))
    if form.is_valid():
        try:
            lead = _capture(request, form, context["notice"])
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
        except TooManyInquiriesError as error:
            status = TOO_MANY
            form.add_error(None, str(error))
        except CrmError as error:
            form.add_error(None, str(error))
        else:
            # A fragment of its own: browsers would carry the form's over.
            return _see_other(f"{status_path(lead.public_id)}#main")
    return _show_again(request, context, status)


def _capture(request: HttpRequest, form: InquiryForm, notice: Notice | None) -> Lead:
    """Store the inquiry of a valid form, or find it if this very form was stored before."""
    data = form.cleaned_data
    token = read_token(data["token"])
    key = _submission_key(token, form)
    earlier = Lead.objects.filter(submission_key=key).first()
    if earlier is not None:
        return earlier
    check_pace(token)
    count_inquiry(address=client_address(request))
    source_page = _source_page(data["source"])
    return capture_lead(
        name=data["name"],
        organisation_name=data["organisation_name"],
        phone=data["phone"],
        email=data["email"],
        region=data["region"],
        chain=data["chain"],
        scale_min=data["scale_min"],
        scale_max=data["scale_max"],
        currency=data["currency"],
        site_need=data["site_need"],
        message=data["message"],
        attached=data["attached"],
        language=get_language(),
        source_page=source_page,
        consents=_given_consents(request, form, notice),
        submission_key=key,
    ).lead


def _submission_key(token: FormToken, form: InquiryForm) -> str:
    return submission_key(token, [str(form.cleaned_data.get(f) or "") for f in CONTENT_FIELDS])


def _given_consents(
    request: HttpRequest, form: InquiryForm, notice: Notice | None
) -> list[GivenConsent]:
    handler = handler_name(request)
    told = notice.receipt_lines() if notice else []
    return [
        GivenConsent(
            text=form.texts[kind],
            shown_text=form.texts[kind].shown(handler=handler, notice=told),
            source_url=request.path,
        )
        for kind in INQUIRY_KINDS
        if form.cleaned_data.get(f"consent_{kind}")
    ]


def _source_page(raw: str) -> Page | None:
    """The public page the form stood on. A wrong id is no fault of the visitor's and is passed over."""
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        return None
    return navigation.public_pages().filter(pk=int(raw), depth__gt=1).first()


def _inquiry_page(request: HttpRequest) -> InquiryPage | None:
    return InquiryPage.in_active_language(navigation.home_page(request))


def _inquiry_url(request: HttpRequest) -> str:
    page = _inquiry_page(request)
    return page.get_url(request) if page else "/"


def _see_other(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})


def _show_again(request: HttpRequest, context: dict, status: int) -> HttpResponse:
    """The form page with everything typed, what is wrong, and a token that is good."""
    refresh(context["form"])
    context["page"] = _inquiry_page(request)
    response = render(request, "crm/inquiry_errors.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An inquiry whose cookie was missing or old comes back with all that was typed."""
    try:
        is_inquiry = resolve(request.path_info).view_name == "crm:submit"
    except Resolver404:
        is_inquiry = False
    if not is_inquiry or request.method != "POST":
        return default_csrf_failure(request, reason=reason)
    context = bound_form_context(request)
    context["form"].add_error(
        None,
        gettext(
            "The form could not be checked, because the browser did not send this site's cookie. "
            "Nothing you wrote is lost: please allow cookies and send it again."
        ),
    )
    return _show_again(request, context, 403)


def private(response: HttpResponse) -> HttpResponse:
    """A page that only its link opens: not indexed, not kept, its address told to no other site.

    "same-origin" and not "no-referrer", because browsers then send `Origin: null` with the forms
    of the page, which the CSRF check refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "same-origin"
    return response


def _lead_or_404(token: str) -> Lead:
    try:
        public_id = read_status_token(token)
    except signing.BadSignature:
        raise Http404 from None
    lead = Lead.objects.filter(public_id=public_id).first()
    if lead is None:
        raise Http404
    return lead


@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """What has become of an inquiry, for whoever holds its signed link."""
    lead = _lead_or_404(token)
    context = {
        "lead": lead,
        "token": token,
        "consents": list(lead.consents.select_related("text")),
        "erasing": LEAD_KINDS,
        "inquiry_url": _inquiry_url(request),
        "withdrawn": request.GET.get("withdrawn") in ConsentKind.values,
    }
    return private(render(request, "crm/inquiry_status.html", context))


@require_POST
def withdraw(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """Withdraw one consent; without that which the lead rests on the personal data is gone at once."""
    if kind not in ConsentKind.values:
        raise Http404
    lead = _lead_or_404(token)
    done = f"?withdrawn={kind}"
    try:
        withdraw_consent(lead=lead, kind=kind)
    except ConsentAlreadyWithdrawnError:
        done = ""
    url = reverse("crm:status", args=[make_token(lead.public_id)])
    return private(_see_other(f"{url}{done}#main"))
