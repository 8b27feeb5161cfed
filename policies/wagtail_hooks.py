from policies.freshness import hooks  # noqa: F401 registers board, holidays and subscriptions
