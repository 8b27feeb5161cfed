"""The page of a comparison: the form that asks for two versions, and how what differs is told."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from policies.models import PolicyPage
from policies.official.comparison import SAME, Comparison, Row
from policies.official.layout import validity_words
from policies.official.record import DATES

# Unchanged paragraphs beside a change that stay in sight; more of them are folded away.
CONTEXT = 1
FEWEST_FOLDED = 4


class VersionField(forms.TypedChoiceField):
    default_error_messages = {
        "required": gettext_lazy("Choose a version."),
        "invalid_choice": gettext_lazy("There is no such version of this document."),
    }

    def __init__(self, label):
        super().__init__(label=label, coerce=int)


class CompareForm(forms.Form):
    """Two versions by their numbers: `a` the older side, `b` the newer one."""

    a = VersionField(gettext_lazy("From version"))
    b = VersionField(gettext_lazy("To version"))

    def __init__(self, *args, versions, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(version.number, version_choice(version)) for version in versions]
        for name in ("a", "b"):
            self.fields[name].choices = choices
            self.fields[name].widget.attrs["id"] = f"version-{name}"
        if not self.is_bound:
            self.initial = self.last_two(versions)

    @staticmethod
    def last_two(versions) -> dict[str, int]:
        """The last two of versions that stand newest first, as `a` and `b`."""
        numbers = [version.number for version in versions[:2]]
        return {"a": numbers[-1], "b": numbers[0]} if numbers else {}


def version_choice(version) -> str:
    day = date_format(timezone.localtime(version.made_at), "DATE_FORMAT")
    words = {"number": version.number, "day": day}
    return gettext("Version %(number)s, %(day)s") % words


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other; `is_folded` when they are all the same and out of sight."""

    rows: list[Row]
    is_folded: bool


def folded(rows: list[Row]) -> list[Stretch]:
    """The rows in stretches, with long runs of unchanged ones folded."""
    runs: list[list[Row]] = []
    for row in rows:
        if runs and (runs[-1][0].state == SAME) == (row.state == SAME):
            runs[-1].append(row)
        else:
            runs.append([row])
    stretches: list[Stretch] = []
    for position, run in enumerate(runs):
        if run[0].state != SAME:
            stretches.append(Stretch(run, False))
            continue
        before = CONTEXT if position else 0
        after = CONTEXT if position < len(runs) - 1 else 0
        middle = run[before : len(run) - after]
        if len(middle) < FEWEST_FOLDED:
            stretches.append(Stretch(run, False))
            continue
        parts = [(run[:before], False), (middle, True), (run[len(run) - after :], False)]
        stretches += [Stretch(part, fold) for part, fold in parts if part]
    return stretches


def changed_fields(comparison: Comparison) -> list[tuple[str, str, str]]:
    """The data that differs as (label, before, after) in words."""
    return [
        (_label(name), _words(name, old), _words(name, new)) for name, old, new in comparison.fields
    ]


def _label(name: str) -> str:
    label = str(PolicyPage._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def _words(name: str, value: str) -> str:
    if name == "validity":
        return validity_words(value)
    if name == "is_full_text":
        return gettext("yes") if value == "1" else gettext("no: a summary")
    if name in DATES and value:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return value
