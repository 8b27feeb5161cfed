"""The project's own drawings in `site/static/img/plates/`: what an editor may choose where no photograph is at hand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# All plates are drawn on one sheet.
WIDTH, HEIGHT = 900, 600


class Drawing(models.TextChoices):
    BOWL = "bowl", _("Drawing of a Bayi ware bowl, iron-red lines and loose green leaves")
    COAL = "coal", _("Drawing of a mine's headframe with wind turbines on the ridge behind")
    DANGSHEN = "dangshen", _("Drawing of a dangshen vine, its bell flowers and sliced root")
    RECYCLE = "recycle", _("Drawing of a recycling yard with sorted material")
    SHENZHEN = "shenzhen", _("Drawing of Shenzhen's towers by the bay, a small boat in front")
    SOLAR = "solar", _("Drawing of rows of solar panels on a slope below the Taihang")
    STREET = "street", _("Drawing of Yincheng's old street with iron shops")
    TABLE = "table", _("Drawing of two sides at one table")
    TOWER = "tower", _("Drawing of the many-eaved Wufeng tower among pines")
    TRAIN = "train", _("Drawing of a fast train on a viaduct before the Taihang")
    VEHICLE = "vehicle", _("Drawing of a new energy truck on the line")
    WORKSHOP = "workshop", _("Drawing of a saw-tooth workshop with an overhead crane")
