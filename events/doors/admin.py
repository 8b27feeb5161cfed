"""The doors of an event in the admin: their links, how many have come, badges."""

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView
from wagtail.log_actions import log

from base.signed_links import whole_url
from crm.forms import LineField
from events.desk_admin.base import DeskMixin
from events.doors import badges
from events.links import door_token
from events.models import Door
from events.services.checking_in import count

PERMISSION = "events.check_in"
UNPROCESSABLE = 422
MOST = 50


class DoorForm(forms.Form):
    name = LineField(label=_("Name of the door"), max_length=80)


class DoorsMixin(DeskMixin):
    permission = PERMISSION
    header_icon = "login"


class DoorsView(DoorsMixin, FormView):
    """All doors with their links. A link is a key: it is shown to whoever may check people in."""

    form_class = DoorForm
    template_name = "events/doors/admin.html"
    page_title = _("Check-in")

    def form_valid(self, form: DoorForm) -> HttpResponse:
        if self.desk.doors.count() >= MOST:
            form.add_error("name", gettext("There are enough doors."))
            return self.form_invalid(form)
        door = Door.objects.create(desk=self.desk, name=form.cleaned_data["name"])
        log(
            instance=self.desk,
            action="wagtail.edit",
            user=self.request.user,
            data={"door": str(door)},
        )
        messages.success(
            self.request, gettext("The door is there: open its link on the telephone.")
        )
        return redirect("desks:doors", self.desk.pk)

    def form_invalid(self, form: DoorForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        doors = [
            {"door": door, "url": door_url(door), "qr": qr(door_url(door)), "scans": scans}
            for door in self.desk.doors.all()
            for scans in [door.check_ins.filter(result="entered").count()]
        ]
        return super().get_context_data(doors=doors, count=count(self.desk), **kwargs)


def door_url(door: Door) -> str:
    return whole_url("doors:door", [door_token(door)], get_language())


def qr(address: str) -> str:
    drawn = segno.make(address, error="m", micro=False)
    return mark_safe(drawn.svg_inline(border=3, omitsize=True, svgclass="desk-qr", lineclass=None))


class DoorValidView(DoorsMixin, View):
    """Take the link of a door back, or let it be good again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, door_id: int) -> HttpResponse:
        door = self.desk.doors.filter(pk=door_id).first()
        if door is None:
            raise Http404
        door.is_active = not door.is_active
        door.save(update_fields=["is_active"])
        data = {"door": str(door), "is_active": door.is_active}
        log(instance=self.desk, action="wagtail.edit", user=request.user, data=data)
        return redirect("desks:doors", desk_id)


class BadgesView(DoorsMixin, View):
    """All badges, or those of one registration (`?registration=`)."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        people = badges.badge_holders(self.desk)
        chosen = request.GET.get("registration", "")
        if chosen:
            people = [one for one in people if str(one.registration_id) == chosen]
        if not people:
            messages.warning(request, gettext("There is nobody to print a badge for."))
            return redirect("desks:doors", desk_id)
        return badges.response(self.desk, people)


class EntriesView(DoorsMixin, View):
    """The live count as a piece of the page, asked for again every few seconds."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        number = count(self.desk)
        return HttpResponse(f"{number.entered} / {number.expected}", content_type="text/plain")


def desk_urls() -> list:
    """The pages of a desk's doors, below the desk's own addresses."""
    doors = "<int:desk_id>/doors/"
    return [
        path(doors, DoorsView.as_view(), name="doors"),
        path(f"{doors}<int:door_id>/valid/", DoorValidView.as_view(), name="door_valid"),
        path(f"{doors}badges.pdf", BadgesView.as_view(), name="badges"),
        path(f"{doors}count/", EntriesView.as_view(), name="entries"),
    ]
