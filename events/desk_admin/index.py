"""The list of desks: every event that takes registrations, and how it stands."""

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.permission_policies import ModelPermissionPolicy

from events.desk_admin.numbers import seats_of, with_counts
from events.models import RegistrationDesk

STATES = {
    "closed": _("Registration closed"),
    "early": _("Registration not open yet"),
    "open": _("Open for registration"),
    "late": _("Deadline over"),
}


def state_label(desk: RegistrationDesk) -> str:
    if desk.page.is_called_off:
        return _("Called off")
    return STATES[desk.state]


def seats_label(desk: RegistrationDesk) -> str:
    seats = seats_of(desk)
    return f"{desk.persons}" if seats is None else f"{desk.persons} / {seats}"


class DeskFilterSet(WagtailFilterSet):
    when = django_filters.ChoiceFilter(
        label=_("Event"),
        method="filter_when",
        choices=[("upcoming", _("still to come")), ("past", _("already over"))],
    )
    is_open = django_filters.BooleanFilter(label=_("takes registrations"))

    class Meta:
        model = RegistrationDesk
        fields = ["when", "is_open"]

    def filter_when(self, queryset, name, value):
        now = timezone.now()
        to_come = Q(page__ends_at__gte=now) | Q(page__ends_at=None, page__starts_at__gte=now)
        return queryset.filter(to_come) if value == "upcoming" else queryset.exclude(to_come)


class EventColumn(Column):
    """The event, leading to its desk."""

    cell_template_name = "events/desk_admin/cells/event.html"


class DeskIndexView(generic.IndexView):
    model = RegistrationDesk
    permission_policy = ModelPermissionPolicy(RegistrationDesk)
    any_permission_required = ["view", "change"]
    default_ordering = "-page__starts_at"
    paginate_by = 30
    filterset_class = DeskFilterSet
    search_fields = ["page__title"]
    index_url_name = "desks:index"
    index_results_url_name = "desks:index_results"
    add_url_name = "desks:new"
    add_item_label = _("New desk")
    page_title = _("Registration desks")
    header_icon = "clipboard-list"
    columns = [
        EventColumn("page", label=_("Event"), sort_key="page__title"),
        Column(
            "starts_at",
            label=_("begins"),
            sort_key="page__starts_at",
            # A column of dates would write "just now" for every day to come.
            accessor=lambda desk: f"{timezone.localtime(desk.page.starts_at):%Y-%m-%d %H:%M}",
        ),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor=state_label,
            primary=lambda desk: desk.state == "open" and not desk.page.is_called_off,
        ),
        Column("persons", label=_("Seats taken"), accessor=seats_label),
        Column("waiting", label=_("On the waiting list")),
        Column("pending", label=_("To approve")),
    ]

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.is_export = False  # whatever the address asks

    def get_base_queryset(self):
        return with_counts(RegistrationDesk.objects.select_related("page"))
