from django import template
from django.utils.translation import get_language

from crm.masking import mask_email
from policies.alerts.filters import normalise
from search.addresses import address
from search.results import Question

register = template.Library()


@register.simple_tag
def saved_filter(question: Question) -> str:
    """The library's question as a query string in its normal form, for feeds and alerts."""
    return normalise(address(question, "").removeprefix("?"), get_language())


@register.filter
def masked_email(text: str) -> str:
    return mask_email(text)
