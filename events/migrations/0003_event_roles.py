"""Who does what at events. Editors build the form and see nobody's data; officers run the event.

The permissions of a new database do not exist yet while migrations run, so they are made here under
the names that Django would give them. The groups are made by another room's migration, which may run
before or after this one: whichever comes first renames Wagtail's own "Moderators".
"""

from django.db import migrations

DESK = {
    "add_registrationdesk": "Can add registration desk",
    "change_registrationdesk": "Can change registration desk",
    "view_registrationdesk": "Can view registration desk",
}
SERIES = {
    "add_eventseries": "Can add series of events",
    "change_eventseries": "Can change series of events",
    "view_eventseries": "Can view series of events",
}
RUN = {
    "view_registration": "Can view registration",
    "work_registration": "Can approve, change, cancel and enter registrations",
    "check_in": "Can check visitors in",
}
REPORT = {"report_event": "Can see the report of an event"}
PLAN = {"plan_meetings": "Can plan meetings and see what came of them"}
EXPORT = {"export_registration": "Can export registrations"}
DELETE = {"delete_registrationdesk": "Can delete registration desk"}

OFFICER = (
    ("registrationdesk", DESK | REPORT),
    ("registration", RUN),
    ("meetinground", PLAN),
)
GROUPS = {
    "Editors": (("registrationdesk", DESK), ("eventseries", SERIES)),
    "Publishers": (("registrationdesk", DESK), ("eventseries", SERIES)),
    "CRM officers": OFFICER,
    "CRM managers": (
        *OFFICER,
        ("registrationdesk", DELETE),
        ("registration", EXPORT),
    ),
}


def grant(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    if not Group.objects.filter(name="Publishers").exists():
        Group.objects.filter(name="Moderators").update(name="Publishers")
    for group_name, rights in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=group_name)
        for model, names in rights:
            content_type, _ = ContentType.objects.get_or_create(app_label="events", model=model)
            for codename, name in names.items():
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type, codename=codename, defaults={"name": name}
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_registration_and_meetings"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
