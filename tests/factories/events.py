"""Events with a desk, guests and their consents, for tests."""

from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from content.files import DATA, read_page_file
from crm.models import ConsentText
from crm.services import GivenConsent
from events.choices import PoolKind
from events.models import EventPage, RegistrationDesk, SeatPool
from events.services import Guest, register

SAMPLES = DATA / "samples/events"
_number = count(1)


def in_ten_days() -> datetime:
    """At ten in the morning, so that what lasts some hours ends on the same day whenever tests run."""
    morning = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=10)


def make_event(slug: str = "solar-chain-meeting", **fields) -> EventPage:
    """The Chinese page of a sample event, begun in ten days unless told otherwise.

    Saved only where it is another one: to save an event's page costs as much as most tests, and the run
    begins with the sample as it is wanted here without a word (tests/conftest.py).
    """
    page = EventPage.objects.get(slug=slug, locale__language_code="zh-hans")
    wanted = {"starts_at": in_ten_days()} | fields
    wanted = {"ends_at": wanted["starts_at"] + timedelta(hours=3)} | wanted
    if any(getattr(page, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(page, name, value)
        page.save()
    return page


def at_its_own_time(page: EventPage) -> EventPage:
    """The page of a sample, not saved, beginning and ending as its file says."""
    told = read_page_file(SAMPLES / f"{page.slug}.yaml").fields
    for name in ("starts_at", "ends_at"):
        setattr(page, name, timezone.make_aware(parse_datetime(told[name])))
    return page


def make_desk(
    page: EventPage | None = None, *, capacity: int | None = 2, **fields
) -> RegistrationDesk:
    """An open desk with the pool of the whole event."""
    page = page or make_event()
    RegistrationDesk.objects.filter(page__translation_key=page.translation_key).delete()
    desk = RegistrationDesk.objects.create(page=page, is_open=True, **fields)
    SeatPool.objects.create(desk=desk, kind=PoolKind.EVENT, capacity=capacity)
    return desk


def make_guest(**fields) -> Guest:
    number = next(_number)
    return Guest(**{"name": f"访客{number}", "email": f"guest{number}@example.org", **fields})


def event_consents(*kinds: str, language: str = "zh-hans") -> list[GivenConsent]:
    """The consents as the form gives them; that to taking part is always among them."""
    texts = ConsentText.objects.current(language)
    return [
        GivenConsent(text=texts[kind], shown_text=texts[kind].shown(handler="上党区"))
        for kind in dict.fromkeys(["event", *kinds])
    ]


def book(desk: RegistrationDesk, guest: Guest | None = None, **options):
    """Register a guest; returns the registration."""
    options.setdefault("consents", event_consents())
    return register(desk=desk, guest=guest or make_guest(), **options).registration
