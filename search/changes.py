"""What Elasticsearch has yet to hear of: noted with the change itself, sent by a task.

The note is written in the transaction of the change, so nothing is lost when Elasticsearch, the
worker or the queue is away; until it is sent, the page is left out of what Elasticsearch finds.
"""

import logging
import time
from collections.abc import Iterable

from django.apps import apps
from django.db import models, transaction
from modelsearch.index import get_indexed_instance, get_indexed_models
from wagtail.models import Page

from search.models import PendingChange

logger = logging.getLogger(__name__)
BATCH = 200


def root_of(model: type[models.Model]) -> type[models.Model]:
    """The model whose index an object is in: Page for every page."""
    parents = list(model._meta.parents)
    return root_of(parents[0]) if parents else model


def note(model: type[models.Model], ids: Iterable[object]) -> None:
    """Note that objects changed or went. A task sends them after the transaction."""
    from search.tasks import send_changes

    label = root_of(model)._meta.label_lower
    PendingChange.objects.bulk_create(
        [PendingChange(model=label, object_id=str(pk)) for pk in ids], batch_size=500
    )
    transaction.on_commit(lambda: send_changes.enqueue())


def send(backend) -> bool:
    """Send everything that waits. Returns False when Elasticsearch failed; what waits then stays."""
    from search import health

    while rows := list(PendingChange.objects.order_by("pk")[:BATCH]):
        # The time before the objects are read: who reads them later wins.
        version = time.time_ns() // 1000
        try:
            for label in {row.model for row in rows}:
                bring(
                    backend, label, {row.object_id for row in rows if row.model == label}, version
                )
        except health.failures() as error:
            health.failed(error)
            return False
        # Only these: a change that was noted meanwhile is sent once more.
        PendingChange.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return True


def bring(backend, label: str, ids: set[str], version: int | None = None) -> None:
    """Bring objects of one model up to date in Elasticsearch, those that are gone included.

    Args:
        label: of the root model, such as "wagtailcore.page".
        version: what was written with a higher one stays; None: nothing stays.

    Raises:
        health.failures(): Elasticsearch did not take them.
    """
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):  # of a release that had such a model
        return
    if model not in {root_of(known) for known in get_indexed_models()}:
        return
    found = model._default_manager.filter(pk__in=list(ids))
    objects = list(found.specific()) if issubclass(model, Page) else list(found)
    by_type: dict[type[models.Model], list[models.Model]] = {}
    for thing in objects:
        indexed = get_indexed_instance(thing, check_exists=False)
        if indexed is not None:
            by_type.setdefault(type(indexed), []).append(indexed)
    gone = set(ids)
    index = backend.get_index_for_model(model)
    for kind, things in by_type.items():
        keys = [thing.pk for thing in things]
        # Asked for all at once, not one by one as `get_indexed_instance` does.
        wanted = set(kind.get_indexed_objects().filter(pk__in=keys).values_list("pk", flat=True))
        index.add_items(kind, [thing for thing in things if thing.pk in wanted], version)
        gone -= {str(pk) for pk in wanted}
    if gone:
        index.delete_ids(gone, version)
    index.refresh()
