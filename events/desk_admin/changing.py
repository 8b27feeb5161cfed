"""Changing a registration for somebody who called: the event's form, bound to what was said."""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from crm.models import ConsentKind
from events.desk_admin.entering import NOT_ASKED
from events.desk_admin.registration import RegistrationMixin
from events.desk_admin.setup import UNPROCESSABLE
from events.errors import EventError, MoveError
from events.models import Registration
from events.registration.changing import bound_change, unbound_change
from events.registration.explaining import explain
from events.registration.forms import RegistrationForm
from events.registration.storing import guest_of, pools_of
from events.services import change
from events.services.desk_work import reveal


class ChangeView(RegistrationMixin, FormView):
    """Opening it shows personal data, so that it is noted like looking at them."""

    permission = "events.work_registration"
    template_name = "events/desk_admin/change.html"

    def get_page_title(self) -> str:
        return gettext("Change %(reference)s") % {"reference": self.registration.reference}

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            if not self.registration.is_active:
                raise MoveError
            reveal(registration=self.registration, actor=request.user)
        except EventError as error:
            messages.error(request, str(error))
            return redirect("desks:registration", self.desk.pk, self.registration.pk)
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self) -> RegistrationForm:
        posted = self.request.method == "POST"
        form = (bound_change if posted else unbound_change)(self.request, self.registration)
        for name in (*NOT_ASKED, f"consent_{ConsentKind.EVENT_LEAD}"):
            form.fields.pop(name, None)
        if not self.registration.wants_contact:
            del form.fields["intent"]  # what is not agreed to is not asked
        form.fields["notify"] = forms.BooleanField(
            label=_("Write to the person"), required=False, initial=True
        )
        return form

    def get_form(self, form_class=None) -> RegistrationForm:
        return self.form

    def form_valid(self, form: RegistrationForm) -> HttpResponse:
        try:
            _store(form, self.registration, self.request.user)
        except (EventError, ValidationError) as error:
            explain(form, error)
            return self.form_invalid(form)
        messages.success(self.request, gettext("The registration is changed."))
        return redirect("desks:registration", self.desk.pk, self.registration.pk)

    def form_invalid(self, form: RegistrationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(registration=self.registration, **kwargs)


def _store(form: RegistrationForm, registration: Registration, actor) -> None:
    form.cleaned_data.setdefault("intent", registration.intent)
    guest = guest_of(form, wants_contact=registration.wants_contact)
    asked = {question.key for question in form.setup.questions}
    # The answers to questions that are not asked any more stay.
    older = {key: said for key, said in registration.answers.items() if key not in asked}
    change(
        registration,
        guest=replace(guest, answers=older | guest.answers),
        pools=pools_of(form),
        code=form.cleaned_data.get("invitation", ""),
        actor=actor,
        notify=form.cleaned_data["notify"],
    )
