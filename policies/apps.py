from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Policy library")

    def ready(self):
        from policies import subjects
        from policies.choices import Level, Validity
        from search.facets import describe

        describe("kind", {"policy": _("Policies")})
        describe("level", dict(Level.choices), order=tuple(Level.values))
        describe("subject", subjects.labels(), order=tuple(subjects.labels()))
        describe("status", dict(Validity.choices), order=tuple(Validity.values))
