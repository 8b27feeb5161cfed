from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms import LineField
from crm.phone import MAX_LENGTH as PHONE_LENGTH
from events.services import Guest

LARGEST_PICTURE = 12 * 1024 * 1024


class ScanForm(forms.Form):
    """A code, typed or read from a photograph; or somebody chosen from the list."""

    code = LineField(
        label=_("Code of the ticket"),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    picture = forms.FileField(
        label=_("Or a photograph of it"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    attendee = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    key = forms.UUIDField(required=False)


class SearchForm(forms.Form):
    q = LineField(
        label=_("Name, organisation or reference"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WalkInForm(forms.Form):
    """Somebody who comes unannounced. A name is enough; the consent is asked for aloud."""

    name = LineField(label=_("Name"), max_length=80)
    organisation_name = LineField(label=_("Organisation"), max_length=120, required=False)
    phone = LineField(label=_("Telephone"), max_length=PHONE_LENGTH, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    consent = forms.BooleanField(
        error_messages={"required": _("Without consent nothing may be written down.")}
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, statement: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = statement

    @property
    def guest(self) -> Guest:
        data = self.cleaned_data
        return Guest(
            name=data["name"],
            organisation_name=data["organisation_name"],
            phone=data["phone"],
            email=data["email"],
        )
