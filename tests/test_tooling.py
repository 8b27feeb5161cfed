"""The commands that lead the README: what they say when something is missing, and that they end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from deploy import run
from deploy.address import complaint
from tests import live_site

pytestmark = pytest.mark.engine_free
ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text()


def test_help_is_the_default_and_explains_every_target():
    shown = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE)) - {"venv", "venv-dev"}
    explained = set(re.findall(r"^  make ([a-z-]+) +\S", shown.stdout, re.MULTILINE))
    assert explained == targets
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)", MAKEFILE, re.MULTILINE)[1]
    assert set(phony.replace("\\", "").split()) == targets | {"venv", "venv-dev"}


def test_scripts_are_executable_and_well_formed():
    scripts = [ROOT / ".ci/run", *(ROOT / "deploy").rglob("*.sh")]
    assert len(scripts) > 5
    for script in scripts:
        assert os.access(script, os.X_OK), script
        shell = script.read_text().splitlines()[0].rsplit("/", 1)[1].split()[-1]
        subprocess.run([shell, "-n", str(script)], check=True)


def test_requirements_are_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        pins = [line.split()[0] for line in lines if line and not line.lstrip().startswith("#")]
        assert pins
        assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin) for pin in pins)
    assert pins_of("requirements.txt").items() <= pins_of("requirements-dev.txt").items()


def pins_of(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_requirements_run_on_the_python_of_debian_12():
    """The pins may be made on a newer Python, which takes packages that this one refuses."""
    refused = [
        name
        for name in pins_of("requirements-dev.txt")
        if "3.11.2" not in SpecifierSet(metadata.metadata(name).get("Requires-Python", ""))
    ]
    assert refused == []


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", "eighty", "PORT must be a number"),
        ("127.0.0.1", "70000", "PORT must be a number"),
        ("no such host", "8000", "is not an address of this machine"),
        ("192.0.2.1", "8000", "Cannot listen on 192.0.2.1"),
    ],
)
def test_bad_address_gets_one_sentence(host, port, words):
    said = complaint(host, port)
    assert words in said
    assert "\n" not in said


def test_taken_port_gets_one_sentence_and_a_free_one_none():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert complaint("127.0.0.1", str(port)) == (
            f"Port {port} is already in use: stop what runs there, or use PORT={port + 1}."
        )
    assert complaint("127.0.0.1", str(port)) == ""


@pytest.mark.parametrize(
    ("version", "words"),
    [("Python 3.9.2", "Python 3.9.2 is too old here: please install Python 3.11 or newer.")],
)
def test_old_python_gets_one_sentence(tmp_path, version, words):
    fake = tmp_path / "python3"
    fake.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}" && exit 0\nexit 1\n')
    fake.chmod(0o755)
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert done.stderr == words + "\n"


def test_missing_python_gets_one_sentence(tmp_path):
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Python is missing: please install it")


def find_python(path: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "deploy/find-python.sh")],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.0.2.7"])
def test_site_may_be_called_by_the_host_it_listens_on(host, monkeypatch):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    monkeypatch.delenv("BASE_URL", raising=False)
    environment = run.environ_for(host, 8001)
    assert run.bracketed(host) in environment["ALLOWED_HOSTS"].split(",")
    assert "*" not in environment["ALLOWED_HOSTS"]
    assert environment["BASE_URL"] == f"http://{run.bracketed(host)}:8001"


def test_every_address_means_every_name_of_the_machine(monkeypatch):
    monkeypatch.delenv("ALLOWED_HOSTS", raising=False)
    allowed = run.environ_for("0.0.0.0", 8001)["ALLOWED_HOSTS"].split(",")  # noqa: S104
    assert {"localhost", "127.0.0.1", socket.gethostname()} <= set(allowed)
    assert "*" not in allowed


def test_unknown_search_gets_one_sentence():
    done = subprocess.run(
        [ROOT / "deploy/run.sh"],
        env=os.environ
        | {"SEARCH": "solr", "HOST": "127.0.0.1", "PORT": str(live_site.free_port())},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "SEARCH must be 'database' or 'elasticsearch', not 'solr'.\n"


@pytest.mark.parametrize(
    ("search", "url", "starts", "used"),
    [
        ("", "", False, None),
        ("", "http://search.example:9200", False, "http://search.example:9200"),
        ("database", "http://search.example:9200", False, None),
        ("elasticsearch", "http://search.example:9200", False, "http://search.example:9200"),
        ("elasticsearch", "", True, None),
    ],
)
def test_search_server_is_started_only_where_none_is_named(monkeypatch, search, url, starts, used):
    monkeypatch.setenv("SEARCH", search)
    monkeypatch.setenv("ELASTICSEARCH_URL", url)
    environment = run.environ_for("127.0.0.1", 8001)
    assert (run.search_server(environment) is not None) == starts
    assert (environment.get("ELASTICSEARCH_URL") or None) == used


@pytest.fixture
def started(tmp_path):
    """`deploy/run.py` on a copy of the filled site, answering; stopped in the end."""
    folder = live_site.copy_of_filled_site(tmp_path)
    port = live_site.free_port()
    environment = live_site.environment_for(folder, "config.settings.development")
    foreign = {"MAKELEVEL", "SEARCH", "ELASTICSEARCH_URL"}
    process = subprocess.Popen(
        [sys.executable, "deploy/run.py"],
        cwd=ROOT,
        env={k: v for k, v in environment.items() if k not in foreign} | {"PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = []
    for line in process.stdout:
        output.append(line)
        if "Ctrl-C" in line:
            break
    yield process, port, "".join(output)
    process.kill()
    process.wait()


def children_of(pid: int) -> list[int]:
    return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def test_run_announces_the_site_and_ends_with_all_its_processes(started):
    process, port, output = started
    assert f"http://127.0.0.1:{port}/" in output
    assert "user admin, password " in output
    assert "load content" not in output, "an unchanged start loads nothing"
    children = children_of(process.pid)
    assert len(children) == 3
    children += [pid for child in children for pid in children_of(child)]
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert gone(children)


def test_run_fails_when_a_child_ends(started):
    process, _, _ = started
    children = children_of(process.pid)
    os.kill(children[-1], signal.SIGKILL)
    assert process.wait(15) == 1
    assert "The housekeeping ended with code -9; stopping." in process.stdout.read()
    assert gone(children)
