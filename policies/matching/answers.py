"""A visitor's answers, read from an address and written back into one.

Nothing is stored: the address is all there is. What it says and nobody knows is left out and told
(`Answers.ignored`); what was typed wrongly is an error at its field.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from policies.choices import Fact
from policies.matching.form import FIELDS_OF, MAX_CHARACTERS, SME, STEPS, AnswersForm, size_choices
from policies.matching.profile import ANY, Marks, Profile, Range, age_range
from policies.matching.sentences import code_name, number
from policies.matching.vocabulary import ProjectKind, Qualification, Size, name_of
from search.addresses import clean

SME_SIZES = frozenset(size.value for size in Size if size != Size.LARGE)


class Answers:
    """What an address says of a company.

    Args:
        given: the query of the address, from anybody and of any length.
    """

    def __init__(self, given: QueryDict):
        self.data, self.ignored = _sift(given)
        self.form = AnswersForm(self.data)
        self.form.full_clean()
        self.values = self.form.cleaned_data

    def profile(self, today: date) -> Profile:
        """What is known on the day `today`; a wrong or missing answer is an unknown fact."""
        get = self.values.get
        return Profile(
            place=get("place") or "",
            industries=frozenset(filter(None, (get("industry"), get("industry2")))),
            sizes=_sizes(get("size") or ""),
            age=self._age(today),
            revenue=_exactly(get("revenue")),
            rd_share=_exactly(get("rd")),
            staff=_exactly(get("staff")),
            qualifications=_marks(get("has"), get("has_all"), Qualification),
            projects=_marks(get("project"), get("project_all"), ProjectKind),
        )

    def _age(self, today: date) -> Range:
        if founded := self.values.get("founded"):
            return age_range(*founded, today)
        return Range.exactly(0) if self.values.get("unfounded") else ANY

    def pairs(self, *, without: Iterable[str] = (), sound: bool = False) -> list[tuple[str, str]]:
        """(name, value) of everything answered, in the order of the questions.

        Args:
            without: names of fields to leave out.
            sound: leave out what was typed wrongly.
        """
        wrong = self.form.errors if sound else ()
        return [
            (name, value)
            for name in self.form.fields
            if name not in without and name not in wrong
            for value in self.data.getlist(name)
        ]

    @cached_property
    def query(self) -> str:
        """The answers as the query of an address: the same for the same answers, and short."""
        query = QueryDict(mutable=True)
        for name, value in self.pairs(sound=True):
            query.appendlist(name, value)
        return query.urlencode()

    @property
    def is_empty(self) -> bool:
        return not self.pairs(sound=True)

    def first_wrong_step(self, before: int) -> int | None:
        """The first step before the one of that number whose answers have to be corrected."""
        wrong = (s.number for s in STEPS if any(field in self.form.errors for field in s.fields))
        return next((number for number in wrong if number < before), None)

    @property
    def summary(self) -> list[str]:
        """All answers as short texts, in the order of the questions; numbers with what they count."""
        return [text for fact in FIELDS_OF if (text := self.text_of(fact))]

    def text_of(self, fact: str) -> str:
        """The answer to the question after a fact as a person would read it; "" when there is none."""
        texts = (self._field_text(name) for name in FIELDS_OF[fact])
        return pgettext("between items", ", ").join(filter(None, texts))

    def _field_text(self, name: str) -> str:
        value = self.values.get(name)
        if value in (None, "", [], False):
            return ""
        if name in ("place", "industry", "industry2"):
            return code_name(Fact.PLACE if name == "place" else Fact.INDUSTRY, value)
        if name == "size":
            return str(dict(size_choices())[value])
        if name in ("has", "project"):
            fact = Fact.QUALIFICATION if name == "has" else Fact.PROJECT
            return pgettext("between items", ", ").join(name_of(fact, code) for code in value)
        if name in ("has_all", "project_all"):
            return gettext("none of the others")
        if name == "unfounded":
            return gettext("still to be founded")
        if name == "founded":
            return gettext("founded %s") % self.data.get(name, "")
        patterns = {
            "staff": gettext("%s people"),
            "revenue": gettext("revenue %s × 10,000 yuan"),
            "rd": gettext("R&D %s%%"),
        }
        return patterns[name] % number(value)


def _sift(given: QueryDict) -> tuple[QueryDict, list[str]]:
    """(what the form knows, what it doesn't), both clean and short."""
    data, ignored = QueryDict(mutable=True), []
    known = AnswersForm.base_fields
    for name, field in known.items():
        values = [clean(value)[:MAX_CHARACTERS].strip() for value in given.getlist(name)[-40:]]
        values = list(dict.fromkeys(filter(None, values)))
        codes = _codes(name)
        if codes is not None:
            ignored += [value for value in values if value not in codes]
            values = [value for value in values if value in codes]
        if not isinstance(field, forms.MultipleChoiceField):
            values = values[-1:]
        elif values:
            values.sort(key=list(codes).index)
        if isinstance(field, forms.BooleanField):
            values = ["1"] if values and values[0] not in ("0", "false", "False") else []
        if values:
            data.setlist(name, values)
    return data, list(dict.fromkeys(ignored))[:10]


@cache
def _codes(name: str) -> dict[str, None] | None:
    """The codes a field can have, in their order; None for a field that is typed or ticked."""
    field = AnswersForm.base_fields[name]
    if not isinstance(field, forms.ChoiceField):
        return None
    codes: dict[str, None] = {}
    for value, label in field.choices:
        grouped = isinstance(label, list | tuple)
        codes.update(dict.fromkeys([v for v, _label in label] if grouped else [value]))
    codes.pop("", None)
    return codes


def _sizes(size: str) -> frozenset[str]:
    if size == SME:
        return SME_SIZES
    return frozenset((size,)) if size else frozenset()


def _exactly(number) -> Range:
    return ANY if number is None else Range.exactly(number)


def _marks(held: list[str] | None, complete: bool | None, vocabulary) -> Marks:
    held = frozenset(held or ())
    return Marks(held, frozenset(vocabulary.values) - held if complete else frozenset())
