"""A condition in words, in the reader's language."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from policies.choices import Fact, Operator
from policies.matching.industries import industries
from policies.matching.places import places
from policies.matching.rules import DatedRule, Rule
from policies.matching.vocabulary import name_of

# %(what)s: names; %(low)s and %(high)s: numbers, for the age with their unit.
PATTERNS = {
    (Fact.INDUSTRY, Operator.ONE_OF): _("Industry: %(what)s"),
    (Fact.INDUSTRY, Operator.NONE_OF): _("Industry: none of %(what)s"),
    (Fact.SIZE, Operator.ONE_OF): _("Size: %(what)s"),
    (Fact.SIZE, Operator.NONE_OF): _("Size: none of %(what)s"),
    (Fact.PLACE, Operator.ONE_OF): _("Place: in %(what)s"),
    (Fact.PLACE, Operator.NONE_OF): _("Place: not in %(what)s"),
    (Fact.QUALIFICATION, Operator.ONE_OF): _("Qualification: %(what)s"),
    (Fact.QUALIFICATION, Operator.NONE_OF): _("Qualification: none of %(what)s"),
    (Fact.PROJECT, Operator.ONE_OF): _("Project: %(what)s"),
    (Fact.PROJECT, Operator.NONE_OF): _("Project: none of %(what)s"),
    (Fact.AGE, Operator.AT_LEAST): _("Founded at least %(low)s ago"),
    (Fact.AGE, Operator.AT_MOST): _("Founded no more than %(high)s ago"),
    (Fact.AGE, Operator.BETWEEN): _("Founded between %(low)s and %(high)s ago"),
    (Fact.REVENUE, Operator.AT_LEAST): _("Revenue of last year at least %(low)s × 10,000 yuan"),
    (Fact.REVENUE, Operator.AT_MOST): _("Revenue of last year at most %(high)s × 10,000 yuan"),
    (Fact.REVENUE, Operator.BETWEEN): _("Revenue of last year %(low)s–%(high)s × 10,000 yuan"),
    (Fact.RD_SHARE, Operator.AT_LEAST): _("R&D expenditure at least %(low)s%% of revenue"),
    (Fact.RD_SHARE, Operator.AT_MOST): _("R&D expenditure at most %(high)s%% of revenue"),
    (Fact.RD_SHARE, Operator.BETWEEN): _("R&D expenditure %(low)s–%(high)s%% of revenue"),
    (Fact.STAFF, Operator.AT_LEAST): _("At least %(low)s staff"),
    (Fact.STAFF, Operator.AT_MOST): _("At most %(high)s staff"),
    (Fact.STAFF, Operator.BETWEEN): _("%(low)s–%(high)s staff"),
}


def number(value: Decimal | int | None) -> str:
    """Without zeros at the end, thousands parted: 2,000 and 3.5."""
    return "" if value is None else f"{Decimal(value).normalize():,f}"


def duration(months: Decimal | int | None) -> str:
    """Whole years as years, anything else as months."""
    if months is None:
        return ""
    if months and months % 12 == 0:
        years = int(months) // 12
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return ngettext("%(n)s month", "%(n)s months", int(months)) % {"n": number(months)}


def alternatives(names: Iterable[str]) -> str:
    return pgettext("between alternatives", " or ").join(names)


def code_name(fact: str, code: str) -> str:
    """The name of a code; that of a division or section with its code before it."""
    name = name_of(fact, code)
    return f"{code} {name}" if fact == Fact.INDUSTRY and name != code else name


def sentence(rule: Rule) -> str:
    """The condition as a phrase without an end mark; of one that can't be judged, that it can't."""
    pattern = PATTERNS.get((rule.fact, rule.operator))
    if pattern is None or not rule.is_sound:
        return gettext("A condition that is entered incompletely here")
    written = duration if rule.fact == Fact.AGE else number
    return str(pattern) % {
        "what": alternatives(
            code_name(rule.fact, code) for code in in_order(rule.fact, rule.codes)
        ),
        "low": written(rule.low),
        "high": written(rule.high),
    }


def dated_sentence(dated: DatedRule) -> str:
    """The same with the days on which it counts."""
    text = sentence(dated.rule)
    if dated.starts_on or dated.ends_on:
        text += pgettext("after a condition", " (%s)") % period(dated.starts_on, dated.ends_on)
    return text


def period(first: date | None, last: date | None) -> str:
    """From one day to another, either of them open; "" when both are."""

    def day(value):
        return date_format(value, gettext("j F Y"))

    if first and last:
        return gettext("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}
    if first:
        return gettext("from %(first)s") % {"first": day(first)}
    return gettext("until %(last)s") % {"last": day(last)} if last else ""


def in_order(fact: str, codes: Iterable[str]) -> list[str]:
    """Codes in the order of their list, whatever order they were entered in."""
    order: dict[str, int] = {}
    if fact in (Fact.INDUSTRY, Fact.PLACE):
        listed = industries() if fact == Fact.INDUSTRY else places()
        order = {code: number for number, code in enumerate(listed)}
    return sorted(codes, key=lambda code: (order.get(code, 0), code))
