from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")

    def ready(self):
        from search import attachment_signals, fulltext, signals

        connection_created.connect(fulltext.prepare_connection, dispatch_uid="search-connection")
        signals.connect()
        attachment_signals.connect()
