"""A running site of its own for tests that need a browser, a worker or a mail server.

    with live_site(tmp_path) as site:
        site.base_url, site.manage("shell", "-c", "…"), site.smtp.messages, site.admin_password

Web server, task worker and mail sink are real and listen on free loopback ports. The filled
database is made once per state of the code and copied for each site.
"""

import contextlib
import fcntl
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller

from deploy import tree
from tests.commands import Commands

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 60
# Without looking for garbage: a third of what migrations take, for a gigabyte in a short process.
PREPARE = "import gc, runpy; gc.disable(); runpy.run_path('deploy/prepare.py', run_name='__main__')"
WORKER = ["db_worker", "--interval", "0.2", "--no-reload"]
# What decides about a filled site: the rooms, the interface and the pinned packages.
SOURCES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
SOURCES |= {"site", "deploy", "requirements.txt"}


class SmtpSink:
    """A mail server that keeps what it gets; `stop` and `start` play its failure and return."""

    def __init__(self) -> None:
        self.port = free_port()
        self.messages: list[EmailMessage] = []
        self._controller: Controller | None = None

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        message = message_from_bytes(envelope.original_content, policy=policy.default)
        self.messages.append(message)
        return "250 Kept"

    def start(self) -> None:
        if self._controller is None:
            self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def wait_for(self, count: int, seconds: float = 20) -> list[EmailMessage]:
        """The messages, once there are at least `count` of them."""
        deadline = time.monotonic() + seconds
        while len(self.messages) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.messages)} of {count} messages came")
            time.sleep(0.1)
        return self.messages


@dataclass
class LiveSite:
    base_url: str
    folder: Path
    environment: dict[str, str]
    smtp: SmtpSink
    processes: list[subprocess.Popen] = field(default_factory=list)
    commands: Commands | None = None

    @property
    def admin_password(self) -> str:
        return (self.folder / "admin-password").read_text().strip()

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run a management command on the site's data and return what it printed."""
        done = self.commands.run(*arguments)
        if check and done.code:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.out}{done.err}{self.log()}")
        return done.out if check else done.out + done.err

    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))


@contextlib.contextmanager
def live_site(
    folder: Path, *, settings: str = "config.settings.development", worker: bool = True, **env: str
) -> Iterator[LiveSite]:
    """Serve a copy of the filled site; `env` adds to or changes its environment."""
    folder = copy_of_filled_site(Path(folder))
    smtp, port = SmtpSink(), free_port()
    environment = environment_for(folder, settings)
    environment |= {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
        "LEAD_NOTIFY_EMAILS": "officer@example.org",
    } | env
    site = LiveSite(f"http://127.0.0.1:{port}", folder, environment, smtp)
    try:
        smtp.start()
        web = [
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--port",
            str(port),
            "--log-level",
            "warning",
        ]
        start(site, "web", *web, "--blocking-threads", "4", "config.wsgi:application")
        beside = WORKER if worker else []
        with Commands(environment, folder / "commands.log", beside) as site.commands:
            wait_for_answer(site, port)
            yield site
    finally:
        for process in site.processes:
            process.terminate()
        for process in site.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
        smtp.stop()


def start(site: LiveSite, name: str, *command: str) -> None:
    with (site.folder / f"{name}.log").open("ab") as log:
        site.processes.append(
            subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=site.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        )


def wait_for_answer(site: LiveSite, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in site.processes):
            raise RuntimeError(f"the site ended at its start:\n{site.log()}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/healthz/")
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"no answer within {SECONDS_TO_START} s:\n{site.log()}")


def copy_of_filled_site(folder: Path) -> Path:
    return Path(shutil.copytree(filled_site(), folder / "var"))


def filled_site() -> Path:
    """A folder with database, media and static files as `make run` leaves them; never served.

    Kept in the temporary folder under the fingerprint of the tree, so that a changed line makes
    a new one and a session that changes nothing finds it ready.
    """
    store = Path(tempfile.gettempdir()) / f"shangdang-filled-{os.getuid()}"
    store.mkdir(mode=0o700, exist_ok=True)
    if store.stat().st_uid != os.getuid():
        raise RuntimeError(f"{store} belongs to somebody else")
    sources = [path for path in tree.files(ROOT) if path.relative_to(ROOT).parts[0] in SOURCES]
    made = store / tree.fingerprint(ROOT, sources)[:16]
    if made.exists():
        return made
    # Two test runs side by side: one makes it, the other waits, and neither does the work twice.
    with (store / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _fill(store, made)
    return made


def _fill(store: Path, made: Path) -> None:
    for old in store.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > 3600:
            shutil.rmtree(old, ignore_errors=True)
    making = store / f"making-{secrets.token_hex(4)}"
    making.mkdir()
    environment = environment_for(making, "config.settings.development")
    run_python(environment, "-c", PREPARE)
    making.rename(made)


def environment_for(folder: Path, settings: str) -> dict[str, str]:
    """The caller's environment less what names its own site, on a SQLite file in `folder`."""
    foreign = {
        "DATABASE_URL",
        "CACHE_URL",
        "EMAIL_URL",
        "DEBUG",
        "ALLOWED_HOSTS",
        "LANGUAGES",
        "SEARCH",
        "ELASTICSEARCH_URL",
        "ELASTICSEARCH_PREFIX",
    }
    kept = {key: value for key, value in os.environ.items() if key not in foreign}
    return kept | {
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "VAR_DIR": str(folder),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",
    }


def run_python(environment: dict[str, str], *arguments: str) -> str:
    """What Python printed. Raises RuntimeError when it failed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
