"""Telling all who have registered that time or place of an event have changed."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from crm.forms import TypedField
from events.desk_admin.base import DeskMixin
from events.registration.telling import LONGEST_NOTE, tell_change


class WordForm(forms.Form):
    note = TypedField(
        label=_("A word of your own"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the mail as you write it, whatever its language."),
    )


class TellView(DeskMixin, FormView):
    permission = "events.work_registration"
    form_class = WordForm
    template_name = "events/desk_admin/tell.html"
    page_title = _("Tell all about a change")
    header_icon = "mail"

    def form_valid(self, form: WordForm) -> HttpResponse:
        number = tell_change(self.desk, note=form.cleaned_data["note"])
        text = ngettext(
            "%(number)s mail is on its way.", "%(number)s mails are on their way.", number
        )
        messages.success(self.request, text % {"number": number})
        return redirect("desks:overview", self.desk.pk)

    def get_context_data(self, **kwargs) -> dict:
        active = self.desk.registrations.active().filter(anonymised_at=None, is_sample=False)
        return super().get_context_data(
            number=active.exclude(email="").count(),
            unreached=active.filter(email=""),
            back=reverse("desks:overview", args=[self.desk.pk]),
            explanation=gettext(
                "The mail says when and where the event is now, as its page has it."
            ),
            **kwargs,
        )
