"""Prepares the site, then keeps web server, task worker and housekeeping running until told to stop.

They are children of this process: a signal ends all, and when one ends by itself the others are
ended too and the exit code is 1. HOST, PORT, WEB_WORKERS and WEB_THREADS come from the
environment, DEBUG=1 takes Django's own reloading server.

SEARCH=elasticsearch has the site search on Elasticsearch: on the server of ELASTICSEARCH_URL where
that is set, else on a node that is one more child, with its data in `var/elasticsearch/`. The site
outlives that one, and it is started again.
"""

import contextlib
import http.client
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from deploy.elasticsearch.node import Node, NodeError  # noqa: E402
from deploy.processes import end_with_parent  # noqa: E402

VAR_DIR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
SEARCH_PORTS = "9200-9300"  # Elasticsearch's own range, of which it takes the first free one
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
SECONDS_BETWEEN_STARTS = 10


class Stopped(BaseException):
    """A signal asked for the end."""


def main() -> int:
    host, port = os.environ.get("HOST") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGHUP, stop)
    if "MAKELEVEL" in os.environ:
        end_with_parent()  # whoever kills `make` means the site
    environment = environ_for(host, port)
    node = search_server(environment)
    children: dict[str, subprocess.Popen] = {}
    try:
        if node:
            start_search(node, environment)
        prepared = subprocess.run([sys.executable, "deploy/prepare.py"], cwd=ROOT, env=environment)
        if prepared.returncode:
            return prepared.returncode
        for title, command in commands(
            host, port, debug=is_on(environment.get("DEBUG", ""))
        ).items():
            children[title] = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=environment,
                start_new_session=True,  # Ctrl-C reaches this process alone, which passes it on
                preexec_fn=end_with_parent,
            )
        return watch(children, host, port, node)
    except NodeError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return 0
    finally:
        end(children)
        if node:
            node.stop()


def search_server(environment: dict[str, str]) -> Node | None:
    """The node that this process is to start, if it is to start one."""
    asked = environment.get("SEARCH") == "elasticsearch"
    if not asked or environment.get("ELASTICSEARCH_URL"):
        return None
    return Node(VAR_DIR.resolve() / "elasticsearch", SEARCH_PORTS)


def start_search(node: Node, environment: dict[str, str]) -> None:
    started = time.monotonic()
    print("  elasticsearch …", end="", flush=True)
    node.start()
    print(f" {time.monotonic() - started:.1f} s", flush=True)
    environment["ELASTICSEARCH_URL"] = node.url


def commands(host: str, port: int, debug: bool) -> dict[str, list[str]]:
    if debug:
        web = ["manage.py", "runserver", f"{bracketed(host)}:{port}"]
    else:
        web = ["-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
        web += ["--workers", os.environ.get("WEB_WORKERS", "1")]
        # Python runs one thread at a time; a few let a slow client or a write lock wait.
        web += ["--blocking-threads", os.environ.get("WEB_THREADS", "4")]
        web += ["--log-level", "warning", "--no-ws", "config.wsgi:application"]
    return {
        "web server": web,
        "task worker": ["manage.py", "db_worker", "--no-startup-delay"],
        "housekeeping": ["manage.py", "housekeeping"],
    }


def environ_for(host: str, port: int) -> dict[str, str]:
    """The environment of the site: path, settings, and the hosts it may be called by."""
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings.development", **os.environ}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    environment["PYTHONUNBUFFERED"] = "1"
    if environment.get("SEARCH") == "database":
        environment.pop("ELASTICSEARCH_URL", None)
    environment.setdefault("BASE_URL", f"http://{bracketed(reachable(host))}:{port}")
    if not environment.get("ALLOWED_HOSTS"):
        environment["ALLOWED_HOSTS"] = ",".join(dict.fromkeys(allowed_hosts(host)))
    return environment


def allowed_hosts(host: str) -> list[str]:
    names = ["localhost", "127.0.0.1", "[::1]"]
    if not is_any(host):
        return [*names, bracketed(host)]
    # Every address of the machine listens, so every name it is known by may be asked for.
    names += [socket.gethostname(), socket.getfqdn()]
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        listed = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True)
        names += [bracketed(address) for address in listed.stdout.split()]
    return names


def is_on(value: str) -> bool:
    return value.lower() in {"1", "true", "yes", "on"}


def is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def reachable(host: str) -> str:
    if not is_any(host):
        return host
    return "::1" if ":" in host else "127.0.0.1"


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def watch(
    children: dict[str, subprocess.Popen], host: str, port: int, node: Node | None = None
) -> int:
    """Say where the site is once it answers; return only when a child has ended."""
    announced, started = False, time.monotonic()
    search_ended = 0.0
    while True:
        if node:
            search_ended = revive(node, search_ended)
        for title, child in children.items():
            if child.poll() is not None:
                print(f"The {title} ended with code {child.returncode}; stopping.", file=sys.stderr)
                return 1
        if not announced:
            announced = answers(reachable(host), port)
            if announced:
                print(banner(host, port, node), flush=True)
            elif time.monotonic() - started > SECONDS_TO_START:
                print(f"No answer after {SECONDS_TO_START} s; stopping.", file=sys.stderr)
                return 1
        time.sleep(0.5 if announced else 0.1)


def revive(node: Node, ended: float) -> float:
    """Start the search server again some time after its end; the site goes on meanwhile.

    Arguments:
        ended: what the last call returned: when the end was noticed, 0 while it runs.
    """
    if node.is_running():
        return 0.0
    now = time.monotonic()
    if not ended:
        print(
            f"The search server ended with code {node.process.returncode}; the site goes on"
            f" without it. It is started again in {SECONDS_BETWEEN_STARTS} s ({node.log}).",
            file=sys.stderr,
            flush=True,
        )
        return now
    if now - ended <= SECONDS_BETWEEN_STARTS:
        return ended
    try:
        node.launch()
    except NodeError:
        return now  # what is wrong has been said
    return 0.0


def answers(host: str, port: int) -> bool:
    request = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_START)
    try:
        request.request("GET", "/healthz/")
        return request.getresponse().status < 500
    except OSError:
        return False
    finally:
        request.close()


def banner(host: str, port: int, node: Node | None = None) -> str:
    address = f"http://{bracketed(reachable(host))}:{port}"
    path = VAR_DIR / "admin-password"
    password = path.read_text().strip() if path.exists() else "as you set it"
    search = f"\n  Search  Elasticsearch on {node.url}" if node else ""
    return f"""
  上党区推介窗口 · Shangdang promotion window

  Site    {address}/   English: {address}/en/
  Admin   {address}/admin/
          user admin, password {password}
          (from {os.path.relpath(path)}; it stays as it is at later starts){search}

  Ctrl-C stops the site and its worker.
"""


def end(children: dict[str, subprocess.Popen]) -> None:
    """Ask every child to end, and take what is left of its process group after a while."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def stop(number: int, frame: object) -> None:
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
