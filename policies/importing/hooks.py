from django.contrib.auth.models import Permission
from wagtail import hooks

from policies.importing.admin import register_log_actions

hooks.register("register_log_actions", register_log_actions)


@hooks.register("register_permissions")
def register_exchange_permissions():
    """Offer import and export in the group form."""
    return Permission.objects.filter(
        content_type__app_label="policies", content_type__model="importjob"
    )
