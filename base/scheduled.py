"""Publishing at the time that was set: the page is asked once more, for much can change until then.

What a page lacks was asked when it was scheduled. Until its day another page may have been published that
leaves it no room (two documents that abolish each other), or a rule may have come. A page that may not be
published any more is taken off the schedule, says why in its history, and its publisher gets a mail; the
pages scheduled after it go on.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, PageLogEntry, Revision

from base.models import BasePage

logger = logging.getLogger(__name__)

REFUSED = "base.publish.refused"


def take_down_expired(now: datetime | None = None) -> int:
    """Unpublish everything whose time is over; returns how many there were."""
    now = now or timezone.now()
    models = [Page, *(model for model in apps.get_models() if _has_drafts_of_its_own(model))]
    expired = [
        one
        for model in models
        for one in model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
    ]
    return sum(_alone(_unpublish, one) for one in expired)


def publish_due(now: datetime | None = None) -> int:
    """Publish every revision whose time has come, the earliest first; returns how many were published."""
    now = now or timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at", "pk")
    return sum(_alone(_publish, pk) for pk in list(due.values_list("pk", flat=True)))


def _has_drafts_of_its_own(model: type) -> bool:
    return issubclass(model, DraftStateMixin) and not issubclass(model, Page)


def _alone(step, what) -> bool:
    """One step in a transaction of its own. What fails in it is logged and stays scheduled."""
    try:
        with transaction.atomic():
            return step(what)
    except Exception:  # whatever is wrong with one page, the others' time has come, too
        logger.exception("%s: %s could not be done at its time", step.__name__, what)
        return False


def _unpublish(one) -> bool:
    one.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _publish(pk: int) -> bool:
    # Read again and locked: a publisher may have taken it off the schedule meanwhile.
    revision = Revision.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if revision is None or revision.approved_go_live_at is None:
        return False
    page = revision.as_object()
    problems = _problems_of(page)
    if problems:
        _refuse(revision, page, problems)
        return False
    revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _problems_of(page) -> list[str]:
    """What keeps a page from being published now, in the words of the site's first language."""
    if not isinstance(page, BasePage):
        return []
    with translation.override(settings.LANGUAGE_CODE):
        problems = [problem.message for problem in page.publish_problems()]
        try:
            page.full_clean()
        except ValidationError as error:
            problems += error.messages
    return list(dict.fromkeys(map(str, problems)))


def _refuse(revision: Revision, page: BasePage, problems: list[str]) -> None:
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    logger.warning("Page %s was not published at its time: %s", page.pk, " ".join(problems))
    log(instance=page, action=REFUSED, revision=revision, data={"problems": problems})
    who = _who_scheduled(revision)
    if who is not None and who.email and who.is_active:
        transaction.on_commit(lambda: _tell(who.email, page, problems), robust=True)


def _who_scheduled(revision: Revision):
    """The publisher who set the time, or else who wrote the draft."""
    entry = (
        PageLogEntry.objects.filter(revision=revision, action="wagtail.publish.schedule")
        .exclude(user=None)
        .order_by("-timestamp")
        .first()
    )
    return entry.user if entry else revision.user


def _tell(email: str, page: BasePage, problems: Iterable[str]) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    context = {
        "title": page.title,
        "problems": problems,
        "url": f"{settings.WAGTAILADMIN_BASE_URL}{address}",
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Not published at its time: %(title)s") % {"title": page.title}
        body = render_to_string("base/mail/not_published.txt", context)
    message = EmailMessage(subject=" ".join(subject.split()), body=body, to=[email])
    try:
        message.send()
    except (OSError, SMTPException) as error:  # it stands in the page's history all the same
        logger.warning("The mail about page %s did not leave: %s", page.pk, type(error).__name__)
