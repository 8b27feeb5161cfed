from django.db.models import Q
from django.utils import timezone
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

# What is longer than any list.
TEXTS = ("body", "programme", "materials", "directions")


class EventQuerySet(PageQuerySet):
    def upcoming(self):
        """Not over yet, the next one first."""
        now = timezone.now()
        return self.filter(
            Q(ends_at__gte=now) | Q(ends_at__isnull=True, starts_at__gte=now)
        ).order_by("starts_at")

    def past(self):
        """Over, the last one first."""
        now = timezone.now()
        return self.filter(
            Q(ends_at__lt=now) | Q(ends_at__isnull=True, starts_at__lt=now)
        ).order_by("-starts_at")

    def in_lists(self):
        """Without the texts of the pages, which a list does not show."""
        return self.defer(*TEXTS)


EventManager = PageManager.from_queryset(EventQuerySet)
