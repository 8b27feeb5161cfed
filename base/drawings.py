"""The project's own drawings in `site/static/img/plates/`: what an editor may choose where no photograph is at hand."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.db import models
from django.utils.translation import gettext_lazy as _

# All plates are drawn on one sheet.
WIDTH, HEIGHT = 900, 600


class Drawing(models.TextChoices):
    BOWL = "bowl", _("Drawing of a Bayi ware bowl, iron-red lines and loose green leaves")
    CANAL = "canal", _("Drawing of a canal between white walls, a stone bridge and a small boat")
    COAL = "coal", _("Drawing of a mine's headframe with wind turbines on the ridge behind")
    DANGSHEN = "dangshen", _("Drawing of a dangshen vine, its bell flowers and sliced root")
    FOOD = "food", _("Drawing of sliced cured meat on a board beside a bowl of noodles")
    IRON = "iron", _("Drawing of an anvil, shears and a padlock before the forge")
    LAKE = "lake", _("Drawing of a lake with a willow, lotus and a small boat")
    PAPER = "paper", _("Drawing of an open document with brush, seal and ink stone")
    PLOT = "plot", _("Drawing of a measured plot with pegs and string, a surveyor at the level")
    RECYCLE = "recycle", _("Drawing of a recycling yard with sorted material")
    RIDGE = "ridge", _("Drawing of the Taihang ridges one behind another under a red sun")
    RIVER = "river", _("Drawing of a freighter on a wide river, towers on the far bank")
    ROOFS = "roofs", _("Drawing of grey courtyard roofs and a persimmon tree, towers far behind")
    SHENZHEN = "shenzhen", _("Drawing of Shenzhen's towers by the bay, a small boat in front")
    SOLAR = "solar", _("Drawing of rows of solar panels on a slope below the Taihang")
    STAGE = (
        "stage",
        _("Drawing of an opera stage with drum, gong and fiddle, the audience from behind"),
    )
    STREET = "street", _("Drawing of Yincheng's old street with iron shops")
    TABLE = "table", _("Drawing of two sides at one table")
    TEMPLE = "temple", _("Drawing of a temple hall under a wide roof, old cypresses in the court")
    TOWER = "tower", _("Drawing of the many-eaved Wufeng tower among pines")
    TRAIN = "train", _("Drawing of a fast train on a viaduct before the Taihang")
    VEHICLE = "vehicle", _("Drawing of a new energy truck on the line")
    VILLAGE = "village", _("Drawing of a village among terraced fields at the foot of the hills")
    WORKSHOP = "workshop", _("Drawing of a saw-tooth workshop with an overhead crane")


def drawing_choices() -> list[tuple[str, str]]:
    """The choices of a page's field: a callable, so that a new drawing needs no migration."""
    return Drawing.choices


def drawing_svg(code: str) -> bytes | None:
    """A drawing of the site as SVG; None when there is none of this code."""
    if code not in Drawing.values:
        return None
    path = finders.find(f"img/plates/{code}.svg")
    return Path(path).read_bytes() if path else None
