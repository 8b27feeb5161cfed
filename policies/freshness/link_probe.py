"""Opening one address of the web, to see whether it is there: careful of the net we stand in.

Editors may write any address into a text, so the crawler must not be led into our own network
(SSRF): every name is resolved here, each of its addresses has to be public, and the connection goes
to the address that was looked at. Redirects are followed one by one under the same rule. Nothing
can hold it: connecting, waiting and the whole attempt have limits, and of a body nothing is read.
"""

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urljoin, urlsplit, urlunsplit

import urllib3
from django.conf import settings

from policies.models import LinkCheck

Outcome = LinkCheck.Outcome
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 10.0, 25.0
REDIRECTS = 5
# Servers that answer these are there; they only don't like programs or want a login.
GUARDED = {401, 403, 405, 406, 407, 412, 418, 429, 451}
SCHEMES = {"http": 80, "https": 443}
# RFC 6052: such an address leads to any IPv4 address, a private one, too.
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Probe:
    """What became of the attempt. `status` is the HTTP status of the last answer, if there was one."""

    outcome: str
    status: int | None = None

    @property
    def is_failure(self) -> bool:
        return self.outcome not in (Outcome.OK, Outcome.GUARDED)


class _Ended(Exception):  # noqa: N818 not an error: it carries the answer
    def __init__(self, outcome: str, status: int | None = None):
        self.probe = Probe(outcome, status)


def probe(url: str, *, seconds: float = TOTAL_SECONDS) -> Probe:
    """Try to open `url`, at most so many seconds in all. Never raises."""
    deadline = time.monotonic() + seconds
    try:
        return _follow(url, deadline)
    except _Ended as end:
        return end.probe
    except (urllib3.exceptions.SSLError, urllib3.exceptions.InvalidHeader) as error:
        is_tls = isinstance(error, urllib3.exceptions.SSLError)
        return Probe(Outcome.TLS if is_tls else Outcome.ODD)
    except urllib3.exceptions.NewConnectionError:  # one of urllib3's timeouts, too
        return Probe(Outcome.REFUSED)
    except (urllib3.exceptions.TimeoutError, TimeoutError):
        return Probe(Outcome.TIMEOUT)
    except (urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError):
        # The connection was cut, by the other side or because the time was over.
        return Probe(Outcome.TIMEOUT if time.monotonic() >= deadline else Outcome.ODD)


def _follow(url: str, deadline: float) -> Probe:
    for _step in range(REDIRECTS + 1):
        status, location = _open("HEAD", url, deadline)
        if status >= 400:  # many servers answer HEAD wrongly
            status, location = _open("GET", url, deadline)
        if status not in (301, 302, 303, 307, 308) or not location:
            return Probe(_outcome(status), status)
        url = urljoin(url, location)
    return Probe(Outcome.LOOP, status)


def _outcome(status: int) -> str:
    if status < 400:
        return Outcome.OK
    if status in GUARDED:
        return Outcome.GUARDED
    return Outcome.FAULT if status >= 500 else Outcome.GONE


def _open(method: str, url: str, deadline: float) -> tuple[int, str]:
    """Status and Location of the answer; the connection is closed behind its head."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise _Ended(Outcome.ODD)
    host = (
        parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    )
    port = parts.port or SCHEMES[parts.scheme]
    address = _resolve(host, port)
    left = deadline - time.monotonic()
    if left <= 0:
        raise _Ended(Outcome.TIMEOUT)
    timeout = urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=min(READ_SECONDS, left))
    options = {"timeout": timeout, "retries": False, "maxsize": 1, "block": False}
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host, **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, **options)
    headers = {
        "Host": _host_header(host, parts.port),
        "User-Agent": f"Mozilla/5.0 (compatible; link check; +{settings.BASE_URL})",
        "Accept": "*/*",
    }
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    with contextlib.closing(pool), _cut_at(pool, left):
        answer = pool.urlopen(
            method, target, headers=headers, redirect=False, preload_content=False
        )
        status, location = answer.status, answer.headers.get("Location", "")
        answer.close()
    if time.monotonic() >= deadline:  # cut in the middle of its head
        raise _Ended(Outcome.TIMEOUT)
    return status, location


def _host_header(host: str, port: int | None) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" if port else name


def _resolve(host: str, port: int) -> str:
    """An address of the host that may be asked. One private address among public ones spoils all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _Ended(Outcome.NO_HOST) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.LINK_CHECK_PRIVATE and not all(map(_is_public, addresses)):
        raise _Ended(Outcome.PRIVATE)
    return addresses[0]


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if address.version == 6:
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = ipaddress.ip_address(int(address) & 0xFFFFFFFF)
        if inner is not None and not inner.is_global:
            return False
        # Beyond what Python calls private: site-local addresses, and those of a translator of our own.
        if address not in NAT64 and (address.is_reserved or address.is_site_local):
            return False
    return address.is_global and not address.is_multicast


@contextlib.contextmanager
def _cut_at(pool: urllib3.HTTPConnectionPool, seconds: float) -> Iterator[None]:
    """Cut the connection after so many seconds: a drop now and then resets every other timeout."""
    made = []
    connect = pool._new_conn

    def remember():
        made.append(connect())
        return made[-1]

    def cut() -> None:
        for connection in made:
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    pool._new_conn = remember
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
