"""Development's mail viewer: for superusers, and only where mails are written to files."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from crm import mailbox


class MailView(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "mail"
    page_title = _("Mails")

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not (request.user.is_superuser and mailbox.is_available()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class MailListView(MailView):
    template_name = "crm/admin/mail_list.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(mails=mailbox.list_mails(), **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*self.breadcrumbs_items, {"url": "", "label": gettext("Mails")}]


class MailDetailView(MailView):
    template_name = "crm/admin/mail_detail.html"

    def get_context_data(self, **kwargs) -> dict:
        mail = mailbox.find_mail(self.kwargs["file"], self.kwargs["position"])
        if mail is None:
            raise Http404
        return super().get_context_data(mail=mail, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("mails:index"), "label": gettext("Mails")},
            {"url": "", "label": gettext("Mail")},
        ]
