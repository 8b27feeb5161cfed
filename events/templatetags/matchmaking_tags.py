"""What pages and mails about meetings look up. Mails when they leave: none may be older than the page."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from base.signed_links import whole_url
from events.choices import RequestStatus, Side
from events.links import registration_token
from events.matchmaking.agenda import Item, coming, meetings_of
from events.matchmaking.taking_part import name_of
from events.models import MeetingRequest, Participant, Registration

register = template.Library()


@register.simple_tag
def one_to_one_url(registration: Registration, page: str = "home") -> str:
    """The whole address of a page of somebody's meetings."""
    token = registration_token(registration)
    return whole_url(f"matchmaking:{page}", [token], registration.language)


@register.simple_tag
def coming_meetings(registration: Registration) -> list[Item]:
    """The meetings of a registration that are to take place, once the timetable was told."""
    participant = Participant.objects.select_related("round").filter(registration=registration)
    me = participant.first()
    return coming(meetings_of(me)) if me else []


@register.simple_tag
def request_is_open(request_id: int) -> bool:
    """Whether a request still waits for an answer."""
    return MeetingRequest.objects.filter(pk=request_id, status=RequestStatus.OPEN).exists()


register.filter("called", name_of)


@register.filter
def side_label(value: str) -> str:
    return str(dict(Side.choices).get(value, ""))


@register.filter
def moment(value: str) -> datetime | None:
    """A time as mails keep it, at the place of the site."""
    parsed = parse_datetime(value) if value else None
    return timezone.localtime(parsed) if parsed else None
