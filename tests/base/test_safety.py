"""Safe from the first page: policy, headers, cookies, login, uploads, odd requests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k9" * 40 + "!abcdefghij",
    "ALLOWED_HOSTS": "www.example.org",
    "BASE_URL": "https://www.example.org",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "TRUSTED_PROXIES": "1",
}
ADDRESSES = [
    "/", "/en/", "/culture/", "/products/", "/invest/", "/invest/sites/", "/policies/", "/enclaves/",
    "/events/", "/inquiry/", "/search/", "/sitemap/", "/display/", "/leaving/", "/sitemap.xml",
    "/feeds/policies.atom", "/feeds/events.rss", "/robots.txt", "/healthz/",
]  # fmt: skip


def run_production(tmp_path, *arguments):
    environment = {**os.environ, **PRODUCTION, "VAR_DIR": str(tmp_path)}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.engine_free
def test_production_settings_pass_the_deployment_check(tmp_path):
    done = run_production(tmp_path, "check", "--deploy", "--fail-level", "INFO")
    assert (done.returncode, done.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), done.stderr


@pytest.mark.engine_free
def test_production_refuses_samples_and_demands_a_second_factor(tmp_path):
    code = "print(settings.WAGTAIL_2FA_REQUIRED); call_command('load_samples')"
    imports = "from django.conf import settings; from django.core.management import call_command; "
    done = run_production(tmp_path, "shell", "-v0", "-c", imports + code)
    assert (done.returncode, done.stdout.strip()) == (1, "True")
    assert "Samples are for trials" in done.stderr


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "TRUSTED_PROXIES"]
)
def test_production_does_not_start_without_its_own_values(tmp_path, monkeypatch, missing):
    environment = {k: v for k, v in {**os.environ, **PRODUCTION}.items() if k != missing}
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check"],
        env={**environment, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert missing in done.stderr


@pytest.mark.django_db
def test_readers_get_a_strict_policy_and_safe_headers(client):
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe" not in policy
    assert "data:" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_only_the_admin_gets_the_wider_policy(client):
    assert "unsafe-inline" in client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in client.get("/adminx/").headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_wrong_passwords_close_the_door(client, make_user):
    user = make_user("Editors")
    url = reverse("wagtailadmin_login")
    for _ in range(5):
        response = client.post(url, {"username": user.username, "password": "wrong"})
    assert response.status_code == 429
    right = {"username": user.username, "password": "correct horse battery"}
    assert client.post(url, right).status_code == 429
    # Somebody else at the same address is not shut out.
    other = make_user("Publishers")
    entered = client.post(url, {"username": other.username, "password": "correct horse battery"})
    assert entered.status_code == 302


@pytest.mark.django_db
def test_the_second_factor_is_demanded_where_settings_say_so(client, make_user, settings):
    client.force_login(make_user("Editors"))
    assert client.get("/admin/").status_code == 200
    settings.WAGTAIL_2FA_REQUIRED = True
    response = client.get("/admin/pages/")
    assert response.status_code == 302
    assert "2fa" in response.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("picture.png", b"<html><script>alert(1)</script></html>"),
        ("program.exe", b"MZ"),
    ],
)
def test_images_of_another_kind_are_refused(client, make_user, name, content):
    from base.models import CustomImage

    client.force_login(make_user("Publishers"))
    file = SimpleUploadedFile(name, content, content_type="image/png")
    client.post(reverse("wagtailimages:add"), {"title": "x", "file": file})
    assert not CustomImage.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["page.html", "program.exe", "script.js", "drawing.svg"])
def test_documents_of_another_kind_are_refused(client, make_user, name):
    from base.models import CustomDocument

    client.force_login(make_user("Publishers"))
    file = SimpleUploadedFile(name, b"<script>alert(1)</script>")
    client.post(reverse("wagtaildocs:add"), {"title": "x", "file": file})
    assert not CustomDocument.objects.exists()


@pytest.mark.django_db
def test_a_document_that_is_too_large_is_refused(client, make_user, settings):
    from base.models import CustomDocument

    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
    client.force_login(make_user("Publishers"))
    file = SimpleUploadedFile("large.pdf", b"%PDF-1.4" + b"0" * 100)
    client.post(reverse("wagtaildocs:add"), {"title": "x", "file": file})
    assert not CustomDocument.objects.exists()


ASKING = ("/", "/invest/sites/", "/policies/", "/events/", "/inquiry/", "/search/", "/leaving/")
# In each of these addresses, as an attacker or a broken link would have it.
ODD_QUERIES = [
    "q=%00", "page=%00", "page=-1", "page=abc", "page=1e9", "page=" + "9" * 400, "level=%FF%FE",
    "level=nation&level=city", "q=%ED%A0%80", "q=" + "%E4%B8%80" * 3000, "from=%00", "kind=[]",
    "q='\";--", "next=%0d%0aSet-Cookie:x", "type=%00", "to=%00", "source=abc", "source=" + "9" * 30,
    "q=%F0%9F%98%80", "=&&&=", "in_force=%00", "q=%", "chain=%00x",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    # What asks a database with what was typed, on each engine; the others on one.
    [a if a in ASKING else pytest.param(a, marks=pytest.mark.engine_free) for a in ADDRESSES],
)
def test_odd_queries_never_break_the_site(client, address):
    codes = {query: client.get(f"{address}?{query}").status_code for query in ODD_QUERIES}
    assert {query: code for query, code in codes.items() if code >= 500} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/%00", "/en/%00/", "/culture/%ff%fe/", "/" + "a" * 5000, "/%ED%A0%80/", "/media/images/%00",
     "/documents/99999999999999999999/x/", "/..%2f..%2fetc/passwd", "/search/%00",
     "/inquiry/status/%00/", "/en/inquiry/status/abc/", "/%F0%9F%98%80/"],
)  # fmt: skip
def test_odd_paths_never_break_the_site(client, path):
    from urllib.parse import unquote_to_bytes

    assert client.get(path).status_code < 500
    # The test client decodes as a server would: the bytes as they come, read as Latin-1.
    raw = unquote_to_bytes(path).decode("latin-1")
    response = client.generic("GET", "/", PATH_INFO=raw)
    assert response.status_code < 500


@pytest.mark.django_db
@given(
    address=st.sampled_from(ADDRESSES),
    name=st.sampled_from(["q", "page", "level", "kind", "from", "to", "source", "next", "theme"]),
    value=st.text(max_size=60),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_in_any_query_is_answered(address, name, value):
    value = value.encode("utf-8", "surrogatepass")
    response = Client().get(
        address, query_params=None, data={name: value.decode("utf-8", "replace")}
    )
    assert response.status_code < 500


@pytest.mark.engine_free
@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_never_break_the_site(client, method):
    body = b"\x00\xff=%ED%A0%80"
    codes = {
        address: client.generic(method, address, body, content_type="text/plain").status_code
        for address in ADDRESSES
    }
    assert {address: code for address, code in codes.items() if code >= 500} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-16", "hex", "idna", "gbk"])
def test_forms_in_other_encodings_are_refused(client, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/inquiry/submit/", b"name=%FF", kind).status_code == 400


@pytest.mark.django_db
def test_a_form_that_names_its_utf8_is_read(client):
    kind = 'application/x-www-form-urlencoded; charset="UTF-8"'
    assert client.generic("POST", "/inquiry/submit/", b"name=a", kind).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/admin/", "/en/nowhere/"])
def test_a_nul_in_a_cookie_does_not_reach_the_database(client, address):
    headers = {"cookie": 'sessionid="aaaaaaaa\\000bbb"'}
    assert client.get(address, headers=headers).status_code == 400
