"""The page of one registration: what was said and agreed to, what happened, and what may be done now."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from crm.forms import TypedField
from events.choices import MOVES, RegistrationStatus
from events.desk_admin.base import DeskMixin
from events.errors import EventError
from events.models import Registration
from events.registration.questions import in_words
from events.services.desk_work import may_resend, reveal, set_note

LOG_LENGTH = 200
# What happened beside a move, as the log names it. Other parts of the room may write others.
ACTIONS = {
    "registered": _("Registered"),
    "changed": _("Registration changed"),
    "revealed": _("Personal data shown"),
    "resent": _("Mail sent again"),
    "noted": _("Note changed"),
    "anonymised": _("Personal data erased"),
    "consent_given": _("Consent given"),
    "consent_ended": _("Consent withdrawn"),
    "joined_meetings": _("Takes part in the meetings"),
    "left_meetings": _("Takes no part in the meetings any more"),
    "exported": _("Exported"),
}
# Which button leads to which state; the table of moves says where it may stand.
BUTTONS = (
    ("approve", RegistrationStatus.CONFIRMED),
    ("decline", RegistrationStatus.REJECTED),
    ("cancel", RegistrationStatus.CANCELLED),
)


class NoteForm(forms.Form):
    text = TypedField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For those who run the event. Nothing that the person should not read."),
    )


class RegistrationMixin(DeskMixin):
    permission = "events.view_registration"
    header_icon = "user"

    @cached_property
    def registration(self) -> Registration:
        rows = Registration.objects.select_related("invitation", "lead", "organisation")
        return get_object_or_404(rows, desk=self.desk, pk=self.kwargs["pk"])


class RegistrationView(RegistrationMixin, TemplateView):
    """`reveal` and `note` are posted here; what moves a registration asks first, on a page of its own."""

    template_name = "events/desk_admin/registration.html"
    http_method_names = ["get", "head", "post"]
    revealed = False
    note_form: NoteForm | None = None

    def get_page_title(self) -> str:
        return self.registration.reference

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if "action" in kwargs:
            return redirect("desks:registration", kwargs["desk_id"], kwargs["pk"])
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, action: str = "", **kwargs) -> HttpResponse:
        who = {"registration": self.registration, "actor": request.user}
        try:
            if action == "reveal":
                reveal(**who)
                self.revealed = True
            elif action == "note":
                self.note_form = NoteForm(request.POST)
                if self.note_form.is_valid():
                    set_note(text=self.note_form.cleaned_data["text"], **who)
                    messages.success(request, gettext("The note is saved."))
                    return redirect("desks:registration", self.desk.pk, self.registration.pk)
            else:
                raise Http404
        except EventError as error:
            messages.error(request, str(error))
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        registration, user = self.registration, self.request.user
        erased = registration.is_anonymised
        may_work = user.has_perm("events.work_registration") and not erased
        mails = registration.mails.order_by("-pk")
        return super().get_context_data(
            registration=registration,
            revealed=self.revealed,
            may_work=may_work,
            buttons=_buttons(registration.status) if may_work else [],
            may_change=may_work and registration.is_active,
            pools=registration.pools.all(),
            attendees=registration.attendees.all(),
            answers=_answers(self.desk, registration),
            consents=registration.consents.select_related("text"),
            log=[
                (line, ACTIONS.get(line.action, line.action), _status(line.to_status))
                for line in registration.log.select_related("actor").order_by("-pk")[:LOG_LENGTH]
            ],
            mails=[(mail, may_work and may_resend(mail, registration)) for mail in mails],
            may_see_lead=registration.lead_id and user.has_perm("crm.view_lead"),
            note_form=self.note_form or NoteForm({"text": registration.note}),
            **kwargs,
        )


def _buttons(status: str) -> list[str]:
    """What may be done in a state. An offer is the visitor's to accept, and nobody is seated past the list."""
    allowed = MOVES[status]
    found = [name for name, to in BUTTONS if to in allowed]
    if status != RegistrationStatus.PENDING and "approve" in found:
        found.remove("approve")
    return found


def _status(status: str) -> str:
    return RegistrationStatus(status).label if status in RegistrationStatus.values else status


def _answers(desk, registration: Registration) -> list[dict]:
    """The answers in the order of the form; those to questions that are gone come last, by their key."""
    given = dict(registration.answers)
    rows = [
        {
            "label": str(question),
            "answer": in_words(question, given.pop(question.key)),
            "is_personal": question.is_personal,
        }
        for question in desk.fields.all()
        if question.key in given
    ]
    rest = [
        {"label": key, "answer": _plainly(answer), "is_personal": True}
        for key, answer in given.items()
    ]
    return rows + rest


def _plainly(answer) -> str:
    if isinstance(answer, list):
        return gettext(", ").join(str(one) for one in answer)
    if isinstance(answer, bool):
        return gettext("yes") if answer else gettext("no")
    return str(answer)
