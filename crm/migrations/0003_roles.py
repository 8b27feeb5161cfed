"""The four roles of the house as groups. Their names are stable; screens translate them.

The permissions of a new database do not exist yet while migrations run (Django makes them
afterwards), so they are made here under the names that Django would give them.
"""

from django.db import migrations

PAGE, IMAGE, DOCUMENT = ("wagtailcore", "page"), ("wagtailimages", "image"), ("wagtaildocs", "document")
LEAD, ADMIN = ("crm", "lead"), ("wagtailadmin", "admin")
TRANSLATION = ("wagtail_localize", "translation")

ACCESS_ADMIN = (ADMIN, "access_admin", "Can access Wagtail admin")
SUBMIT_TRANSLATION = (TRANSLATION, "submit_translation", "Can submit translations")

# What editors read on the button that hands a page in; the admin speaks Chinese.
REVIEW_NAME = "发布审核"

EDITOR_PAGES = ("add", "change")
PUBLISHER_PAGES = ("add", "change", "publish", "lock", "unlock")
FILE_ACTIONS = ("add", "change", "choose")

LEAD_NAMES = {
    "view_lead": "Can view lead",
    "work_lead": "Can take leads, change their stage, note and reveal contacts",
    "view_all_leads": "Can see leads of other owners",
    "assign_lead": "Can assign leads to others",
    "export_lead": "Can export leads",
}
OFFICER = ("view_lead", "work_lead")
MANAGER = tuple(LEAD_NAMES)


def make_roles(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    Collection = apps.get_model("wagtailcore", "Collection")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")

    def permission(model, codename, name):
        content_type, _ = ContentType.objects.get_or_create(app_label=model[0], model=model[1])
        found, _ = Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        return found

    # Wagtail's own "Moderators" are our publishers: renamed, they keep their approval workflow.
    if not Group.objects.filter(name="Publishers").exists():
        Group.objects.filter(name="Moderators").update(name="Publishers")

    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name="Moderators approval").update(
            name=REVIEW_NAME
        )

    root = Page.objects.filter(depth=1).order_by("path").first()
    root_collection = Collection.objects.filter(depth=1).order_by("path").first()

    for name, page_actions in (("Editors", EDITOR_PAGES), ("Publishers", PUBLISHER_PAGES)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(permission(*ACCESS_ADMIN), permission(*SUBMIT_TRANSLATION))
        for action in page_actions:
            GroupPagePermission.objects.get_or_create(
                group=group,
                page=root,
                permission=permission(PAGE, f"{action}_page", f"Can {action} page"),
            )
        for model in (IMAGE, DOCUMENT):
            for action in FILE_ACTIONS:
                GroupCollectionPermission.objects.get_or_create(
                    group=group,
                    collection=root_collection,
                    permission=permission(
                        model, f"{action}_{model[1]}", f"Can {action} {model[1]}"
                    ),
                )

    for name, codenames in (("CRM officers", OFFICER), ("CRM managers", MANAGER)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(
            permission(*ACCESS_ADMIN),
            *(permission(LEAD, codename, LEAD_NAMES[codename]) for codename in codenames),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0002_consent_texts"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
