from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0013_editions_are_versions")]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="is_withheld",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Readers no longer get the text of this version: one with personal data, for "
                    "example, that were published by mistake"
                ),
                verbose_name="withheld",
            ),
        ),
    ]
