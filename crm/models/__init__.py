from .activity import Activity
from .consent import (
    INQUIRY_KINDS,
    LEAD_KINDS,
    Consent,
    ConsentKind,
    ConsentReceipt,
    ConsentText,
    text_hash,
)
from .delivery import Delivery
from .lead import Currency, Lead
from .organisation import Contact, Organisation
from .pages import InquiryPage
from .rate import RateCounter

__all__ = [
    "INQUIRY_KINDS",
    "LEAD_KINDS",
    "Activity",
    "Consent",
    "ConsentKind",
    "ConsentReceipt",
    "ConsentText",
    "Contact",
    "Currency",
    "Delivery",
    "InquiryPage",
    "Lead",
    "Organisation",
    "RateCounter",
    "text_hash",
]
