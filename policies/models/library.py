from django.utils.translation import gettext_lazy as _

from base.models import ColumnPage
from policies.library import library_context


class PolicyIndexPage(ColumnPage):
    """The policy library: a search among policies (see `policies.library` for its address)."""

    column_type = "政策文件"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["policies.PolicyPage", "policies.InterpretationIndexPage"]

    class Meta:
        verbose_name = _("policy library")

    def shows_body(self, request) -> bool:
        # Who chose something wants the list.
        return not request.GET

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["shows_body"] = self.shows_body(request)
        context.update(library_context(request, self))
        return context
