from django import template

from events.desk_admin.parts import links

register = template.Library()


@register.inclusion_tag("events/desk_admin/_parts.html", takes_context=True)
def desk_parts(context, desk, current: str = ""):
    """The links to the parts of a desk; `current` for a view that is not a part but belongs to one."""
    request = context["request"]
    match = request.resolver_match
    current = current or (match.view_name if match else "")
    return {"links": links(desk, request.user, current)}
