"""What moves registrations asks first: a question, what will be mailed, one button."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from crm.forms import TypedField
from events.choices import RegistrationStatus
from events.desk_admin.base import DeskMixin
from events.desk_admin.registration import RegistrationMixin
from events.desk_admin.setup import UNPROCESSABLE
from events.desk_errors import ReasonMissingError
from events.errors import EventError
from events.models import EventMail, Registration
from events.services import approve, cancel, reject
from events.services.desk_work import approve_several, resend

MOST_AT_ONCE = 200


class ReasonForm(forms.Form):
    note = TypedField(
        label=_("Reason or remark"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the log, and stands in the mail."),
    )
    notify = forms.BooleanField(label=_("Write to the person"), required=False, initial=True)


class NoForm(forms.Form):
    """For what needs nothing but the button."""


@dataclass(frozen=True)
class Move:
    """One way of moving a registration; `service` is called with registration, actor, note, notify."""

    title: str | Promise
    question: str | Promise
    button: str | Promise
    done: str | Promise
    service: Callable[..., Registration]
    needs_reason: bool = False


MOVE_VIEWS = {
    "approve": Move(
        _("Approve"),
        _("Confirm this registration? Its seat is held already."),
        _("Approve"),
        _("The registration is confirmed."),
        approve,
    ),
    "decline": Move(
        _("Decline"),
        _("Decline this registration? It can't be taken back; its seat goes to those who wait."),
        _("Decline"),
        _("The registration is declined."),
        reject,
        needs_reason=True,
    ),
    "cancel": Move(
        _("Cancel the registration"),
        _("Cancel this registration? It can't be taken back; its seat goes to those who wait."),
        _("Cancel the registration"),
        _("The registration is cancelled."),
        cancel,
        needs_reason=True,
    ),
}


class MoveView(RegistrationMixin, FormView):
    """Approve, decline or cancel one registration."""

    permission = "events.work_registration"
    form_class = ReasonForm
    template_name = "events/desk_admin/confirm.html"

    @property
    def move(self) -> Move:
        return MOVE_VIEWS[self.kwargs["move"]]

    def get_page_title(self) -> str:
        return f"{self.move.title} {self.registration.reference}"

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            if self.move.needs_reason and not data["note"].strip():
                raise ReasonMissingError
            self.move.service(
                self.registration,
                actor=self.request.user,
                note=data["note"].strip(),
                notify=data["notify"],
            )
        except EventError as error:
            # What another officer has just done is told here, with what was typed.
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, self.move.done)
        return redirect("desks:registration", self.desk.pk, self.registration.pk)

    def form_invalid(self, form: ReasonForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        registration = self.registration
        return super().get_context_data(
            question=self.move.question,
            button=self.move.button,
            is_final=self.move.needs_reason,
            registrations=[registration],
            back=reverse("desks:registration", args=[self.desk.pk, registration.pk]),
            **kwargs,
        )


class ResendView(RegistrationMixin, FormView):
    """Send a mail once more."""

    permission = "events.work_registration"
    form_class = NoForm
    template_name = "events/desk_admin/confirm.html"
    page_title = _("Send the mail again")

    def get_mail(self) -> EventMail:
        return get_object_or_404(self.registration.mails, pk=self.kwargs["mail_id"])

    def form_valid(self, form: NoForm) -> HttpResponse:
        try:
            resend(mail=self.get_mail(), actor=self.request.user)
        except EventError as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, gettext("The mail is on its way."))
        return redirect("desks:registration", self.desk.pk, self.registration.pk)

    def get_context_data(self, **kwargs) -> dict:
        registration = self.registration
        question = gettext("Send “%(mail)s” once more to %(address)s?") % {
            "mail": self.get_mail().get_purpose_display(),
            "address": registration.masked_email,
        }
        return super().get_context_data(
            question=question,
            button=gettext("Send it again"),
            registrations=[registration],
            back=reverse("desks:registration", args=[self.desk.pk, registration.pk]),
            **kwargs,
        )


class ApproveSeveralView(DeskMixin, FormView):
    """The chosen registrations, or all that await approval; each is confirmed for itself."""

    permission = "events.work_registration"
    form_class = ReasonForm
    template_name = "events/desk_admin/confirm.html"
    page_title = _("Approve several")
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return redirect("desks:overview", kwargs["desk_id"])

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.chosen = self.get_chosen()
        if not self.chosen:
            messages.info(request, gettext("Nothing was chosen that awaits approval."))
            return redirect("desks:overview", self.desk.pk)
        if "confirmed" not in request.POST:
            form = ReasonForm()
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_chosen(self) -> list[Registration]:
        rows = self.desk.registrations.order_by("created_at", "pk")
        if "all" in self.request.POST:
            return list(rows.filter(status=RegistrationStatus.PENDING)[:MOST_AT_ONCE])
        typed = self.request.POST.getlist("registration")[:MOST_AT_ONCE]
        ids = [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 19]
        rows = rows.filter(pk__in=ids)
        if "confirmed" not in self.request.POST:
            rows = rows.filter(status=RegistrationStatus.PENDING)
        return list(rows)

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        data = form.cleaned_data
        result = approve_several(
            registrations=self.chosen,
            actor=self.request.user,
            note=data["note"].strip(),
            notify=data["notify"],
        )
        if result.done:
            text = ngettext(
                "%(number)s registration is confirmed.",
                "%(number)s registrations are confirmed.",
                len(result.done),
            )
            messages.success(self.request, text % {"number": len(result.done)})
        for registration, error in result.failed:
            messages.error(self.request, f"{registration.reference}: {error}")
        return redirect("desks:overview", self.desk.pk)

    def form_invalid(self, form: ReasonForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        text = ngettext(
            "Confirm %(number)s registration?",
            "Confirm these %(number)s registrations?",
            len(self.chosen),
        )
        return super().get_context_data(
            question=text % {"number": len(self.chosen)},
            button=gettext("Approve"),
            registrations=self.chosen,
            hidden=[registration.pk for registration in self.chosen],
            back=reverse("desks:overview", args=[self.desk.pk]),
            **kwargs,
        )
