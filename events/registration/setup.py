"""What the form of one event is made of: its desk, seats and questions, read once per request."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.forms import Field
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext
from wagtail.models import Page

from base.visibility import visible
from crm.models import ConsentText
from events.choices import PoolKind
from events.models import EventPage, FormField, MeetingRound, RegistrationDesk, SeatPool
from events.programme import read_programme
from events.registration.finding import LARGEST_ID, find_desk
from events.registration.questions import make_field
from events.registration.questions import name_of as name_of_field


@dataclass(frozen=True)
class Choice:
    """A pool as the form shows it. `free` is None without limit."""

    pool: SeatPool
    title: str
    free: int | None
    is_own: bool = False

    @property
    def is_full(self) -> bool:
        return self.free == 0 and not self.is_own


class Setup:
    """A desk with what its form asks, in the active language.

    page: the event's page as the reader may see it; registration: the one that is being changed.
    """

    def __init__(self, desk: RegistrationDesk, page: EventPage, registration=None):
        self.desk, self.page, self.registration = desk, page, registration

    @cached_property
    def pools(self) -> list[SeatPool]:
        """The seats on offer, also the event's own; and what somebody has though it is offered no more."""
        return [pool for pool in self.desk.pools.all() if pool.is_active or pool.pk in self.own]

    @cached_property
    def own(self) -> set[int]:
        """The pools in which the registration to be changed has its seats."""
        if self.registration is None:
            return set()
        return set(self.registration.pools.values_list("pk", flat=True))

    @property
    def companions_max(self) -> int:
        """How many may come along: nobody who has been promised more has to leave anybody behind."""
        had = self.registration.party - 1 if self.registration else 0
        return max(self.desk.companions_max, had)

    @cached_property
    def questions(self) -> list[FormField]:
        return list(self.desk.fields.filter(is_active=True))

    @cached_property
    def question_fields(self) -> dict[str, Field]:
        """The fields that ask them, by their names in the form, which takes copies."""
        return {name_of_field(question): make_field(question) for question in self.questions}

    @cached_property
    def texts(self) -> dict[str, ConsentText]:
        return ConsentText.objects.current(get_language())

    @cached_property
    def round(self) -> MeetingRound | None:
        return MeetingRound.objects.filter(desk=self.desk).first()

    @cached_property
    def has_codes(self) -> bool:
        return self.desk.codes.filter(is_active=True).exists()

    @property
    def asks_for_code(self) -> bool:
        """Whether a code may be of use to anybody."""
        return self.needs_code or self.has_codes

    @property
    def needs_code(self) -> bool:
        return self.desk.needs_invitation or any(pool.needs_invitation for pool in self.pools)

    @cached_property
    def kinds(self) -> list[Choice]:
        """The kinds of attendance, one of which must be chosen."""
        return self._choices(PoolKind.ATTENDANCE)

    @cached_property
    def sessions(self) -> list[Choice]:
        return sorted(self._choices(PoolKind.SESSION), key=lambda choice: _begin(choice.pool))

    @cached_property
    def whole(self) -> SeatPool | None:
        return next((pool for pool in self.pools if pool.kind == PoolKind.EVENT), None)

    def pool(self, key: str) -> SeatPool | None:
        """The pool of a choice of the form; None for what is no choice of this event."""
        return next((pool for pool in self.pools if str(pool.pk) == key), None)

    def _choices(self, kind: str) -> list[Choice]:
        return [
            Choice(pool, self.title(pool), pool.free, pool.pk in self.own)
            for pool in self.pools
            if pool.kind == kind
        ]

    def title(self, pool: SeatPool) -> str:
        """What a pool is called in the reader's language; a session as the programme has it now."""
        titles = self.session_titles if pool.kind == PoolKind.SESSION else {}
        return titles.get(pool.programme_key) or name_of(pool)

    def label(self, choice: Choice) -> str:
        """A choice as the form shows it: hours, title, seats."""
        words = " ".join(part for part in (self.hours(choice.pool), choice.title) if part)
        invited = gettext("by invitation") if choice.pool.needs_invitation else ""
        return " · ".join(part for part in (words, invited, self.seats_in_words(choice)) if part)

    def hours(self, pool: SeatPool) -> str:
        """When a session is, with the day where it is not the event's first."""
        if pool.starts_at is None:
            return ""
        begins = timezone.localtime(pool.starts_at)
        parts = [f"{begins:%H:%M}"]
        if pool.ends_at:
            parts.append(f"{timezone.localtime(pool.ends_at):%H:%M}")
        span = "–".join(parts)
        if begins.date() == timezone.localdate(self.page.starts_at):
            return span
        return f"{date_format(begins, 'MONTH_DAY_FORMAT')} {span}"

    @cached_property
    def session_titles(self) -> dict:
        """What the programme calls the sessions now."""
        return {entry.key: entry.title for entry in read_programme(self.page) if entry.key}

    def seats_in_words(self, choice: Choice) -> str:
        """How many seats are left, as far as it may be told."""
        if choice.is_own:
            return gettext("you have this")
        if choice.free is None:
            return ""
        if choice.is_full:
            if self.desk.has_waiting_list:
                return gettext("full, with a waiting list")
            return gettext("full")
        if not self.desk.shows_seats:
            return ""
        return ngettext("%(number)d seat left", "%(number)d seats left", choice.free) % {
            "number": choice.free
        }


def _begin(pool: SeatPool) -> tuple[bool, datetime | int, int, int]:
    return (pool.starts_at is None, pool.starts_at or 0, pool.sort_order, pool.pk)


def name_of(pool: SeatPool) -> str:
    """What a pool is called in the reader's language, by itself."""
    if pool.kind == PoolKind.ATTENDANCE and not pool.name:
        return str(pool.get_attendance_display())
    return pool.label


def title_of(desk: RegistrationDesk) -> str:
    """The event's title in the reader's language."""
    same = Page.objects.filter(translation_key=desk.page.translation_key, live=True)
    found = same.filter(locale__language_code=get_language()).values_list("title", flat=True)
    return found.first() or desk.page.title


def public_page(page_id: int) -> EventPage | None:
    """The page of an event that anybody may read: in the active language, else in the one asked for."""
    if not 0 < page_id <= LARGEST_ID:
        return None
    key = Page.objects.filter(pk=page_id).values("translation_key")
    pages = visible(EventPage.objects.filter(translation_key__in=key)).select_related("locale")
    return _best(list(pages), page_id)


def page_of(desk: RegistrationDesk) -> EventPage:
    """The event's page in the active language, as anybody may read it; else the desk's own."""
    pages = visible(EventPage.objects.filter(translation_key=desk.page.translation_key))
    return _best(list(pages.select_related("locale")), desk.page_id) or desk.page


def _best(pages: list[EventPage], page_id: int) -> EventPage | None:
    language = get_language()
    ranks = [(page.locale.language_code == language, page.pk == page_id) for page in pages]
    return max(zip(ranks, pages, strict=True), key=lambda pair: pair[0], default=(0, None))[1]


def find_setup(page_id: int) -> Setup | None:
    """What the form at an address needs; None where there is no public event with a desk."""
    desk, _ = find_desk(page_id)
    page = public_page(page_id) if desk else None
    return Setup(desk, page) if desk and page else None
