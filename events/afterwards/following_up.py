"""A word after the event to those who came, or to those who did not: once each, in their language."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from events.choices import RegistrationStatus
from events.models import Attendee, EventMail, Registration, RegistrationDesk
from events.outbox import queue_mail

CAME, ABSENT = "came", "absent"
WHOM = [(CAME, _("Those who came")), (ABSENT, _("Those who were expected and did not come"))]
ACTION = "events.follow_up"


@dataclass(frozen=True)
class Words:
    """What is written in one language; without a text that language's readers get the other one."""

    subject: str
    text: str


def addressed(desk: RegistrationDesk, whom: str) -> QuerySet:
    """Who would be written to. Nobody stays away from an event before it is over."""
    entered = Attendee.objects.filter(registration=OuterRef("pk")).exclude(entered_at=None)
    confirmed = desk.registrations.filter(
        status=RegistrationStatus.CONFIRMED, anonymised_at=None, is_sample=False
    ).exclude(email="")
    if whom == CAME:
        return confirmed.filter(Exists(entered))
    if desk.page.status != "past":
        return confirmed.none()
    return confirmed.exclude(Exists(entered))


def follow_up(desk: RegistrationDesk, *, whom: str, chinese: Words, english: Words, actor) -> int:
    """Queue the mail for everybody addressed who has not been sent this text; returns how many.

    Sent again with the same words it reaches only who came to be addressed since.
    """
    said = "\x1f".join([whom, chinese.subject, chinese.text, english.subject, english.text])
    once = f"follow_up:{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    queued = 0
    for registration in addressed(desk, whom).exclude(mails__once=once).order_by("pk"):
        words = words_for(registration, chinese, english)
        mail = queue_mail(
            registration,
            EventMail.Purpose.FOLLOW_UP,
            once=once,
            subject=words.subject,
            text=words.text,
        )
        queued += mail is not None
    with transaction.atomic():
        log(instance=desk, action=ACTION, user=actor, data={"whom": whom, "count": queued})
    return queued


def words_for(registration: Registration, chinese: Words, english: Words) -> Words:
    prefers_chinese = registration.language.startswith("zh")
    first, second = (chinese, english) if prefers_chinese else (english, chinese)
    return first if first.text else second
