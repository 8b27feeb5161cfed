"""Sample desks of sample events, so that a trial sees registration, the waiting list and the meetings.

data/samples/desks.yaml has a list of desks:

    - event: events/…            # the page
      rules: {needs_approval: true, closes_hours_before: 68, …}   # fields of the desk
      capacity: 60
      sessions: {"15:30": 4}     # when it begins: seats
      questions: [{key: …, kind: …, label: …, …}]
      codes: [{code: …, note: …, uses_max: …}]
      doors: [正门]
      registrations:             # in the order in which they come
        - {name: …, organisation: …, email: …, sessions: ["15:30"], then: approve}
      round: {tables: 3, slots: 4, first_after: 110, length: 10, requests: [[0, 4, accepted], …]}

Nobody here exists; every registration is marked as a sample and mails nobody.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from content.files import DATA, ContentFileError, read_list
from content.loader import Loader
from content.models import SeedRecord
from events.choices import Attendance, PoolKind
from events.desk_admin.programme import sessions_of
from events.models import (
    Door,
    EventPage,
    FormField,
    MeetingRequest,
    MeetingRound,
    MeetingTable,
    Participant,
    Registration,
    RegistrationDesk,
    TimeSlot,
)
from events.services import Guest, Person, approve, cancel, register, reject
from events.services.codes import make_codes
from events.services.desks import change_rules, open_desk
from events.services.pools import add_sessions
from events.services.questions import save_question
from events.services.samples import remove_sample_desks

__all__ = ["load_sample_desks", "remove_sample_desks"]

FILE = DATA / "samples" / "desks.yaml"
COLLECTION = SeedRecord.Collection.SAMPLES
THEN = {"approve": approve, "decline": reject, "cancel": cancel}


@transaction.atomic
def load_sample_desks() -> int:
    """Make the desks that were never made before; returns their number.

    Events that are gone, that are no samples any more, or that have a desk are passed over.
    Raises ContentFileError.
    """
    find_page = Loader("samples").find_page
    number = 0
    for row in read_list(FILE):
        key = f"desk:{row['event']}"
        page = find_page(row["event"])
        event = page.specific if page else None
        if not isinstance(event, EventPage) or not event.is_sample:
            continue
        if SeedRecord.objects.filter(collection=COLLECTION, key=key).exists():
            continue
        SeedRecord.objects.create(collection=COLLECTION, key=key)
        if RegistrationDesk.objects.for_page(event) is None:
            _make(event, row)
            number += 1
    return number


def _make(page: EventPage, row: dict) -> None:
    desk = open_desk(page=page, capacity=row.get("capacity"))
    rules = dict(row.get("rules", {}))
    hours = rules.pop("closes_hours_before", None)
    if hours is not None:
        rules["closes_at"] = desk.page.starts_at - timedelta(hours=hours)
    desk = change_rules(desk=desk, values=rules | {"is_open": True})
    _add_sessions(desk, row.get("sessions", {}))
    for values in row.get("questions", []):
        question = FormField(desk=desk, **values)
        question.full_clean()
        save_question(desk=desk, values=values)
    for values in row.get("codes", []):
        make_codes(desk=desk, **values)
    Door.objects.bulk_create(Door(desk=desk, name=name) for name in row.get("doors", []))
    if desk.state != "open":
        return  # the sample's day has come and gone: nobody can register any more
    registered = _register(desk, row.get("registrations", []))
    if row.get("round"):
        _make_round(desk, row["round"], registered)


def _add_sessions(desk: RegistrationDesk, seats: dict[str, int]) -> None:
    begins = {
        f"{timezone.localtime(session.starts_at):%H:%M}": session
        for session in sessions_of(desk.page)
        if session.starts_at
    }
    missing = set(seats) - set(begins)
    if missing:
        raise ContentFileError(f"{FILE.name}: {desk} has no session at {sorted(missing)}")
    add_sessions(desk=desk, sessions=[(begins[time], number) for time, number in seats.items()])


def _register(desk: RegistrationDesk, rows: list[dict]) -> list[tuple[Registration, dict]]:
    """Register them in their order, then do what became of each; days lie between them."""
    registered = [(_register_one(desk, row), row) for row in rows]
    now = timezone.now()
    for place, (registration, row) in enumerate(registered):
        THEN.get(row.get("then"), _nothing)(registration, actor=None, note="示例", notify=False)
        received = now - timedelta(days=(len(rows) - place) / 2)
        Registration.objects.filter(pk=registration.pk).update(created_at=received)
    return registered


def _nothing(registration, **options) -> None:
    """It stays as it came."""


def _register_one(desk: RegistrationDesk, row: dict) -> Registration:
    organisation = row.get("organisation", "")
    guest = Guest(
        name=row["name"],
        organisation_name=organisation,
        position=row.get("position", ""),
        email=row["email"],
        answers=row.get("answers", {}),
        companions=[Person(name, organisation) for name in row.get("companions", [])],
    )
    booking = register(
        desk=desk,
        guest=guest,
        pools=_pools(desk, row),
        code=row.get("code", ""),
        language=row.get("language", "zh-hans"),
        source=row.get("source", "site"),
        is_sample=True,
        notify=False,
    )
    return booking.registration


def _pools(desk: RegistrationDesk, row: dict) -> list:
    attendance = row.get("attendance", Attendance.ONSITE)
    return [
        pool
        for pool in desk.pools.all()
        if (pool.kind == PoolKind.ATTENDANCE and pool.attendance == attendance)
        or (
            pool.kind == PoolKind.SESSION
            and f"{timezone.localtime(pool.starts_at):%H:%M}" in row.get("sessions", [])
        )
    ]


def _make_round(desk: RegistrationDesk, row: dict, registered: list) -> None:
    meetings = MeetingRound.objects.create(desk=desk, slots_for=desk.page.starts_at)
    MeetingTable.objects.bulk_create(
        MeetingTable(round=meetings, name=str(number + 1), sort_order=number)
        for number in range(row["tables"])
    )
    length = timedelta(minutes=row["length"])
    first = desk.page.starts_at + timedelta(minutes=row["first_after"])
    TimeSlot.objects.bulk_create(
        TimeSlot(
            round=meetings, starts_at=first + number * length, ends_at=first + (number + 1) * length
        )
        for number in range(row["slots"])
    )
    participants = [
        Participant.objects.create(round=meetings, registration=registration, **values["meets"])
        for registration, values in registered
        if "meets" in values
    ]
    now = timezone.now()
    for asks, asked, status in row["requests"]:
        MeetingRequest.objects.create(
            round=meetings,
            from_participant=participants[asks],
            to_participant=participants[asked],
            status=status,
            message="示例：想当面谈一谈。",
            expires_at=now + timedelta(hours=meetings.request_hours),
            answered_at=None if status == "open" else now,
        )
