"""The first wording of the two consents. Another wording is another version in a new migration."""

from datetime import date

from django.db import migrations

VERSION = "2026-11"
IN_FORCE_FROM = date(2026, 11, 1)

TEXTS = {
    ("processing", "zh-hans"): {
        "statement": "同意{handler}为答复本次咨询，使用我在这里填写的信息。",
        "purpose": "答复您的咨询；您有意投资时，与您联系并跟进。",
        "manner": "存放在本站，由招商工作人员查看和记录；不出售，不用于广告，不自动作出决定。",
        "data_kinds": "姓名、单位、电话或邮箱，以及您写下的投资意向。不收集证件号码。",
    },
    ("processing", "en"): {
        "statement": "I agree that {handler} uses what I have filled in here to answer this inquiry.",
        "purpose": "To answer your inquiry and, if you intend to invest, to keep in touch with you.",
        "manner": (
            "Stored on this site, read and noted on by the investment officers; not sold, not used "
            "for advertising, and nothing is decided automatically."
        ),
        "data_kinds": (
            "Your name, organisation, telephone or e-mail, and the plans you describe. No identity "
            "document numbers are collected."
        ),
    },
    ("sharing", "zh-hans"): {
        "statement": (
            "另行同意：可以把本次咨询转给相关园区的运营单位或企业；转出前先告诉我接收方的名称和联系方式。"
        ),
        "purpose": "由更了解场地或项目的一方直接答复您。",
        "manner": "只转给与咨询内容直接有关的一方；转出前告知接收方的名称、联系方式、处理目的、处理方式和信息种类。",
        "data_kinds": "姓名、单位、电话或邮箱，以及您写下的投资意向。",
    },
    ("sharing", "en"): {
        "statement": (
            "I also agree that this inquiry may be passed on to the operator of the park or the "
            "company it concerns; I am told the recipient's name and contact first."
        ),
        "purpose": "So that those who know the site or the project best can answer you directly.",
        "manner": (
            "Only to the party your inquiry is directly about. Before that you are told its name, "
            "its contact, the purpose, the manner and the kinds of data."
        ),
        "data_kinds": (
            "Your name, organisation, telephone or e-mail, and the plans you describe."
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
    dependencies = [("crm", "0001_initial")]

    operations = [migrations.RunPython(add_texts, migrations.RunPython.noop)]
