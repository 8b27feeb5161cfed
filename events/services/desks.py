"""Setting up an event's desk: the rules by which it takes registrations."""

from django.conf import settings
from django.db import IntegrityError, transaction
from wagtail.log_actions import log
from wagtail.models import Page

from events.choices import Attendance, PoolKind
from events.desk_errors import (
    DeskExistsError,
    DeskInUseError,
    LongerKeepingError,
    NotAllowedError,
)
from events.models import EventPage, MeetingRound, RegistrationDesk, SeatPool
from events.retention import keep_until
from events.services.seats import Seats, lock

RULES = (
    "is_open", "opens_at", "closes_at", "changes_until", "needs_approval", "needs_invitation",
    "companions_max", "has_waiting_list", "waiting_max", "offer_hours", "shows_seats", "online_link",
    "online_note", "online_note_en", "reminder_days", "contact", "keep_days",
)  # fmt: skip


def require(actor, permission: str) -> None:
    """Raises NotAllowedError. Nobody (None) is the loader of the samples."""
    if actor is not None and not actor.has_perm(f"events.{permission}"):
        raise NotAllowedError


def open_desk(*, page: EventPage, capacity: int | None = None, actor=None) -> RegistrationDesk:
    """Make the desk of an event, closed, with its seats; all languages of the page share it.

    capacity: seats on site. An event that is online too gets both kinds of attendance, and online
    without a limit; what else is counted is added later.

    Raises NotAllowedError, DeskExistsError.
    """
    require(actor, "add_registrationdesk")
    with transaction.atomic():
        # Whoever makes a desk for another language of the page waits here.
        key = page.translation_key
        list(Page.objects.select_for_update().filter(translation_key=key).order_by("pk"))
        existing = RegistrationDesk.objects.for_page(page)
        if existing is not None:
            raise DeskExistsError(existing)
        pages = EventPage.objects.filter(translation_key=key)
        source = pages.filter(locale__language_code=settings.LANGUAGE_CODE).first()
        desk = RegistrationDesk.objects.create(page=source or page)
        hybrid = desk.page.is_online
        whole = SeatPool(kind=PoolKind.EVENT, capacity=None if hybrid else capacity)
        kinds = [
            SeatPool(kind=PoolKind.ATTENDANCE, attendance=attendance, name=zh, name_en=en, capacity=seats)
            for attendance, zh, en, seats in (
                (Attendance.ONSITE, "线下参会", "On site", capacity),
                (Attendance.ONLINE, "线上参会", "Online", None),
            )
        ]  # fmt: skip
        for number, pool in enumerate([whole, *(kinds if hybrid else [])]):
            pool.desk, pool.sort_order = desk, number
            pool.save()
        log(desk, "wagtail.create", user=actor)
    return desk


def change_rules(*, desk: RegistrationDesk, values: dict, actor=None) -> RegistrationDesk:
    """Change what the desk asks and until when; `values` has fields of RULES.

    What may be free now is offered to those who wait. Raises NotAllowedError, and LongerKeepingError
    when personal data should be kept for longer than those who registered were told.
    """
    require(actor, "change_registrationdesk")
    changed = {name: value for name, value in values.items() if name in RULES}
    with transaction.atomic():
        fresh = lock(desk)
        kept = fresh.registrations.filter(anonymised_at=None)
        if changed.get("keep_days", 0) > fresh.keep_days and kept.exists():
            raise LongerKeepingError
        for name, value in changed.items():
            setattr(fresh, name, value)
        fresh.save(update_fields=[*changed, "updated_at"])
        if "keep_days" in changed:
            kept.update(keep_until=keep_until(fresh))
        Seats(fresh).offer()
        log(fresh, "wagtail.edit", user=actor)
    return fresh


def set_open(*, desk: RegistrationDesk, is_open: bool, actor=None) -> RegistrationDesk:
    """Begin or end taking registrations. Raises NotAllowedError."""
    return change_rules(desk=desk, values={"is_open": is_open}, actor=actor)


def delete_desk(*, desk: RegistrationDesk, actor) -> None:
    """Delete a desk at which nobody has registered. Raises NotAllowedError, DeskInUseError."""
    require(actor, "delete_registrationdesk")
    try:
        with transaction.atomic():
            fresh = lock(desk)
            rounds = MeetingRound.objects.filter(desk=fresh)
            if fresh.registrations.exists() or rounds.exists():
                raise DeskInUseError
            log(fresh, "wagtail.delete", user=actor)
            fresh.delete()
    except IntegrityError as error:  # somebody registered at this very moment
        raise DeskInUseError from error
