"""What must be there before a page goes public: checked by the page, not by a person's memory.

A page type says what it lacks in `publish_problems()`; the editor's form, the bulk action and
the publish view all ask there.
"""

from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel


@dataclass(frozen=True)
class Problem:
    """One thing that is missing or wrong. `field` is a field's name, or "" for the whole page."""

    field: str
    message: str


class PublishCheckForm(WagtailAdminPageForm):
    """Refuses to publish or to submit an incomplete page; saving a draft is always possible."""

    def _post_clean(self):
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for problem in self.instance.publish_problems():
            field = problem.field if problem.field in self.fields else NON_FIELD_ERRORS
            self.add_error(None if field == NON_FIELD_ERRORS else field, problem.message)


class PublishCheckPanel(Panel):
    """Lists in the editor what the page still lacks, as of its last saving."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", _("Before publishing"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        def render_html(self, parent_context=None):
            is_new = not self.instance.pk
            problems = None if is_new else self.instance.publish_problems()
            warnings = [] if is_new else self.instance.publish_warnings()
            return render_to_string(
                "base/publish_check_panel.html",
                {"problems": problems, "warnings": warnings, "is_new": is_new},
            )
