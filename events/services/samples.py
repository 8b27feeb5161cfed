"""Samples are taken away whole: what stands at the desk of a sample event is one itself."""

from django.db import transaction

from events.models import MeetingRound, Registration, RegistrationDesk


def remove_sample_desks() -> int:
    """Delete the desks of sample events with all that was registered there; returns their number.

    Whoever tried the form of a sample event has registered for nothing that takes place.
    """
    with transaction.atomic():
        desks = RegistrationDesk.objects.filter(page__is_sample=True)
        ids = [desk.pk for desk in desks.select_for_update(of=("self",)).order_by("pk")]
        # In this order: each is kept by what is deleted before it.
        Registration.objects.filter(desk__in=ids).delete()
        MeetingRound.objects.filter(desk__in=ids).delete()
        RegistrationDesk.objects.filter(pk__in=ids).delete()
    return len(ids)
