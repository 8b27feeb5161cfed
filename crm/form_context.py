"""Everything the form's template needs, made the same way for pages, errors and refusals."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from base.chains import Chain
from base.models import OfficialSettings
from crm.form_token import StaleTokenError, issue_token, read_token
from crm.forms import InquiryForm, readable
from crm.models import ConsentText
from crm.retention import keep_until

# The page of this slug below the home page tells the rights at length.
PRIVACY_PATH = "privacy/"


@dataclass(frozen=True)
class Notice:
    """What PIPL article 17 wants said before anything is typed."""

    handler: str
    contact: str
    purpose: str
    manner: str
    data_kinds: str
    kept_until: date
    privacy_url: str
    is_named: bool

    @property
    def is_closed(self) -> bool:
        """Production takes no personal data before it is said who answers for them and where."""
        return settings.INQUIRIES_NEED_HANDLER and not self.is_named

    def receipt_lines(self) -> list[str]:
        """What the receipt keeps of the notice besides the wording of the consent."""
        return [
            *([self.contact] if self.contact else []),
            gettext("until %(day)s at the latest, then it is erased")
            % {"day": date_format(self.kept_until, "DATE_FORMAT")},
            gettext(
                "You may look up, copy, correct or delete your data and withdraw each consent at "
                "any time; the link you get after sending does it at once."
            ),
        ]


def handler_name(request: HttpRequest) -> str:
    return OfficialSettings.for_request(request).organiser or gettext("the organiser of this site")


def current_texts() -> dict[str, ConsentText]:
    return ConsentText.objects.current(get_language())


def make_notice(request: HttpRequest, texts: dict[str, ConsentText]) -> Notice | None:
    text = texts.get("processing")
    if text is None:
        return None
    official = OfficialSettings.for_request(request)
    contact = official.organiser_contact or official.telephone
    return Notice(
        handler=handler_name(request),
        contact=contact,
        purpose=text.purpose,
        manner=text.manner,
        data_kinds=text.data_kinds,
        kept_until=keep_until(),
        privacy_url=reverse("wagtail_serve", args=[PRIVACY_PATH]),
        is_named=bool(official.organiser and contact),
    )


def _context(request: HttpRequest, form: InquiryForm, texts: dict) -> dict:
    return {
        "form": form,
        "notice": make_notice(request, texts),
        # The summary of errors takes the focus, also without scripts.
        "form_action": f"{reverse('crm:submit')}#errors",
    }


def blank_form_context(
    request: HttpRequest,
    *,
    source: Page | None,
    hints: QueryDict | dict | None = None,
    attached: str = "",
) -> dict:
    """An empty form that knows where the visitor is.

    hints: `source` (a page id) and `chain` from the address of the inquiry page.
    attached: what goes along with the inquiry if the visitor lets it stand.
    """
    hints = hints or {}
    texts = current_texts()
    chain = hints.get("chain") or getattr(source, "chain", "")
    asked = str(hints.get("source", ""))[:12]
    initial = {
        "source": asked if asked.isascii() and asked.isdigit() else getattr(source, "pk", ""),
        "chain": chain if chain in Chain.values else "",
        "attached": attached,
        "token": issue_token(),
    }
    form = InquiryForm(texts=texts, handler=handler_name(request), initial=initial)
    return _context(request, form, texts)


def bound_form_context(request: HttpRequest) -> dict:
    """The form as it was sent, with its own token while that is good and a new one otherwise."""
    data = readable(request.POST)
    texts = current_texts()
    form = InquiryForm(data, texts=texts, handler=handler_name(request))
    return _context(request, form, texts)


def refresh(form: InquiryForm, *, new_token: bool = False) -> None:
    """Make a bound form fit to be shown again: the trap empty, the token good."""
    form.data["homepage"] = ""
    try:
        read_token(form.data.get("token", ""))
    except StaleTokenError:
        new_token = True
    if new_token:
        form.data["token"] = issue_token()
