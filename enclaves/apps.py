from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnclavesConfig(AppConfig):
    name = "enclaves"
    verbose_name = _("Enclaves")

    def ready(self):
        from enclaves.models import EnclavePage
        from search.facets import describe

        describe("kind", {"enclave": _("Enclaves")})
        describe("status", dict(EnclavePage.State.choices), order=tuple(EnclavePage.State.values))
