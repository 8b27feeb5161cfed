from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from base.models import ColumnPage
from base.visibility import visible


class InquiryPage(ColumnPage):
    """The page that carries the inquiry form; the other page types embed the same form."""

    column_type = "咨询投诉"
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("inquiry page")
        verbose_name_plural = _("inquiry pages")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        # The form reads this module's models, so it can't be imported while they are made.
        from crm.form_context import blank_form_context

        context = super().get_context(request, *args, **kwargs)
        context.update(blank_form_context(request, source=self, hints=request.GET))
        return context

    @classmethod
    def in_active_language(cls, home: Page | None) -> "InquiryPage | None":
        """The live inquiry page below `home`, for the form's own address when it has errors."""
        if home is None:
            return None
        return visible(cls.objects.child_of(home)).first()
