"""How the log of a desk names what was taken out of it and what was sent."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from events.afterwards import exporting, following_up


@hooks.register("register_log_actions")
def register_report_actions(actions):
    actions.register_action(exporting.ACTION, _("Export"), _("Registrations exported"))
    actions.register_action(following_up.ACTION, _("Follow-up"), _("Follow-up mail sent"))
