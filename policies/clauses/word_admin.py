"""The word list of the gate, and the report of what was let through in spite of it."""

import django_filters
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from policies.models import ClauseLog, GateWord
from search.admin_report import BOM, safe_cell


class GateWordFilterSet(WagtailFilterSet):
    severity = django_filters.ChoiceFilter(
        label=gettext_lazy("What it does"), choices=GateWord.Severity.choices
    )
    active = django_filters.BooleanFilter(label=gettext_lazy("In use"))
    delivered = django_filters.BooleanFilter(label=gettext_lazy("Delivered with the site"))

    class Meta:
        model = GateWord
        fields = ["severity", "active", "delivered"]


def in_use(word: GateWord) -> str:
    return _("in use") if word.active else _("off")


class GateWordDeleteView(generic.DeleteView):
    """Deletes a word of one's own; a delivered one is switched off, or the next delivery brings it back."""

    @property
    def confirmation_message(self):
        if self.object.delivered:
            return _(
                "This word was delivered with the site. It will be switched off and stay in the list, "
                "so that the next delivery does not bring it back. Switch it off?"
            )
        return super().confirmation_message

    def get_success_message(self):
        if self.object.delivered:
            return _("“%(word)s” is switched off.") % {"word": self.object}
        return super().get_success_message()

    def delete_action(self):
        if not self.object.delivered:
            super().delete_action()
            return
        with transaction.atomic():
            GateWord.objects.filter(pk=self.object.pk).update(active=False)
            log(instance=self.object, action="wagtail.edit", content_changed=True)


class GateWordViewSet(ModelViewSet):
    model = GateWord
    name = "gate-words"
    icon = "warning"
    menu_label = gettext_lazy("Words of the gate")
    delete_view_class = GateWordDeleteView
    inspect_view_enabled = True
    inspect_view_fields = [
        "phrase", "severity", "rule", "explanation", "place", "harmless_in", "unless_lawful",
    ]  # fmt: skip
    copy_view_enabled = False
    add_to_reference_index = False
    list_per_page = 50
    ordering = ["severity", "rule", "phrase"]
    search_fields = ["phrase", "rule", "explanation"]
    filterset_class = GateWordFilterSet
    list_display = [
        "phrase",
        Column("get_severity_display", label=gettext_lazy("What it does"), sort_key="severity"),
        Column("rule", label=gettext_lazy("Rule"), sort_key="rule"),
        StatusTagColumn(
            "active",
            label=gettext_lazy("In use"),
            sort_key="active",
            accessor=in_use,
            primary=lambda word: word.active,
        ),
    ]
    panels = [
        HelpPanel(
            template="policies/admin/gate_word_help.html", heading=gettext_lazy("How it works")
        ),
        FieldPanel("phrase"),
        FieldRowPanel([FieldPanel("severity"), FieldPanel("place")]),
        FieldPanel("rule"),
        FieldPanel("explanation"),
        FieldPanel("harmless_in"),
        FieldPanel("unless_lawful"),
        FieldPanel("active"),
    ]

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})


class OverrideFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("When"), widget=DateRangePickerWidget
    )
    is_sample = django_filters.BooleanFilter(label=gettext_lazy("Sample"))

    class Meta:
        model = ClauseLog
        fields = ["at", "is_sample"]


class ClauseColumn(TitleColumn):
    def get_link_url(self, row, parent_context):
        return reverse("clauses:inspect", args=[row.clause_id]) if row.clause_id else None


class OverridesReportView(ReportView):
    """Every clause that was published in spite of a warning: by whom, and why."""

    model = ClauseLog
    permission_policy = ModelPermissionPolicy(ClauseLog)
    any_permission_required = ["view"]
    page_title = gettext_lazy("Warnings overridden")
    header_icon = "warning"
    is_searchable = True
    search_fields = ["title", "policy_title", "reason", "who"]
    filterset_class = OverrideFilterSet
    default_ordering = "-at"
    index_url_name = "clause_overrides"
    index_results_url_name = "clause_overrides_results"
    no_results_message = gettext_lazy("Nothing was published in spite of a warning.")
    export_filename = "overrides"
    columns = [
        ClauseColumn("title", label=gettext_lazy("Clause"), sort_key="title"),
        Column("policy_title", label=gettext_lazy("Policy"), sort_key="policy_title"),
        Column("words", label=gettext_lazy("Words let through")),
        Column("reason", label=gettext_lazy("Reason")),
        Column("who", label=gettext_lazy("Publisher"), sort_key="who"),
        DateColumn("at", label=gettext_lazy("When"), sort_key="at"),
    ]
    list_export = ["at", "who", "title", "policy_title", "words", "overridden", "reason", "digest"]
    export_headings = {"words": gettext_lazy("Words let through")}

    def get_base_queryset(self):
        return ClauseLog.objects.overrides()

    def preprocess_field_value(self, field, value, export_format):
        return safe_cell(super().preprocess_field_value(field, value, export_format))

    def stream_csv(self, queryset):
        yield BOM
        yield from super().stream_csv(queryset)
