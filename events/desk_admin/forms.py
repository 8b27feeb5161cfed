"""The forms by which a desk is set up. They judge what was typed; the services write it."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from events.choices import FieldKind, PoolKind
from events.models import EventPage, FormField, InvitationCode, RegistrationDesk, SeatPool
from events.services.codes import MOST_AT_ONCE
from events.services.desks import RULES

# What no event of ours needs more of; also what every database can hold.
MOST_SEATS, MOST_DAYS, MOST_HOURS, MOST_COMPANIONS = 100_000, 1095, 720, 50
YEARS = range(2000, 2100)
WITH_CHOICES = (FieldKind.CHOICE, FieldKind.CHOICES)


class DeskForm(forms.ModelForm):
    """Numbers within reason, and moments of this century: nothing that a database refuses."""

    limits: dict[str, int] = {}
    # (heading, names of fields) in the order in which they are asked.
    groups: tuple = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateTimeField):
                field.widget = AdminDateTimeInput()
                field.validators.append(_of_this_century)
            if name in self.limits:
                field.validators.append(MaxValueValidator(self.limits[name]))

    def order(self, first: str, second: str, message: str) -> None:
        """Say `message` at the second of two moments when it is not after the first."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(second)
        if begin and end and end <= begin:
            self.add_error(second, message)

    def fieldsets(self) -> list[dict]:
        return [
            {
                "id": f"desk-group-{number}",
                "heading": heading,
                "fields": [self[name] for name in names],
            }
            for number, (heading, names) in enumerate(self.groups)
        ]


def _of_this_century(moment) -> None:
    if moment.year not in YEARS:
        raise ValidationError(_("This year can't be meant."), code="year")


class EventField(forms.ModelChoiceField):
    def label_from_instance(self, page) -> str:
        return f"{timezone.localtime(page.starts_at):%Y-%m-%d} {page.title}"

    def to_python(self, value):
        try:
            return super().to_python(value)
        except OverflowError as error:  # a number that no key of SQLite can be
            raise ValidationError(
                self.error_messages["invalid_choice"], "invalid_choice"
            ) from error


class NewDeskForm(forms.Form):
    page = EventField(label=_("Event"), queryset=EventPage.objects.none())
    capacity = forms.IntegerField(
        label=_("Seats on site"),
        required=False,
        min_value=0,
        max_value=MOST_SEATS,
        help_text=_("Empty: as many as come. It can be changed at any time."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        taken = RegistrationDesk.objects.values("page__translation_key")
        free = EventPage.objects.exclude(translation_key__in=taken)
        self.fields["page"].queryset = free.filter(
            locale__language_code=settings.LANGUAGE_CODE
        ).order_by("-starts_at")


class DaysField(forms.CharField):
    """Days before the event, as a list: "3, 1"."""

    def prepare_value(self, value):
        return ", ".join(str(day) for day in value) if isinstance(value, list) else value

    def to_python(self, value) -> list[int]:
        words = super().to_python(value).replace("，", ",").replace("、", ",").split(",")
        days = [word.strip() for word in words if word.strip()]
        if not all(day.isascii() and day.isdigit() and 0 < int(day[:4]) <= 60 for day in days):
            raise ValidationError(_("Write days from 1 to 60, such as 3, 1."), code="days")
        return sorted({int(day) for day in days}, reverse=True)

    def validate(self, value) -> None:
        if len(value) > 5:
            raise ValidationError(_("Five reminders are enough."), code="many")


class RulesForm(DeskForm):
    reminder_days = DaysField(
        label=_("Reminders (days before)"), required=False, help_text=_("Such as 3, 1")
    )
    online_link = forms.URLField(
        label=_("address of the online meeting"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Shown to those alone who have a confirmed seat online"),
    )
    limits = {
        "companions_max": MOST_COMPANIONS,
        "waiting_max": MOST_SEATS,
        "offer_hours": MOST_HOURS,
        "keep_days": MOST_DAYS,
    }

    class Meta:
        model = RegistrationDesk
        fields = RULES
        labels = {"opens_at": _("Registration begins"), "closes_at": _("Registration ends")}

    groups = (
        (_("When"), ("is_open", "opens_at", "closes_at", "changes_until")),
        (_("Who may register"), ("needs_approval", "needs_invitation", "companions_max")),
        (
            _("When it is full"),
            ("has_waiting_list", "waiting_max", "offer_hours", "shows_seats"),
        ),
        (_("Online"), ("online_link", "online_note", "online_note_en")),
        (_("Mails and data"), ("contact", "reminder_days", "keep_days")),
    )

    def clean(self):
        super().clean()
        self.order("opens_at", "closes_at", _("Registration ends before it begins."))
        return self.cleaned_data


class PoolForm(DeskForm):
    """Seats of a kind of attendance or a session; of the whole event where that is what is changed."""

    limits = {"capacity": MOST_SEATS, "sort_order": 1000}

    class Meta:
        model = SeatPool
        fields = (
            "kind", "attendance", "name", "name_en", "starts_at", "ends_at", "capacity",
            "needs_invitation", "is_active", "sort_order",
        )  # fmt: skip
        labels = {"name": _("Name in the form"), "name_en": _("Name in the form (English)")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # What it counts is what people have registered for.
            del self.fields["kind"], self.fields["attendance"]
        else:
            self.fields["kind"].choices = [
                choice for choice in PoolKind.choices if choice[0] != PoolKind.EVENT
            ]
            self.fields["attendance"].help_text = _("Only for a kind of attendance")
            del self.fields["is_active"], self.fields["sort_order"]
        kind = self.instance.kind if self.instance.pk else ""
        if kind and kind != PoolKind.SESSION:
            del self.fields["starts_at"], self.fields["ends_at"]
        if kind == PoolKind.EVENT:
            for name in ("name", "name_en", "needs_invitation", "is_active", "sort_order"):
                del self.fields[name]

    def clean(self):
        data = super().clean()
        self.order("starts_at", "ends_at", _("The end lies before the beginning."))
        kind = data.get("kind")
        if kind == PoolKind.ATTENDANCE and not data.get("attendance"):
            self.add_error("attendance", _("Say which kind of attendance."))
        if kind == PoolKind.SESSION:
            data["attendance"] = ""
        if kind == PoolKind.ATTENDANCE:
            data["starts_at"] = data["ends_at"] = None
        if "name" in self.fields and not self.errors.get("name") and not data.get("name"):
            self.add_error("name", _("Give it a name: it stands in the form."))
        return data


class QuestionForm(DeskForm):
    limits = {"keep_days": MOST_DAYS}

    class Meta:
        model = FormField
        fields = (
            "label", "label_en", "help_text", "help_text_en", "kind", "choices", "choices_en", "key",
            "is_required", "is_active", "is_personal", "purpose", "purpose_en", "keep_days",
        )  # fmt: skip
        widgets = {
            "choices": forms.Textarea(attrs={"rows": 4}),
            "choices_en": forms.Textarea(attrs={"rows": 4}),
        }

    groups = (
        (_("The question"), ("label", "label_en", "help_text", "help_text_en")),
        (_("The answer"), ("kind", "choices", "choices_en", "is_required", "is_active", "key")),
        (_("Personal data"), ("is_personal", "purpose", "purpose_en", "keep_days")),
    )

    def __init__(self, *args, desk: RegistrationDesk, answered: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        if answered:
            for name in ("key", "kind"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("It has been answered: this stays.")

    def clean_key(self) -> str:
        key = self.cleaned_data["key"].lower()
        if self.desk.fields.filter(key=key).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another question of this event has this key."), code="key")
        return key

    def clean_keep_days(self) -> int | None:
        days = self.cleaned_data["keep_days"]
        if days is not None and days > self.desk.keep_days:
            raise ValidationError(
                _("The registration itself is kept for %(days)s days only."),
                code="keep_days",
                params={"days": self.desk.keep_days},
            )
        return days

    def clean(self):
        data = super().clean()
        if data.get("is_personal") and not data.get("purpose"):
            self.add_error(
                "purpose", _("Say what the answer is needed for: it stands in the form.")
            )
        if data.get("kind") in WITH_CHOICES:
            self._clean_choices(data)
        else:
            data["choices"] = data["choices_en"] = ""
        return data

    def _clean_choices(self, data: dict) -> None:
        lines = _lines(data.get("choices", ""))
        english = _lines(data.get("choices_en", ""))
        if len(lines) < 2 or len(set(lines)) < len(lines):
            self.add_error("choices", _("Write at least two choices, each once, one a line."))
        if english and len(english) != len(lines):
            self.add_error("choices_en", _("As many lines as there are choices, in their order."))
        data["choices"], data["choices_en"] = "\n".join(lines), "\n".join(english)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class CodesForm(DeskForm):
    """Many codes at once, or one word."""

    number = forms.IntegerField(
        label=_("How many"), min_value=1, max_value=MOST_AT_ONCE, initial=10, required=False
    )
    limits = {"uses_max": MOST_SEATS}

    class Meta:
        model = InvitationCode
        fields = ("code", "note", "uses_max", "expires_at", "skips_approval")

    field_order = ("number", "code", "note", "uses_max", "expires_at", "skips_approval")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = _("A word of your own instead: then it is one code.")

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if code and len(code) < 6:
            raise ValidationError(_("At least six signs, or it can be guessed."), code="short")
        return code

    def clean_uses_max(self) -> int:
        uses = self.cleaned_data["uses_max"]
        if uses < 1:
            raise ValidationError(_("At least once."), code="uses")
        return uses
