"""How long each column (栏目) has rested, against the limits of the national inspection of sites.

国办秘函〔2019〕19号 rejects a whole site (单项否决) when its home page shows nothing new for two weeks,
when five columns rest too long (动态、要闻 two weeks; 通知公告、政策文件 six months), or when five
columns are empty (空白栏目). What counts is a new item with a date of publication, not an edit.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, get_page_models

HOME = "首页"
# Days without a new item. Other kinds of columns have no limit of their own.
LIMITS = {
    HOME: 14,
    "工作动态": 14,
    "动态要闻": 14,
    "通知公告": 183,
    "政策文件": 183,
}
STALE_COLUMNS = 5
EMPTY_COLUMNS = 5
# From this share of the limit on the light is yellow.
NEAR = 0.75
STEP = Page.steplen


@dataclass(frozen=True)
class Light:
    """A state that is told by a word and a sign, and by colour only besides."""

    key: str
    label: str | Promise
    icon: str


GREEN = Light("good", _("within the limit"), "check")
YELLOW = Light("near", _("near the limit"), "warning")
RED = Light("over", _("over the limit"), "cross")
NONE = Light("none", _("no limit"), "minus")


@dataclass(frozen=True)
class Column:
    """A column and its rest. `days` is None while it has never had an item."""

    page: Page
    kind: str
    items: int
    last_item_at: datetime | None
    days: int | None
    limit: int | None
    takes_items: bool

    @property
    def title(self) -> str:
        return self.page.title

    @property
    def is_empty(self) -> bool:
        return self.takes_items and not self.items

    @property
    def light(self) -> Light:
        if self.limit is None:
            return RED if self.is_empty else NONE
        if self.days is None or self.days > self.limit:
            return RED
        return YELLOW if self.days > self.limit * NEAR else GREEN

    @property
    def is_stale(self) -> bool:
        """Over its limit. The home page has a limit of its own and is no column in the count."""
        return self.kind != HOME and self.limit is not None and self.light == RED


@dataclass(frozen=True)
class ColumnReport:
    columns: list[Column]

    @property
    def home(self) -> Column | None:
        return next((column for column in self.columns if column.kind == HOME), None)

    @property
    def stale(self) -> list[Column]:
        return [column for column in self.columns if column.is_stale]

    @property
    def empty(self) -> list[Column]:
        return [column for column in self.columns if column.is_empty and column.kind != HOME]

    @property
    def vetoes(self) -> list[tuple[str | Promise, str, Light]]:
        """The three limits, each as (what, "number of number", light)."""
        home = self.home
        return [
            (
                _("Days since something new was published anywhere on the site"),
                f"{'–' if not home or home.days is None else home.days} / {LIMITS[HOME]}",
                home.light if home else RED,
            ),
            (
                _("Columns over their limit"),
                f"{len(self.stale)} / {STALE_COLUMNS}",
                _of(len(self.stale), STALE_COLUMNS),
            ),
            (
                _("Empty columns"),
                f"{len(self.empty)} / {EMPTY_COLUMNS}",
                _of(len(self.empty), EMPTY_COLUMNS),
            ),
        ]

    @property
    def worst(self) -> Light:
        lights = [light for _what, _figure, light in self.vetoes]
        return next((light for light in (RED, YELLOW) if light in lights), GREEN)


def _of(count: int, limit: int) -> Light:
    return RED if count >= limit else YELLOW if count else GREEN


def column_report(now: datetime | None = None) -> ColumnReport:
    """All columns in the site's first language, in the order of the tree; two queries.

    An item is a live page below the column that is no column and in no other one below it, and its day
    the one of its first publication. The home page has the items of all.
    """
    now = now or timezone.now()
    pages = Page.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE, depth__gt=1)
    # By parent, because a query for each column would read the tree as often as there are columns.
    kinds = {model: model.column_type for model in get_page_models() if _is_column(model)}
    parents = (
        pages.not_type(*kinds)
        .order_by()
        .annotate(parent=Substr("path", 1, Length("path") - STEP))
        .values("parent")
        .annotate(items=Count("pk"), last=Max("first_published_at"))
        .values_list("parent", "items", "last")
    )
    below = list(parents)
    found = list(pages.type(*kinds).select_related("content_type", "locale").order_by("path"))
    return ColumnReport([_column(page, found, kinds, below, now) for page in found])


def _is_column(model: type[Page]) -> bool:
    return bool(getattr(model, "column_type", ""))


def _column(
    page: Page, columns: list[Page], kinds: dict, below: list[tuple], now: datetime
) -> Column:
    model = page.content_type.model_class()
    others = tuple(
        other.path
        for other in columns
        if other.path.startswith(page.path) and other.pk != page.pk and kinds[model] != HOME
    )
    inside = [
        row for row in below if row[0].startswith(page.path) and not row[0].startswith(others)
    ]
    dates = [last for _parent, _items, last in inside if last]
    last = max(dates, default=None)
    return Column(
        page=page,
        kind=kinds[model],
        items=sum(items for _parent, items, _last in inside),
        last_item_at=last,
        days=(timezone.localdate(now) - timezone.localdate(last)).days if last else None,
        limit=LIMITS.get(kinds[model]),
        takes_items=bool(model.allowed_subpage_models()),
    )
