from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from policies.choices import Validity
from policies.record.effects import LOG_ACTION


@hooks.register("register_log_actions")
def register_validity_log(actions):
    """A change of validity that nobody typed stands in the page's history with its reason."""

    @actions.register_action(LOG_ACTION)
    class ValidityFormatter(LogFormatter):
        label = _("Validity followed")

        def format_message(self, log_entry):
            change = {
                "before": Validity(log_entry.data["from"]).label,
                "after": Validity(log_entry.data["to"]).label,
                "reason": log_entry.data["reason"],
            }
            return _("Validity went from %(before)s to %(after)s. %(reason)s") % change
