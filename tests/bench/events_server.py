"""The site under the settings of production, filled and served by granian, that can be killed and started."""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.live_site import ROOT, copy_of_filled_site, free_port

WORKERS, THREADS = "2", "4"
SECONDS_TO_START = 60


class Site:
    """`DATABASE_URL` of the environment is filled; without one a filled SQLite file is copied."""

    def __init__(self, folder: Path):
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self.log = folder / "web.log"
        given = os.environ.get("DATABASE_URL")
        if given:
            self.folder = folder / "var"
            self.folder.mkdir()
        else:
            self.folder = copy_of_filled_site(folder)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": given or f"sqlite:///{self.folder / 'db.sqlite3'}",
            "VAR_DIR": str(self.folder),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        }
        if given:
            subprocess.run(
                [sys.executable, "deploy/prepare.py"], cwd=ROOT, env=self.environment, check=True
            )
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.bench.events_settings",
            "SECRET_KEY": "only for the figures " * 3,
            "ALLOWED_HOSTS": "127.0.0.1",
            "BASE_URL": f"https://127.0.0.1:{self.port}",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "TRUSTED_PROXIES": "1",
        }

    def start(self) -> None:
        web = ["-m", "granian", "--interface", "wsgi", "--port", str(self.port)]
        web += ["--workers", WORKERS, "--blocking-threads", THREADS, "--no-ws"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *web, "--log-level", "warning", "config.wsgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the site did not start:\n{self.log.read_text()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/healthz/", headers={"Host": "127.0.0.1"})
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def end(self, number: int = signal.SIGTERM) -> None:
        """End the server and its workers; SIGKILL gives nobody time to put anything in order."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process = None
