"""Versions of a policy: written when its public text has changed, and only here."""

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from base.visibility import visible
from policies.models import PolicyPage, PolicyVersion
from policies.official.record import read_policy


@transaction.atomic
def record_version(
    *, policy_id: int, author=None, note: str = "", is_written: bool = True
) -> PolicyVersion | None:
    """Write the public state of a policy as its next version, unless it is the last one already.

    What is written is read from the database under a lock on the page, so of several who publish at
    once each state is written once, and the last version is what readers see. `author` is a user, or
    None for the author of the live revision; without `is_written` nobody wrote it. Returns the new
    version; None when nothing changed, or the page is not public: who reads its versions later may not
    be who may read it now.
    """
    Page.objects.select_for_update().filter(pk=policy_id).values_list("pk").first()
    policy = visible(PolicyPage.objects.filter(pk=policy_id)).first()
    if policy is None:
        return None
    record = read_policy(policy)
    last = PolicyVersion.objects.filter(policy=policy).latest_first().values("number", "digest")
    last = last.first() or {"number": 0, "digest": ""}
    if last["digest"] == record.digest:
        return None
    if author is None and is_written and policy.live_revision_id:
        author = policy.live_revision.user
    return PolicyVersion.objects.create(
        policy=policy,
        number=last["number"] + 1,
        made_at=timezone.now(),
        digest=record.digest,
        data=record.data,
        author=author,
        note=note,
    )


def record_below(*, page_id: int) -> int:
    """Write the versions of the policies at and below a page that may have become public.

    In all languages: a view restriction holds for every one of them. Returns how many were written.
    """
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        return 0
    keys = page.get_descendants(inclusive=True).values("translation_key")
    ids = PolicyPage.objects.live().filter(translation_key__in=keys).values_list("pk", flat=True)
    return sum(record_version(policy_id=pk) is not None for pk in list(ids))
