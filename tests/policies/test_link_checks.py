"""The link check against a server that is up, down, slow, redirecting, endless or private."""

import contextlib
import socket
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from policies.freshness import link_checks
from policies.freshness.link_checks import check_links, links_of, note_result, read_links
from policies.freshness.link_probe import Outcome, Probe, _is_public, probe
from policies.models import LinkCheck, LinkReading, LinkUse, PolicyPage
from tests.live_site import free_port

MOVED = {"/moved": "/ok", "/twice": "/moved", "/loop": "/loop", "/inside": "http://127.0.0.1:1/"}
STATUS = {"/ok": 200, "/gone": 404, "/login": 403, "/fault": 503}


class Handler(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_HEAD(self):  # noqa: N802 (http.server's name)
        self.seen.append(f"HEAD {self.path}")
        self.answer(405 if self.path == "/no-head" else STATUS.get(self.path, 200))

    def do_GET(self):  # noqa: N802
        self.seen.append(f"GET {self.path}")
        self.answer(STATUS.get(self.path, 200))
        with contextlib.suppress(OSError):
            while self.path in ("/no-head", "/endless"):  # a body without an end
                self.wfile.write(b"x" * 65536)

    def answer(self, status):
        with contextlib.suppress(OSError):
            if self.path == "/slow":
                time.sleep(3)
            if self.path == "/drops":  # a byte now and then, for ever
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
                for _ in range(60):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.05)
                return
            if self.path in MOVED:
                self.send_response(302)
                self.send_header("Location", MOVED[self.path])
            elif self.path == "/odd":
                self.wfile.write(b"this is not HTTP\r\n\r\n")
                return
            else:
                self.send_response(status)
            self.send_header("Content-Length", "0" if status != 200 else "99999999")
            self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def open_net(settings):
    """The stand-in lives on this machine, which the check refuses elsewhere."""
    settings.LINK_CHECK_PRIVATE = True
    settings.LINK_CHECK_PAUSE = 0


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/ok", Outcome.OK, 200),
        ("/ok?a=县&b=1#part", Outcome.OK, 200),
        ("/moved", Outcome.OK, 200),
        ("/twice", Outcome.OK, 200),
        ("/no-head", Outcome.OK, 200),
        ("/endless", Outcome.OK, 200),
        ("/gone", Outcome.GONE, 404),
        ("/login", Outcome.GUARDED, 403),
        ("/fault", Outcome.FAULT, 503),
        ("/loop", Outcome.LOOP, 302),
        ("/odd", Outcome.ODD, None),
        ("/inside", Outcome.REFUSED, None),
    ],
)
def test_what_a_server_can_do(server, open_net, path, outcome, status):
    assert probe(f"{server}{path}") == Probe(outcome, status)


@pytest.mark.engine_free
def test_a_chinese_name_is_asked_by_its_ascii_form(server, open_net, monkeypatch):
    port = server.rpartition(":")[2]
    real = socket.getaddrinfo
    asked = []

    def resolve(host, *args, **kwargs):
        asked.append(host)
        return real("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert probe(f"http://例子.example:{port}/ok") == Probe(Outcome.OK, 200)
    assert asked[0] == "xn--fsqu00a.example"


@pytest.mark.engine_free
@pytest.mark.parametrize("path", ["/slow", "/drops"])
def test_no_server_holds_the_check(server, open_net, path):
    started = time.monotonic()
    assert probe(f"{server}{path}", seconds=0.4).outcome == Outcome.TIMEOUT
    assert time.monotonic() - started < 1.5


@pytest.mark.engine_free
def test_head_is_tried_first_and_get_where_it_is_refused(server, open_net):
    Handler.seen.clear()
    probe(f"{server}/ok")
    assert Handler.seen == ["HEAD /ok"]
    probe(f"{server}/no-head")
    assert Handler.seen[1:] == ["HEAD /no-head", "GET /no-head"]


@pytest.mark.engine_free
def test_no_server_and_no_name(open_net, monkeypatch):
    assert probe(f"http://127.0.0.1:{free_port()}/").outcome == Outcome.REFUSED
    assert probe("http://no-such-host.invalid/").outcome == Outcome.NO_HOST
    assert probe("https://[::1/").outcome == Outcome.ODD
    assert probe("ftp://example.org/").outcome == Outcome.ODD
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        port = deaf.getsockname()[1]
        assert probe(f"https://127.0.0.1:{port}/", seconds=0.3).outcome == Outcome.TIMEOUT


@pytest.mark.engine_free
def test_private_addresses_are_refused_before_a_connection(server):
    Handler.seen.clear()
    for url in (f"{server}/ok", "http://localhost/", "http://[::ffff:10.0.0.1]/", "http://0/"):
        assert probe(url).outcome == Outcome.PRIVATE
    assert Handler.seen == []


@pytest.mark.engine_free
def test_a_redirect_into_the_house_is_refused(server, monkeypatch, settings):
    """The first server passes for a public one; the second, where it leads, does not."""
    settings.LINK_CHECK_PRIVATE = False
    port = server.rpartition(":")[2]
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        return real("127.0.0.1" if host == "public.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    seen = []

    def public(text):
        seen.append(text)
        return len(seen) <= 1

    monkeypatch.setattr("policies.freshness.link_probe._is_public", public)
    assert probe(f"http://public.example:{port}/inside").outcome == Outcome.PRIVATE
    assert seen == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.engine_free
@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.1", False), ("224.0.0.1", False),
        ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::1", False), ("64:ff9b::10.0.0.1", False), ("nonsense", False),
        ("64:ff9b::8.8.8.8", True), ("64:ff9b:1::10.0.0.1", False), ("fec0::1", False),
        ("::10.0.0.1", False),
    ],
)  # fmt: skip
def test_public_and_private_addresses(address, public):
    assert _is_public(address) == public


@pytest.fixture
def law(page_at):
    page = page_at("policies/coal-law")
    page.source_url = "https://flk.example.org/law#article-1"
    page.body = [("text", '<p><a href="http://a.example/x">一</a> <a href="/inside/">内</a></p>')]
    page.save()
    return page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", [f"http://{'a.' * 150}example/", f"http://a.example/{'县' * 400}"]
)
def test_what_no_column_holds_does_not_stop_the_round(law, address):
    law.source_url = ""
    law.body = [("text", f'<p><a href="{address}">一</a> <a href="http://b.example/">二</a></p>')]
    law.save()
    read_links(limit=500)
    uses = LinkUse.objects.filter(policy=law)
    assert list(uses.values_list("link__url", flat=True)) == ["http://b.example/"]


def test_links_are_read_out_of_pages_and_forgotten_with_them(law):
    assert set(links_of(law)) == {
        ("source_url", "https://flk.example.org/law"),
        ("body", "http://a.example/x"),
    }
    read_links(limit=10_000)
    assert set(LinkUse.objects.filter(policy=law).values_list("link__host", flat=True)) == {
        "flk.example.org",
        "a.example",
    }
    assert read_links(limit=10_000) == 0  # nothing was published since
    PolicyPage.objects.filter(pk=law.pk).update(
        source_url="https://b.example/", last_published_at=timezone.now() + timedelta(seconds=1)
    )
    assert read_links(limit=10_000) == 1
    assert not LinkCheck.objects.filter(host="flk.example.org").exists()
    PolicyPage.objects.update(live=False)
    read_links(limit=1)
    assert not LinkCheck.objects.exists()
    assert not LinkReading.objects.exists()


@pytest.mark.django_db
def test_dead_after_three_days_and_alive_at_once():
    link = LinkCheck.objects.create(url="https://a.example/", host="a.example")
    at = timezone.now()
    for days, failures in ((0, 1), (0, 1), (1, 2), (2, 3)):
        note_result(link=link, result=Probe(Outcome.GONE, 404), at=at + timedelta(days=days))
        link.refresh_from_db()
        assert link.failures == failures
    assert LinkCheck.objects.dead().get() == link
    note_result(link=link, result=Probe(Outcome.GUARDED, 403), at=at + timedelta(days=3))
    link.refresh_from_db()
    assert (link.failures, link.outcome) == (0, "guarded")
    assert not LinkCheck.objects.dead().exists()
    assert link.due_at == at + timedelta(days=10)


@pytest.mark.django_db
def test_a_round_is_small_polite_and_notes_what_it_found(server, open_net, settings):
    LinkReading.objects.bulk_create(
        [LinkReading(policy=page, read_at=timezone.now()) for page in PolicyPage.objects.live()]
    )
    law = PolicyPage.objects.live().first()
    for path in ("/ok", "/gone", "/login"):
        link = LinkCheck.objects.create(url=f"{server}{path}", host="127.0.0.1")
        LinkUse.objects.create(link=link, policy=law, field="body")
    settings.LINK_CHECK_PAUSE = 0.2
    started = time.monotonic()
    assert check_links(limit=2, seconds=5).tried == 2
    assert time.monotonic() - started >= 0.2
    out = StringIO()
    call_command("check_links", "--seconds", "5", stdout=out)
    assert "1 links tried, 0 failed" in out.getvalue()
    outcomes = dict(LinkCheck.objects.values_list("url", "outcome"))
    assert outcomes == {
        f"{server}/ok": "ok", f"{server}/gone": "gone", f"{server}/login": "guarded",
    }  # fmt: skip
    settings.LINK_CHECK_PAUSE = 3600
    LinkCheck.objects.update(due_at=timezone.now())
    assert check_links(limit=3, seconds=1).tried == 1  # no time for a second request


@pytest.mark.django_db
def test_an_outage_of_our_own_line_kills_no_link():
    for name in "abc":
        link = LinkCheck.objects.create(url=f"https://{name}.example/", host=f"{name}.example")
        LinkUse.objects.create(link=link, policy=PolicyPage.objects.first(), field="body")
    LinkReading.objects.bulk_create(
        [LinkReading(policy=page, read_at=timezone.now()) for page in PolicyPage.objects.live()]
    )
    link_checks.read_links(limit=1)
    done = check_links(limit=5, seconds=5, opener=lambda url: Probe(Outcome.NO_HOST))
    assert done.is_offline
    assert not LinkCheck.objects.exclude(checked_at=None).exists()
