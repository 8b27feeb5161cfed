"""The fields of planning: moments, and rows of the round that may be chosen."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Participant, Registration, TimeSlot

YEARS = range(2000, 2100)


class MomentField(forms.DateTimeField):
    """A moment of this century, by the browser's own picker."""

    def __init__(self, **kwargs):
        attrs = {"type": "datetime-local", "step": "60"}
        widget = forms.DateTimeInput(attrs=attrs, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)

    def validate(self, value):
        super().validate(value)
        if value is not None and value.year not in YEARS:
            raise ValidationError(_("This year can't be meant."), code="year")


class RowField(forms.ModelChoiceField):
    """One row of the round. A number that no key of a database can be is none of them."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except OverflowError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"], "invalid_choice"
            ) from error


def slot_label(slot: TimeSlot) -> str:
    return f"{timezone.localtime(slot.starts_at):%m-%d} {slot}"


class SlotField(RowField):
    def label_from_instance(self, slot: TimeSlot) -> str:
        return slot_label(slot)


class SlotsField(forms.ModelMultipleChoiceField):
    """Some of the round's slots, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, slot: TimeSlot) -> str:
        return slot_label(slot)

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as error:
            message = self.error_messages["invalid_pk_value"] % {"pk": "…"}
            raise ValidationError(message, "invalid_pk_value") from error


class PersonField(RowField):
    def label_from_instance(self, person: Participant) -> str:
        return f"{person} ({person.get_side_display()})"


class RegistrationField(RowField):
    def label_from_instance(self, registration: Registration) -> str:
        parts = (
            registration.organisation_name,
            registration.masked_name,
            registration.reference,
        )
        return " · ".join(part for part in parts if part)


def local(moment: datetime | None) -> datetime | None:
    """A moment as the fields show it."""
    return timezone.localtime(moment) if moment else None
