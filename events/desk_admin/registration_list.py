"""The registrations of a desk as a list: filtered by the address, searched by what is posted.

What somebody searches for may name a person, so it stands in no address and in no log.
"""

import re

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from events.choices import RegistrationStatus, Source
from events.desk_admin.numbers import failed_mails
from events.models import Attendee, Registration, RegistrationDesk

PER_PAGE = 50
# Of a search: who finds more than this says more about whom they look for.
MOST_FOUND = 100


class FilterForm(forms.Form):
    """The filters of the list; what is no choice of theirs filters nothing."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *RegistrationStatus.choices],
    )
    pool = forms.ChoiceField(label=_("Seats"), required=False)
    source = forms.ChoiceField(
        label=_("Came by"), required=False, choices=[("", _("All")), *Source.choices]
    )
    mails = forms.ChoiceField(
        label=_("Mails"),
        required=False,
        choices=[("", _("All")), ("failed", _("could not be sent"))],
    )

    def __init__(self, data, *, desk: RegistrationDesk):
        super().__init__(data)
        pools = [(str(pool.pk), str(pool)) for pool in desk.pools.all()]
        self.fields["pool"].choices = [("", _("All")), *pools]

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that are in use."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Name, organisation, reference, telephone or e-mail"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def filtered(desk: RegistrationDesk, chosen: dict[str, str]) -> QuerySet:
    """The registrations that the filters leave, the newest first; those who wait in their order."""
    rows = _rows(desk)
    if "state" in chosen:
        rows = rows.filter(status=chosen["state"])
    if "pool" in chosen:
        rows = rows.filter(pools=int(chosen["pool"]))
    if "source" in chosen:
        rows = rows.filter(source=chosen["source"])
    if "mails" in chosen:
        rows = rows.filter(Exists(failed_mails(desk).filter(registration=OuterRef("pk"))))
    if chosen.get("state") == RegistrationStatus.WAITING:
        return rows.order_by("waiting_since", "pk")
    return rows


def found(desk: RegistrationDesk, words: str) -> QuerySet:
    """The registrations that have these words, or this number, in what they said of themselves."""
    words = words.strip()
    has = Q(reference__icontains=words) | Q(organisation_name__icontains=words)
    has |= Q(name__icontains=words) | Q(email__icontains=words)
    companions = Attendee.objects.filter(registration=OuterRef("pk"), name__icontains=words)
    has |= Q(Exists(companions))
    digits = re.sub(r"[\s\-()+]", "", words)
    if digits.isascii() and digits.isdigit() and len(digits) >= 4:
        has |= Q(phone__contains=digits.removeprefix("86"))
    return _rows(desk).filter(has)


def _rows(desk: RegistrationDesk) -> QuerySet:
    came = Count("attendees", filter=~Q(attendees__entered_at=None), distinct=True)
    rows = Registration.objects.filter(desk=desk).annotate(came=came).prefetch_related("pools")
    return rows.order_by("-created_at", "-pk")


def page_of(rows: QuerySet, number: str | None):
    return Paginator(rows, PER_PAGE).get_page(number)


def waiting_list(desk: RegistrationDesk, most: int) -> QuerySet:
    """Who waits, the head of the list first."""
    return desk.registrations.waiting().prefetch_related("pools")[:most]
