"""The publisher's desk: a clause with the gate's checklist, and the two buttons below it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton

from policies.choices import ClauseState
from policies.clauses.digest import digest_of
from policies.clauses.display import ShownClause
from policies.clauses.errors import ClauseError
from policies.clauses.facts import facts_of, word_list
from policies.clauses.fields import field_label
from policies.clauses.gate import CHECKS, Problem, Severity, blocks, check, warnings
from policies.models import Clause
from policies.services.clauses import (
    PUBLISH,
    SHORTEST_REASON,
    publish_clause,
    withdraw_clause,
)

LOG_LENGTH = 50


class Checklist:
    """What the gate says of a clause now: the demands one by one, then the words it found."""

    def __init__(self, clause: Clause):
        self.problems = check(facts_of(clause), word_list(), timezone.localdate())
        broken = {problem.code: problem for problem in self.problems}
        self.demands = [
            {"demand": c.demand, "rule": c.rule, "problem": broken.get(c.code)} for c in CHECKS
        ]
        named = {c.code for c in CHECKS}
        self.words = [self._row(problem) for problem in self.problems if problem.code not in named]

    @staticmethod
    def _row(problem: Problem) -> dict:
        return {"problem": problem, "field": field_label(problem.field)}

    @property
    def refused(self) -> int:
        return len(blocks(self.problems))

    @property
    def warned(self) -> int:
        return len(warnings(self.problems))

    severities = Severity


class ClauseInspectView(generic.InspectView):
    """The clause as it stands, what the gate says of it, and what became of it."""

    @cached_property
    def header_buttons(self):
        buttons = []
        if self.request.user.has_perm(PUBLISH):
            if not self.object.is_sealed:
                url = reverse("clauses:publish", args=[self.object.pk])
                buttons.append(HeaderButton(gettext("Publish"), url=url, icon_name="upload"))
            if self.object.state == ClauseState.PUBLISHED:
                url = reverse("clauses:withdraw", args=[self.object.pk])
                buttons.append(HeaderButton(gettext("Withdraw"), url=url, icon_name="download"))
        return [*buttons, *super().header_buttons]

    def get_context_data(self, **kwargs):
        clause = self.object
        return super().get_context_data(
            clause=clause,
            shown=ShownClause(clause, clause),
            checklist=Checklist(clause),
            is_shown=Clause.objects.public().filter(pk=clause.pk).exists(),
            may_publish=self.request.user.has_perm(PUBLISH),
            translations=clause.translations.all(),
            conditions=clause.conditions.all(),
            log=clause.log.all()[:LOG_LENGTH],
            **kwargs,
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # What the publisher was shown: if it changes meanwhile, nothing is published.
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class DeskView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A question, a reason, a service."""

    permission_required = "view"
    form_class = ReasonForm
    header_icon = "list-ol"
    done = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        self.clause = get_object_or_404(
            Clause.objects.select_related("policy"), pk=self.kwargs["pk"]
        )

    def act(self, clause: Clause, data: dict) -> Clause:
        """Call the service. Raises ClauseError, which is told beside the reason."""
        raise NotImplementedError("each question calls a service of its own")

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        try:
            self.act(self.clause, form.cleaned_data)
        except ClauseError as error:
            form.add_error("reason", str(error))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(self.request, self.done % {"clause": self.clause})
        return redirect("clauses:inspect", self.clause.pk)

    def get_page_subtitle(self) -> str:
        return str(self.clause)

    def get_breadcrumbs_items(self) -> list[dict]:
        clause = self.clause
        return [
            *self.breadcrumbs_items,
            {"url": reverse("clauses:index"), "label": capfirst(clause._meta.verbose_name_plural)},
            {"url": reverse("clauses:inspect", args=[clause.pk]), "label": str(clause)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(clause=self.clause, shortest=SHORTEST_REASON, **kwargs)


class PublishView(DeskView):
    template_name = "policies/admin/clause_publish.html"
    page_title = _("Publish")
    done = _("“%(clause)s” is published.")

    def act(self, clause: Clause, data: dict) -> Clause:
        user = self.request.user
        return publish_clause(clause=clause, by=user, reason=data["reason"], seen=data["seen"])

    def get_context_data(self, **kwargs) -> dict:
        # A form that comes back is bound to what is shown with it now.
        return super().get_context_data(
            checklist=Checklist(self.clause),
            digest=digest_of(self.clause),
            shown=ShownClause(self.clause, self.clause),
            **kwargs,
        )


class WithdrawView(DeskView):
    template_name = "policies/admin/clause_withdraw.html"
    page_title = _("Withdraw")
    done = _("“%(clause)s” is withdrawn.")

    def act(self, clause: Clause, data: dict) -> Clause:
        return withdraw_clause(clause=clause, by=self.request.user, reason=data["reason"])
