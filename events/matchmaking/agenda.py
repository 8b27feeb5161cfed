"""The meetings of one participant, as the timetable shows them once it was told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from icalendar import Calendar, Event

from base.signed_links import whole_url
from crm.mail import mail_host
from events.choices import MeetingStatus
from events.matchmaking.taking_part import name_of
from events.models import Meeting, MeetingSide, Participant
from events.services.outcomes import may_note


@dataclass(frozen=True)
class Item:
    """One meeting from one side. `other` is None when the other side has erased itself."""

    side: MeetingSide
    other: Participant | None

    @property
    def meeting(self) -> Meeting:
        return self.side.meeting

    @property
    def is_cancelled(self) -> bool:
        return self.meeting.status == MeetingStatus.CANCELLED

    @property
    def has_begun(self) -> bool:
        slot = self.meeting.slot
        return slot is not None and slot.starts_at <= timezone.now()

    @property
    def may_note(self) -> bool:
        return may_note(self.meeting)


def meetings_of(me: Participant) -> list[Item]:
    """The meetings of somebody in their order, those that were cancelled at their old time.

    Before the timetable is told there are none: what the organiser still moves about is nobody's
    appointment.
    """
    if me.round.told_at is None:
        return []
    return [_item(side) for side in _sides(me)]


def coming(items: Iterable[Item]) -> list[Item]:
    """Those that are to take place, or are taking place."""
    now = timezone.now()
    return [
        item
        for item in items
        if item.side.is_live and item.meeting.slot and item.meeting.slot.ends_at > now
    ]


def to_note(items: Iterable[Item]) -> list[Item]:
    """Those that wait for a word of this side."""
    return [item for item in items if not item.side.outcome and item.may_note]


def one(me: Participant, meeting_id: int) -> Item | None:
    """One meeting of somebody's own."""
    if me.round.told_at is None:
        return None
    side = _sides(me).filter(meeting=meeting_id).first()
    return _item(side) if side else None


def _sides(me: Participant) -> QuerySet[MeetingSide]:
    whole = MeetingSide.objects.select_related("participant__registration")
    return (
        me.meeting_sides.select_related("meeting__slot", "meeting__table")
        .prefetch_related(Prefetch("meeting__sides", queryset=whole))
        .order_by("meeting__slot__starts_at", "pk")
    )


def _item(side: MeetingSide) -> Item:
    others = [row.participant for row in side.meeting.sides.all() if row.pk != side.pk]
    shown = [other for other in others if not other.registration.is_anonymised]
    return Item(side, shown[0] if shown else None)


def by_day(items: Iterable[Item]) -> list[tuple[date | None, list[Item]]]:
    """The items of each day. Meetings whose slot is gone stand at the end, without a day."""
    days: dict[date | None, list[Item]] = {}
    for item in items:
        slot = item.meeting.slot
        day = timezone.localtime(slot.starts_at).date() if slot else None
        days.setdefault(day, []).append(item)
    return sorted(days.items(), key=lambda entry: (entry[0] is None, entry[0] or date.min))


def calendar(me: Participant, token: str, *, title: str, language: str) -> bytes:
    """The meetings as a calendar file. Cancelled ones are in it, so that a calendar takes them out."""
    file = Calendar()
    file.add("prodid", f"-//{mail_host()}//one-to-one//{language.upper()}")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    address = whole_url("matchmaking:timetable", [token], language)
    for item in meetings_of(me):
        if item.meeting.slot is not None:
            file.add_component(_event(item, title=title, address=address))
    file.add_missing_timezones()
    return file.to_ical()


def _event(item: Item, *, title: str, address: str) -> Event:
    meeting, event = item.meeting, Event()
    event.add("uid", f"meeting-{meeting.pk}@{mail_host()}")
    # Grows with every change, which is all that a calendar asks of it.
    event.add("sequence", int((meeting.updated_at - meeting.created_at).total_seconds()))
    event.add("dtstamp", meeting.updated_at)
    event.add("dtstart", _local(meeting.slot.starts_at))
    event.add("dtend", _local(meeting.slot.ends_at))
    event.add("summary", f"{title}{name_of(item.other)}")
    event.add("status", "CANCELLED" if item.is_cancelled else "CONFIRMED")
    if meeting.table:
        event.add("location", meeting.table.name)
    event.add("url", address)
    return event


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)
