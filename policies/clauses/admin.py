"""Clauses in the admin: written by editors, looked through by the gate, published by publishers."""

from datetime import timedelta

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
)
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from policies.choices import ClauseState
from policies.clauses.condition_panels import CodeListsPanel
from policies.clauses.desk import ClauseInspectView, PublishView, WithdrawView
from policies.clauses.errors import ClauseGoneError, NotAllowedError
from policies.clauses.facts import with_problems
from policies.clauses.gate import blocks, warnings
from policies.models import Clause, PolicyPage
from policies.models.clause import ClauseWords
from policies.services.clauses import delete_clause, note_edit

WORD_PANELS = [FieldPanel(field.name) for field in ClauseWords._meta.get_fields()]
DAYS = ("30", "60", "90")


def panels() -> list:
    """In the order in which an officer reads a document: what it is, who, what, how, until when."""
    return [
        HelpPanel(template="policies/admin/clause_help.html", heading=_("How it works")),
        MultiFieldPanel(
            [
                FieldPanel("policy"),
                FieldPanel("title"),
                FieldRowPanel([FieldPanel("support"), FieldPanel("locator")]),
                FieldPanel("quote"),
                FieldPanel("sort_order"),
            ],
            heading=_("What it is"),
        ),
        MultiFieldPanel(
            [FieldPanel("audience"), FieldPanel("open_to_all")], heading=_("Who may have it")
        ),
        MultiFieldPanel(
            [
                FieldPanel("offer"),
                FieldRowPanel([FieldPanel("cap"), FieldPanel("cap_unit")]),
                FieldPanel("exclusive_group"),
            ],
            heading=_("What is given"),
        ),
        MultiFieldPanel([FieldPanel("requirements")], heading=_("Conditions")),
        CodeListsPanel(),
        InlinePanel(
            "conditions",
            heading=_("Conditions as data"),
            help_text=_("What the matching compares with a company"),
            label=_("Condition"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("materials"),
                FieldRowPanel([FieldPanel("opens_on"), FieldPanel("closes_on")]),
                FieldPanel("ends_on"),
                FieldPanel("apply_at"),
                FieldPanel("apply_url"),
                FieldPanel("contact"),
            ],
            heading=_("How to get it"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("legal_basis"),
                FieldPanel("review"),
                FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("reviewed_by")]),
                FieldPanel("review_reasons"),
            ],
            heading=_("Fairness review (公平竞争审查)"),
        ),
        InlinePanel(
            "translations",
            panels=[FieldPanel("language"), *WORD_PANELS],
            heading=_("Translations"),
            label=_("Translation"),
        ),
        FieldPanel("is_sample"),
    ]


class PolicyField(django_filters.fields.ModelChoiceField):
    def to_python(self, value):
        try:
            return super().to_python(value)
        except OverflowError as error:  # a number that no key of SQLite can be
            raise ValidationError(
                self.error_messages["invalid_choice"], "invalid_choice"
            ) from error


class PolicyFilter(django_filters.ModelChoiceFilter):
    field_class = PolicyField


class ClauseFilterSet(WagtailFilterSet):
    policy = PolicyFilter(
        label=_("Policy"),
        queryset=lambda request: PolicyPage.objects.exclude(clauses=None).distinct(),
    )
    support = django_filters.ChoiceFilter(
        label=_("Kind of support"), choices=Clause.Support.choices
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=Clause.State.choices)
    gate = django_filters.ChoiceFilter(
        label=_("The gate"),
        method="filter_gate",
        choices=[
            ("refused", _("refuses")),
            ("warned", _("warns")),
            ("clear", _("has nothing against it")),
            ("broken", _("published, and changed since")),
        ],
    )
    ends = django_filters.ChoiceFilter(
        label=_("Support ends"),
        method="filter_ends",
        choices=[
            ("past", _("has ended")),
            *[(days, _("within %(days)s days") % {"days": days}) for days in DAYS],
        ],
    )
    is_sample = django_filters.BooleanFilter(label=_("Sample"))

    class Meta:
        model = Clause
        fields = ["policy", "support", "state", "gate", "ends", "is_sample"]

    def filter_gate(self, queryset, name, value):
        if value == "broken":
            changed = ~Q(live_digest=F("published_digest"))
            return queryset.filter(changed, state=ClauseState.PUBLISHED)
        # The words can't be looked for by the database.
        found = with_problems(Clause.objects.filter(pk__in=queryset.values("pk")), today())
        return queryset.filter(pk__in=[c.pk for c, problems in found if verdict(problems) == value])

    def filter_ends(self, queryset, name, value):
        if value == "past":
            return queryset.filter(ends_on__lt=today())
        last = today() + timedelta(days=int(value))
        return queryset.filter(ends_on__range=(today(), last))


def today():
    return timezone.localdate()


def verdict(problems) -> str:
    if blocks(problems):
        return "refused"
    return "warned" if warnings(problems) else "clear"


VERDICTS = {"refused": _("refuses"), "warned": _("warns"), "clear": _("nothing against it")}


def state_label(clause: Clause) -> str:
    if clause.state == ClauseState.PUBLISHED and not clause.is_sealed:
        return gettext("Changed since published")
    if clause.state == ClauseState.PUBLISHED and clause.ends_on and clause.ends_on < today():
        return gettext("Ended")
    return clause.get_state_display()


class ClauseIndexView(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("policy")

    def get_table(self, object_list):
        """The rows of the page with what the gate says of each."""
        rows = list(object_list)
        mine = Clause.objects.filter(pk__in=[clause.pk for clause in rows])
        verdicts = {c.pk: verdict(problems) for c, problems in with_problems(mine, today())}
        for clause in rows:
            clause.verdict = verdicts.get(clause.pk, "")
        return super().get_table(rows)


class ClauseCreateView(generic.CreateView):
    def get_initial_form_instance(self):
        """`?policy=` fills the field: the policy's own screen links here."""
        given = self.request.GET.get("policy", "")
        policy = None
        if given.isascii() and given.isdigit() and len(given) < 12:
            policy = PolicyPage.objects.filter(pk=given).first()
        return Clause(policy=policy) if policy else Clause()


class ClauseEditView(generic.EditView):
    def save_instance(self):
        # In the view's transaction: who publishes at this moment waits, or was first and is undone.
        if not Clause.objects.select_for_update(of=("self",)).filter(pk=self.object.pk).exists():
            raise Http404
        instance = super().save_instance()
        try:
            note_edit(clause=instance, by=self.request.user)
        except ClauseGoneError as error:
            raise Http404 from error
        return instance


class ClauseDeleteView(generic.DeleteView):
    @property
    def confirmation_message(self):
        if self.object.state == ClauseState.PUBLISHED:
            return gettext("The clause is published. Delete it, and take it from the public?")
        return super().confirmation_message

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ClauseGoneError as error:
            raise Http404 from error
        except NotAllowedError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)

    def delete_action(self):
        delete_clause(clause=self.object, by=self.request.user)
        log(instance=self.object, action="wagtail.delete")


class ClauseViewSet(ModelViewSet):
    model = Clause
    name = "clauses"
    icon = "list-ol"
    menu_label = _("Clauses")
    index_view_class = ClauseIndexView
    add_view_class = ClauseCreateView
    edit_view_class = ClauseEditView
    delete_view_class = ClauseDeleteView
    inspect_view_class = ClauseInspectView
    inspect_view_enabled = True
    inspect_template_name = "policies/admin/clause.html"
    copy_view_enabled = False
    list_per_page = 30
    sort_order_field = None
    ordering = ["policy__title", "sort_order", "pk"]
    search_fields = ["title", "audience", "offer", "policy__title"]
    filterset_class = ClauseFilterSet
    panels = panels()
    list_display = [
        "title",
        Column("policy", label=_("Policy"), sort_key="policy__title"),
        Column("get_support_display", label=_("Kind of support"), sort_key="support"),
        StatusTagColumn(
            "state",
            label=_("State"),
            sort_key="state",
            accessor=state_label,
            primary=lambda clause: clause.is_sealed,
        ),
        Column(
            "verdict",
            label=_("The gate"),
            accessor=lambda clause: VERDICTS.get(getattr(clause, "verdict", ""), ""),
        ),
        Column(
            "ends_on",
            label=_("Support ends"),
            sort_key="ends_on",
            # A column of dates would write "just now" for every day to come.
            accessor=lambda clause: f"{clause.ends_on:%Y-%m-%d}" if clause.ends_on else "",
        ),
    ]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})

    def get_urlpatterns(self):
        desk = {"permission_policy": self.permission_policy}
        return [
            *super().get_urlpatterns(),
            path("publish/<int:pk>/", PublishView.as_view(**desk), name="publish"),
            path("withdraw/<int:pk>/", WithdrawView.as_view(**desk), name="withdraw"),
        ]
