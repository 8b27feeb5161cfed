"""Seconds from a clean clone, by `make run`, to the first page. Standard library only.

Clones what is committed; uncommitted work is not in it, and is said so.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 120
GIVE_UP = 600


def main() -> int:
    changes = subprocess.run(
        ["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    if changes:
        print("Uncommitted changes are not measured.")
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), f"{name}/clone"], check=True)
        first = start(Path(name) / "clone")
        second = start(Path(name) / "clone")
    print(f"make run: {first:.0f} s to the first page (at most {LIMIT}), {second:.1f} s again")
    return 0 if first <= LIMIT else 1


def start(clone: Path) -> float:
    port, started = free_port(), time.monotonic()
    site = subprocess.Popen(
        ["make", "run"], cwd=clone, env=clean_environment(port), start_new_session=True
    )
    try:
        while not first_page(port):
            if site.poll() is not None or time.monotonic() - started > GIVE_UP:
                raise SystemExit("make run did not get to its first page")
            time.sleep(0.1)
        return time.monotonic() - started
    finally:
        if site.poll() is None:
            os.kill(site.pid, signal.SIGTERM)
        site.wait(60)


def first_page(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def clean_environment(port: int) -> dict[str, str]:
    foreign = {"DATABASE_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV"}
    foreign |= {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "HOST"}
    return {k: v for k, v in os.environ.items() if k not in foreign} | {"PORT": str(port)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
