"""Editions get the digest that versions have, so that nobody is told of them as of changes.

The historical model doesn't know the blocks of a body: its JSON is read as text, as in 0005.
"""

import json

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

AT_ONCE = 200


def take_over_digests(apps, schema_editor):
    PolicyPage = apps.get_model("policies", "PolicyPage")
    PolicyWatch = apps.get_model("policies", "PolicyWatch")
    Edition = apps.get_model("policies", "Edition")
    pages = (
        PolicyPage.objects.filter(live=True, watch__isnull=False)
        .select_related("watch")
        .annotate(stored=Cast("body", TextField()))
        .defer("body")
        .order_by("pk")
    )
    for page in pages.iterator(chunk_size=AT_ONCE):
        digest = digest_of(page)
        # What was public last; earlier states are told apart from it as before.
        Edition.objects.filter(policy=page, version=page.watch.version).update(version=digest)
        PolicyWatch.objects.filter(pk=page.watch.pk).update(version=digest)


def digest_of(page) -> str:
    """As `policies.alerts.editions.version_of` makes it."""
    from dataclasses import replace

    from policies.official.record import read_policy
    from policies.record.validity import Facts, standing

    blocks = json.loads(page.stored or "[]")
    if isinstance(blocks, str):  # a body saved as text in JSON
        blocks = json.loads(blocks or "[]")
    facts = Facts(page.validity, page.in_force_from, page.in_force_until)
    record = read_policy(page, blocks)
    today = {"validity": standing(facts, timezone.localdate()).validity.value}
    return replace(record, fields=record.fields | today).digest


class Migration(migrations.Migration):
    dependencies = [("policies", "0012_freshness_data")]

    operations = [migrations.RunPython(take_over_digests, migrations.RunPython.noop)]
