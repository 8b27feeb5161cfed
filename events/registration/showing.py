"""A registration as its page shows it."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from base.bilingual import in_language
from events import calendars
from events.choices import HOLDING, Attendance, PoolKind, RegistrationStatus
from events.models import Attendee, EventConsent, EventPage, MeetingRound, Registration
from events.registration import codes, questions
from events.registration.setup import Setup, page_of

# Where those who take part in one-to-one meetings find them.
MEETINGS_VIEW = "matchmaking:home"


@dataclass(frozen=True)
class Ticket:
    attendee: Attendee
    qr: SafeString
    code: str


class Shown:
    """Everything that the pages and mails of one registration say, read when it is asked for."""

    def __init__(self, registration: Registration, token: str):
        self.registration, self.token = registration, token
        self.desk = registration.desk

    @cached_property
    def page(self) -> EventPage:
        return page_of(self.desk)

    @cached_property
    def setup(self) -> Setup:
        return Setup(self.desk, self.page, self.registration)

    @property
    def status(self) -> str:
        return self.registration.status

    @property
    def is_over(self) -> bool:
        return timezone.now() >= (self.page.ends_at or self.page.starts_at)

    @property
    def has_begun(self) -> bool:
        return timezone.now() >= self.page.starts_at

    @property
    def offer_holds(self) -> bool:
        """Whether the offered seat may still be taken."""
        until = self.registration.offer_expires_at
        is_offered = self.status == RegistrationStatus.OFFERED
        return is_offered and until is not None and timezone.now() < until

    @property
    def is_confirmed(self) -> bool:
        return self.status == RegistrationStatus.CONFIRMED

    @property
    def has_seat(self) -> bool:
        return self.status in HOLDING and not self.registration.is_anonymised

    @property
    def may_register_again(self) -> bool:
        is_open = self.desk.state == "open" and not self.page.is_called_off
        return is_open and self.page.live and not self.registration.is_active

    @property
    def has_tickets(self) -> bool:
        return self.is_confirmed and not self.registration.is_anonymised

    @property
    def can_cancel(self) -> bool:
        return self.registration.is_active and not self.has_begun

    @property
    def can_change(self) -> bool:
        registration = self.registration
        in_time = timezone.now() < self.desk.change_deadline
        return registration.is_active and in_time and not registration.is_anonymised

    @cached_property
    def tickets(self) -> list[Ticket]:
        if not self.has_tickets:
            return []
        return [
            Ticket(attendee, codes.as_svg(attendee), codes.in_groups(attendee.code))
            for attendee in self.registration.attendees.all()
        ]

    @property
    def is_online(self) -> bool:
        return self.registration.attendance == Attendance.ONLINE

    @property
    def online_link(self) -> str:
        """Only for who has a confirmed seat online, until it is over."""
        shown = self.has_tickets and self.is_online and not self.is_over
        return self.desk.online_link if shown and not self.page.is_called_off else ""

    @property
    def online_note(self) -> str:
        return in_language(self.desk, "online_note")

    @cached_property
    def place(self) -> int | None:
        """The place on the waiting list, the first being 1."""
        registration = self.registration
        if self.status != RegistrationStatus.WAITING or registration.waiting_since is None:
            return None
        earlier = Q(waiting_since__lt=registration.waiting_since) | Q(
            waiting_since=registration.waiting_since, pk__lt=registration.pk
        )
        return self.desk.registrations.waiting().filter(earlier).count() + 1

    @cached_property
    def seats(self) -> list[str]:
        """The kind of attendance and the sessions, in words."""
        pools = [pool for pool in self.registration.pools.all() if pool.kind != PoolKind.EVENT]
        pools.sort(key=lambda pool: (pool.kind, pool.starts_at or self.page.starts_at, pool.pk))
        return [
            " ".join(part for part in (self.setup.hours(pool), self.setup.title(pool)) if part)
            for pool in pools
        ]

    @cached_property
    def companions(self) -> list[str]:
        attendees = self.registration.attendees.filter(position__gt=0)
        return [attendee.name for attendee in attendees if attendee.name]

    @cached_property
    def answers(self) -> list[tuple[str, str]]:
        """The questions that are still asked, and what was answered."""
        given = self.registration.answers
        return [
            (str(question), questions.in_words(question, given[question.key]))
            for question in self.setup.questions
            if question.key in given
        ]

    @cached_property
    def consents(self) -> list[EventConsent]:
        return list(self.registration.consents.select_related("text"))

    @cached_property
    def meetings_url(self) -> str:
        """The registration's one-to-one meetings; "" where the event has none, or it has ended."""
        if not self.registration.is_active or self.registration.is_anonymised:
            return ""
        if not MeetingRound.objects.filter(desk=self.desk).exists():
            return ""
        try:
            return reverse(MEETINGS_VIEW, args=[self.token])
        except NoReverseMatch:
            return ""

    def calendar_file(self) -> bytes:
        """The event as one who takes part enters it: where they are, and how to get in online.

        Without the signed link: calendars are shared.
        """
        note = gettext("Registration %(reference)s") % {"reference": self.registration.reference}
        return calendars.event_file(
            self.page,
            attendance=self.registration.attendance,
            online_link=self.online_link,
            note=note,
        )
