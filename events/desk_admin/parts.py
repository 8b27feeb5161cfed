"""What an event's desk has in the admin: each part of the room adds its page here, in the order of the day.

The links stand above every page of a desk; a link is shown to whoever has the permission.
"""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Part:
    """`view` is the name of a view that takes the desk's id."""

    label: str | Promise
    view: str
    permission: str


PARTS: list[Part] = []
