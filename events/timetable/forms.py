"""The forms of planning. They judge what was typed; the services decide."""

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from base.chains import Chain
from crm.forms import LineField, TypedField
from events.choices import MeetingStatus, RegistrationStatus, Side
from events.models import (
    Meeting,
    MeetingRound,
    MeetingTable,
    Participant,
    Registration,
    TimeSlot,
)
from events.services.places import SLOTS_MAX, TABLES_MAX
from events.timetable.fields import (
    MomentField,
    PersonField,
    RegistrationField,
    RowField,
    SlotField,
    SlotsField,
)

MOST_MINUTES, MOST_HOURS, MOST_MEETINGS = 480, 720, 100


class RulesForm(forms.Form):
    asking = forms.ChoiceField(
        label=_("Who asks for meetings"), choices=MeetingRound.Asking.choices
    )
    asks_from = MomentField(label=_("Requests from"), required=False)
    asks_until = MomentField(
        label=_("Requests until"), required=False, help_text=_("Empty: until the event begins")
    )
    request_hours = forms.IntegerField(
        label=_("A request waits for an answer (hours)"),
        min_value=1,
        max_value=MOST_HOURS,
        initial=48,
    )
    meetings_max = forms.IntegerField(
        label=_("Meetings a participant has at most"),
        required=False,
        min_value=1,
        max_value=MOST_MEETINGS,
        help_text=_("Empty: as many as there are time slots"),
    )

    def clean(self):
        begin, end = self.cleaned_data.get("asks_from"), self.cleaned_data.get("asks_until")
        if begin and end and end <= begin:
            self.add_error("asks_until", gettext("This lies before the beginning."))
        return self.cleaned_data


class TablesForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many tables"), min_value=1, max_value=TABLES_MAX, initial=10
    )
    prefix = LineField(
        label=_("Before the number"),
        max_length=20,
        required=False,
        strip=True,
        help_text=_("Such as “A”: A1, A2 …; empty: 1, 2 …"),
    )


class SlotsForm(forms.Form):
    starts_at = MomentField(label=_("The first one begins"))
    minutes = forms.IntegerField(
        label=_("Minutes of a meeting"), min_value=1, max_value=MOST_MINUTES, initial=20
    )
    pause = forms.IntegerField(
        label=_("Minutes between two meetings"), min_value=0, max_value=MOST_MINUTES, initial=5
    )
    number = forms.IntegerField(
        label=_("How many time slots"), min_value=1, max_value=SLOTS_MAX, initial=8
    )


class TableForm(forms.Form):
    name = LineField(label=pgettext_lazy("of a thing", "Name"), max_length=40)


class SlotForm(forms.Form):
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))


class ReasonForm(forms.Form):
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Stands in the mail to both sides, if the timetable was sent."),
    )


class RemoveSlotForm(ReasonForm):
    elsewhere = forms.BooleanField(
        label=_("Move its meetings to other time slots where both have time"),
        required=False,
        initial=True,
    )


class CancelForm(ReasonForm):
    still_wanted = forms.BooleanField(
        label=_("They still want to meet: the next timetable tries to place it"), required=False
    )


class MarkForm(forms.Form):
    """Which button was pressed."""

    status = forms.ChoiceField(
        choices=[(one.value, one.label) for one in MeetingStatus if one != MeetingStatus.CANCELLED]
    )


# --- Meetings -------------------------------------------------------------------------------


class PlaceForm(forms.Form):
    slot = SlotField(label=_("Time slot"), queryset=TimeSlot.objects.none())
    table = RowField(label=_("Table"), queryset=MeetingTable.objects.none())
    anyway = forms.BooleanField(label=_("All the same"), required=False)

    def __init__(self, *args, meeting_round: MeetingRound, **kwargs):
        super().__init__(*args, **kwargs)
        self.meeting_round = meeting_round
        self.fields["slot"].queryset = meeting_round.slots.all()
        self.fields["table"].queryset = meeting_round.tables.all()


class MeetingForm(PlaceForm):
    first = PersonField(label=_("One side"), queryset=Participant.objects.none())
    second = PersonField(label=_("Other side"), queryset=Participant.objects.none())
    field_order = ("first", "second", "slot", "table", "anyway")

    def __init__(self, *args, meeting_round: MeetingRound, **kwargs):
        super().__init__(*args, meeting_round=meeting_round, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = people(meeting_round)


class SwapForm(forms.Form):
    other = RowField(label=_("Exchange with"), queryset=Meeting.objects.none())
    anyway = forms.BooleanField(label=_("All the same"), required=False)

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others
        self.fields["other"].label_from_instance = lambda meeting: " · ".join(
            [
                str(meeting.slot),
                str(meeting.table),
                " – ".join(str(side.participant) for side in meeting.sides.all()),
            ]
        )


def people(meeting_round: MeetingRound):
    return meeting_round.participants.select_related("registration").order_by(
        "registration__organisation_name", "pk"
    )


# --- Participants ---------------------------------------------------------------------------


class ProfileForm(forms.Form):
    side = forms.ChoiceField(label=_("Takes part as"), choices=Side.choices)
    offers = TypedField(
        label=_("Offers"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seeks = TypedField(
        label=_("Seeks"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    chains = forms.MultipleChoiceField(
        label=_("Industries"),
        choices=Chain.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_listed = forms.BooleanField(label=_("Shown to the others"), required=False)
    away = SlotsField(label=_("Has no time"), queryset=TimeSlot.objects.none(), required=False)

    def __init__(self, *args, meeting_round: MeetingRound, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["away"].queryset = meeting_round.slots.all()
        if not meeting_round.slots.exists():
            del self.fields["away"]


class JoinForm(ProfileForm):
    registration = RegistrationField(label=_("Registration"), queryset=Registration.objects.none())
    consent = forms.BooleanField(
        label=_("Agreed on paper or in person to being shown to those who take part"),
        required=False,
        help_text=_("Not needed if it was agreed to with the registration."),
    )
    field_order = ("registration", "side", "offers", "seeks", "chains", "is_listed", "consent")

    def __init__(self, *args, meeting_round: MeetingRound, **kwargs):
        super().__init__(*args, meeting_round=meeting_round, **kwargs)
        self.fields["registration"].queryset = Registration.objects.filter(
            desk=meeting_round.desk_id,
            status=RegistrationStatus.CONFIRMED,
            participant=None,
            anonymised_at=None,
        ).order_by("organisation_name", "pk")


class WishForm(forms.Form):
    first = PersonField(label=_("One side"), queryset=Participant.objects.none())
    second = PersonField(label=_("Other side"), queryset=Participant.objects.none())
    message = TypedField(
        label=_("Why they should meet"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Both read it."),
    )

    def __init__(self, *args, meeting_round: MeetingRound, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = people(meeting_round)
