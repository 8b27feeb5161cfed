"""What freshness and alerts register in the admin."""

from django.contrib.auth.models import Permission
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from policies.freshness.admin import FreshnessPanel


@hooks.register("construct_homepage_panels")
def show_what_is_due(request, panels):
    panels.append(FreshnessPanel())


@hooks.register("register_log_actions")
def register_check(actions):
    actions.register_action(
        "policies.check", _("Compare with the source"), _("Compared with the source")
    )


@hooks.register("register_permissions")
def register_freshness_permissions():
    """Offer them in the group form, so that an owner can make further roles."""
    return Permission.objects.filter(
        content_type__app_label="policies",
        codename__in=["add_policycheck", "view_policycheck", "view_linkcheck", "view_subscription"],
    )
