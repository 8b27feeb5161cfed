"""Many connections that send forms at once, by plain sockets: the server gets the machine, not the client."""

import http.client
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 60


@dataclass(frozen=True)
class Server:
    """A server that believes it stands behind a proxy with TLS, as in production."""

    port: int

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def headers(self, visitor: str) -> dict[str, str]:
        return {
            "Host": f"127.0.0.1:{self.port}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": visitor,
        }


@dataclass(frozen=True)
class Answer:
    """`status` is 0 when the connection broke before all was there."""

    status: int
    seconds: float
    location: str = ""


@dataclass(frozen=True)
class Load:
    """The answers of all connections and how long the whole took."""

    answers: list[Answer]
    seconds: float

    def number(self, *statuses: int) -> int:
        return sum(answer.status in statuses for answer in self.answers)

    def statuses(self) -> str:
        counted = sorted(Counter(answer.status for answer in self.answers).items())
        return ", ".join(f"{status} × {number}" for status, number in counted)

    @property
    def p99(self) -> float:
        ordered = sorted(answer.seconds for answer in self.answers)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0


class Visitor:
    """One who has opened a form: knows its cookie and its hidden fields, and fills it in as often as told."""

    numbers = iter(range(1, 2**24))

    def __init__(self, server: Server, path: str):
        self.server, self.path = server, path
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=TIMEOUT)
        connection.request("GET", path, headers=server.headers("192.0.2.1"))
        response = connection.getresponse()
        page = response.read().decode()
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
        cookies = SimpleCookie(response.getheader("Set-Cookie", ""))
        self.cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in cookies.items())
        self.hidden = hidden_fields(page)
        connection.close()

    def fill(self, fields: dict[str, str | list[str]]) -> bytes:
        """The form with these words, as somebody else than before sends it."""
        number = next(self.numbers)
        body = {**self.hidden, **fields}
        body = {name: _numbered(value, number) for name, value in body.items()}
        headers = self.server.headers(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        headers |= {"Cookie": self.cookie, "Referer": self.server.origin + self.path}
        return post(self.path, body, headers)


def _numbered(value, number: int):
    if isinstance(value, list):
        return value
    return value.replace("{number}", str(number))


def hidden_fields(page: str) -> dict[str, str]:
    """Names and values of the hidden inputs of a page's forms that are posted."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "hidden" and "name" in attributes:
            found.setdefault(attributes["name"], attributes.get("value", ""))
    return found


def post(path: str, body: dict, headers: dict[str, str]) -> bytes:
    content = urlencode(body, doseq=True).encode()
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    lines += [
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(content)}",
        "Connection: keep-alive",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def send_all(
    port: int, queues: Sequence[Sequence[bytes]], *, until: threading.Event | None = None
) -> Load:
    """Each queue over a connection of its own, all beginning together; `until` cuts it short."""
    barrier = threading.Barrier(len(queues) + 1)
    answers: list[list[Answer]] = [[] for _ in queues]

    def work(queue: Sequence[bytes], mine: list[Answer]) -> None:
        connection = _connect(port)
        barrier.wait(TIMEOUT)
        for message in queue:
            if until is not None and until.is_set():
                return
            answer, connection = _exchange(connection, message, port)
            mine.append(answer)

    threads = [
        threading.Thread(target=work, args=pair, daemon=True)
        for pair in zip(queues, answers, strict=True)
    ]
    for thread in threads:
        thread.start()
    barrier.wait(TIMEOUT)
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return Load([each for mine in answers for each in mine], time.perf_counter() - started)


def _connect(port: int) -> socket.socket | None:
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    except OSError:
        return None
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _exchange(connection, message: bytes, port: int):
    """The answer, and the connection for the next: a new one when this was closed."""
    started = time.perf_counter()
    try:
        if connection is None:
            raise ConnectionError
        connection.sendall(message)
        status, headers = _read(connection)
    except (OSError, ValueError):
        if connection is not None:
            connection.close()
        answer = Answer(0, time.perf_counter() - started)
        time.sleep(0.02)
        return answer, _connect(port)
    answer = Answer(status, time.perf_counter() - started, headers.get("location", ""))
    if headers.get("connection", "") == "close":
        connection.close()
        connection = _connect(port)
    return answer, connection


def _read(connection: socket.socket) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer whose body was read to its end. Raises OSError, ValueError."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    missing = int(headers.get("content-length", 0)) - len(body)
    while missing > 0:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError
        missing -= len(piece)
    return int(first.split(" ")[1]), headers
