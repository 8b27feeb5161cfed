"""Holidays of 2026, the first wording of the consent to alerts, and who may do what.

The permissions of a new database do not exist yet while migrations run, so they are made here under
the names that Django would give them.
"""

from datetime import date, timedelta

from django.db import migrations

SOURCE = "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日，新华社发布）"
# As the notice has them: https://politics.gmw.cn/2025-11/04/content_38391083.htm (Xinhua's text).
DAYS_OFF = [
    ("元旦", date(2026, 1, 1), date(2026, 1, 3)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23)),
    ("清明节", date(2026, 4, 4), date(2026, 4, 6)),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5)),
    ("端午节", date(2026, 6, 19), date(2026, 6, 21)),
    ("中秋节", date(2026, 9, 25), date(2026, 9, 27)),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
]
WORKED = [
    ("元旦调休上班", date(2026, 1, 4)),
    ("春节调休上班", date(2026, 2, 14)),
    ("春节调休上班", date(2026, 2, 28)),
    ("劳动节调休上班", date(2026, 5, 9)),
    ("国庆节调休上班", date(2026, 9, 20)),
    ("国庆节调休上班", date(2026, 10, 10)),
]

VERSION = "2026-11"
IN_FORCE_FROM = date(2026, 11, 1)
TEXTS = {
    "zh-hans": {
        "statement": "同意{handler}使用这个邮箱地址，把政策库的新文件和变化发给我。",
        "purpose": "按您选的条件，通知您政策库里新公开或有变化的文件。",
        "manner": "由本站自动发送邮件；不出售、不提供给他人，不用于其他用途。",
        "data_kinds": "邮箱地址、所选条件、语言和发送频率。不需要姓名和电话。",
        "kept": "保存到您退订为止，退订时立即删除；48小时内未确认的，自动删除。",
    },
    "en": {
        "statement": (
            "I agree that {handler} uses this e-mail address to send me new documents of the policy "
            "library and changes to them."
        ),
        "purpose": "To tell you of new or changed documents that fit what you chose.",
        "manner": (
            "Mails are sent by this site automatically; the address is not sold, passed on or used "
            "for anything else."
        ),
        "data_kinds": (
            "Your e-mail address, the filter you chose, the language and how often. No name and no "
            "telephone number."
        ),
        "kept": (
            "Until you unsubscribe, when it is erased at once; what is not confirmed within 48 hours "
            "is erased by itself."
        ),
    },
}

CHECK = ("policycheck", "check of a policy")
HOLIDAY = ("holiday", "holiday")
LINK = ("linkcheck", "checked link")
SUBSCRIPTION = ("subscription", "subscription")
SETTINGS = ("freshnesssettings", "checks of policies")
EDITOR = [
    (CHECK, ("add", "view")),
    (LINK, ("view",)),
    (HOLIDAY, ("add", "change", "view")),
]
PUBLISHER = [
    *EDITOR,
    (HOLIDAY, ("delete",)),
    (SUBSCRIPTION, ("view",)),
    (SETTINGS, ("change",)),
]


def add_holidays(apps, schema_editor):
    Holiday = apps.get_model("policies", "Holiday")
    rows = [
        Holiday(day=first + timedelta(days=i), name=name, is_workday=False, source=SOURCE)
        for name, first, last in DAYS_OFF
        for i in range((last - first).days + 1)
    ]
    rows += [Holiday(day=day, name=name, is_workday=True, source=SOURCE) for name, day in WORKED]
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)


def add_texts(apps, schema_editor):
    AlertText = apps.get_model("policies", "AlertText")
    for language, text in TEXTS.items():
        AlertText.objects.get_or_create(
            language=language,
            version=VERSION,
            defaults={**text, "in_force_from": IN_FORCE_FROM},
        )


def grant(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    Group = apps.get_model("auth", "Group")
    for name, granted in (("Editors", EDITOR), ("Publishers", PUBLISHER)):
        group, _ = Group.objects.get_or_create(name=name)
        for (model, verbose), actions in granted:
            content_type, _ = ContentType.objects.get_or_create(app_label="policies", model=model)
            for action in actions:
                permission, _ = Permission.objects.get_or_create(
                    content_type=content_type,
                    codename=f"{action}_{model}",
                    defaults={"name": f"Can {action} {verbose}"},
                )
                group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0011_freshness_and_alerts"),
        ("crm", "0003_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(add_holidays, migrations.RunPython.noop),
        migrations.RunPython(add_texts, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
