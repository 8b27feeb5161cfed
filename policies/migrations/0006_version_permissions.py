"""Publishers may write the note of a version, editors may look: see crm's roles for the way."""

from django.db import migrations

NAMES = {
    "view_policyversion": "Can view version of a policy",
    "change_policyversion": "Can change version of a policy",
}
GIVEN = {"Publishers": tuple(NAMES), "Editors": ("view_policyversion",)}


def give(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    content_type, _ = ContentType.objects.get_or_create(
        app_label="policies", model="policyversion"
    )
    for name, codenames in GIVEN.items():
        for group in Group.objects.filter(name=name):
            for codename in codenames:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=codename,
                    defaults={"name": NAMES[codename]},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0005_first_versions"),
        ("crm", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
