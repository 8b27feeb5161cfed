"""The library's screens and messages in the admin: each file registers its own."""

from policies import clause_hooks, exchange_hooks, record_hooks  # noqa: F401
from policies.freshness import hooks  # noqa: F401
