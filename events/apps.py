from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self):
        from events.services import facts
        from search.facets import describe

        describe("kind", {"event": _("Events")})
        facts.connect()
