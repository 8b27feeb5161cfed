"""An index of the few pages that are aliases.

`base.visibility` asks for the aliases of restricted pages with every list. SQLite's own statistics say
of Wagtail's index on `alias_of` that a value of it has all rows (nearly all have none), so it would look
through all pages for each row of the list.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("base", "0002_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS base_page_aliases ON wagtailcore_page (alias_of_id, path) "
            "WHERE alias_of_id IS NOT NULL",
            "DROP INDEX IF EXISTS base_page_aliases",
        )
    ]
