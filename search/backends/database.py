"""The database backend of the site's own database, as `modelsearch.backends.database` chooses."""

from django.db import connection

if connection.vendor == "postgresql":
    from search.backends.postgresql import SearchBackend
else:
    from search.backends.sqlite import SearchBackend

__all__ = ["SearchBackend"]
