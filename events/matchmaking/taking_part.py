"""Who takes part in the meetings of an event, and who of them is seen by the others."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from crm.models import ConsentKind
from events.choices import RegistrationStatus
from events.models import EventConsent, MeetingRound, Participant


def _receipts():
    return EventConsent.objects.filter(
        registration=OuterRef("registration"), kind=ConsentKind.MEETING
    )


def agreed(participants: QuerySet[Participant]) -> QuerySet[Participant]:
    """Those whose consent to being shown holds. Samples stand for nobody and need none."""
    return participants.filter(
        Exists(_receipts().active())
        | Q(registration__is_sample=True) & ~Exists(_receipts().exclude(withdrawn_at=None)),
        registration__anonymised_at=None,
    )


def taking_part(meeting_round: MeetingRound) -> QuerySet[Participant]:
    """Participants who may ask and be asked: with a confirmed registration and their consent."""
    return agreed(meeting_round.participants.all()).filter(
        registration__status=RegistrationStatus.CONFIRMED
    )


def takes_part(participant: Participant) -> bool:
    return taking_part(participant.round).filter(pk=participant.pk).exists()


def shown_to(participant: Participant) -> QuerySet[Participant]:
    """The others as this one sees them in the list."""
    return (
        taking_part(participant.round)
        .filter(is_listed=True)
        .exclude(pk=participant.pk)
        .select_related("registration")
    )


def name_of(participant: Participant | None) -> str:
    """What the others call somebody: the organisation, else the person."""
    if participant is None or participant.registration.is_anonymised:
        return gettext("A participant whose data are erased")
    registration = participant.registration
    return registration.organisation_name or registration.name
