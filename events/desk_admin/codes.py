"""Invitation codes of a desk: made, taken back, taken along as a file."""

from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import FormView
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from base.cells import safe_cell
from base.signed_links import whole_url
from events.desk_admin.base import DeskMixin
from events.desk_admin.forms import CodesForm
from events.desk_admin.setup import UNPROCESSABLE
from events.errors import EventError
from events.services.codes import make_codes, set_code_valid

PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CodesMixin(DeskMixin):
    permission = "events.change_registrationdesk"
    header_icon = "key"


class CodesView(CodesMixin, FormView):
    form_class = CodesForm
    template_name = "events/desk_admin/codes.html"
    page_title = _("Invitation codes")

    def form_valid(self, form: CodesForm) -> HttpResponse:
        data = form.cleaned_data
        number = data.pop("number") or 1
        try:
            made = make_codes(desk=self.desk, number=number, actor=self.request.user, **data)
        except EventError as error:
            form.add_error(error.field, str(error))
            return self.form_invalid(form)
        text = ngettext("%(number)s code was made.", "%(number)s codes were made.", len(made))
        messages.success(self.request, text % {"number": len(made)})
        return redirect("desks:codes", self.desk.pk)

    def form_invalid(self, form: CodesForm) -> HttpResponse:
        messages.error(self.request, gettext("Not saved: please mend what is marked."))
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def get_context_data(self, **kwargs) -> dict:
        pages = Paginator(self.desk.codes.order_by("-pk"), PER_PAGE)
        return super().get_context_data(
            page_obj=pages.get_page(self.request.GET.get("p")), now=timezone.now(), **kwargs
        )


class CodeValidView(CodesMixin, View):
    """Take a code back, or let it be good again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, desk_id: int, code_id: int) -> HttpResponse:
        code = self.desk.codes.filter(pk=code_id).first()
        if code is None:
            raise Http404
        set_code_valid(code=code, is_active=not code.is_active, actor=request.user)
        return redirect("desks:codes", desk_id)


class CodesFileView(CodesMixin, View):
    """All codes with the address that fills each in, as a spreadsheet."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, desk_id: int) -> HttpResponse:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet()
        for row in self.rows():
            cells = [WriteOnlyCell(sheet, safe_cell(value)) for value in row]
            for cell in cells:
                if cell.data_type == "f":
                    cell.data_type = "s"
            sheet.append(cells)
        file = BytesIO()
        workbook.save(file)
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"codes-{desk_id}.xlsx", content_type=XLSX
        )

    def rows(self):
        yield [
            gettext("code"),
            gettext("for whom"),
            gettext("may be used (times)"),
            gettext("used"),
            gettext("until"),
            gettext("valid"),
            gettext("address"),
        ]
        language = self.desk.page.locale.language_code
        form = whole_url("registration:form", [self.desk.page_id], language)
        for code in self.desk.codes.all():
            until = timezone.localtime(code.expires_at) if code.expires_at else None
            yield [
                code.code,
                code.note,
                code.uses_max,
                code.used,
                f"{until:%Y-%m-%d %H:%M}" if until else "",
                gettext("yes") if code.is_active else gettext("no"),
                f"{form}?code={code.code}",
            ]
