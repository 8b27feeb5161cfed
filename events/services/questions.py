"""The questions of an event's form."""

from django.db import transaction
from wagtail.log_actions import log

from events.desk_errors import InUseError
from events.errors import MoveError
from events.models import FormField, RegistrationDesk
from events.services.desks import require
from events.services.seats import lock


def save_question(
    *, desk: RegistrationDesk, values: dict, question: FormField | None = None, actor=None
) -> FormField:
    """Add a question at the end, or change one. Key and kind of one that was answered stay.

    Raises NotAllowedError, InUseError, and MoveError when the question has gone meanwhile.
    """
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        fresh = lock(desk)
        if question is None:
            row = FormField(desk=fresh, sort_order=fresh.fields.count())
        else:
            row = fresh.fields.filter(pk=question.pk).first()
            if row is None:
                raise MoveError
            fixed = {name: values[name] for name in ("key", "kind") if name in values}
            if any(getattr(row, n) != v for n, v in fixed.items()) and is_answered(row):
                raise InUseError
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        log(fresh, "wagtail.edit", user=actor)
    return row


def is_answered(question: FormField) -> bool:
    """Whether a registration has an answer to it."""
    return question.desk.registrations.filter(answers__has_key=question.key).exists()


def move_question(*, question: FormField, up: bool, actor=None) -> None:
    """Change places with the question before or after it. Raises NotAllowedError."""
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        desk = lock(question.desk)
        rows = list(desk.fields.all())
        places = {row.pk: place for place, row in enumerate(rows)}
        here = places.get(question.pk)
        there = None if here is None else here + (-1 if up else 1)
        if there is None or not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for place, row in enumerate(rows):
            row.sort_order = place
        FormField.objects.bulk_update(rows, ["sort_order"])


def remove_question(*, question: FormField, actor=None) -> bool:
    """Ask it no more. One that was answered stays as a column, switched off; returns if it is gone.

    Raises NotAllowedError.
    """
    require(actor, "change_registrationdesk")
    with transaction.atomic():
        desk = lock(question.desk)
        row = desk.fields.filter(pk=question.pk).first()
        if row is None:
            return True
        answered = is_answered(row)
        if answered:
            row.is_active = False
            row.save(update_fields=["is_active"])
        else:
            row.delete()
        log(desk, "wagtail.edit", user=actor)
    return not answered
