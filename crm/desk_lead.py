"""The page of one lead: what was sent, what was agreed, what happened, and what may be done now."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from crm import services, stages
from crm.desk_forms import AssignForm, EmptyForm, NoteForm, StageForm
from crm.duplicates import possible_duplicates
from crm.errors import CrmError
from crm.models import Lead
from crm.permissions import DeskRights, lead_policy

TIMELINE_LENGTH = 200


@dataclass(frozen=True)
class Action:
    form: type[Form]
    message: str


ACTIONS = {
    "take": Action(EmptyForm, _("The lead is yours now.")),
    "assign": Action(AssignForm, _("The owner has been changed.")),
    "stage": Action(StageForm, _("The stage has been changed.")),
    "note": Action(NoteForm, _("The note has been added.")),
    "reveal": Action(EmptyForm, ""),
}


class LeadView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = lead_policy
    permission_required = "view"
    template_name = "crm/admin/lead.html"
    header_icon = "clipboard-list"
    page_title = _("Lead")

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.revealed = False
        self.bound: dict[str, Form] = {}

    def get_lead(self) -> Lead:
        """The lead, unless it belongs to somebody else."""
        visible = Lead.objects.visible_to(self.request.user)
        return get_object_or_404(
            visible.select_related("owner", "organisation", "contact", "source_page"),
            pk=self.kwargs["pk"],
        )

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if "action" in kwargs:
            return redirect("leads:detail", pk=kwargs["pk"])
        self.lead = self.get_lead()
        return self._unstored(super().get(request, *args, **kwargs))

    def post(self, request: HttpRequest, *args, pk: int, action: str = "") -> HttpResponse:
        if action not in ACTIONS:
            raise Http404
        self.lead = self.get_lead()
        form = ACTIONS[action].form(request.POST, lead=self.lead)
        if form.is_valid():
            try:
                self._do(action, form)
            except CrmError as error:
                form.add_error(None, str(error))
        if not form.is_valid():
            self.bound[action] = form
            messages.error(request, "; ".join(form.non_field_errors()) or gettext("Not done yet."))
        elif action != "reveal":
            messages.success(request, ACTIONS[action].message)
            return redirect(self._next_url())
        return self._unstored(self.render_to_response(self.get_context_data()))

    def _do(self, action: str, form: Form) -> None:
        who = {"lead": self.lead, "actor": self.request.user}
        data = form.cleaned_data
        if action == "take":
            services.take_lead(**who)
        elif action == "assign":
            services.assign_lead(owner=data["owner"], **who)
        elif action == "stage":
            services.change_stage(to=data["to"], reason=data["reason"], **who)
        elif action == "note":
            services.add_note(text=data["text"], **who)
        else:
            services.reveal_contact(**who)
            self.revealed = True

    def _next_url(self) -> str:
        """The lead again, or the list when the lead has just been given to somebody else."""
        visible = Lead.objects.visible_to(self.request.user).filter(pk=self.lead.pk)
        return reverse("leads:detail", args=[self.lead.pk]) if visible else reverse("leads:index")

    @staticmethod
    def _unstored(response: HttpResponse) -> HttpResponse:
        response["Cache-Control"] = "no-store, private"
        return response

    def get_page_subtitle(self) -> str:
        return self.lead.reference

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("leads:index"), "label": gettext("Leads")},
            {"url": "", "label": self.lead.reference},
        ]

    def get_context_data(self, **kwargs) -> dict:
        lead, user = self.lead, self.request.user
        rights = DeskRights.of(user)
        twins = possible_duplicates(lead)
        visible = set(
            Lead.objects.visible_to(user)
            .filter(pk__in=[twin.pk for twin in twins])
            .values_list("pk", flat=True)
        )
        return super().get_context_data(
            lead=lead,
            rights=rights,
            workable=rights.work and not lead.is_anonymised,
            revealed=self.revealed,
            activities=lead.activities.select_related("actor")[:TIMELINE_LENGTH],
            consents=lead.consents.select_related("text"),
            deliveries=lead.deliveries.all(),
            duplicates=[(twin, twin.pk in visible) for twin in twins],
            needs_owner=[s.label for s in Lead.Stage if s in stages.NEEDS_OWNER],
            stage_form=self._form("stage"),
            note_form=self._form("note"),
            assign_form=self._form("assign") if rights.assign else None,
            **kwargs,
        )

    def _form(self, action: str) -> Form:
        return self.bound.get(action) or ACTIONS[action].form(lead=self.lead)
