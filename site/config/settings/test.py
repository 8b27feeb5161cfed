"""Settings of the test runs: fast hashes, tasks at once, files in the test's own folder."""

from base.catalogues import compile_catalogues

from .base import *  # noqa: F403
from .base import LOCALE_PATHS

# Here, because Django reads the catalogues at its start and remembers what it found.
compile_catalogues(LOCALE_PATHS)
SECRET_KEY = "only-for-tests"
SAMPLES_ALLOWED = True
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A test's changes are gone with its transaction; nothing may remember them.
REGISTRATION_MEMORY_SECONDS = 0
