"""The sections of the board: what stands in them, in which columns, and as which file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from policies.freshness import board
from policies.freshness.columns import column_report
from policies.freshness.completeness import missing_of
from policies.freshness.workdays import WorkCalendar


def edit_url(policy, field: str = "") -> str:
    """The editor of a page, at the field where there is one."""
    url = reverse("wagtailadmin_pages:edit", args=[policy.pk])
    return f"{url}#id_{field}" if field else url


@dataclass(frozen=True)
class Situation:
    """What the cells depend on besides their row."""

    today: date
    calendar: WorkCalendar
    days: int = 30


class DayColumn(Column):
    """A day as a day: "a week ago" is no help with terms."""

    def get_value(self, instance):
        value = super().get_value(instance)
        if isinstance(value, datetime):
            value = timezone.localtime(value).date()
        return value.isoformat() if value else ""


class PickColumn(Column):
    """A box that takes the document into the confirmation below the table."""

    cell_template_name = "policies/freshness/cells/pick.html"
    # What was chosen in a form that comes back.
    chosen: frozenset[str] = frozenset()

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"is_chosen": str(instance.pk) in self.chosen}


class FieldsColumn(Column):
    """The missing data, each a link to its field."""

    cell_template_name = "policies/freshness/cells/fields.html"


class UsesColumn(Column):
    cell_template_name = "policies/freshness/cells/uses.html"


class LightColumn(Column):
    cell_template_name = "policies/freshness/cells/light.html"


@dataclass(frozen=True)
class Section:
    """`rows(situation)` gives a queryset or list; `columns(situation)` the table, `cells` the file.

    `cells` are pairs of a heading and a function of row and situation.
    """

    key: str
    label: str | Promise
    nothing: str | Promise
    rows: Callable[[Situation], Sequence]
    columns: Callable[[Situation], list[Column]]
    cells: Sequence[tuple[str | Promise, Callable]]
    confirms: bool = False


def _title() -> Column:
    return TitleColumn("title", label=_("Document"), get_url=edit_url)


def _checks(situation: Situation) -> list[Column]:
    return [
        PickColumn("pick", label=_("Choose")),
        _title(),
        Column("get_level_display", label=_("Level")),
        DayColumn("checked_on", label=_("Checked on")),
        Column("checked_by", label=_("Checked by")),
        DayColumn("next_due", label=_("Next check by")),
    ]


def _expiry(situation: Situation) -> list[Column]:
    return [
        _title(),
        Column("issuing_body", label=_("Issued by")),
        DayColumn("in_force_until", label=_("In force until")),
        Column(
            "left", label=_("Working days left"), accessor=lambda row: working_days(row, situation)
        ),
    ]


def _incomplete(situation: Situation) -> list[Column]:
    return [
        _title(),
        Column("get_level_display", label=_("Level")),
        FieldsColumn("missing", label=_("Missing"), accessor=missing_links),
    ]


def _links(situation: Situation) -> list[Column]:
    return [
        Column("url", label=_("Address")),
        Column("get_outcome_display", label=_("Result")),
        Column("status", label=_("HTTP status")),
        Column("failures", label=_("Days in a row")),
        DayColumn("checked_at", label=_("Last tried")),
        UsesColumn("uses", label=_("Stands in"), accessor=use_links),
    ]


def _columns(situation: Situation) -> list[Column]:
    return [
        TitleColumn("title", label=_("Column"), get_url=lambda row: edit_url(row.page)),
        Column("kind", label=_("Kind")),
        Column("items", label=_("Pages below")),
        DayColumn("last_item_at", label=_("Newest page")),
        Column("days", label=_("Days ago")),
        Column("limit", label=_("Limit in days")),
        LightColumn("light", label=_("State")),
    ]


def working_days(policy, situation: Situation) -> int:
    return situation.calendar.between(situation.today, policy.in_force_until)


def missing_links(policy) -> list[tuple[str, str]]:
    return [(wanted.label, edit_url(policy, wanted.field)) for wanted in missing_of(policy)]


def use_links(link) -> list[tuple[str, str]]:
    """Where the link stands; the body's field has no anchor of its own."""
    return [
        (use.policy.title, edit_url(use.policy, "source_url" if use.field == "source_url" else ""))
        for use in link.uses.all()
    ]


TITLE_CELL = (_("Document"), lambda row, _situation: row.title)
CHECK_CELLS = (
    TITLE_CELL,
    (_("Level"), lambda row, _situation: row.get_level_display()),
    (_("Checked on"), lambda row, _situation: row.checked_on),
    (_("Checked by"), lambda row, _situation: str(row.checked_by or "")),
    (_("Next check by"), lambda row, _situation: row.next_due),
)
SECTIONS = (
    Section(
        "overdue",
        _("Overdue"),
        _("No check is overdue."),
        lambda situation: board.overdue_documents(situation.today),
        _checks,
        CHECK_CELLS,
        confirms=True,
    ),
    Section(
        "soon",
        _("Due soon"),
        _("No check is due soon."),
        lambda situation: board.soon_documents(situation.today),
        _checks,
        CHECK_CELLS,
        confirms=True,
    ),
    Section(
        "never",
        _("Never checked"),
        _("Every document in force has been checked."),
        lambda situation: board.never_checked(situation.today),
        _checks,
        CHECK_CELLS,
        confirms=True,
    ),
    Section(
        "expiring",
        _("Expiring"),
        _("No document ends in this time."),
        lambda situation: board.expiring_documents(situation.today, situation.days),
        _expiry,
        (
            TITLE_CELL,
            (_("Issued by"), lambda row, _situation: row.issuing_body),
            (_("In force until"), lambda row, _situation: row.in_force_until),
            (_("Working days left"), working_days),
        ),
    ),
    Section(
        "incomplete",
        _("Missing data"),
        _("No document lacks official data."),
        lambda situation: board.incomplete_documents(),
        _incomplete,
        (
            TITLE_CELL,
            (_("Level"), lambda row, _situation: row.get_level_display()),
            (
                _("Missing"),
                lambda row, _situation: "、".join(str(wanted.label) for wanted in missing_of(row)),
            ),
        ),
    ),
    Section(
        "links",
        _("Dead links"),
        _("No link is known to be dead."),
        lambda situation: board.dead_links(),
        _links,
        (
            (_("Address"), lambda row, _situation: row.url),
            (_("Result"), lambda row, _situation: row.get_outcome_display()),
            (_("HTTP status"), lambda row, _situation: row.status),
            (_("Days in a row"), lambda row, _situation: row.failures),
            (
                _("Stands in"),
                lambda row, _situation: "、".join(title for title, _url in use_links(row)),
            ),
        ),
    ),
    Section(
        "columns",
        _("Columns"),
        _("There are no columns."),
        lambda situation: column_report().columns,
        _columns,
        (
            (_("Column"), lambda row, _situation: row.title),
            (_("Kind"), lambda row, _situation: row.kind),
            (_("Pages below"), lambda row, _situation: row.items),
            (_("Days ago"), lambda row, _situation: row.days),
            (_("Limit in days"), lambda row, _situation: row.limit),
            (_("State"), lambda row, _situation: str(row.light.label)),
        ),
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}
