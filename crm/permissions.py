"""What a user may do at the desk, asked once for screens and buttons. The services check again."""

from dataclasses import dataclass

from wagtail.permission_policies import ModelPermissionPolicy

from crm.models import Lead

lead_policy = ModelPermissionPolicy(Lead)


@dataclass(frozen=True)
class DeskRights:
    work: bool
    assign: bool
    export: bool
    see_all: bool

    @classmethod
    def of(cls, user) -> "DeskRights":
        return cls(
            work=user.has_perm("crm.work_lead"),
            assign=user.has_perm("crm.assign_lead"),
            export=user.has_perm("crm.export_lead"),
            see_all=user.has_perm("crm.view_all_leads"),
        )
