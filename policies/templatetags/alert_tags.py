from django import template
from django.utils.translation import get_language

from crm.masking import mask_email
from policies.alerts.filters import describe, normalise
from policies.alerts.forms import blank_form, make_notice
from search.addresses import address
from search.results import Question

register = template.Library()


@register.simple_tag
def saved_filter(question: Question) -> str:
    """The library's question as a query string in its normal form, for feeds and alerts."""
    return normalise(address(question, "").removeprefix("?"), get_language())


@register.inclusion_tag("policies/alerts/form.html", takes_context=True)
def alert_form(context, query: str):
    """The form that follows a filter of the library by e-mail."""
    notice = make_notice(context["request"])
    return {
        "form": blank_form(query, notice),
        "notice": notice,
        "filter": describe(query, get_language()),
        "request": context["request"],
    }


@register.filter
def masked_email(text: str) -> str:
    return mask_email(text)
