from django import template
from django.utils.translation import gettext_lazy as _

from crm.form_context import blank_form_context
from crm.models import Lead

register = template.Library()

# The stages inside the house are finer than what a visitor needs to know.
PUBLIC_STAGES = {
    Lead.Stage.NEW: _("We have your inquiry"),
    Lead.Stage.SCREENING: _("Somebody is working on your inquiry"),
    Lead.Stage.TALKING: _("We are in touch with you"),
    Lead.Stage.QUALIFIED: _("We are in touch with you"),
    Lead.Stage.SHELVED: _("Your inquiry is resting"),
    Lead.Stage.CLOSED: _("Your inquiry is closed"),
}


@register.inclusion_tag("crm/_inquiry_section.html", takes_context=True)
def inquiry_form(context, page, heading="", attached=""):
    """The inquiry form as a section of `page`, prefilled with where the visitor is.

    attached: text that goes along with the inquiry, in a field of its own that the visitor can empty.
    """
    request = context["request"]
    return {
        **blank_form_context(request, source=page, attached=attached),
        "request": request,
        "csrf_token": context.get("csrf_token", ""),
        "heading": heading,
    }


@register.simple_tag
def public_stage(lead) -> str:
    """How an inquiry stands, in words for the one who sent it."""
    return PUBLIC_STAGES[lead.stage]
