"""On a server: everything secret or local comes from the environment, and its absence is an error."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import LEAD_WEBHOOK_SECRET, LEAD_WEBHOOK_URL, env

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
BASE_URL = env.str("BASE_URL").rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

# Samples are for trials; the loader refuses to run here.
SAMPLES_ALLOWED = False
WAGTAIL_2FA_REQUIRED = True

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Whoever runs the site must say it: a wrong number lets visitors choose their own address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES")

# Mails with private links must not lie about in files, and an unsigned webhook proves nothing.
env.str("EMAIL_URL")
if LEAD_WEBHOOK_URL and not LEAD_WEBHOOK_SECRET:
    raise ImproperlyConfigured("LEAD_WEBHOOK_URL needs a LEAD_WEBHOOK_SECRET.")
LINK_CHECKS = env.bool("LINK_CHECKS", default=True)
# No form that collects personal data without naming who answers for it (PIPL article 17).
INQUIRIES_NEED_HANDLER = True
