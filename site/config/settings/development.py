"""The trial on one machine: `make run` (as the real thing) and `make dev` (DEBUG=1)."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403
from .base import VAR_DIR, env

DEBUG = env.bool("DEBUG", default=False)
SAMPLES_ALLOWED = True


def _secret_key() -> str:
    """A key of this copy's own, kept in `var/` so that sessions and signed links outlive a restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _secret_key()
INTERNAL_IPS = ["127.0.0.1"]
if DEBUG:
    STORAGES["staticfiles"] = {  # noqa: F405
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    CONTENT_SECURITY_POLICY["EXCLUDE_URL_PREFIXES"] = ["/__debug__"]  # noqa: F405
