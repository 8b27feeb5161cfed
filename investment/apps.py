from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvestmentConfig(AppConfig):
    name = "investment"
    verbose_name = _("Investment")

    def ready(self):
        from base.chains import Chain
        from investment.models import SitePage
        from search.facets import describe

        describe(
            "kind",
            {"industry": _("Industry chains"), "park": _("Parks"), "site": _("Sites")},
        )
        describe("industry", dict(Chain.choices), order=tuple(Chain.values))
        describe("status", dict(SitePage.Status.choices), order=tuple(SitePage.Status.values))
