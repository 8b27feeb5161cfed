"""All writing at an event's desk. Every function is one transaction and raises the errors it names.

`actor` is the account that does it: the service asks for its permission and raises NotAllowedError. None is
nobody's account: a visitor, whose signed link the view has read, the clock, or the loader of samples.
"""

from .capacities import (
    Drift,
    pass_all_seats_on,
    pass_seats_on,
    recount,
    report_drift,
    seat_drift,
    set_capacity,
)
from .changing import change
from .choosing import check_open
from .deciding import accept_offer, approve, cancel, expire_offers, reject
from .guests import Guest, Person
from .registering import Booking, register
from .seats import held

__all__ = [
    "Booking",
    "Drift",
    "Guest",
    "Person",
    "accept_offer",
    "approve",
    "cancel",
    "change",
    "check_open",
    "expire_offers",
    "held",
    "pass_all_seats_on",
    "pass_seats_on",
    "recount",
    "register",
    "reject",
    "report_drift",
    "seat_drift",
    "set_capacity",
]
