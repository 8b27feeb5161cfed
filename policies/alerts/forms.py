"""The form that asks for alerts, made the same way in the library and on its own page."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from base.models import OfficialSettings
from crm.form_context import PRIVACY_PATH, handler_name
from crm.form_token import StaleTokenError, issue_token, read_token
from crm.forms import KEPT_CHARACTERS, AddressField, PublicForm
from policies.alerts.filters import LONGEST
from policies.models import AlertText, Subscription


@dataclass(frozen=True)
class AlertNotice:
    """What PIPL article 17 wants said before an address is typed."""

    text: AlertText
    handler: str
    contact: str
    privacy_url: str
    is_named: bool

    @property
    def is_closed(self) -> bool:
        """Production takes no personal data before it is said who answers for them and where."""
        return settings.INQUIRIES_NEED_HANDLER and not self.is_named

    @property
    def statement(self) -> str:
        return self.text.statement.replace("{handler}", self.handler)

    def shown(self) -> str:
        """All of it as one text, for the receipt."""
        rights = gettext(
            "You may look up, change or end your alerts at any time by the link in each mail."
        )
        notice = [*([self.contact] if self.contact else []), rights]
        return self.text.shown(handler=self.handler, notice=notice)


def make_notice(request: HttpRequest) -> AlertNotice | None:
    text = AlertText.objects.current(get_language())
    if text is None:
        return None
    official = OfficialSettings.for_request(request)
    contact = official.organiser_contact or official.telephone
    return AlertNotice(
        text=text,
        handler=handler_name(request),
        contact=contact,
        privacy_url=reverse("wagtail_serve", args=[PRIVACY_PATH]),
        is_named=bool(official.organiser and contact),
    )


class FilterField(forms.CharField):
    """The hidden filter. Whatever it is, the library reads a question out of it."""

    widget = forms.HiddenInput

    def clean(self, value):
        text = str(value or "")
        return text if text.isprintable() else ""


class AlertForm(PublicForm):
    """An address, how often, and the consent: nothing else is asked of a reader."""

    email = AddressField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Write the address that the alerts are to go to."),
            "invalid": _("An e-mail address looks like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    frequency = forms.ChoiceField(
        label=_("How often, when there is something new"),
        choices=Subscription.Frequency.choices,
        initial=Subscription.Frequency.WEEKLY,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how often."),
            "invalid_choice": _("Choose how often."),
        },
    )
    consent = forms.BooleanField(
        error_messages={"required": _("Without this tick we may not store your address.")}
    )
    query = FilterField(required=False)

    def __init__(self, *args, notice: AlertNotice | None, **kwargs):
        kwargs.setdefault("auto_id", "alert-%s")
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = notice.statement if notice else ""

    def clean_query(self) -> str:
        query = self.cleaned_data["query"]
        if len(query) > 2 * LONGEST:
            self.add_error(
                None,
                gettext("These are more conditions than an alert can keep. Please choose fewer."),
            )
        return query


def blank_form(query: str, notice: AlertNotice | None) -> AlertForm:
    return AlertForm(notice=notice, initial={"query": query, "token": issue_token()})


def bound_form(posted: QueryDict, notice: AlertNotice | None) -> AlertForm:
    """The form as it was sent, as text that any template and database can take."""
    data = {
        key: posted.get(key, "")[:KEPT_CHARACTERS].encode("utf-8", "replace").decode()
        for key in posted
        if key in AlertForm.base_fields
    }
    return AlertForm(data, notice=notice)


def refresh(form: AlertForm) -> None:
    """Make a bound form fit to be shown again: the trap empty, the token good."""
    form.data["homepage"] = ""
    try:
        read_token(form.data.get("token", ""))
    except StaleTokenError:
        form.data["token"] = issue_token()
