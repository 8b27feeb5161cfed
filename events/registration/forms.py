"""The form of an event: what every event asks, its seats, its editor's questions, and the consents."""

from copy import deepcopy

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.form_token import StaleTokenError, issue_token, read_token
from crm.forms import KEPT_CHARACTERS, LineField, QuietField, SenderForm, TypedField
from crm.models import ConsentKind
from events.registration.fields import PersonsField, profile_fields
from events.registration.setup import Choice, Setup

# The order of the page. What the event does not ask is passed over.
FIRST = ("name", "organisation_name", "position", "email", "phone", "attendance", "sessions",
         "companions", "invitation")  # fmt: skip
LAST = ("side", "offers", "seeks", "chains", "consent_meeting", "intent", "consent_event_lead",
        "consent_event")  # fmt: skip
# More values of one name than any list of ours has choices.
KEPT_VALUES = 100


def _words(setup: Setup, choice: Choice) -> str:
    return setup.label(choice)


# Hours, title and seats of a choice, put into words only when the form is shown.
_label = lazy(_words, str)


def readable(posted: QueryDict) -> MultiValueDict:
    """What was sent as text that any template and database can take (see `crm.forms.readable`)."""
    return MultiValueDict(
        {
            key: [
                value[:KEPT_CHARACTERS].encode("utf-8", "replace").decode()
                for value in values[:KEPT_VALUES]
            ]
            for key, values in posted.lists()
            if len(key) < KEPT_VALUES and key.isprintable()
        }
    )


class RegistrationForm(SenderForm):
    """Name, one way to answer and the consent are asked of everybody; the rest as the desk has it.

    The names of fields are those that `EventError.field` speaks of.
    """

    reach = "email"

    position = LineField(
        label=_("Position"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    intent = TypedField(
        label=_("What would you like to talk about?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    came_by = QuietField()

    def __init__(
        self, *args, setup: Setup, handler: str, given: frozenset[str] = frozenset(), **kw
    ):
        """given: the kinds of consent that are in force already and are not asked again."""
        kw.setdefault("auto_id", "registration-%s")
        super().__init__(*args, **kw)
        required = {"required": _("Write your name; it stands on your ticket.")}
        self.fields["name"].error_messages |= required
        self.setup, self.given = setup, given
        self._add_seats()
        self.question_names = []
        for name, field in setup.question_fields.items():
            self.fields[name] = deepcopy(field)
            self.question_names.append(name)
        if setup.round is not None and setup.registration is None:
            self.fields |= profile_fields()
        self._add_consents(handler)
        # The summary of errors follows the page.
        self.order_fields([*FIRST, *self.question_names, *LAST])

    def _add_seats(self) -> None:
        setup = self.setup
        if setup.kinds:
            self.fields["attendance"] = forms.ChoiceField(
                label=_("How you take part"),
                choices=[(str(one.pool.pk), _label(setup, one)) for one in setup.kinds],
                widget=forms.RadioSelect,
                # Where there is only one kind there is nothing to choose.
                initial=str(setup.kinds[0].pool.pk) if len(setup.kinds) == 1 else None,
                error_messages={"required": _("Choose one.")},
            )
        if setup.sessions:
            self.fields["sessions"] = forms.MultipleChoiceField(
                label=_("Sessions"),
                choices=[(str(one.pool.pk), _label(setup, one)) for one in setup.sessions],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Sessions at the same time can't be chosen together."),
            )
        if setup.companions_max:
            self.fields["companions"] = PersonsField(
                label=_("Who comes with you"),
                required=False,
                help_text=gettext("One name a line, %(number)d at most. Each gets a ticket.")
                % {"number": setup.companions_max},
            )
        if setup.asks_for_code:
            self.fields["invitation"] = LineField(
                label=_("Invitation code"),
                required=setup.desk.needs_invitation and setup.registration is None,
                max_length=40,
                error_messages={"required": _("This event is by invitation: write your code.")},
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
            )

    def _add_consents(self, handler: str) -> None:
        for kind in (ConsentKind.EVENT, ConsentKind.MEETING, ConsentKind.EVENT_LEAD):
            text = self.setup.texts.get(kind)
            if text is None or kind in self.given:
                continue
            if kind == ConsentKind.MEETING and "side" not in self.fields:
                continue
            self.fields[f"consent_{kind}"] = forms.BooleanField(
                label=text.statement.replace("{handler}", handler),
                required=kind == ConsentKind.EVENT,
                error_messages={
                    "required": _("Without this tick we may not store what you wrote.")
                },
            )

    @property
    def question_fields(self) -> list:
        return [self[name] for name in self.question_names]

    @property
    def consents(self) -> list[str]:
        """The kinds of the boxes that were ticked."""
        kinds = (ConsentKind.EVENT, ConsentKind.MEETING, ConsentKind.EVENT_LEAD)
        return [kind for kind in kinds if self.cleaned_data.get(f"consent_{kind}")]

    def clean_companions(self) -> list[str]:
        names = self.cleaned_data["companions"]
        most = self.setup.companions_max
        if len(names) > most:
            raise forms.ValidationError(
                _("These are %(number)d names; one registration may bring %(most)d."),
                params={"number": len(names), "most": most},
            )
        return names

    def clean(self) -> dict:
        data = super().clean()
        self._check_sessions(data)
        self._check_profile(data)
        if data.get("intent") and not self._may_be_contacted(data):
            name = "consent_event_lead" if "consent_event_lead" in self.fields else "intent"
            self.add_error(
                name,
                _("Tick this, so that your words may be passed on; or empty the field above it."),
            )
        return data

    def _may_be_contacted(self, data: dict) -> bool:
        return ConsentKind.EVENT_LEAD in self.given or bool(data.get("consent_event_lead"))

    def _check_sessions(self, data: dict) -> None:
        """Say which two sessions are at the same time."""
        chosen = [
            one
            for one in self.setup.sessions
            if str(one.pool.pk) in data.get("sessions", ()) and one.pool.starts_at
        ]
        for earlier, later in zip(chosen, chosen[1:], strict=False):
            if earlier.pool.ends_at and later.pool.starts_at < earlier.pool.ends_at:
                titles = {"first": earlier.title, "second": later.title}
                message = gettext("“%(first)s” and “%(second)s” are at the same time: choose one.")
                self.add_error("sessions", message % titles)

    def _check_profile(self, data: dict) -> None:
        if "side" not in self.fields or self.is_wrong("side", "offers", "seeks", "chains"):
            return
        said = data.get("offers") or data.get("seeks")
        if data.get("side") and not said:
            self.add_error("seeks", _("Write what you offer or what you seek."))
        if not data.get("side") and (said or data.get("chains") or data.get("consent_meeting")):
            self.add_error("side", _("Say as whom you take part in the meetings."))
        if data.get("side") and "consent_meeting" in self.fields and not data["consent_meeting"]:
            self.add_error(
                "consent_meeting",
                _("Those who meet must know of each other: without this tick you can't take part."),
            )


def refresh(form: RegistrationForm) -> None:
    """Make a form fit to be shown: the trap empty, the token good."""
    shown = form.data if form.is_bound else form.initial
    shown["homepage"] = ""
    try:
        read_token(shown.get("token") or "")
    except StaleTokenError:
        shown["token"] = issue_token()


def show_typed(form: RegistrationForm, typed: MultiValueDict) -> None:
    """Show what was typed in a form that is not judged yet."""
    for name, field in form.fields.items():
        if name in typed:
            several = isinstance(field, forms.MultipleChoiceField)
            form.initial[name] = typed.getlist(name) if several else typed.get(name)
    refresh(form)
