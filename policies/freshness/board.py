"""What the editors' board shows: its sections as querysets, and how many are in each.

It looks at the live pages in the site's first language: a document is one in all its languages.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, IntegerField, Max, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from policies.choices import INVALID
from policies.freshness.completeness import missing_any
from policies.models import FreshnessSettings, LinkCheck, LinkUse, PolicyPage

EXPIRY_DAYS = (30, 60, 90)


def documents() -> QuerySet[PolicyPage]:
    return PolicyPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE)


def in_force(today: date) -> Q:
    """What somebody may rely on, so that it has to be right: not void, not past its end."""
    return ~Q(validity__in=INVALID) & (Q(in_force_until=None) | Q(in_force_until__gte=today))


def overdue(today: date) -> Q:
    return in_force(today) & Q(next_due__lt=today)


def soon(today: date, days: int) -> Q:
    return in_force(today) & Q(next_due__gte=today, next_due__lte=today + timedelta(days=days))


def never(today: date) -> Q:
    return in_force(today) & Q(next_due=None)


def expiring(today: date, days: int) -> Q:
    """In force, and ending within so many days from today on."""
    return ~Q(validity__in=INVALID) & Q(
        in_force_until__gte=today, in_force_until__lte=today + timedelta(days=days)
    )


@dataclass(frozen=True)
class Counts:
    overdue: int
    soon: int
    never: int
    incomplete: int
    expiring: dict[int, int]
    dead_links: int


def count_all(today: date | None = None) -> Counts:
    """The numbers of the board; three queries."""
    today = today or timezone.localdate()
    ahead = FreshnessSettings.load().soon_days
    numbers = documents().aggregate(
        overdue=Count("pk", filter=overdue(today)),
        soon=Count("pk", filter=soon(today, ahead)),
        never=Count("pk", filter=never(today)),
        incomplete=Count("pk", filter=missing_any()),
        **{f"in_{days}": Count("pk", filter=expiring(today, days)) for days in EXPIRY_DAYS},
    )
    return Counts(
        overdue=numbers["overdue"],
        soon=numbers["soon"],
        never=numbers["never"],
        incomplete=numbers["incomplete"],
        expiring={days: numbers[f"in_{days}"] for days in EXPIRY_DAYS},
        dead_links=LinkCheck.objects.dead().count(),
    )


def count_urgent(today: date) -> dict[str, int]:
    """`overdue`, `expiring` (in the nearest of EXPIRY_DAYS) and `dead`; one query."""
    one = LinkCheck.objects.dead().order_by().annotate(all=Value(1)).values("all")
    dead = Subquery(one.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return documents().aggregate(
        overdue=Count("pk", filter=overdue(today)),
        expiring=Count("pk", filter=expiring(today, EXPIRY_DAYS[0])),
        dead=Coalesce(Max(dead), 0),
    )


def overdue_documents(today: date) -> QuerySet[PolicyPage]:
    return (
        documents().filter(overdue(today)).select_related("checked_by").order_by("next_due", "pk")
    )


def soon_documents(today: date) -> QuerySet[PolicyPage]:
    ahead = FreshnessSettings.load().soon_days
    found = documents().filter(soon(today, ahead))
    return found.select_related("checked_by").order_by("next_due", "pk")


def never_checked(today: date) -> QuerySet[PolicyPage]:
    """The district's own and the newest first: they are the ones that people rely on here."""
    return documents().filter(never(today)).order_by("-first_published_at", "pk")


def expiring_documents(today: date, days: int) -> QuerySet[PolicyPage]:
    return documents().filter(expiring(today, days)).order_by("in_force_until", "pk")


def incomplete_documents() -> QuerySet[PolicyPage]:
    return documents().filter(missing_any()).order_by("-first_published_at", "pk")


def dead_links() -> QuerySet[LinkCheck]:
    """Dead links, those that failed longest first, with the pages that show them."""
    uses = LinkUse.objects.select_related("policy").order_by("policy_id", "field")
    return (
        LinkCheck.objects.dead()
        .order_by("-failures", "pk")
        .prefetch_related(Prefetch("uses", queryset=uses))
    )
