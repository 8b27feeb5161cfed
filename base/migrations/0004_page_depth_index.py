"""An index of pages by their depth: the frame of every page asks for those right below the home page.

Wagtail has none, and by its path alone a home page's few children are looked for among all pages below it.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("base", "0003_page_aliases_index")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS base_page_depth ON wagtailcore_page (depth, path)",
            "DROP INDEX IF EXISTS base_page_depth",
        )
    ]
