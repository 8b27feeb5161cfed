"""The editor's questions as fields of the form, and what is stored of the answers.

Whatever language a visitor chose in, the answer to a list is its Chinese line, so that answers can be
counted together. Days are stored as ISO, numbers in figures, several choices as a list.
"""

from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from base.bilingual import in_language
from crm.forms import BLANK, AmountField, LineField, TypedField
from crm.widgets import PlainSelect
from events.choices import FieldKind
from events.models import FormField

PREFIX = "q_"
LINE_LENGTH, TEXT_LENGTH = 200, 2000
# More than these are a list to open, not a row of buttons.
BUTTONS = 5
LARGEST_NUMBER = Decimal(10) ** 12


class DayField(forms.DateField):
    """A day; browsers send ISO, people type what they are used to."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **kwargs):
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
        super().__init__(input_formats=formats, **kwargs)


def name_of(question: FormField) -> str:
    """The name of its field in the form."""
    return f"{PREFIX}{question.key}"


def options_of(question: FormField) -> list[tuple[str, str]]:
    """Each choice as it is stored and as it is shown."""
    stored = _lines(question.choices)
    shown = _lines(in_language(question, "choices"))
    # A translation that has lost a line would put wrong words beside the rest.
    return list(zip(stored, shown if len(shown) == len(stored) else stored, strict=True))


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def make_field(question: FormField) -> forms.Field:
    """The field that asks this question, in the active language."""
    return _MAKERS[question.kind](
        question,
        label=in_language(question, "label"),
        required=question.is_required,
        help_text=_explanation(question),
        error_messages={"required": _missing(question), "invalid": _unread(question)},
    )


def _missing(question: FormField):
    if question.kind == FieldKind.TICK:
        return _("This must be ticked to take part.")
    return _("Please answer this.")


def _unread(question: FormField):
    if question.kind == FieldKind.DATE:
        return _("Write a day as 2027-03-18.")
    return _("Write a number in figures, for example 12.")


def _explanation(question: FormField) -> str:
    """What the editor explains, and what PIPL wants said of personal data."""
    parts = [in_language(question, "help_text")]
    if question.is_personal:
        purpose = in_language(question, "purpose")
        if purpose:
            parts.append(gettext("What for: %(purpose)s") % {"purpose": purpose})
        if question.keep_days is not None:
            days = min(question.keep_days, question.desk.keep_days)
            parts.append(
                ngettext(
                    "Erased %(number)d day after the event.",
                    "Erased %(number)d days after the event.",
                    days,
                )
                % {"number": days}
            )
    between = "" if (get_language() or "").startswith("zh") else " "
    return between.join(_sentence(part) for part in parts if part)


def _sentence(text: str) -> str:
    """With a full stop where it has none, because another sentence may follow."""
    if text[-1] in "。.！!？?；;：:":
        return text
    return text + ("。" if (get_language() or "").startswith("zh") else ".")


def _line(question, **options):
    return LineField(max_length=LINE_LENGTH, **options)


def _text(question, **options):
    return TypedField(max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}), **options)


def _choice(question, **options):
    choices = options_of(question)
    if len(choices) > BUTTONS:
        return forms.ChoiceField(choices=[BLANK, *choices], widget=PlainSelect, **options)
    if not question.is_required:
        choices = [("", _("No answer")), *choices]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **options)


def _choices(question, **options):
    return forms.MultipleChoiceField(
        choices=options_of(question), widget=forms.CheckboxSelectMultiple, **options
    )


def _tick(question, **options):
    return forms.BooleanField(**options)


def _number(question, **options):
    return AmountField(
        min_value=-LARGEST_NUMBER,
        max_value=LARGEST_NUMBER,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 24}),
        **options,
    )


def _date(question, **options):
    return DayField(**options)


_MAKERS = {
    FieldKind.LINE: _line,
    FieldKind.TEXT: _text,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.TICK: _tick,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
}


def answers_from(questions: list[FormField], data: dict) -> dict:
    """What is stored of the cleaned data: {key: answer}, without what was left empty."""
    answers = {}
    for question in questions:
        value = data.get(name_of(question))
        if value in (None, "", [], False):
            continue
        answers[question.key] = _stored(value)
    return answers


def _stored(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def initial_of(questions: list[FormField], answers: dict) -> dict:
    """The answers as the form shows them again."""
    return {
        name_of(question): answers[question.key]
        for question in questions
        if question.key in answers
    }


def in_words(question: FormField, answer) -> str:
    """An answer as its author reads it, in the active language."""
    shown = dict(options_of(question))
    if isinstance(answer, list):
        return gettext(", ").join(str(shown.get(str(one), one)) for one in answer)
    if answer is True:
        return gettext("Yes")
    return str(shown.get(str(answer), answer))
