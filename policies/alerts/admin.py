"""Who follows what, for those who may see it: masked, and without a file to take away."""

import django_filters
from django.conf import settings
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy

from crm.masking import mask_email
from policies.alerts.filters import describe
from policies.models import Subscription

# Filters whose followers are counted above the list.
MOST_FOLLOWED = 10


class SubscriptionFilterSet(WagtailFilterSet):
    frequency = django_filters.ChoiceFilter(
        label=_("How often"), choices=Subscription.Frequency.choices
    )
    language = django_filters.ChoiceFilter(label=_("Language"), choices=lambda: settings.LANGUAGES)
    confirmed_at = django_filters.BooleanFilter(
        label=_("Confirmed"), lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Subscription
        fields = ["frequency", "language", "confirmed_at"]


class SubscriptionIndexView(generic.IndexView):
    model = Subscription
    permission_policy = ModelPermissionPolicy(Subscription)
    any_permission_required = ["view"]
    template_name = "policies/alerts/admin_index.html"
    page_title = _("Alert subscriptions")
    header_icon = "mail"
    default_ordering = "-created_at"
    paginate_by = 50
    is_searchable = False
    filterset_class = SubscriptionFilterSet
    index_url_name = "subscriptions:index"
    index_results_url_name = "subscriptions:index_results"
    columns = [
        Column("reader", label=_("E-mail"), accessor=lambda row: mask_email(row.reader.email)),
        Column("query", label=_("Filter"), accessor=lambda row: in_words(row.query, row.language)),
        Column("get_frequency_display", label=_("How often"), sort_key="frequency"),
        Column("language", label=_("Language"), sort_key="language"),
        DateColumn("created_at", label=_("Asked for"), sort_key="created_at"),
        DateColumn("confirmed_at", label=_("Confirmed"), sort_key="confirmed_at"),
        DateColumn("digest_at", label=_("Last mail"), sort_key="digest_at"),
    ]

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.is_export = False  # whatever the address asks

    def get_base_queryset(self):
        return Subscription.objects.select_related("reader")

    def get_context_data(self, *args, **kwargs):
        followed = (
            Subscription.objects.confirmed()
            .order_by()
            .values("query", "language")
            .annotate(number=Count("pk"))
            .order_by("-number", "query")[:MOST_FOLLOWED]
        )
        return super().get_context_data(*args, **kwargs) | {
            "followed": [
                (in_words(row["query"], row["language"]), row["language"], row["number"])
                for row in followed
            ]
        }


def in_words(query: str, language: str) -> str:
    """The filter in the words of the admin's language."""
    return describe(query, language if language in dict(settings.LANGUAGES) else get_language())
