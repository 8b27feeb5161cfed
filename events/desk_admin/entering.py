"""Entering a registration by hand: somebody called or wrote, and their consent is on paper."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from crm.form_context import handler_name
from crm.forms import TypedField
from crm.models import ConsentKind
from crm.services import GivenConsent
from events.choices import RegistrationStatus
from events.desk_admin.base import DeskMixin
from events.desk_admin.setup import UNPROCESSABLE
from events.errors import AlreadyRegisteredError, EventError, NotOpenError
from events.models import Registration
from events.registration.explaining import explain
from events.registration.forms import RegistrationForm, readable
from events.registration.notice import given_consents, make_notice
from events.registration.setup import Setup
from events.registration.storing import guest_of, pools_of
from events.services.desk_work import enter_by_hand

# Of the public form: what tells people from programs, and what a participant says of themselves.
NOT_ASKED = ("came_by", "token", "homepage", "side", "offers", "seeks", "chains", "consent_meeting")


class EnterForm(RegistrationForm):
    """The form of the event as an officer fills it in."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in NOT_ASKED:
            self.fields.pop(name, None)
        if "invitation" in self.fields:
            self.fields["invitation"].required = False
        for kind in (ConsentKind.EVENT, ConsentKind.EVENT_LEAD):
            field = self.fields.get(f"consent_{kind}")
            if field:
                field.label = gettext("On paper: %(statement)s") % {"statement": field.label}
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of mails and tickets"), choices=settings.LANGUAGES
        )
        self.fields["note"] = TypedField(
            label=_("Note"),
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Such as where the paper with the consent is kept"),
        )
        self.fields["notify"] = forms.BooleanField(
            label=_("Write to the person"), required=False, initial=True
        )


class EnterView(DeskMixin, FormView):
    permission = "events.work_registration"
    template_name = "events/desk_admin/enter.html"
    page_title = _("Enter a registration")
    header_icon = "plus"

    def get_form(self, form_class=None) -> EnterForm:
        data = readable(self.request.POST) if self.request.method == "POST" else None
        setup = Setup(self.desk, self.desk.page)
        return EnterForm(data, setup=setup, handler=handler_name(self.request))

    def form_valid(self, form: EnterForm) -> HttpResponse:
        try:
            registration = _enter(self.request, form)
        except AlreadyRegisteredError as error:
            form.add_error(None, _known(error.registration))
            return self.form_invalid(form)
        except (EventError, ValidationError) as error:
            explain(form, error)
            return self.form_invalid(form)
        if registration.status == RegistrationStatus.WAITING:
            messages.warning(self.request, gettext("All seats are taken: it waits in the list."))
        else:
            messages.success(self.request, gettext("The registration is confirmed."))
        return redirect("desks:registration", self.desk.pk, registration.pk)

    def form_invalid(self, form: EnterForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


def _enter(request: HttpRequest, form: EnterForm) -> Registration:
    data = form.cleaned_data
    return enter_by_hand(
        desk=form.setup.desk,
        guest=guest_of(form, wants_contact=bool(data.get("consent_event_lead"))),
        actor=request.user,
        pools=pools_of(form),
        consents=_consents(request, form),
        language=data["language"],
        note=data["note"],
        notify=data["notify"],
    )


def _consents(request: HttpRequest, form: EnterForm) -> list[GivenConsent]:
    """The wording in the language of the person, not of the officer.

    Raises NotOpenError where nobody may be registered, as nobody is named who answers for the data.
    """
    with translation.override(form.cleaned_data["language"]):
        setup = Setup(form.setup.desk, form.setup.page)
        notice = make_notice(request, setup)
        if notice is None or notice.is_closed:
            raise NotOpenError(gettext("The form is not open yet: the organiser is not named."))
        kinds = [kind for kind in form.consents if kind in setup.texts]
        return given_consents(request, setup, notice, kinds)


def _known(registration: Registration) -> str:
    url = reverse("desks:registration", args=[registration.desk_id, registration.pk])
    return format_html(
        '{} <a href="{}">{}</a>',
        gettext("This person has registered already:"),
        url,
        registration.reference,
    )
