from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from policies.choices import Fact, Operator
from policies.models.clause_query import ClausePart


class Condition(ClausePart, Orderable):
    """One condition of a clause as data: a fact about the company, how it is compared, with what.

    Codes are compared by `one_of` and `none_of` with `codes`; numbers by `at_least`, `at_most` and
    `between` with `low` and `high` (both belong to the range).
    """

    Fact, Operator = Fact, Operator

    clause = ParentalKey("policies.Clause", on_delete=models.CASCADE, related_name="conditions")
    fact = models.CharField(_("about"), max_length=16, choices=Fact.choices)
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator.choices)
    codes = models.JSONField(_("codes"), default=list, blank=True)
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

    class Meta(Orderable.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return f"{self.get_fact_display()} {self.get_operator_display()}"
