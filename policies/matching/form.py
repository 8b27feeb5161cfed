"""The form of all questions, in steps. None must be answered."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.forms import AmountField
from crm.widgets import PlainSelect
from policies.choices import Fact
from policies.matching.industries import sections
from policies.matching.places import DISTRICT, NATION, PROVINCE, line_of, places
from policies.matching.sentences import code_name
from policies.matching.vocabulary import ProjectKind, Qualification, Size, in_chinese, name_of

SME = "sme"
# Of a typed value; the longest sensible one is a number with blanks in it.
MAX_CHARACTERS = 30
FOUNDED = re.compile(r"([0-9]{4})年?(?:[-/.]?([0-9]{1,2})月?(?:[-/.]?([0-9]{1,2})日?)?)?")
EARLIEST, LATEST = 1800, 2200
UNKNOWN = ("", _("I don’t know, or skip"))


class FoundedField(forms.CharField):
    """A day, a month or a year: the first and the last day it can mean, or None."""

    default_error_messages = {
        "invalid": _("Write a year, a month or a day, for example 2021, 2021-06 or 2021-06-30.")
    }

    def clean(self, value) -> tuple[date, date] | None:
        text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(value or "")))
        if not text:
            return None
        found = FOUNDED.fullmatch(text)
        if not found:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        year, month, day = (int(part) if part else None for part in found.groups())
        try:
            if not EARLIEST <= year <= LATEST:
                raise ValueError
            first = date(year, month or 1, day or 1)
            return first, first if day else _last_day(year, month)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


def _last_day(year: int, month: int | None) -> date:
    if month in (None, 12):
        return date(year, 12, 31)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def _number(label: str, hint: str, **kwargs) -> AmountField:
    return AmountField(
        label=label,
        help_text=hint,
        required=False,
        min_value=0,
        max_digits=14,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": MAX_CHARACTERS}),
        error_messages={"min_value": _("This can’t be negative.")},
        **kwargs,
    )


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, widget=forms.CheckboxInput(attrs={"value": "1"})
    )


def place_choices() -> list:
    """Places in groups, what is near first."""
    return _places_in(get_language())


def industry_choices() -> list:
    """Divisions by section; the section itself stands for "somewhere in it"."""
    return _industries_in(get_language())


@cache
def _places_in(language: str) -> list:
    """The choices in the active language, which `language` names."""
    known = places().values()

    def entry(place):
        return place.code, place.zh if in_chinese() else place.en

    home = [p for p in known if DISTRICT in line_of(p.code)]
    near = [p for p in known if p.parent == places()[DISTRICT].parent and p.code != DISTRICT]
    province = [p for p in known if p.parent == PROVINCE]
    rest = [p for p in known if p.parent == NATION and p.code != PROVINCE]
    cities = [p for p in known if p.level == "city" and p.parent != PROVINCE]
    # A whole stands behind its parts: who knows the part chooses that.
    return [
        UNKNOWN,
        (name_of(Fact.PLACE, DISTRICT), [entry(p) for p in reversed(home)]),
        (gettext("Elsewhere in Changzhi"), [entry(p) for p in near]),
        (gettext("Elsewhere in Shanxi"), [entry(p) for p in [*province, places()[PROVINCE]]]),
        (gettext("Elsewhere in China"), [entry(p) for p in [*cities, *rest]]),
        (NATION, gettext("In China, the place is not decided yet")),
    ]


@cache
def _industries_in(language: str) -> list:
    """The choices in the active language, which `language` names."""
    return [
        UNKNOWN,
        *(
            (
                code_name(Fact.INDUSTRY, section.code),
                [
                    *((d.code, code_name(Fact.INDUSTRY, d.code)) for d in divisions),
                    (
                        section.code,
                        gettext("%(section)s: division not known")
                        % {"section": name_of(Fact.INDUSTRY, section.code)},
                    ),
                ],
            )
            for section, divisions in sections()
        ),
    ]


def size_choices() -> list:
    return [*Size.choices, (SME, _("Medium-sized, small or micro: not sure which")), UNKNOWN]


class AnswersForm(forms.Form):
    """All questions; none must be answered."""

    use_required_attribute = False

    place = forms.ChoiceField(
        label=_("Where is the company, or where will the project be?"),
        help_text=_("Policies of everything that contains the place are looked at together."),
        required=False,
        choices=place_choices,
        widget=PlainSelect,
    )
    industry = forms.ChoiceField(
        label=_("Main industry"),
        help_text=_("Divisions of GB/T 4754-2017, as on the statistical forms"),
        required=False,
        choices=industry_choices,
        widget=PlainSelect,
    )
    industry2 = forms.ChoiceField(
        label=_("A second industry, if there is one"),
        required=False,
        choices=industry_choices,
        widget=PlainSelect,
    )
    size = forms.ChoiceField(
        label=_("Size"),
        help_text=_("As the statistics divide companies by industry, staff and revenue"),
        required=False,
        choices=size_choices,
        widget=forms.RadioSelect,
    )
    founded = FoundedField(
        label=_("Founded"),
        help_text=_("A day, a month or a year: 2021-06-30, 2021-06 or 2021"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": MAX_CHARACTERS}),
    )
    unfounded = _tick(_("It is still to be founded"))
    staff = _number(_("Staff"), _("People employed now"), decimal_places=0)
    revenue = _number(
        _("Revenue of last year"),
        _("In units of 10,000 yuan: 2000 is 20 million"),
        decimal_places=2,
    )
    rd = _number(
        _("R&D expenditure in per cent of revenue"),
        _("Of last year: 3.5 means 3.5 %"),
        decimal_places=2,
        max_value=100,
    )
    has = forms.MultipleChoiceField(
        label=_("Which of these does the company hold now?"),
        required=False,
        choices=Qualification.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    has_all = _tick(_("None of the others"))
    project = forms.MultipleChoiceField(
        label=_("What are you planning?"),
        required=False,
        choices=ProjectKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    project_all = _tick(_("None of the others"))

    def __init__(self, data: QueryDict):
        super().__init__(data, auto_id="answer-%s")

    def clean(self) -> dict:
        data = super().clean()
        if data.get("unfounded") and data.get("founded"):
            self.add_error("founded", _("Either a date or still to be founded, not both."))
        return data


@dataclass(frozen=True)
class Step:
    number: int
    title: str | Promise
    fields: tuple[str, ...]


STEPS = tuple(
    Step(number, title, fields)
    for number, (title, fields) in enumerate(
        [
            (_("Place"), ("place",)),
            (pgettext_lazy("of a company", "Industry"), ("industry", "industry2")),
            (_("Size and age"), ("size", "founded", "unfounded", "staff", "revenue")),
            (_("Research and recognitions"), ("rd", "has", "has_all")),
            (_("Plans"), ("project", "project_all")),
        ],
        start=1,
    )
)
# The fields that answer the question after a fact, in the order of the steps.
FIELDS_OF = {
    Fact.PLACE: ("place",),
    Fact.INDUSTRY: ("industry", "industry2"),
    Fact.SIZE: ("size",),
    Fact.AGE: ("founded", "unfounded"),
    Fact.STAFF: ("staff",),
    Fact.REVENUE: ("revenue",),
    Fact.RD_SHARE: ("rd",),
    Fact.QUALIFICATION: ("has", "has_all"),
    Fact.PROJECT: ("project", "project_all"),
}
