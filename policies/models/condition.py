from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from policies.choices import Fact, Operator
from policies.fields import CodesField
from policies.matching.rules import DatedRule, Rule
from policies.matching.sentences import code_name, dated_sentence
from policies.matching.vocabulary import CODE_OPERATORS, CODED, codes_of, read_codes
from policies.models.clause_query import ClausePart

# The largest sensible number of each fact; the smallest is 0.
LARGEST = {
    Fact.AGE: Decimal(2400),
    Fact.REVENUE: Decimal(10) ** 10,
    Fact.RD_SHARE: Decimal(100),
    Fact.STAFF: Decimal(10) ** 7,
}
# Which ends a comparison needs; the others must stay empty.
ENDS = {
    Operator.AT_LEAST: ("low",),
    Operator.AT_MOST: ("high",),
    Operator.BETWEEN: ("low", "high"),
}
WHOLE = (Fact.AGE, Fact.STAFF)


class Condition(ClausePart, Orderable):
    """One condition of a clause as data: a fact about the company, how it is compared, with what.

    Codes (`policies.matching.vocabulary`) are compared by `one_of` and `none_of` with `codes`;
    numbers by `at_least`, `at_most` and `between` with `low` and `high` (both belong to the range).
    Several conditions of a clause must all be met. Before `starts_on` and after `ends_on` it doesn't
    count at all.
    """

    Fact, Operator = Fact, Operator

    clause = ParentalKey("policies.Clause", on_delete=models.CASCADE, related_name="conditions")
    fact = models.CharField(_("about"), max_length=16, choices=Fact.choices)
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator.choices)
    codes = CodesField(_("codes"), default=list, blank=True)
    low = models.DecimalField(_("from"), max_digits=16, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("to"), max_digits=16, decimal_places=4, null=True, blank=True)
    starts_on = models.DateField(_("holds from"), null=True, blank=True)
    ends_on = models.DateField(_("holds until"), null=True, blank=True)
    quote = models.TextField(
        _("sentence of the policy"),
        max_length=500,
        blank=True,
        help_text=_("Word for word; empty: the sentence of the clause"),
    )

    panels = [
        FieldRowPanel([FieldPanel("fact"), FieldPanel("operator")]),
        FieldPanel(
            "codes",
            help_text=_(
                "For “one of” and “none of”: codes or names of the lists, parted by 、 "
                "such as C27、软件和信息技术服务业"
            ),
        ),
        FieldRowPanel(
            [
                FieldPanel("low", help_text=_("Age in months, revenue in 10,000 yuan, share in %")),
                FieldPanel("high"),
            ]
        ),
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldPanel("quote"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return self.sentence

    @property
    def dated_rule(self) -> DatedRule:
        """The condition as matching judges it."""
        codes = self.codes if isinstance(self.codes, list) else []
        rule = Rule(
            fact=self.fact,
            operator=self.operator,
            codes=frozenset(code for code in codes if isinstance(code, str)),
            low=None if self.low is None else Decimal(self.low),
            high=None if self.high is None else Decimal(self.high),
        )
        return DatedRule(rule, self.starts_on, self.ends_on)

    @property
    def sentence(self) -> str:
        """The condition in words, in the active language, with the days on which it counts."""
        return dated_sentence(self.dated_rule)

    def clean(self) -> None:
        """Names become codes; what doesn't fit together is refused at its field."""
        super().clean()
        errors: dict[str, str] = {}
        if self.fact in CODED:
            self._clean_codes(errors)
        elif self.fact in Fact.values:
            self._clean_numbers(errors)
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            errors["ends_on"] = gettext("The end lies before the beginning.")
        if errors:
            raise ValidationError(errors)

    def _clean_codes(self, errors: dict[str, str]) -> None:
        if self.operator and self.operator not in CODE_OPERATORS:
            errors["operator"] = gettext("This fact is compared by “one of” or “none of”.")
        for end in ("low", "high"):
            if getattr(self, end) is not None:
                errors[end] = gettext("This fact has no number: leave it empty.")
        written = self.codes if isinstance(self.codes, list) else [self.codes]
        codes, unread = read_codes(self.fact, [str(entry) for entry in written if entry])
        if unread:
            errors["codes"] = gettext("Not in the list: %(words)s. For example: %(example)s.") % {
                "words": "、".join(word[:40] for word in unread[:5]),
                "example": "、".join(
                    code_name(self.fact, c) for c in sorted(codes_of(self.fact))[:3]
                ),
            }
        elif not codes:
            errors["codes"] = gettext("Name at least one.")
        else:
            self.codes = codes

    def _clean_numbers(self, errors: dict[str, str]) -> None:
        if self.operator in CODE_OPERATORS:
            errors["operator"] = gettext(
                "A number is compared by “at least”, “at most” or “between”."
            )
            return
        if self.codes:
            errors["codes"] = gettext("This fact is a number: leave it empty.")
        needed = ENDS.get(self.operator, ())
        for end in ("low", "high"):
            if problem := self._problem_of(end, end in needed):
                errors[end] = problem
        both = self.operator == Operator.BETWEEN and not errors.keys() & {"low", "high"}
        if both and self.high < self.low:
            errors["high"] = gettext("This is less than where the range begins.")

    def _problem_of(self, end: str, needed: bool) -> str:
        value = getattr(self, end)
        if not needed:
            unused = value is not None and self.operator
            return gettext("This comparison doesn't use it: leave it empty.") if unused else ""
        if isinstance(value, str):
            return ""  # the field itself says what is wrong with it
        if value is None:
            return gettext("Write the number to compare with.")
        if not 0 <= value <= LARGEST[self.fact]:
            return gettext("The number must lie between 0 and %(largest)s.") % {
                "largest": f"{LARGEST[self.fact]:,}"
            }
        if self.fact in WHOLE and value != int(value):
            return gettext("Write a whole number.")
        return ""
