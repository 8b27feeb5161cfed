"""What the admin says when Elasticsearch does not answer."""

from dataclasses import dataclass
from datetime import datetime

from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from search import health


@dataclass(frozen=True)
class Outage:
    since: datetime | None
    waiting: int


def outage() -> Outage | None:
    """How long Elasticsearch has not answered and how many changes wait; None when all is well.

    None, too, for a site that searches in its database by choice.
    """
    if not health.configured():
        return None
    status = health.status()
    return None if status["up"] else Outage(status["since"], status["waiting"])


def outage_for(user) -> Outage | None:
    """The same for those who may publish; others can't do anything with it."""
    if not page_permission_policy.user_has_permission(user, "publish"):
        return None
    return outage()


class EnginePanel(Component):
    """The notice on the first screen of the admin."""

    name = "search_engine"
    template_name = "search/admin/engine_notice.html"
    order = 10

    def get_context_data(self, parent_context):
        return {"outage": outage_for(parent_context["request"].user)}
