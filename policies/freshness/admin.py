"""The board in the admin, and its panel on the admin's first screen."""

import csv
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Table
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from policies.freshness.board import EXPIRY_DAYS, count_all, count_urgent
from policies.freshness.checking import PERMISSION, confirm_several
from policies.freshness.columns import column_report
from policies.freshness.errors import FreshnessError
from policies.freshness.forms import ConfirmForm
from policies.freshness.holidays import work_calendar
from policies.freshness.sections import BY_KEY, SECTIONS, Section, Situation
from policies.models import LinkCheck, PolicyCheck
from search.admin_report import BOM, safe_cell

VIEW = "policies.view_policycheck"
PER_PAGE = 50
# A file for a spreadsheet, not the whole library.
MOST_EXPORTED = 5000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BoardView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One section of the board at a time; `?export=xlsx` and `?export=csv` give it as a file."""

    permission_policy = ModelPermissionPolicy(PolicyCheck)
    permission_required = "view"
    template_name = "policies/freshness/board.html"
    page_title = gettext_lazy("Freshness of policies")
    header_icon = "calendar-check"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    @property
    def section(self) -> Section:
        return BY_KEY.get(self.request.GET.get("section", ""), SECTIONS[0])

    @property
    def situation(self) -> Situation:
        asked = self.request.GET.get("days", "")
        days = int(asked) if asked in {str(days) for days in EXPIRY_DAYS} else EXPIRY_DAYS[0]
        return Situation(timezone.localdate(), work_calendar(), days)

    def get(self, request, *args, **kwargs):
        if request.GET.get("export") == "xlsx":
            return xlsx_response(self.section, self.situation)
        if request.GET.get("export") == "csv":
            return csv_response(self.section, self.situation)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Confirm the chosen documents."""
        form = ConfirmForm(request.POST)
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        data = form.cleaned_data
        try:
            done = confirm_several(
                policies=data["policy"], by=request.user, on=data["on"], note=data["note"]
            )
        except FreshnessError as error:
            form.add_error("on", str(error))
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(
            request,
            ngettext(
                "%(number)s document is confirmed.",
                "%(number)s documents are confirmed.",
                len(done),
            )
            % {"number": len(done)},
        )
        return redirect(request.get_full_path())

    def get_context_data(self, form: ConfirmForm | None = None, **kwargs):
        section, situation = self.section, self.situation
        pages = Paginator(section.rows(situation), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        counts, columns = count_all(situation.today), column_report()
        this_year = situation.today.year
        may_confirm = section.confirms and self.request.user.has_perm(PERMISSION)
        shown = [c for c in section.columns(situation) if may_confirm or c.name != "pick"]
        if may_confirm and form:
            shown[0].chosen = frozenset(form.data.getlist("policy"))
        return super().get_context_data(
            **kwargs,
            section=section,
            tabs=tabs(counts, columns, section.key),
            table=Table(shown, page.object_list),
            page_obj=page,
            counts=counts,
            days=situation.days,
            spans=[(days, counts.expiring[days]) for days in EXPIRY_DAYS],
            columns=columns,
            unknown_years=situation.calendar.unknown_years([this_year, this_year + 1]),
            links_tried=LinkCheck.objects.exclude(checked_at=None).exists()
            if section.key == "links"
            else None,
            form=(form or ConfirmForm()) if may_confirm else None,
        )


def tabs(counts, columns, current: str) -> list[dict]:
    numbers = {
        "overdue": counts.overdue,
        "soon": counts.soon,
        "never": counts.never,
        "expiring": counts.expiring[EXPIRY_DAYS[0]],
        "incomplete": counts.incomplete,
        "links": counts.dead_links,
        "columns": len(columns.stale) + len(columns.empty),
    }
    url = reverse("freshness:index")
    return [
        {
            "label": section.label,
            "url": f"{url}?section={section.key}",
            "count": numbers[section.key],
            "is_current": section.key == current,
        }
        for section in SECTIONS
    ]


def _rows(section: Section, situation: Situation):
    yield [str(heading) for heading, _value in section.cells]
    for row in section.rows(situation)[:MOST_EXPORTED]:
        yield [safe_cell(value(row, situation)) for _heading, value in section.cells]


def xlsx_response(section: Section, situation: Situation) -> HttpResponse:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in _rows(section, situation):
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
        sheet.append(cells)
    file = BytesIO()
    workbook.save(file)
    file.seek(0)
    name = f"freshness-{section.key}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


class _Echo:
    def write(self, value):
        return value


def csv_response(section: Section, situation: Situation) -> HttpResponse:
    writer = csv.writer(_Echo())

    def lines():
        yield BOM
        for row in _rows(section, situation):
            yield writer.writerow(row).encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="freshness-{section.key}.csv"'
    return response


class FreshnessPanel(Component):
    """What waits for an editor, on the first screen of the admin; three queries."""

    name = "policy_freshness"
    template_name = "policies/freshness/panel.html"
    order = 120

    def get_context_data(self, parent_context):
        if not parent_context["request"].user.has_perm(VIEW):
            return {"numbers": []}
        today = timezone.localdate()
        found, report = count_urgent(today), column_report()
        board = reverse("freshness:index")
        numbers = [
            (_("checks overdue"), found["overdue"], "overdue"),
            (_("documents end within 30 days"), found["expiring"], "expiring"),
            (_("dead links"), found["dead"], "links"),
            (
                _("columns over their limit or empty"),
                len(report.stale) + len(report.empty),
                "columns",
            ),
        ]
        return {
            "numbers": [(label, n, f"{board}?section={key}") for label, n, key in numbers],
            "board": board,
        }
