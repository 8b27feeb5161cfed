"""The report of an event in the admin, and what follows from it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView, TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from base.spreadsheets import XLSX, write_xlsx
from events.afterwards import figures
from events.afterwards.exporting import PERMISSION, ReasonMissingError, export_registrations
from events.afterwards.following_up import addressed, follow_up
from events.afterwards.forms import ExportForm, FollowUpForm
from events.afterwards.results import draft_results, in_words
from events.afterwards.several import PeriodForm, month_of, reported, total
from events.desk_admin.base import DeskMixin

UNPROCESSABLE = 422
REPORT = "events.report_event"


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store, private"
    return response


class ReportMixin(DeskMixin):
    permission = REPORT
    header_icon = "table"
    part = "desks:report"


class ReportView(ReportMixin, TemplateView):
    template_name = "events/afterwards/report.html"
    page_title = _("Report")

    def get_context_data(self, **kwargs) -> dict:
        desk, user = self.desk, self.request.user
        return super().get_context_data(
            attended=figures.attended(desk),
            tables=tables(desk),
            days=figures.by_day(desk),
            meetings=figures.meetings(desk),
            leads=figures.leads(desk),
            sentence=in_words(desk),
            may_write=user.has_perm("events.work_registration"),
            may_draft=desk.page.permissions_for_user(user).can_edit(),
            may_export=user.has_perm(PERMISSION),
            **kwargs,
        )


def tables(desk) -> list[tuple[str, list[figures.Row]]]:
    """The tables of the report that have rows, with their headings."""
    found = [
        (gettext("How they came to register"), figures.by_source(desk)),
        (gettext("Kind of attendance"), figures.by_attendance(desk)),
        (gettext("Sessions"), figures.by_session(desk)),
        (gettext("Organisations"), figures.by_organisation(desk)),
    ]
    return [(title, rows) for title, rows in found if rows]


class ReportFileView(ReportMixin, View):
    """The report as a workbook; it names nobody."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        heads = [gettext("What"), gettext("Persons expected"), gettext("Came")]
        sheets = [
            (title, heads, [(row.label, row.expected, row.came) for row in rows])
            for title, rows in tables(self.desk)
        ]
        days = [(day.isoformat(), number) for day, number in figures.by_day(self.desk)]
        sheets.append(
            (gettext("Registrations by day"), [gettext("Day"), gettext("Registrations")], days)
        )
        return attachment(write_xlsx(sheets), XLSX, f"report-{self.desk.pk}.xlsx")


class DraftResultsView(ReportMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        if not self.desk.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        draft_results(self.desk, actor=request.user)
        messages.success(
            request, gettext("The figures stand in a draft of the page, for an editor to publish.")
        )
        return redirect("wagtailadmin_pages:edit", self.desk.page_id)


class FollowUpView(ReportMixin, FormView):
    """Written, looked at, sent: the mail leaves with the second press, once it was shown."""

    permission = "events.work_registration"
    form_class = FollowUpForm
    template_name = "events/afterwards/follow_up.html"
    page_title = _("Write to those who came")
    header_icon = "mail"

    def get_initial(self) -> dict:
        return {"whom": "came"}

    def form_valid(self, form: FollowUpForm) -> HttpResponse:
        whom = form.cleaned_data["whom"]
        if not form.cleaned_data["is_seen"]:
            number = addressed(self.desk, whom).count()
            return self.render_to_response(
                self.get_context_data(form=form, is_preview=True, number=number)
            )
        number = follow_up(
            self.desk,
            whom=whom,
            chinese=form.chinese,
            english=form.english,
            actor=self.request.user,
        )
        text = ngettext(
            "%(number)s mail is on its way.", "%(number)s mails are on their way.", number
        )
        messages.success(self.request, text % {"number": number})
        return redirect("desks:report", self.desk.pk)

    def form_invalid(self, form: FollowUpForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class ExportView(ReportMixin, FormView):
    permission = PERMISSION
    form_class = ExportForm
    template_name = "events/afterwards/export.html"
    page_title = _("Export registrations")
    header_icon = "download"

    def form_valid(self, form: ExportForm) -> HttpResponse:
        try:
            return attachment(
                *export_registrations(self.desk, actor=self.request.user, **form.cleaned_data)
            )
        except ReasonMissingError as error:
            form.add_error("reason", str(error))
            return self.form_invalid(form)

    def form_invalid(self, form: ExportForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class SeveralMixin:
    """Of all events, for whoever may see reports."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(REPORT):
            raise PermissionDenied
        self.form = PeriodForm(request.GET)
        self.desks = list(reported(self.form.chosen))
        return super().dispatch(request, *args, **kwargs)


class SeveralView(SeveralMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "events/afterwards/several.html"
    page_title = _("Reports of events")
    header_icon = "table"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            form=self.form,
            desks=self.desks,
            total=total(self.desks),
            query=self.request.GET.urlencode(),
            **kwargs,
        )


class SeveralFileView(SeveralMixin, View):
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        heads = [
            gettext("Month"),
            gettext("Event"),
            gettext("Enclave"),
            gettext("Series"),
            gettext("Persons expected"),
            gettext("Came"),
            gettext("Organisations"),
            gettext("Leads"),
            gettext("Meetings held"),
            gettext("Of them agreed"),
        ]
        rows = [
            (
                month_of(desk),
                desk.page.title,
                desk.page.enclave.title if desk.page.enclave else "",
                str(desk.page.series or ""),
                desk.persons,
                desk.came,
                desk.organisations,
                desk.leads,
                desk.held,
                desk.agreed,
            )
            for desk in self.desks
        ]
        return attachment(write_xlsx([(gettext("Events"), heads, rows)]), XLSX, "events.xlsx")
