"""The versions of policies in the admin: to look at, to say why one was made, to withhold one from readers.

Nothing else is added, changed or deleted here: versions are what readers could see.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from policies.models import PolicyVersion


class NoteOnlyPolicy(ModelPermissionPolicy):
    """Of the usual permissions those to look and to change."""

    def _allowed(self, action: str) -> bool:
        return action in ("change", "view")

    def user_has_permission(self, user, action):
        return self._allowed(action) and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, list(filter(self._allowed, actions)))

    def users_with_any_permission(self, actions):
        return super().users_with_any_permission(list(filter(self._allowed, actions)))


class VersionIndexView(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("policy", "author").defer("data")


class PolicyVersionViewSet(ModelViewSet):
    model = PolicyVersion
    name = "policy_versions"
    icon = "history"
    menu_label = _("Versions of policies")
    permission_policy = NoteOnlyPolicy(PolicyVersion)
    index_view_class = VersionIndexView
    form_fields = ["note", "is_withheld"]
    copy_view_enabled = False
    add_to_reference_index = False
    ordering = "-made_at"
    search_fields = ["policy__title"]
    list_per_page = 50
    list_display = [
        "__str__",
        DateColumn("made_at", label=_("Published here"), sort_key="made_at"),
        Column("author", label=_("Author")),
        Column("note", label=_("Note")),
        BooleanColumn("is_withheld", label=_("Withheld")),
    ]

    def get_common_view_kwargs(self, **kwargs):
        # Nothing refers to a version.
        return super().get_common_view_kwargs(**{"usage_url_name": None, **kwargs})
