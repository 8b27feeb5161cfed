"""The report of what readers search."""

from datetime import timedelta
from urllib.parse import urlencode

import django_filters
from django.conf import settings
from django.db.models import IntegerField, Max, Sum, TextField, Value
from django.db.models.functions import Cast, Concat, Substr
from django.forms import RadioSelect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import ButtonsColumnMixin, Column, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button, ButtonWithDropdown
from wagtail.permission_policies import ModelPermissionPolicy

from search.models import QueryDay
from search.notices import outage_for

# A spreadsheet would run a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = b"\xef\xbb\xbf"  # without it spreadsheets misread Chinese in CSV
PERIODS = [
    ("7", gettext_lazy("7 days")),
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
]


def safe_cell(value):
    """The value as a spreadsheet may have it: text stays text."""
    if isinstance(value, str) and value.lstrip().startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def language_name(code: str) -> str:
    return dict(settings.LANGUAGES).get(code, code)


class SearchesFilterSet(WagtailFilterSet):
    period = django_filters.ChoiceFilter(
        label=gettext_lazy("Period"),
        method="filter_period",
        choices=PERIODS,
        empty_label=None,
        widget=RadioSelect,
        initial="30",
    )
    locale = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES, widget=RadioSelect
    )
    results = django_filters.ChoiceFilter(
        label=gettext_lazy("Results"),
        method="filter_results",
        choices=[
            ("none", gettext_lazy("nothing found, the last time")),
            ("some", gettext_lazy("nothing found at least once")),
        ],
        widget=RadioSelect,
    )

    class Meta:
        model = QueryDay
        fields = ["period", "locale", "results"]

    def filter_period(self, queryset, name, value):
        first = timezone.localdate() - timedelta(days=int(value) - 1)
        return queryset.filter(day__gte=first)

    def filter_results(self, queryset, name, value):
        return queryset.filter(last_found=0) if value == "none" else queryset.filter(empty__gt=0)


class QueryColumn(ButtonsColumnMixin, TitleColumn):
    """What was searched, leading to its results as readers see them, with what to do about it."""

    def get_link_url(self, row, parent_context):
        return reader_url(row)

    def get_buttons(self, row, parent_context):
        user = parent_context["request"].user
        query = row["query"]
        buttons = []
        if user.has_perm("wagtailsearchpromotions.add_searchpromotion"):
            url = f"{reverse('wagtailsearchpromotions:add')}?{urlencode({'query': query})}"
            buttons.append(Button(_("Promote a page"), url=url, icon_name="pick", priority=10))
        if user.has_perm("search.add_termgroup"):
            url = f"{reverse('synonyms:add')}?{urlencode({'words': query})}"
            buttons.append(Button(_("Add synonyms"), url=url, icon_name="list-ul", priority=20))
        buttons.append(
            Button(_("Search as a reader"), url=reader_url(row), icon_name="search", priority=30)
        )
        label = {"aria-label": _("What to do about “%(query)s”") % {"query": query}}
        return [ButtonWithDropdown(buttons=buttons, icon_name="dots-horizontal", attrs=label)]


def reader_url(row: dict) -> str:
    """The address of the public search page in the language that `row` was searched in."""
    with translation.override(row["locale"]):
        return f"{reverse('search:search')}?{urlencode({'q': row['query']})}"


class SearchesReportView(ReportView):
    model = QueryDay
    permission_policy = ModelPermissionPolicy(QueryDay)
    any_permission_required = ["view"]
    template_name = "search/admin/searches.html"
    page_title = gettext_lazy("What readers search")
    header_icon = "search"
    is_searchable = True
    search_fields = ["query"]
    filterset_class = SearchesFilterSet
    default_ordering = "-total"
    index_url_name = "searches"
    index_results_url_name = "searches_results"
    no_results_message = gettext_lazy("Nobody searched for anything like this in the period.")
    export_filename = "searches"
    columns = [
        QueryColumn("query", label=gettext_lazy("Searched"), sort_key="query"),
        Column(
            "locale",
            label=gettext_lazy("Language"),
            accessor=lambda row: language_name(row["locale"]),
            sort_key="locale",
        ),
        NumberColumn("total", label=gettext_lazy("Times"), sort_key="total"),
        NumberColumn("empty", label=gettext_lazy("Without a result"), sort_key="empty"),
        NumberColumn(
            "last_found", label=gettext_lazy("Results, the last time"), sort_key="last_found"
        ),
    ]
    list_export = ["query", "locale", "total", "empty", "last_found", "last_day"]
    export_headings = {
        "query": gettext_lazy("Searched"),
        "locale": gettext_lazy("Language"),
        "total": gettext_lazy("Times"),
        "empty": gettext_lazy("Without a result"),
        "last_found": gettext_lazy("Results, the last time"),
        "last_day": gettext_lazy("Last searched"),
    }

    def get_base_queryset(self):
        # A query has one row a day, so the greatest text of day and results is that of its last day.
        day, found = Cast("day", TextField()), Cast("found", TextField())
        last = Max(Concat(day, Value(" ", TextField()), found, output_field=TextField()))
        return QueryDay.objects.values("query", "locale").annotate(
            total=Sum("times"),
            empty=Sum("nothing"),
            last_day=Max("day"),
            last_found=Cast(Substr(last, 12), IntegerField()),
        )

    def order_queryset(self, queryset):
        return super().order_queryset(queryset).order_by(self.ordering, "query", "locale")

    def get_filterset_kwargs(self):
        data = self.request.GET.copy()
        data.setdefault("period", "30")
        return {**super().get_filterset_kwargs(), "data": data}

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        context["outage"] = outage_for(self.request.user)
        return context

    def preprocess_field_value(self, field, value, export_format):
        if field == "locale":
            value = language_name(value)
        return safe_cell(super().preprocess_field_value(field, value, export_format))

    def stream_csv(self, queryset):
        yield BOM
        yield from super().stream_csv(queryset)
