"""The library's screens in the admin, in one menu; what else it says there, each part registers itself."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from policies.clauses import hooks as clause_hooks  # noqa: F401
from policies.clauses.admin import ClauseViewSet
from policies.clauses.word_admin import GateWordViewSet
from policies.freshness import hooks as freshness_hooks  # noqa: F401
from policies.freshness.viewsets import BoardViewSet, HolidayViewSet, SubscriptionViewSet
from policies.importing import hooks as import_hooks  # noqa: F401
from policies.importing.admin import ExchangeViewSet
from policies.official.version_admin import PolicyVersionViewSet
from policies.record import hooks as record_hooks  # noqa: F401


class PolicyViewSetGroup(ViewSetGroup):
    items = (
        BoardViewSet(),
        ClauseViewSet(),
        GateWordViewSet(),
        ExchangeViewSet(),
        PolicyVersionViewSet(),
        SubscriptionViewSet(),
        HolidayViewSet(),
    )
    menu_label = _("Policies")
    menu_name = "policies"
    menu_icon = "doc-full"
    menu_order = 170


@hooks.register("register_admin_viewset")
def register_policy_viewsets():
    return PolicyViewSetGroup()
