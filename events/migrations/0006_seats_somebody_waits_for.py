from django.db import migrations, models


def mark(apps, schema_editor):
    """Pools that somebody waits for now; the next round of the services takes back what is over."""
    pools = apps.get_model("events", "SeatPool").objects
    waiting = apps.get_model("events", "Registration").objects.filter(status="waiting")
    pools.filter(pk__in=waiting.values("pools")).update(has_queue=True)


class Migration(migrations.Migration):
    dependencies = [("events", "0005_round_slots_for")]

    operations = [
        migrations.AddField(
            model_name="seatpool",
            name="has_queue",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
