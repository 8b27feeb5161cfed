"""The sample series of events: made before the pages that belong to it, gone when nothing real is in it."""

from content.files import DATA, read_list
from content.models import SeedRecord
from events.models import EventPage, EventSeries

FILE = DATA / "samples" / "series.yaml"
COLLECTION = SeedRecord.Collection.SAMPLES


def load_sample_series() -> int:
    """Make the series before the first samples; returns their number. Later the samples stay as they are."""
    if SeedRecord.objects.filter(collection=COLLECTION).exists():
        return 0
    known = set(EventSeries.objects.values_list("slug", flat=True))
    rows = [row for row in read_list(FILE) if row["slug"] not in known]
    return len(EventSeries.objects.bulk_create(EventSeries(**row) for row in rows))


def remove_sample_series() -> int:
    """Take the sample series away, before or after its events; one that real events are in stays."""
    slugs = [row["slug"] for row in read_list(FILE)]
    used = EventPage.objects.filter(is_sample=False).exclude(series=None)
    found = EventSeries.objects.filter(slug__in=slugs).exclude(pk__in=used.values("series"))
    number = found.count()
    found.delete()
    return number
