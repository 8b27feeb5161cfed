"""What a document's relations and days do to the validity that is stored with it.

The stored validity is what lists, filters and the search read. It follows when a relation is published,
changed or withdrawn, when a document is published, and when a day arrives (`tend_policies`). What the
editor had entered is kept beside it (`validity_said`) and counts again when the cause is gone.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from policies.choices import INVALID, Validity
from policies.models import PolicyPage, PolicyRelation
from policies.record.family import effects_on
from policies.record.validity import Standing, sentence, standing
from search.attachment_pages import reindex_pages_soon

LOG_ACTION = "policies.record.validity"
BATCH = 200
STORED = ("validity", "validity_said", "validity_settled", "validity_until")


def settle(keys: Iterable[UUID], *, today: date | None = None, reindex: bool = False) -> list[int]:
    """Bring the stored validity of documents in line with their dates and relations.

    Args:
        keys: translation keys; every language of a document follows its Chinese page.
        today: the day it is looked at, today by default.
        reindex: index the pages anew even where nothing stored changed: a day has passed.

    Returns:
        The ids of the pages whose stored validity changed.
    """
    today = today or timezone.localdate()
    keys = list(dict.fromkeys(keys))
    changed: list[int] = []
    for start in range(0, len(keys), BATCH):
        changed += _settle(keys[start : start + BATCH], today, reindex)
    return changed


@transaction.atomic
def _settle(keys: list[UUID], today: date, reindex: bool) -> list[int]:
    pages = (
        PolicyPage.objects.filter(translation_key__in=keys)
        .select_related("locale")
        .defer("body")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    versions: dict[UUID, list[PolicyPage]] = defaultdict(list)
    for page in pages:
        versions[page.translation_key].append(page)
    effects = effects_on(versions)
    changed, to_index = [], []
    for key, languages in versions.items():
        source = _source(languages)
        facts = source.facts(effects[key])
        found = standing(facts, today)
        for page in languages:
            before, shown = page.validity, page.search_status
            _store(page, found, facts.entered)
            if page.search_status != shown:
                to_index.append(page.pk)
            if page.validity != before:
                changed.append(page.pk)
                _follow(page, before, sentence(found, facts, today))
            if reindex:
                to_index.append(page.pk)
    if to_index:
        reindex_pages_soon(set(to_index), now=True)
    return changed


def _source(languages: list[PolicyPage]) -> PolicyPage:
    for page in languages:
        if page.locale.language_code == settings.LANGUAGE_CODE:
            return page
    return languages[0]


def _store(page: PolicyPage, found: Standing, entered: str) -> None:
    """Write what was found where it differs from what is stored."""
    values = dict(zip(STORED, (found.validity, entered, found.validity, found.until), strict=True))
    values = {name: value for name, value in values.items() if getattr(page, name) != value}
    if values:
        PolicyPage.objects.filter(pk=page.pk).update(**values)
        for name, value in values.items():
            setattr(page, name, value)


def _follow(page: PolicyPage, before: str, reason: str) -> None:
    """What hangs on the stored validity: drafts that an editor will open, history, versions."""
    ids = {pk for pk in (page.latest_revision_id, page.live_revision_id) if pk}
    for revision in Revision.objects.filter(pk__in=ids):
        # A draft in which somebody chose another value keeps it.
        if revision.content.get("validity") == before:
            revision.content |= {
                name: json.loads(json.dumps(getattr(page, name), default=str)) for name in STORED
            }
            revision.save(update_fields=["content"])
    log(
        instance=page,
        action=LOG_ACTION,
        data={"from": str(before), "to": str(page.validity), "reason": str(reason)},
    )
    with translation.override(page.locale.language_code):
        note = gettext("The validity followed a date or another document.")
    # Not here: who saves the page at this moment holds its row and waits for ours.
    transaction.on_commit(partial(_record, page.pk, note), robust=True)


def _record(page_id: int, note: str) -> None:
    """Readers rely on the validity, so another one makes another version."""
    from policies.services.versions import record_version  # which imports the models, too

    record_version(policy_id=page_id, note=note, is_written=False)


def settle_family(page: PolicyPage) -> None:
    """Settle a document that was published or withdrawn, and those that its relations point to."""
    targets = PolicyRelation.objects.filter(page__translation_key=page.translation_key)
    keys = set(targets.values_list("target__translation_key", flat=True))
    settle({page.translation_key, *keys})


def settle_target(relation: PolicyRelation) -> None:
    """Settle the document that a relation points, or pointed, to."""
    keys = Page.objects.filter(pk=relation.target_id).values_list("translation_key", flat=True)
    settle(keys)


def tend(today: date | None = None) -> int:
    """Settle the documents whose day has arrived. Returns how many changed.

    Documents that came into the database past publishing (by an import) are settled here, too.
    """
    today = today or timezone.localdate()
    ended = (*INVALID, Validity.DRAFT)
    due = Q(validity_until__lt=today)
    due |= Q(in_force_until__lt=today) & ~Q(validity__in=ended)
    due |= Q(validity_until=None, in_force_from__gt=today) & ~Q(validity__in=ended)
    keys = PolicyPage.objects.filter(due).values_list("translation_key", flat=True).distinct()
    return len(settle(list(keys), today=today, reindex=True))


def connect() -> None:
    """Called once, when the application is ready."""
    from django.db.models.signals import post_delete, post_save
    from wagtail.signals import page_published, page_unpublished

    def page_changed(instance, in_bulk=False, **kwargs):
        if not in_bulk:  # then whoever publishes settles many at once
            settle_family(instance)

    def relation_changed(instance, raw=False, **kwargs):
        if not raw:
            settle_target(instance)

    for signal in (page_published, page_unpublished):
        signal.connect(page_changed, PolicyPage, weak=False, dispatch_uid="policies-effects")
    for signal in (post_save, post_delete):
        signal.connect(
            relation_changed, PolicyRelation, weak=False, dispatch_uid="policies-effects"
        )
