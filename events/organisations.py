"""The organisation that a registration surely belongs to."""

from crm.models import Organisation
from crm.models.organisation import name_key
from events.models import Registration


def known_organisation(registration: Registration) -> Organisation | None:
    """Linked already, or the only one so called; None for a sample that is not linked.

    A registration makes no organisation: that takes the consent to being contacted.
    """
    if registration.organisation_id or registration.is_sample:
        return registration.organisation
    key = name_key(registration.organisation_name)
    same = list(Organisation.objects.filter(name_key=key)[:2]) if key else []
    return same[0] if len(same) == 1 else None
