"""Likely twins of a lead, for a person to judge: nothing is ever merged by itself."""

from django.db.models import Q

from crm.models import Lead

LIMIT = 10


def possible_duplicates(lead: Lead) -> list[Lead]:
    """Other leads with the same telephone, e-mail or organisation, newest first."""
    same = Q()
    if lead.phone:
        same |= Q(phone=lead.phone)
    if lead.email_key:
        same |= Q(email_key=lead.email_key)
    if lead.organisation_key:
        same |= Q(organisation_key=lead.organisation_key)
    if not same:
        return []
    return list(
        Lead.objects.filter(same, is_sample=lead.is_sample)
        .exclude(pk=lead.pk)
        .select_related("owner")
        .order_by("-created_at")[:LIMIT]
    )
