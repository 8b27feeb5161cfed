"""What all pages of a desk in the admin have in common."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.generic.base import ContextMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from events.models import RegistrationDesk


class DeskMixin(WagtailAdminTemplateMixin, ContextMixin):
    """A view of one desk (`desk_id` in its address), for whoever has `permission`; never stored by a browser.

    The template extends events/desk_admin/desk.html. `part` names the part of `parts.py` that a view
    belongs to when it is not one itself; it then stands between the desk and the view in the breadcrumbs.
    """

    permission = "events.view_registrationdesk"
    header_icon = "clipboard-list"
    part = ""
    part_label = ""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        return response

    @cached_property
    def desk(self) -> RegistrationDesk:
        desks = RegistrationDesk.objects.select_related("page__locale")
        return get_object_or_404(desks, pk=self.kwargs["desk_id"])

    def form_button(self) -> list[HeaderButton]:
        """The way to the form as visitors see it, where there is one."""
        page = self.desk.page
        if not page.live:
            return []
        url = reverse("registration:form", args=[page.pk])
        return [HeaderButton(gettext("Look at the form"), url=url, icon_name="view")]

    def get_header_title(self) -> str:
        return f"{self.desk}: {self.get_page_title()}"

    def get_breadcrumbs_items(self) -> list[dict]:
        items = [
            *self.breadcrumbs_items,
            {"url": reverse("desks:index"), "label": gettext("Registration desks")},
            {"url": reverse("desks:overview", args=[self.desk.pk]), "label": str(self.desk)},
        ]
        if self.part:
            label = self.part_label or gettext("Go back")
            items.append({"url": reverse(self.part, args=[self.desk.pk]), "label": label})
        return [*items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(desk=self.desk, part=self.part, **kwargs)
