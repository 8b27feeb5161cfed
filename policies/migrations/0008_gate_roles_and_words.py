"""Who works on clauses, and the words that the gate starts with.

Editors write clauses; publishers publish and withdraw them and keep the word list. The permissions of a
new database do not exist yet while migrations run, so they are made here under the names that Django
would give them; the groups, too, wherever another room's migration has not made them yet.
"""

from django.db import migrations

from policies.clauses.words import add_delivered

CLAUSE = ("policies", "clause", "clause")
WORD = ("policies", "gateword", "word of the gate")
LOG = ("policies", "clauselog", "log of clauses")
PUBLISH = ("publish_clause", "Can publish and withdraw clauses")

GRANTS = {
    "Editors": {CLAUSE: ("view", "add", "change"), WORD: ("view",), LOG: ("view",)},
    "Publishers": {
        CLAUSE: ("view", "add", "change", "delete"),
        WORD: ("view", "add", "change", "delete"),
        LOG: ("view",),
    },
}


def grant(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")

    if not Group.objects.filter(name="Publishers").exists():
        Group.objects.filter(name="Moderators").update(name="Publishers")

    def permission(model, codename, name):
        content_type, _ = ContentType.objects.get_or_create(app_label=model[0], model=model[1])
        found, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        return found

    for group_name, grants in GRANTS.items():
        group, _ = Group.objects.get_or_create(name=group_name)
        for model, actions in grants.items():
            for action in actions:
                codename = f"{action}_{model[1]}"
                group.permissions.add(permission(model, codename, f"Can {action} {model[2]}"))
        if group_name == "Publishers":
            group.permissions.add(permission(CLAUSE, *PUBLISH))


def load_words(apps, schema_editor):
    add_delivered(apps.get_model("policies", "GateWord"))


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0007_fairness_gate"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(grant, migrations.RunPython.noop),
        migrations.RunPython(load_words, migrations.RunPython.noop),
    ]
