"""Who may do what with the search: publishers keep synonyms and promoted results, editors look on.

A synonym or a promoted result works at once for every reader, so it is for those who may publish.
The permissions of a new database do not exist yet while migrations run, so they are made here under
the names that Django would give them. The groups are made by another room's migration, which may
run before or after this one: whichever comes first renames Wagtail's own "Moderators", which keep
their approval workflow under the name "Publishers".
"""

from django.db import migrations

TERMS = ("search", "termgroup", "group of synonyms")
SEARCHES = ("search", "queryday", "searches of a day")
PROMOTION = ("wagtailsearchpromotions", "searchpromotion", "search promotion")

LOOK = {TERMS: ("view",), SEARCHES: ("view",)}
GRANTS = {
    "Editors": LOOK,
    "Publishers": {
        TERMS: ("view", "add", "change", "delete"),
        SEARCHES: ("view",),
        PROMOTION: ("view", "add", "change", "delete"),
    },
}


def grant(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    if not Group.objects.filter(name="Publishers").exists():
        Group.objects.filter(name="Moderators").update(name="Publishers")

    for group_name, grants in GRANTS.items():
        group, _ = Group.objects.get_or_create(name=group_name)
        for (app_label, model, words), actions in grants.items():
            content_type, _ = ContentType.objects.get_or_create(app_label=app_label, model=model)
            for action in actions:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {words}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
