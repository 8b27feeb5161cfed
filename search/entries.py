"""Writing what the database engines and the search page read: modelsearch's rows and our entries."""

import time
from collections.abc import Callable, Iterable, Sequence

from django.db import models, transaction
from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Greatest
from modelsearch.conf import get_app_config
from modelsearch.utils import get_content_type_pk
from wagtail.models import Page

from base.visibility import visible
from search import changes, health
from search.analysis import token_text
from search.documents import Document, PageDocument, documents_for
from search.models import Entry, IndexState

ENTRY_FIELDS = [field.name for field in Entry._meta.concrete_fields if not field.primary_key]


def index_entry() -> type[models.Model]:
    """modelsearch's table of words; known only once all apps are there."""
    return get_app_config().get_model("IndexEntry")


def next_stamp() -> int:
    """A number higher than all before, and never one that a rolled-back change had.

    The row lock makes writers commit in the order of their numbers.
    """
    IndexState.load()
    IndexState.objects.filter(pk=1).update(
        stamp=Greatest(
            F("stamp") + 1, Value(time.time_ns() // 1000), output_field=BigIntegerField()
        )
    )
    return IndexState.objects.values_list("stamp", flat=True).get(pk=1)


def tokens_of(document: Document) -> tuple[str, str, str]:
    """The tokens of the title, of everything, and of what is completed, with blanks between them."""
    return (
        token_text(document.title),
        token_text(document.title, document.body),
        document.autocomplete,
    )


@transaction.atomic
def write(
    model: type[models.Model],
    objects: Sequence[models.Model],
    columns: Callable[[Document], dict],
    fresh: bool = False,
) -> None:
    """Write objects of one model. `columns` gives modelsearch's columns for a document.

    `fresh`: see `documents_for`.
    """
    documents = documents_for(objects, fresh=fresh)
    content_type = get_content_type_pk(model)
    rows = [
        index_entry()(
            content_type_id=content_type,
            object_id=document.object_id,
            **columns(document),
        )
        for document in documents
    ]
    if not rows:
        return
    index_entry()._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=list(columns(documents[0])),
        batch_size=500,
    )
    pages = [document for document in documents if isinstance(document, PageDocument)]
    if pages:
        write_entries(content_type, pages)


def write_entries(content_type: int, pages: list[PageDocument]) -> None:
    ids = dict(
        index_entry()
        ._default_manager.filter(
            content_type_id=content_type, object_id__in=[page.object_id for page in pages]
        )
        .values_list("object_id", "id")
    )
    keys = [int(page.object_id) for page in pages]
    stamp = next_stamp()
    known = dict(Entry.objects.filter(pk__in=keys).values_list("pk", "fingerprint"))
    Entry.objects.bulk_create(
        [
            Entry(
                page_id=int(page.object_id),
                index_id=ids[page.object_id],
                locale=page.locale,
                kind=page.kind,
                facets=page.facets,
                dated_on=page.dated_on,
                published_on=page.published_on,
                valid=page.valid,
                valid_until=page.valid_until,
                rank=page.rank,
                place=page.place,
                title_length=page.title_length,
                public=page.public,
                stamp=stamp,
                fingerprint=page.fingerprint,
            )
            for page in pages
        ],
        update_conflicts=True,
        unique_fields=["page"],
        update_fields=ENTRY_FIELDS,
        batch_size=500,
    )
    if health.configured():
        # Whatever changed them: the page, its translations, an attachment.
        changed = [
            key for key, page in zip(keys, pages, strict=True) if known.get(key) != page.fingerprint
        ]
        changes.note(Page, changed)


def refresh_public(page_ids: Iterable[int]) -> list[int]:
    """Note at once which of these pages anybody may read. Returns those where that changed."""
    ids = list(page_ids)
    changed: list[int] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        readable = set(
            visible(Page.objects.filter(pk__in=part, depth__gt=2)).values_list("pk", flat=True)
        )
        known = Entry.objects.filter(pk__in=part).values_list("pk", "public")
        wrong = [pk for pk, public in known if public != (pk in readable)]
        if wrong:
            stamp = next_stamp()
            for public in (True, False):
                to_set = [pk for pk in wrong if (pk in readable) == public]
                Entry.objects.filter(pk__in=to_set).update(public=public, stamp=stamp)
        changed += wrong
    return changed


def forget_removed() -> None:
    """Say that entries went: what processes know of them is read anew."""
    stamp = next_stamp()
    IndexState.objects.filter(pk=1).update(removals=stamp)
