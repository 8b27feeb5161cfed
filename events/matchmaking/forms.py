"""The forms of those who meet."""

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from base.chains import Chain
from crm.forms import KEPT_CHARACTERS, TypedField
from events.choices import Outcome, Side
from events.models import Participant, TimeSlot

# More values than any list of choices here has.
KEPT_VALUES = 200
OUTCOMES = [choice for choice in Outcome.choices if choice[0]]
RATINGS = [
    ("5", _("5 – very useful")),
    ("4", _("4 – useful")),
    ("3", _("3 – so-so")),
    ("2", _("2 – of little use")),
    ("1", _("1 – of no use")),
]


def readable(posted: QueryDict) -> MultiValueDict:
    """What was sent, as text that any template and database can take (see `crm.forms.readable`)."""
    return MultiValueDict(
        {
            key: [
                value[:KEPT_CHARACTERS].encode("utf-8", "replace").decode()
                for value in values[:KEPT_VALUES]
            ]
            for key, values in posted.lists()
            if key.isidentifier()
        }
    )


def _lines(label, *, max_length: int, rows: int = 4, **more) -> TypedField:
    return TypedField(
        label=label,
        max_length=max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )


class ProfileForm(forms.Form):
    """Who somebody is in the meetings. The consent is asked only while none holds."""

    use_required_attribute = True

    side = forms.ChoiceField(
        label=_("You take part as"),
        choices=Side.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one, so that others know who you are.")},
    )
    offers = _lines(
        _("What you offer"),
        max_length=500,
        help_text=_("Such as: workshops to let, a patent, orders, capital. No telephone numbers."),
    )
    seeks = _lines(
        _("What you seek"),
        max_length=500,
        help_text=_("Such as: a site of 3,000 m², a supplier, a partner for a pilot line."),
    )
    chains = forms.MultipleChoiceField(
        label=_("Industries"),
        choices=Chain.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_listed = forms.BooleanField(
        label=_("Show me in the list of participants"),
        required=False,
        help_text=_("Otherwise only those see you whom you ask yourself, or whom you meet."),
    )
    consent_meeting = forms.BooleanField(
        error_messages={
            "required": _("Without this tick nobody can be shown to you, nor you to anybody.")
        }
    )

    def __init__(self, *args, statement: str | None, has_list: bool, **kwargs):
        """statement: what is agreed to, None when it was agreed to already."""
        kwargs.setdefault("auto_id", "profile-%s")
        super().__init__(*args, **kwargs)
        if statement is None:
            del self.fields["consent_meeting"]
        else:
            self.fields["consent_meeting"].label = statement
        if not has_list:
            del self.fields["is_listed"]

    @classmethod
    def initial_of(cls, participant: Participant | None) -> dict:
        if participant is None:
            return {"is_listed": True}
        names = ("side", "offers", "seeks", "chains", "is_listed")
        return {name: getattr(participant, name) for name in names}


class AwayForm(forms.Form):
    """The slots in which somebody has no time."""

    away = forms.ModelMultipleChoiceField(
        label=_("I have no time"),
        queryset=TimeSlot.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("These times have changed meanwhile; please look again."),
            "invalid_pk_value": _("These times have changed meanwhile; please look again."),
        },
    )

    def __init__(self, *args, slots, **kwargs):
        kwargs.setdefault("auto_id", "times-%s")
        super().__init__(*args, **kwargs)
        days = {timezone.localtime(slot.starts_at).date() for slot in slots}
        self.fields["away"].queryset = slots
        if len(days) > 1:
            self.fields["away"].label_from_instance = _with_day


def _with_day(slot: TimeSlot) -> str:
    return f"{timezone.localtime(slot.starts_at):%Y-%m-%d} {slot}"


class AskForm(forms.Form):
    message = _lines(
        _("What you would like to talk about"),
        max_length=500,
        help_text=_("The other side reads it before they answer."),
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", "ask-%s")
        super().__init__(*args, **kwargs)


class AnswerForm(forms.Form):
    """A word to go with a yes or a no. Which of them it is, the button says."""

    text = _lines(
        _("A word to go with it"),
        max_length=300,
        rows=3,
        help_text=_("The other side reads it."),
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", "answer-%s")
        super().__init__(*args, **kwargs)


class OutcomeForm(forms.Form):
    use_required_attribute = True

    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of the meeting.")},
    )
    rating = forms.ChoiceField(
        label=_("How useful was the meeting?"),
        choices=RATINGS,
        required=False,
        widget=forms.RadioSelect,
    )
    note = _lines(
        _("Your note"),
        max_length=2000,
        rows=6,
        help_text=_("For you and the organiser. The other side does not see it."),
    )

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("auto_id", "outcome-%s")
        super().__init__(*args, **kwargs)

    def clean_rating(self) -> int | None:
        return int(self.cleaned_data["rating"]) if self.cleaned_data["rating"] else None
