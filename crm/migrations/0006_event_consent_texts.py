"""The first wording of the consents of events. Another wording is another version in a new migration."""

from datetime import date

from django.db import migrations

VERSION = "2026-11"
IN_FORCE_FROM = date(2026, 11, 1)

TEXTS = {
    ("event", "zh-hans"): {
        "statement": "同意{handler}为办理本次活动报名，使用我在这里填写的信息。",
        "purpose": "登记名额、发送凭证和活动通知、现场签到，并在活动后核对到场情况。",
        "manner": "存放在本站，由活动工作人员查看；不出售，不用于广告，不自动作出决定。",
        "data_kinds": "姓名、单位、职务、电话或邮箱、同行人姓名，以及本次活动的表单所列内容。不收集证件号码。",
    },
    ("event", "en"): {
        "statement": "I agree that {handler} uses what I have filled in here for this event.",
        "purpose": (
            "To keep your seat, to send the ticket and news of the event, to check you in, and to "
            "see afterwards who came."
        ),
        "manner": (
            "Stored on this site and read by those who run the event; not sold, not used for "
            "advertising, and nothing is decided automatically."
        ),
        "data_kinds": (
            "Your name, organisation, position, telephone or e-mail, the names of those who come "
            "with you, and what the form of this event asks. No identity document numbers are "
            "collected."
        ),
    },
    ("meeting", "zh-hans"): {
        "statement": (
            "另行同意：把我的姓名、单位、职务以及我写下的供需信息，展示给参加本场对接会的其他人，供约见使用。"
        ),
        "purpose": "让对接会的参加者互相了解、提出和答复约见。",
        "manner": "只在参加者登录各自链接后可见，不公开，不含电话和邮箱；可随时撤回，撤回后不再展示。",
        "data_kinds": "姓名、单位、职务、能提供什么、想找什么、所属产业。",
    },
    ("meeting", "en"): {
        "statement": (
            "I also agree that my name, organisation, position and what I offer and seek are shown "
            "to the others who take part in the meetings of this event."
        ),
        "purpose": "So that those who take part know of each other, and ask for and answer meetings.",
        "manner": (
            "Seen only by participants through their own links, never public, without telephone "
            "and e-mail; you may withdraw it at any time, and it is shown no more."
        ),
        "data_kinds": "Name, organisation, position, what you offer and seek, industries.",
    },
    ("event_lead", "zh-hans"): {
        "statement": "另行同意：{handler}的招商工作人员可以就我的投资意向与我联系。",
        "purpose": "答复您的投资意向，并在您愿意时继续跟进。",
        "manner": "报名信息和对接结果转为一条招商线索，由招商工作人员查看和记录；可随时撤回。",
        "data_kinds": "姓名、单位、电话或邮箱、您写下的意向，以及对接会上双方记录的结果。",
    },
    ("event_lead", "en"): {
        "statement": "I also agree that the investment officers of {handler} may contact me about investing.",
        "purpose": "To answer what you intend to do and, if you wish, to keep in touch with you.",
        "manner": (
            "Your registration and what came of your meetings become an inquiry that the "
            "investment officers read and note on; you may withdraw this at any time."
        ),
        "data_kinds": (
            "Your name, organisation, telephone or e-mail, what you intend, and what both sides "
            "noted of a meeting."
        ),
    },
}


def add_texts(apps, schema_editor):
    ConsentText = apps.get_model("crm", "ConsentText")
    for (kind, language), text in TEXTS.items():
        ConsentText.objects.get_or_create(
            kind=kind,
            language=language,
            version=VERSION,
            defaults={**text, "in_force_from": IN_FORCE_FROM},
        )


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_event_consents")]

    operations = [migrations.RunPython(add_texts, migrations.RunPython.noop)]
