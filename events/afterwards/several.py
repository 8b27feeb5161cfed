"""What came of several events, one line each: by enclave, series and month."""

from dataclasses import dataclass

from django import forms
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.choices import MeetingStatus, Outcome, RegistrationStatus
from events.models import (
    Attendee,
    EventSeries,
    MeetingRound,
    MeetingSide,
    Registration,
    RegistrationDesk,
)

MOST = 500


class PeriodForm(forms.Form):
    """Which events; what is no choice leaves all of them."""

    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    series = forms.ModelChoiceField(
        label=_("Series"), required=False, queryset=EventSeries.objects.all(), empty_label=_("All")
    )
    enclave = forms.ChoiceField(label=_("Enclave"), required=False)
    samples = forms.BooleanField(label=_("Count samples, too"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        pages = RegistrationDesk.objects.exclude(page__enclave=None).order_by(
            "page__enclave__title"
        )
        found = dict(pages.values_list("page__enclave", "page__enclave__title"))
        self.fields["enclave"].choices = [
            ("", _("All")),
            *((str(pk), title) for pk, title in found.items()),
        ]

    def clean_series(self):
        return self.cleaned_data["series"]

    @property
    def chosen(self) -> dict:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def reported(chosen: dict) -> QuerySet:
    """The desks of these events with what is counted of each, the last event first.

    `persons` and `came` count persons; `organisations` those that sent somebody; `held` meetings that took
    place; `agreed` meetings of which a side says that something was agreed.
    """
    desks = RegistrationDesk.objects.select_related("page__enclave", "page__series")
    if first := chosen.get("first"):
        desks = desks.filter(page__starts_at__date__gte=first)
    if last := chosen.get("last"):
        desks = desks.filter(page__starts_at__date__lte=last)
    if series := chosen.get("series"):
        desks = desks.filter(page__series=series)
    if enclave := chosen.get("enclave"):
        desks = desks.filter(page__enclave=int(enclave))
    if not chosen.get("samples"):
        desks = desks.filter(page__is_sample=False)
    return _counted(desks).order_by("-page__starts_at", "pk")[:MOST]


def _counted(desks: QuerySet) -> QuerySet:
    confirmed = Q(registration__status=RegistrationStatus.CONFIRMED)
    people = Attendee.objects.filter(confirmed, registration__desk=OuterRef("pk"))
    registrations = Registration.objects.filter(desk=OuterRef("pk"))
    held = MeetingRound.objects.filter(desk=OuterRef("pk"), meetings__status=MeetingStatus.HELD)
    agreed = MeetingSide.objects.filter(meeting__round__desk=OuterRef("pk"), outcome=Outcome.AGREED)
    return desks.annotate(
        persons=_number(people, "registration__desk", Count("pk")),
        came=_number(people.exclude(entered_at=None), "registration__desk", Count("pk")),
        organisations=_number(
            registrations.filter(status=RegistrationStatus.CONFIRMED).exclude(organisation_name=""),
            "desk",
            Count("organisation_name", distinct=True),
        ),
        leads=_number(registrations.exclude(lead=None), "desk", Count("pk")),
        held=_number(held, "desk", Count("meetings")),
        agreed=_number(agreed, "meeting__round__desk", Count("meeting", distinct=True)),
    )


def _number(rows: QuerySet, key: str, count) -> Coalesce:
    found = rows.order_by().values(key).annotate(number=count).values("number")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Total:
    events: int
    persons: int
    came: int
    leads: int
    held: int
    agreed: int


def total(desks: list[RegistrationDesk]) -> Total:
    names = ("persons", "came", "leads", "held", "agreed")
    return Total(len(desks), *(sum(getattr(desk, name) for desk in desks) for name in names))


def month_of(desk: RegistrationDesk) -> str:
    return f"{timezone.localtime(desk.page.starts_at):%Y-%m}"
