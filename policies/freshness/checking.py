"""Confirming that a policy here is what its source says."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from policies.freshness.errors import (
    CheckBeforePublishingError,
    CheckInFutureError,
    CheckNotAllowedError,
    CheckOutdatedError,
)
from policies.models import FreshnessSettings, PolicyCheck, PolicyPage

NOTE_LENGTH = 300
PERMISSION = "policies.add_policycheck"


@transaction.atomic
def confirm_checked(
    *, policy: PolicyPage, by, on: date | None = None, note: str = ""
) -> PolicyCheck:
    """Note that `by` compared the policy with its source on the day `on` (today), and when it is due again.

    The document is one in all its languages: each of its pages gets the same days. `note` is cut to
    300 characters. Drafts in work are not touched and take nothing back when they are published.

    Raises CheckNotAllowedError, CheckBeforePublishingError, CheckInFutureError, CheckOutdatedError.
    """
    today = timezone.localdate()
    on = on or today
    if not by.has_perm(PERMISSION):
        raise CheckNotAllowedError
    if on > today:
        raise CheckInFutureError
    pages = PolicyPage.objects.filter(translation_key=policy.translation_key)
    locked = {page.pk: page for page in pages.select_for_update(of=("self",)).order_by("pk")}
    current = locked.get(policy.pk)
    if current is None or not current.live:
        raise CheckBeforePublishingError
    if current.checked_on and on < current.checked_on:
        raise CheckOutdatedError
    next_due = on + timedelta(days=FreshnessSettings.load().interval_days)
    pages.update(checked_on=on, checked_by=by, next_due=next_due)
    check = PolicyCheck.objects.create(
        policy=current, by=by, on=on, next_due=next_due, note=note.strip()[:NOTE_LENGTH]
    )
    log(
        instance=current,
        action="policies.check",
        user=by,
        data={"on": on.isoformat(), "next_due": next_due.isoformat(), "note": check.note},
    )
    policy.checked_on, policy.checked_by, policy.next_due = on, by, next_due
    return check


@transaction.atomic
def confirm_several(
    *, policies: Iterable[PolicyPage], by, on: date | None = None, note: str = ""
) -> list[PolicyCheck]:
    """Confirm all or none of them, in one order, so that two who confirm the same wait for each other.

    Raises what `confirm_checked` raises.
    """
    return [
        confirm_checked(policy=policy, by=by, on=on, note=note)
        for policy in sorted(policies, key=lambda policy: str(policy.translation_key))
    ]
