from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Policy library")

    def ready(self):
        from policies import subjects
        from policies.choices import NOT_YET, NOT_YET_LABEL, Level, Validity
        from policies.official import version_signals
        from policies.record import effects
        from policies.services import clauses
        from search.facets import describe

        effects.connect()
        clauses.connect()
        describe("kind", {"policy": _("Policies"), "interpretation": _("Interpretations")})
        describe("level", dict(Level.choices), order=tuple(Level.values))
        describe(
            "status",
            {**dict(Validity.choices), NOT_YET: NOT_YET_LABEL},
            order=(*Validity.values, NOT_YET),
        )
        describe("subject", subjects.labels(), order=tuple(subjects.labels()))
        version_signals.connect()
