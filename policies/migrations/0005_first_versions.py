"""What readers could see before versions were kept becomes version 1 of each policy.

The historical model doesn't know the blocks of a body (they stay out of migrations), so its JSON is
read as text. Later fields that the record asks for are missing here and count as empty.
"""

import json

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

AT_ONCE = 200


def record_first_versions(apps, schema_editor):
    from policies.official.record import read_policy

    PolicyPage = apps.get_model("policies", "PolicyPage")
    PolicyVersion = apps.get_model("policies", "PolicyVersion")
    pages = (
        PolicyPage.objects.filter(live=True, versions=None)
        .annotate(stored=Cast("body", TextField()))
        .defer("body")
        .order_by("pk")
    )
    versions = []
    for page in pages.iterator(chunk_size=AT_ONCE):
        blocks = json.loads(page.stored or "[]")
        if isinstance(blocks, str):  # a body saved as text in JSON
            blocks = json.loads(blocks or "[]")
        record = read_policy(page, blocks)
        versions.append(
            PolicyVersion(
                policy=page,
                number=1,
                made_at=page.last_published_at or page.first_published_at or timezone.now(),
                digest=record.digest,
                data=record.data,
            )
        )
        if len(versions) == AT_ONCE:
            PolicyVersion.objects.bulk_create(versions)
            versions = []
    PolicyVersion.objects.bulk_create(versions)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0004_official_layout_and_versions"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(record_first_versions, migrations.RunPython.noop)]
