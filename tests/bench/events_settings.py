"""The settings of production, with the two addresses that the figures are compared with."""

from config.settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.bench.events_bare"
