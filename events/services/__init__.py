from .changing import (
    accept_offer,
    approve,
    cancel,
    change,
    expire_offers,
    pass_seats_on,
    reject,
    set_capacity,
)
from .registering import Booking, Guest, Person, register

__all__ = [
    "Booking",
    "Guest",
    "Person",
    "accept_offer",
    "approve",
    "cancel",
    "change",
    "expire_offers",
    "pass_seats_on",
    "register",
    "reject",
    "set_capacity",
]
