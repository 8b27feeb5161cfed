import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from base.chains import Chain
from crm.models import INQUIRY_KINDS, ConsentText, Currency
from crm.phone import MAX_LENGTH as PHONE_LENGTH
from crm.phone import normalise_phone
from crm.regions import GROUPED_REGIONS
from crm.widgets import PlainSelect

BLANK = ("", _("Please choose"))
# What a form shows again at most; every field's own limit is far below.
KEPT_CHARACTERS = 20_000

_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


def readable(data: QueryDict) -> dict[str, str]:
    """The last value of each key as text that any template and database can take.

    Lone surrogates can't be written out at all; what is absurdly long is cut, and then refused by
    the length of its field.
    """
    return {
        key: data.get(key, "")[:KEPT_CHARACTERS].encode("utf-8", "replace").decode()
        for key in data
        if key in InquiryForm.base_fields
    }


class TypedField(forms.CharField):
    """Text as people type it; control characters, which no keyboard makes, are refused."""

    def validate(self, value):
        super().validate(value)
        if _CONTROL.search(value):
            raise ValidationError(_("There is a character here that can't be stored."), "control")


class LineField(TypedField):
    """One line: pasted line breaks become spaces."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class AmountField(forms.DecimalField):
    """A number as it is written in both languages: 1,200 and １２００ and 1200.50."""

    default_error_messages = {"invalid": _("Write a number in figures, for example 3000.")}

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"[,\s_]", "", unicodedata.normalize("NFKC", value))
        return super().to_python(value)


class AddressField(forms.EmailField):
    """An e-mail address. It is known by its form without capitals, which can be longer: of İ become two signs."""

    def validate(self, value):
        super().validate(value)
        if len(value.casefold()) > self.max_length:
            raise ValidationError(self.error_messages["invalid"], "invalid")


class QuietField(forms.CharField):
    """A hidden value: what nobody typed gives nobody an error, a bad one counts as none."""

    widget = forms.HiddenInput

    def clean(self, value):
        text = str(value or "")
        return text if len(text) <= 200 and text.isprintable() else ""


def _amount(label: str) -> AmountField:
    return AmountField(
        label=label,
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 20}),
        error_messages={"min_value": _("The scale can't be negative.")},
    )


class PublicForm(forms.Form):
    """A form that anybody may send: its token, and a hidden field that programs fill in."""

    use_required_attribute = True

    token = QuietField()
    homepage = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_homepage(self) -> str:
        if self.cleaned_data["homepage"]:
            # Said openly: an autofill or a screen reader may have filled it for a person.
            self.add_error(
                None,
                gettext(
                    "A hidden field that must stay empty was filled in, perhaps by the browser. "
                    "We have emptied it; please send the form again."
                ),
            )
        return ""

    def is_wrong(self, *names: str) -> bool:
        """Whether any of these fields has an error already."""
        return any(name in self.errors for name in names)


class SenderForm(PublicForm):
    """Who sends it: a name, and one way to answer at least.

    `reach`: the field at which it is said that neither telephone nor address was given.
    """

    reach = "phone"

    name = LineField(
        label=_("Name"),
        max_length=80,
        error_messages={"required": _("Write your name, so that we know whom to answer.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    organisation_name = LineField(
        label=_("Organisation"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = LineField(
        label=_("Telephone"),
        max_length=PHONE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = AddressField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": _("An e-mail address looks like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        if typed:
            normalise_phone(typed)
        return typed

    def clean(self) -> dict:
        data = super().clean()
        reached = data.get("phone") or data.get("email")
        if not reached and not self.is_wrong("phone", "email"):
            self.add_error(
                self.reach,
                _("Give a telephone number or an e-mail address, so that we can answer."),
            )
        return data


class InquiryForm(SenderForm):
    """What an investor tells us. Only a name, one way to answer and a consent are asked of everybody."""

    region = forms.ChoiceField(
        label=_("Country or region"),
        required=False,
        choices=[BLANK, *GROUPED_REGIONS],
        widget=PlainSelect,
    )
    chain = forms.ChoiceField(
        label=_("Intended industry"),
        required=False,
        choices=[BLANK, *Chain.choices],
        widget=PlainSelect,
    )
    scale_min = _amount(_("Intended investment, from (in ten thousands)"))
    scale_max = _amount(_("Intended investment, up to (in ten thousands)"))
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=Currency.choices,
        initial=Currency.CNY,
        widget=PlainSelect,
    )
    site_need = TypedField(
        label=_("Site needed"),
        max_length=500,
        required=False,
        help_text=_("Area, floor height, power, water, when you would like to begin."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    message = TypedField(
        label=_("What would you like to know?"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    attached = TypedField(
        label=_("Sent along with it"),
        max_length=2000,
        required=False,
        help_text=_("Change it, or empty the field, if you would rather not send it."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    consent_processing = forms.BooleanField(
        error_messages={"required": _("Without this tick we may neither store nor answer.")}
    )
    consent_sharing = forms.BooleanField(required=False)
    source = QuietField()

    def __init__(self, *args, texts: dict[str, ConsentText], handler: str, **kwargs):
        kwargs.setdefault("auto_id", "inquiry-%s")
        super().__init__(*args, **kwargs)
        self.fields["organisation_name"].help_text = _("Leave it empty if you write for yourself.")
        self.texts = texts
        for kind in INQUIRY_KINDS:
            if kind in texts:
                label = texts[kind].statement.replace("{handler}", handler)
                self.fields[f"consent_{kind}"].label = label
            else:
                del self.fields[f"consent_{kind}"]

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"] or Currency.CNY

    def clean(self) -> dict:
        data = super().clean()
        smallest, largest = data.get("scale_min"), data.get("scale_max")
        if smallest is not None and largest is not None and smallest > largest:
            self.add_error("scale_max", _("This is less than the smallest scale."))
        return data
