import os
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

FILE = "admin-password"


class Command(BaseCommand):
    help = "Makes the administrator `admin` with a random password in var/admin-password, once."

    def handle(self, *args, **options):
        User = get_user_model()
        path = settings.VAR_DIR / FILE
        if User.objects.filter(username="admin").exists():
            return
        password = secrets.token_urlsafe(15)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(password + "\n")
        User.objects.create_superuser(username="admin", password=password, email="")
        self.stdout.write(f"Administrator: admin, password in {path}")
