from django import template
from django.template.loader import get_template
from django.utils.safestring import mark_safe

from base import navigation
from base.meta import build_meta
from base.outbound import outbound_href

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context):
    """The main menu as items with `title`, `url` and `current`."""
    return navigation.menu(context["request"], context.get("page"))


@register.simple_tag(takes_context=True)
def breadcrumbs(context):
    """The way from the home page to this one; the last item has no `url`."""
    return navigation.breadcrumbs(context["request"], context.get("page"))


@register.simple_tag(takes_context=True)
def languages(context):
    """The language switch: `code`, `label`, `url`, `current`, `available`."""
    return navigation.languages(context["request"], context.get("page"))


@register.simple_tag(takes_context=True)
def untranslated_origin(context):
    """The page a reader came from that has no translation into this language, or None."""
    if "from" not in context["request"].GET:
        return None
    return navigation.untranslated_origin(context["request"])


@register.simple_tag(takes_context=True)
def home_url(context):
    """The address of the home page in the active language."""
    home = navigation.home_page(context["request"], context.get("page"))
    return home.get_url(context["request"]) if home else "/"


@register.inclusion_tag("components/meta.html", takes_context=True)
def meta_tags(context):
    """The meta tags of the page in `context`, of a view without a page the common ones."""
    return {"meta": build_meta(context["request"], context.get("page"))}


@register.simple_tag
def icon(name: str):
    """An icon of `components/icons/` as inline SVG, hidden from screen readers."""
    return mark_safe(get_template(f"components/icons/{name}.svg").render())  # noqa: S308


@register.simple_tag
def outbound(url: str) -> str:
    """The address to link to: through the notice when `url` leaves for a non-government site."""
    return outbound_href(url)


@register.simple_tag(takes_context=True)
def page_path(context, slug: str) -> str:
    """The address of the page with this slug right below the home page, or ""."""
    found = navigation.page_at(context["request"], slug, context.get("page"))
    return found.get_url(context["request"]) if found else ""
