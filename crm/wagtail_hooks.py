from django.contrib.auth.models import Permission
from wagtail import hooks

from crm.viewsets import LeadViewSet, MailViewSet


@hooks.register("register_admin_viewset")
def register_lead_viewset():
    return LeadViewSet()


@hooks.register("register_admin_viewset")
def register_mail_viewset():
    return MailViewSet()


@hooks.register("register_permissions")
def register_lead_permissions():
    """Offer the desk's permissions in the group form, so that an owner can make further roles."""
    return Permission.objects.filter(content_type__app_label="crm", content_type__model="lead")
