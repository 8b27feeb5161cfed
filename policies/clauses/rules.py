"""What a clause may not be saved with, each at its field. The gate asks for more before publishing."""

import re
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext

from policies.choices import CapUnit

# A text that has all of these is the document as it was issued; a summary names an article here and there.
FIRST_ARTICLES = ("第一条", "第二条", "第三条", "第四条", "第五条")
BLANKS = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
HUNDRED = Decimal(100)


def form_problems(clause) -> dict[str, str]:
    """{field: what is wrong with it} of a clause that somebody wants to save, even as a draft."""
    problems = {}
    if clause.policy_id and not _is_original(clause.policy):
        problems["policy"] = gettext(
            "Choose the Chinese page of the policy: a clause is one for all languages."
        )
    if clause.cap is not None and not clause.cap_unit:
        problems["cap_unit"] = gettext("Choose the unit of the amount.")
    if clause.cap is None and clause.cap_unit:
        problems["cap"] = gettext("Give the amount, or leave out its unit.")
    if clause.cap is not None and clause.cap_unit == CapUnit.PERCENT and clause.cap > HUNDRED:
        problems["cap"] = gettext("No more than a hundred per cent.")
    if clause.opens_on and clause.closes_on and clause.closes_on < clause.opens_on:
        problems["closes_on"] = gettext("Applications end before they begin.")
    if clause.opens_on and clause.ends_on and clause.ends_on < clause.opens_on:
        problems["ends_on"] = gettext("The support ends before applications begin.")
    if clause.quote.strip() and clause.policy_id and quote_found(clause) is False:
        problems["quote"] = gettext(
            "This sentence does not stand in the text of the policy word for word."
        )
    return problems


def quote_found(clause) -> bool | None:
    """Whether the clause's sentence stands in the policy's text; None where the text here is not the whole.

    Blanks and line ends do not count: they are the layout's, not the document's.
    """
    return _found(clause.quote, clause.policy)


def quotes_found(clause) -> bool | None:
    """The same of its sentence and of those that its conditions quote: all, or at least one does not."""
    quotes = [clause.quote, *(one.quote for one in clause.conditions.all() if one.quote.strip())]
    answers = {_found(quote, clause.policy) for quote in quotes}
    if False in answers:
        return False
    return None if None in answers else True


def _found(quote: str, policy) -> bool | None:
    quote = BLANKS.sub("", quote)
    if not quote:
        return None
    text = policy_text(policy)
    if quote in text:
        return True
    whole = policy.is_full_text or all(article in text for article in FIRST_ARTICLES)
    return False if whole else None


def _is_original(policy) -> bool:
    return policy.alias_of_id is None and policy.locale.language_code == settings.LANGUAGE_CODE


def policy_text(policy) -> str:
    """The text of the policy's page without blanks; read once for all clauses that share `policy`."""
    text = policy.__dict__.get("_text_without_blanks")
    if text is None:
        text = BLANKS.sub("", "".join(policy.body.stream_block.get_searchable_content(policy.body)))
        policy.__dict__["_text_without_blanks"] = text
    return text
