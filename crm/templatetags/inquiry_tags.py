from django import template

from crm.form_context import blank_form_context

register = template.Library()


@register.inclusion_tag("crm/_inquiry_section.html", takes_context=True)
def inquiry_form(context, page, heading=""):
    """The inquiry form as a section of `page`, prefilled with where the visitor is."""
    request = context["request"]
    return {
        **blank_form_context(request, source=page),
        "request": request,
        "csrf_token": context.get("csrf_token", ""),
        "heading": heading,
    }
