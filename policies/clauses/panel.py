"""The way from a policy's own screen to its clauses."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class ClausesPanel(Panel):
    """How many clauses the policy has, with links to them and to a new one."""

    def __init__(self, **kwargs):
        kwargs.setdefault("heading", _("Clauses"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template = "policies/admin/policy_clauses.html"

        def is_shown(self):
            return self.request is None or self.request.user.has_perm("policies.view_clause")

        def render_html(self, parent_context=None):
            source, policy = None, self.instance
            if policy.pk:
                pages = type(policy).objects.filter(translation_key=policy.translation_key)
                source = pages.filter(locale__language_code=settings.LANGUAGE_CODE).first()
            count = source.clauses.count() if source else 0
            return render_to_string(self.template, {"source": source, "count": count})
