"""The timetable on paper: a sheet for each table and for each participant, and a spreadsheet.

Names stand in them in full, which is what they are for; that they were taken out of the house is logged.
"""

import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from openpyxl import Workbook

from events.models import Meeting, MeetingRound, Participant
from events.services.planning import note
from events.timetable.grid import live_meetings, names_of, unplaced
from events.timetable.loading import load
from events.timetable.screens import PlanningMixin
from policies.exporting.views import XLSX
from policies.exporting.workbook import cell_of, start_sheet


class SheetsView(PlanningMixin, TemplateView):
    """Sheets to be printed, one for each table or participant that has meetings."""

    template_name = "events/timetable/sheets.html"
    page_title = _("Sheets to print")
    by = "table"

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        note(self.meeting_round, request.user, "timetable_print", by=self.by)
        return super().get(request, *args, **kwargs)

    @cached_property
    def meetings(self) -> list[Meeting]:
        return sorted(
            (m for m in live_meetings(self.meeting_round) if m.slot and m.table),
            key=lambda m: (m.slot.starts_at, m.table.sort_order, m.pk),
        )

    def get_context_data(self, **kwargs) -> dict:
        sheets = self._tables() if self.by == "table" else self._people()
        return super().get_context_data(sheets=sheets, by=self.by, **kwargs)

    def _tables(self) -> list[dict]:
        return [
            {
                "title": gettext("Table %(name)s") % {"name": table.name},
                "rows": [
                    {"slot": m.slot, "what": " – ".join(map(full_name, people_of(m)))}
                    for m in self.meetings
                    if m.table_id == table.pk
                ],
            }
            for table in self.meeting_round.tables.all()
        ]

    def _people(self) -> list[dict]:
        sheets: dict[int, dict] = {}
        for meeting in self.meetings:
            persons = people_of(meeting)
            for person in persons:
                others = [full_name(other) for other in persons if other.pk != person.pk]
                sheet = sheets.setdefault(person.pk, {"title": full_name(person), "rows": []})
                sheet["rows"].append(
                    {"slot": meeting.slot, "table": meeting.table, "what": ", ".join(others)}
                )
        return sorted(sheets.values(), key=lambda sheet: sheet["title"])


def people_of(meeting: Meeting) -> list[Participant]:
    return [side.participant for side in meeting.sides.all()]


def full_name(person: Participant) -> str:
    registration = person.registration
    parts = (registration.organisation_name, registration.name)
    return " · ".join(part for part in parts if part) or str(person)


class WorkbookView(PlanningMixin, View):
    """The timetable as a spreadsheet: who meets whom when, and what found no place."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, desk_id: int) -> FileResponse:
        note(self.meeting_round, request.user, "timetable_export")
        file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        write_workbook(file, self.meeting_round)
        file.seek(0)
        name = f"meetings-{self.desk.pk}-{timezone.localdate():%Y%m%d}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def write_workbook(target: BinaryIO, meeting_round: MeetingRound) -> None:
    """Three sheets: the meetings, slots × tables, wanted meetings without a place."""
    meetings = [m for m in live_meetings(meeting_round) if m.slot and m.table]
    book = Workbook(write_only=True)
    _meetings(book, meetings)
    _grid(book, meeting_round, meetings)
    rows = unplaced(meeting_round, load(meeting_round))
    sheet = start_sheet(
        book,
        gettext("Without a place"),
        [(gettext("One side"), 30), (gettext("Other side"), 30), (gettext("Why"), 60)],
    )
    for row in rows:
        sheet.append([cell_of(sheet, value) for value in (*row.names, row.why)])
    book.save(target)


def _meetings(book: Workbook, meetings: Iterable[Meeting]) -> None:
    heads = (
        (gettext("Day"), 12),
        (gettext("Begins"), 8),
        (gettext("Ends"), 8),
        (gettext("Table"), 10),
        (gettext("One side"), 36),
        (gettext("Other side"), 36),
        (gettext("Status"), 14),
    )
    sheet = start_sheet(book, gettext("List of meetings"), list(heads))
    for meeting in sorted(meetings, key=lambda m: (m.slot.starts_at, m.table.sort_order)):
        begins, ends = map(timezone.localtime, (meeting.slot.starts_at, meeting.slot.ends_at))
        names = [full_name(person) for person in people_of(meeting)]
        values = (
            begins.date(),
            f"{begins:%H:%M}",
            f"{ends:%H:%M}",
            meeting.table.name,
            *(names + ["", ""])[:2],
            meeting.get_status_display(),
        )
        sheet.append([cell_of(sheet, value) for value in values])


def _grid(book: Workbook, meeting_round: MeetingRound, meetings: Iterable[Meeting]) -> None:
    tables = list(meeting_round.tables.all())
    heads = [(gettext("Time"), 18), *((table.name, 28) for table in tables)]
    sheet = start_sheet(book, gettext("Timetable"), heads)
    at = {(meeting.slot_id, meeting.table_id): meeting for meeting in meetings}
    for slot in meeting_round.slots.all():
        cells = [f"{timezone.localtime(slot.starts_at):%m-%d} {slot}"]
        for table in tables:
            meeting = at.get((slot.pk, table.pk))
            cells.append("\n".join(names_of(meeting)) if meeting else "")
        sheet.append([cell_of(sheet, value) for value in cells])
