"""Taking part in the meetings of an event, and leaving them."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from base.chains import Chain
from crm.models import ConsentKind, text_hash
from crm.services import GivenConsent
from events.choices import ACTIVE, MeetingStatus, RequestStatus, Side
from events.errors import ChoiceError, ConsentMissingError, MoveError
from events.matchmaking.errors import (
    InMeetingError,
    NoRoundError,
    NothingSaidError,
    RoundOverError,
)
from events.matchmaking.notices import other_of, tell_answered, tell_cancelled
from events.matchmaking.taking_part import agreed
from events.models import (
    EventConsent,
    Meeting,
    MeetingRound,
    Participant,
    Registration,
    RegistrationLog,
    TimeSlot,
)
from events.services.desks import require
from events.services.moves import write_log
from events.services.rounds import end_meeting, lock_round

By = RegistrationLog.By


def round_of(registration: Registration) -> MeetingRound | None:
    """The meetings of the event somebody registered for."""
    return MeetingRound.objects.filter(desk=registration.desk_id).first()


def is_over(registration: Registration) -> bool:
    page = registration.desk.page
    return timezone.now() >= (page.ends_at or page.starts_at)


def join(
    registration: Registration,
    *,
    side: str,
    offers: str = "",
    seeks: str = "",
    chains: Sequence[str] = (),
    is_listed: bool = True,
    consent: GivenConsent | None = None,
    actor=None,
) -> Participant:
    """Take part in the meetings, or change what was said about it.

    consent: to being shown to the others, where the registration has none yet (one that was stored
    with the registration is found by itself). actor: the officer who enters it for somebody.
    Who waits for a seat may join, too; the others see them once the registration is confirmed.

    Raises NotAllowedError, NoRoundError, MoveError when the registration has ended, RoundOverError,
    ChoiceError, NothingSaidError, ConsentMissingError.
    """
    require(actor, "plan_meetings")
    meeting_round = round_of(registration)
    if meeting_round is None:
        raise NoRoundError
    if side not in Side.values:
        raise ChoiceError(field="side")
    if any(chain not in Chain.values for chain in chains):
        raise ChoiceError(field="chains")
    if not offers.strip() and not seeks.strip():
        raise NothingSaidError
    if is_over(registration) and actor is None:
        raise RoundOverError
    with transaction.atomic():
        lock_round(meeting_round)
        registration.refresh_from_db(fields=["status", "anonymised_at"])
        if registration.status not in ACTIVE or registration.is_anonymised:
            raise MoveError
        _ask_consent(registration, consent, actor)
        participant, is_new = Participant.objects.update_or_create(
            registration=registration,
            defaults={
                "round": meeting_round,
                "side": side,
                "offers": offers.strip(),
                "seeks": seeks.strip(),
                "chains": list(dict.fromkeys(chains)),
                "is_listed": is_listed,
            },
        )
        if is_new:
            by = By.VISITOR if actor is None else By.ORGANISER
            _log(registration, "joined_meetings", by=by, actor=actor)
    return participant


def _ask_consent(registration: Registration, given: GivenConsent | None, actor) -> None:
    """Raises ConsentMissingError. A consent that was withdrawn before is given anew; the log has both."""
    if given is not None and given.text.kind != ConsentKind.MEETING:
        raise ValueError(f"a consent to {given.text.kind} is not one to being shown")
    receipt = registration.consents.filter(kind=ConsentKind.MEETING).first()
    if receipt is not None and receipt.withdrawn_at is None:
        return
    if given is None:
        if registration.is_sample and receipt is None:
            return
        raise ConsentMissingError(field="consent_meeting")
    EventConsent.objects.update_or_create(
        registration=registration,
        kind=ConsentKind.MEETING,
        defaults={
            "text": given.text,
            "shown_text": given.shown_text,
            "shown_text_hash": text_hash(given.shown_text),
            "given_at": timezone.now(),
            "withdrawn_at": None,
            "source_url": given.source_url[:500],
            "method": EventConsent.Method.FORM if actor is None else EventConsent.Method.PAPER,
        },
    )
    if receipt is not None:
        _log(registration, "consent_given", by=By.VISITOR, actor=actor, note=ConsentKind.MEETING)


def set_away(participant: Participant, slots: Iterable[TimeSlot]) -> None:
    """Say in which slots somebody has no time. Raises InMeetingError, ChoiceError, RoundOverError."""
    chosen = {slot.pk: slot for slot in slots}
    if any(slot.round_id != participant.round_id for slot in chosen.values()):
        raise ChoiceError(field="away")
    if is_over(participant.registration):
        raise RoundOverError
    with transaction.atomic():
        meeting_round = lock_round(participant.round)
        busy = participant.meeting_sides.filter(is_live=True, slot__in=chosen)
        # What was not told yet is the organiser's draft, who sees the conflict.
        if meeting_round.told_at and busy.exists():
            raise InMeetingError
        participant.away.set(chosen)


def leave(registration: Registration, *, actor=None) -> None:
    """Take part no more: the consent to being shown ends, and with it requests and meetings to come.

    The other sides are told. What was offered and sought is erased; meetings that took place stay.
    Doing it again changes nothing. Raises NotAllowedError.
    """
    require(actor, "plan_meetings")
    participant = Participant.objects.filter(registration=registration).first()
    if participant is None:
        return
    with transaction.atomic():
        lock_round(participant.round)
        now = timezone.now()
        receipts = registration.consents.filter(kind=ConsentKind.MEETING)
        if receipts.active().update(withdrawn_at=now):
            by = By.VISITOR if actor is None else By.ORGANISER
            _log(registration, "left_meetings", by=by, actor=actor)
        _drop(participant)
        if not receipts.exists():
            participant.delete()  # a sample: nothing else would say that it left


def drop_leavers() -> int:
    """End the requests and meetings of those whose registration or consent has ended elsewhere."""
    gone = Participant.objects.exclude(
        pk__in=agreed(Participant.objects.filter(registration__status__in=ACTIVE)).values("pk")
    )
    left = gone.filter(
        Q(asked__status__in=LIVE)
        | Q(asked_by__status__in=LIVE)
        | Q(meeting_sides__is_live=True, meeting_sides__slot__starts_at__gt=timezone.now())
        | ~Q(offers="", seeks="", chains=[])
    ).distinct()
    number = 0
    for participant in left.select_related("round"):
        with transaction.atomic():
            lock_round(participant.round)
            _drop(participant)
            number += 1
    return number


LIVE = (RequestStatus.OPEN, RequestStatus.ACCEPTED)


def _drop(participant: Participant) -> None:
    """The caller holds the round."""
    told = set()
    for meeting in coming_meetings(participant):
        others = [s.participant for s in meeting.sides.all() if s.participant_id != participant.pk]
        end_meeting(meeting)
        tell_cancelled(meeting, participants=others)
        if meeting.round.told_at:
            told |= {other.pk for other in others}
    _end_requests(participant, told)
    Participant.objects.filter(pk=participant.pk).update(
        offers="", seeks="", chains=[], is_listed=False
    )


def _end_requests(participant: Participant, told: set[int]) -> None:
    """`told`: the participants who hear by another mail that there is no meeting."""
    requests = participant.round.requests.filter(
        Q(from_participant=participant) | Q(to_participant=participant), status__in=LIVE
    ).select_related("from_participant__registration", "to_participant__registration")
    for request in requests:
        was_open = request.status == RequestStatus.OPEN
        request.status, request.answered_at = RequestStatus.WITHDRAWN, timezone.now()
        request.save(update_fields=["status", "answered_at"])
        other = other_of(request, participant)
        # Who was asked and had not answered need not be told that the question is gone.
        asked_in_vain = was_open and request.from_participant_id == participant.pk
        if not asked_in_vain and other.pk not in told:
            tell_answered(request, other)


def coming_meetings(participant: Participant) -> list[Meeting]:
    """The meetings of somebody that have not begun, as rows with their sides."""
    return list(
        Meeting.objects.filter(
            status=MeetingStatus.PLANNED,
            slot__starts_at__gt=timezone.now(),
            sides__participant=participant,
        )
        .select_related("slot", "table", "round")
        .prefetch_related("sides__participant__registration")
    )


def _log(registration: Registration, action: str, **more) -> None:
    write_log(registration, registration.status, action=action, **more)
