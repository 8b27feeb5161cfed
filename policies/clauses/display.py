"""Clauses as readers see them: in the language of the page, with the original where there is no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from policies.choices import CapUnit, Review
from policies.models import Clause
from policies.models.clause import ClauseWords

# How a reader writes an amount: "30 万元", "up to 50 %".
UNITS = {
    CapUnit.YUAN: _("%(amount)s yuan"),
    CapUnit.WAN_YUAN: _("%(amount)s × 10,000 yuan"),
    CapUnit.PERCENT: _("%(amount)s%%"),
    CapUnit.YUAN_YEAR: _("%(amount)s yuan a year"),
    CapUnit.YUAN_HEAD: _("%(amount)s yuan a person"),
    CapUnit.SQUARE_METRE: _("%(amount)s m²"),
}
SUPPORTS = {
    Clause.Support.GRANT: _("Grant or award"),
    Clause.Support.INTEREST: _("Interest subsidy"),
    Clause.Support.EQUITY: _("Equity investment"),
    Clause.Support.REDUCTION: _("Reduction or exemption"),
    Clause.Support.FINANCE: _("Access to finance"),
    Clause.Support.PREMISES: _("Premises"),
    Clause.Support.SERVICE: _("Service"),
    Clause.Support.RECOGNITION: _("Recognition"),
}
REVIEWS = {
    Review.PASSED: _("passed"),
    Review.LAWFUL: _("rests on a law, an administrative regulation or the State Council"),
    Review.EXCEPTION: _("exception of article 12, with an end"),
}


@dataclass(frozen=True)
class ShownClause:
    """A clause and its `words` in the reader's language; `lang` is set when they are the original's."""

    clause: Clause
    words: ClauseWords
    lang: str = ""

    @property
    def anchor(self) -> str:
        return f"clause-{self.clause.pk}"

    @property
    def lang_attr(self) -> SafeString:
        """The attribute of whatever shows `words`: empty where they are in the language of the page."""
        return format_html(' lang="{}"', self.lang) if self.lang else SafeString()

    @property
    def support(self) -> str:
        return str(SUPPORTS[self.clause.support])

    @property
    def cap(self) -> str:
        """The amount with its unit; "" where the policy names none."""
        return amount(self.clause.cap, self.clause.cap_unit)

    @property
    def period(self) -> str:
        first, last = self.clause.opens_on, self.clause.closes_on
        if first and last:
            return gettext("%(first)s to %(last)s") % {"first": _day(first), "last": _day(last)}
        if first:
            return gettext("from %(day)s") % {"day": _day(first)}
        return gettext("until %(day)s") % {"day": _day(last)} if last else ""

    @property
    def standing(self) -> tuple[str, str]:
        """Whether applications are taken today, in words, and the tone of its tag."""
        today = timezone.localdate()
        if self.clause.opens_on and self.clause.opens_on > today:
            return gettext("Not open yet"), "draft"
        if self.clause.closes_on and self.clause.closes_on < today:
            return gettext("Applications closed"), "ended"
        return gettext("Open for applications"), "force"

    @property
    def review(self) -> str:
        """The line on the fairness review: conclusion, body, day."""
        clause = self.clause
        conclusion = str(REVIEWS.get(clause.review, ""))
        parts = [conclusion, clause.reviewed_by, _day(clause.reviewed_on)]
        return gettext(", ").join(part for part in parts if part)


def amount(value: Decimal | None, unit: str) -> str:
    """An amount as readers write it: 5 万元 in Chinese, 50,000 yuan elsewhere."""
    if value is None:
        return ""
    if unit == CapUnit.WAN_YUAN and get_language() != settings.LANGUAGE_CODE:
        value, unit = value * 10_000, CapUnit.YUAN
    places = 0 if value == value.to_integral_value() else 2
    text = number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    return UNITS[unit] % {"amount": text} if unit in UNITS else text


def shown(clauses: Iterable[Clause]) -> list[ShownClause]:
    """The clauses in the active language; their translations must be at hand."""
    code = get_language()
    found = []
    for clause in clauses:
        words = clause.words_in(code)
        is_foreign = words is clause and code != settings.LANGUAGE_CODE
        found.append(ShownClause(clause, words, "zh-Hans" if is_foreign else ""))
    return found


def clauses_of(page) -> list[ShownClause]:
    """The public clauses of a policy page, in the active language; two queries."""
    clauses = Clause.objects.public().of_page(page)
    return shown(clauses.order_by("sort_order", "pk").prefetch_related("translations"))


def _day(value: date | None) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""
