"""The list of leads in the admin: masked, filtered, searched, and taken out only with a trace."""

import django_filters
from django.contrib.auth import get_user_model
from django.forms import CheckboxSelectMultiple
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic

from base.cells import safe_cell
from base.chains import Chain
from crm.models import Lead
from crm.permissions import DeskRights, lead_policy
from crm.regions import REGIONS
from crm.services import log_export

BOM = b"\xef\xbb\xbf"  # without it spreadsheets misread Chinese in CSV


class LeadFilterSet(WagtailFilterSet):
    stage = django_filters.MultipleChoiceFilter(
        label=_("Stage"), choices=Lead.Stage.choices, widget=CheckboxSelectMultiple
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"),
        queryset=lambda request: get_user_model().objects.exclude(leads=None).distinct(),
        null_label=_("Nobody"),
    )
    chain = django_filters.ChoiceFilter(label=_("Industry"), choices=Chain.choices)
    region = django_filters.ChoiceFilter(label=_("Country or region"), choices=REGIONS)
    created_at = django_filters.DateFromToRangeFilter(
        label=_("Received"), widget=DateRangePickerWidget
    )
    is_sample = django_filters.BooleanFilter(label=_("Sample"))

    class Meta:
        model = Lead
        fields = ["stage", "owner", "chain", "region", "created_at", "is_sample"]


class ReferenceColumn(Column):
    """The reference, leading to the lead's page; whoever opens it sees no more than the list."""

    cell_template_name = "crm/admin/reference_cell.html"


class LeadIndexView(generic.IndexView):
    model = Lead
    permission_policy = lead_policy
    any_permission_required = ["view"]
    default_ordering = "-created_at"
    paginate_by = 30
    filterset_class = LeadFilterSet
    search_fields = ["reference", "organisation_name", "name", "message"]
    index_url_name = "leads:index"
    index_results_url_name = "leads:index_results"
    page_title = _("Leads")
    header_icon = "clipboard-list"
    export_filename = "leads"
    # No names, telephones or e-mails: those are looked at one by one, each time with a trace.
    export_headings = {
        "get_stage_display": _("Stage"),
        "get_region_display": _("Country or region"),
        "get_chain_display": _("Industry"),
    }

    columns = [
        ReferenceColumn("reference", label=_("Reference"), sort_key="reference"),
        DateColumn("created_at", label=_("Received"), sort_key="created_at"),
        Column("organisation_name", label=_("Organisation"), sort_key="organisation_name"),
        Column("masked_name", label=_("Name")),
        Column("masked_phone", label=_("Telephone")),
        Column("masked_email", label=_("E-mail")),
        Column("get_chain_display", label=_("Industry"), sort_key="chain"),
        StatusTagColumn(
            "get_stage_display",
            label=_("Stage"),
            sort_key="stage",
            width="8%",
            primary=lambda lead: lead.stage == Lead.Stage.NEW,
        ),
        Column("owner", label=_("Owner"), sort_key="owner__username"),
        Column("source_title", label=_("Sent from the page")),
    ]

    @property
    def list_export(self) -> list[str]:
        if not DeskRights.of(self.request.user).export:
            return []
        return [
            "reference", "created_at", "get_stage_display", "owner", "organisation_name",
            "get_region_display", "get_chain_display", "scale_min", "scale_max", "currency",
            "language", "source_title", "is_sample", "keep_until",
        ]  # fmt: skip

    def get_base_queryset(self):
        return Lead.objects.visible_to(self.request.user).select_related("owner")

    def preprocess_field_value(self, field, value, export_format):
        if field == "owner":
            value = str(value or "")
        if field == "created_at":
            value = f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        return safe_cell(super().preprocess_field_value(field, value, export_format))

    def stream_csv(self, queryset):
        yield BOM
        yield from super().stream_csv(queryset)

    def render_to_response(self, context, **response_kwargs) -> HttpResponse:
        if self.is_export and not self.list_export:
            self.is_export = False
        if self.is_export:
            log_export(
                actor=self.request.user,
                count=context["items_count"],
                file_format=self.request.GET["export"],
                query=_filters_only(self.request.GET),
            )
        return super().render_to_response(context, **response_kwargs)


def _filters_only(query: QueryDict) -> str:
    """The filters of a list for the log, without the words searched for: they may name a person."""
    kept = query.copy()
    kept.pop("q", None)
    return kept.urlencode()
