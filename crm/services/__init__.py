"""All writing of the room. Every function is one transaction and raises the errors it names."""

from .capture import Capture, GivenConsent, capture_lead
from .desk import (
    add_note,
    assign_lead,
    change_stage,
    log_export,
    reveal_contact,
    take_lead,
)
from .outbox import attempt_delivery, deliver_pending
from .privacy import anonymise_lead, purge_expired, remove_sample_leads, withdraw_consent
from .rate import Count, count_inquiry, forget_old_counts

__all__ = [
    "Capture",
    "Count",
    "GivenConsent",
    "add_note",
    "anonymise_lead",
    "assign_lead",
    "attempt_delivery",
    "capture_lead",
    "change_stage",
    "count_inquiry",
    "deliver_pending",
    "forget_old_counts",
    "log_export",
    "purge_expired",
    "remove_sample_leads",
    "reveal_contact",
    "take_lead",
    "withdraw_consent",
]
