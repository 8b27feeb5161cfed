"""Fields that only the form of an event has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from base.chains import Chain
from crm.forms import TypedField
from crm.widgets import PlainSelect
from events.choices import Side

NAME_LENGTH = 80


class PersonsField(TypedField):
    """One name a line; cleaned to a list of names."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value):
        return names_in(super().to_python(value))

    def validate(self, value):
        super().validate("\n".join(value))

    def run_validators(self, value):
        for name in value:
            if len(name) > NAME_LENGTH:
                raise forms.ValidationError(
                    _("A name has %(number)d characters at most."), params={"number": NAME_LENGTH}
                )
        super().run_validators("\n".join(value))


def names_in(text: str) -> list[str]:
    return [" ".join(line.split()) for line in str(text).splitlines() if line.strip()]


def profile_fields() -> dict[str, forms.Field]:
    """What the others see of somebody who takes part in one-to-one meetings."""
    return {
        "side": forms.ChoiceField(
            label=_("I take part as"),
            required=False,
            choices=[("", _("I take no part in meetings")), *Side.choices],
            widget=PlainSelect,
        ),
        "offers": TypedField(
            label=_("What I offer"),
            max_length=500,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
        "seeks": TypedField(
            label=_("What I seek"),
            max_length=500,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        ),
        "chains": forms.MultipleChoiceField(
            label=_("Industries"),
            required=False,
            choices=Chain.choices,
            widget=forms.CheckboxSelectMultiple,
        ),
    }
