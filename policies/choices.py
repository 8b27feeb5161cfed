"""The fixed words of a policy: its level, its validity, how it is disclosed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of government. The district's plan names four, without the province."""

    NATION = "nation", _("National")
    PROVINCE = "province", _("Provincial")
    CITY = "city", _("City")
    DISTRICT = "district", _("District")
    PARK = "park", _("Park")


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _("In force")
    PARTLY_VOID = "partly_void", _("Partly void")
    VOID = "void", _("Void")
    ABOLISHED = "abolished", _("Abolished")
    AMENDED = "amended", _("Amended")
    DRAFT = "draft", _("Draft for comment")


class Disclosure(models.TextChoices):
    PROACTIVE = "proactive", _("Published proactively")
    ON_REQUEST = "on_request", _("On request")


LEVEL_NOTES = {
    Level.NATION: _("Laws, administrative regulations and ministry rules"),
    Level.PROVINCE: _("Regulations of Shanxi Province"),
    Level.CITY: _("Measures of Changzhi City"),
    Level.DISTRICT: _("Plans and rules of Shangdang District"),
    Level.PARK: _("Admission rules of the development zone and the enclaves"),
}
TONES = {
    Validity.IN_FORCE: "force",
    Validity.DRAFT: "draft",
    Validity.AMENDED: "draft",
    Validity.PARTLY_VOID: "draft",
}
# Nobody can rely on these any more.
INVALID = (Validity.VOID, Validity.ABOLISHED)
# What a level means to readers here, whatever they look for: the nation's documents and the district's
# own first, then the province's, then those of other cities.
RANKS = {Level.NATION: 3, Level.PROVINCE: 2, Level.CITY: 1, Level.DISTRICT: 3, Level.PARK: 3}
OWN_CITY = "长治"
