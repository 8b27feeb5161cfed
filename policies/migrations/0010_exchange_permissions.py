"""Editors and publishers take policies in and out; whether they may publish them is asked of the page.

The permissions of a new database do not exist yet while migrations run, so they are made here under
the names that Django would give them. The groups are made by another room's migration, which may run
before or after this one: whichever comes first renames Wagtail's own "Moderators".
"""

from django.db import migrations

NAMES = {
    "import_policies": "Can import policies",
    "export_policies": "Can export policies with their drafts",
}
GROUPS = ("Editors", "Publishers")


def grant(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    if not Group.objects.filter(name="Publishers").exists():
        Group.objects.filter(name="Moderators").update(name="Publishers")
    content_type, _ = ContentType.objects.get_or_create(app_label="policies", model="importjob")
    for group_name in GROUPS:
        group, _ = Group.objects.get_or_create(name=group_name)
        for codename, name in NAMES.items():
            permission, _ = Permission.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0009_exchange"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
