"""The district's industry chains: one list for the pages that show them and the inquiry that asks.

Source of the six: the district's press of March 2024 (DOMAIN: "六大产业链"). The others are what
investors ask for besides; they are not claimed to be chains.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chain(models.TextChoices):
    COAL = "coal", _("Green coal")
    EQUIPMENT = "equipment", _("Digital equipment manufacturing")
    MEDICINE = "medicine", _("Modern medicine")
    VEHICLE = "vehicle", _("New energy vehicles")
    SOLAR = "solar", _("Photovoltaic modules")
    RECYCLE = "recycle", _("Resource recycling")
    AGRICULTURE = "agriculture", _("Agriculture and food")
    TOURISM = "tourism", _("Culture and tourism")
    SERVICES = "services", _("Science, technology and business services")
    OTHER = "other", _("Something else")

    @classmethod
    def district(cls) -> list[tuple[str, str]]:
        """The six chains of the district, without the rest of an inquiry's choices."""
        return cls.choices[:6]
