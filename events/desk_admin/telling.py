"""Telling all who have registered that time or place of an event have changed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from events.desk_admin.base import DeskMixin
from events.desk_admin.confirming import NoForm


class TellView(DeskMixin, FormView):
    permission = "events.work_registration"
    form_class = NoForm
    template_name = "events/desk_admin/tell.html"
    page_title = _("Tell all about a change")
    header_icon = "mail"

    def form_valid(self, form: NoForm) -> HttpResponse:
        from events.registration.telling import tell_change

        number = tell_change(self.desk)
        text = ngettext(
            "%(number)s mail is on its way.", "%(number)s mails are on their way.", number
        )
        messages.success(self.request, text % {"number": number})
        return redirect("desks:overview", self.desk.pk)

    def get_context_data(self, **kwargs) -> dict:
        active = self.desk.registrations.active().filter(anonymised_at=None)
        return super().get_context_data(
            number=active.exclude(email="").count(),
            unreached=active.filter(email=""),
            back=reverse("desks:overview", args=[self.desk.pk]),
            explanation=gettext(
                "The mail says when and where the event is now, as its page has it."
            ),
            **kwargs,
        )
