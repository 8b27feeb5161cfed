from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home and culture")

    def ready(self):
        from home.models import CulturePage
        from search.facets import describe

        kinds = {
            "culture": _("History, heritage and scenery"),
            "product": _("Specialties"),
            "section": _("Sections"),
            "standard": _("Other pages"),
        }
        describe("kind", kinds)
        describe("topic", dict(CulturePage.Kind.choices), order=tuple(CulturePage.Kind.values))
