"""The library's screens and messages in the admin: each part registers its own."""

from policies.clauses import hooks as clause_hooks  # noqa: F401
from policies.freshness import hooks as freshness_hooks  # noqa: F401
from policies.importing import hooks as import_hooks  # noqa: F401
from policies.record import hooks as record_hooks  # noqa: F401
