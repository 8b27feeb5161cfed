from django.utils.translation import gettext_lazy as _

from base.models import ColumnPage
from base.visibility import visible
from policies.library import library_context
from policies.models.interpretation import InterpretationIndexPage


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
        if not request.GET.get("q"):  # a search by words asks the database enough
            below = InterpretationIndexPage.objects.child_of(self).select_related("locale")
            context["interpretations"] = visible(below).first()
        context.update(library_context(request, self))
        return context
