"""A corpus file as the policy library of an empty database: many pages at once, below one index page."""

import gzip
import json
import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import sql
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from home.models import HomePage
from policies.models import PolicyIndexPage, PolicyPage

LEVELS = {"national": "nation", "provincial": "province"}
BATCH = 500


def read(path: Path) -> Iterator[dict]:
    """The records of a .jsonl or .jsonl.gz file."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def repeated(records: list[dict], number: int, body_length: int) -> Iterator[dict]:
    """`number` records: the corpus over and over, titles varied, bodies cut."""
    for i in range(number):
        record, turn = records[i % len(records)], i // len(records)
        title = record["title"] + (f"（第{turn + 1}号）" if turn else "")
        # Another part of the text each time: the documents are not copies of each other.
        start = (turn * body_length) % max(1, len(record["body"]) - body_length)
        body = record["body"][start : start + body_length]
        yield record | {"id": f"{record['id']}-{turn}", "title": title, "body": body}


@transaction.atomic
def load(records: Iterator[dict]) -> dict[int, str]:
    """Make a page of each record. Returns the record's id for each page."""
    locale = Locale.objects.get(language_code="zh-hans")
    root = Page.objects.get(depth=1)
    home = HomePage(title="首页", headline="首页", slug="start", locale=locale)
    root.add_child(instance=home)
    Site.objects.update(root_page=home)
    index = PolicyIndexPage(title="政策", slug="policies", locale=locale)
    home.add_child(instance=index)
    ids: dict[int, str] = {}
    batch: list[dict] = []
    for record in records:
        batch.append(record)
        if len(batch) == BATCH:
            ids |= _add(index, batch, len(ids))
            batch = []
    ids |= _add(index, batch, len(ids))
    Page.objects.filter(pk=index.pk).update(numchild=len(ids))
    return ids


def _add(index: PolicyIndexPage, records: list[dict], before: int) -> dict[int, str]:
    if not records:
        return {}
    content_type = ContentType.objects.get_for_model(PolicyPage)
    now = timezone.now()
    pages = [
        Page(
            title=record["title"][:255],
            draft_title=record["title"][:255],
            slug=record["id"],
            path=Page._get_path(index.path, index.depth + 1, before + number),
            depth=index.depth + 1,
            url_path=f"{index.url_path}{record['id']}/",
            content_type=content_type,
            locale=index.locale,
            translation_key=uuid.uuid4(),
            first_published_at=now,
            last_published_at=now,
        )
        for number, record in enumerate(records, 1)
    ]
    Page.objects.bulk_create(pages)
    policies = [_policy(page, record) for page, record in zip(pages, records, strict=True)]
    query = sql.InsertQuery(PolicyPage)
    query.insert_values(PolicyPage._meta.local_concrete_fields, policies)
    query.get_compiler(connection=connection).execute_sql()
    return {page.pk: record["id"] for page, record in zip(pages, records, strict=True)}


def _policy(page: Page, record: dict) -> PolicyPage:
    level = record.get("level") or "city"
    return PolicyPage(
        page_ptr_id=page.pk,
        level=LEVELS.get(level, level),
        place_name=record.get("place") or "",
        subject=record.get("category") or "",
        issuing_body=(record.get("issuer") or "")[:200],
        summary=record.get("summary") or "",
        document_number=record.get("document_number") or "",
        adopted_on=_day(record.get("promulgated_on")),
        published_on=_day(record.get("published_on")),
        validity=record.get("validity") or ("void" if record.get("expired") else "in_force"),
        body=json.dumps(
            [{"type": "text", "value": f"<p>{_html(record['body'])}</p>", "id": str(uuid.uuid4())}]
        ),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _html(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "</p><p>".join(line for line in text.split("\n") if line.strip())
