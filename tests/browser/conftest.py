"""One live site and one browser for all browser tests."""

import contextlib
import functools
import json

import pytest
from playwright.sync_api import sync_playwright

from tests.bench.inventory import OF_A_POLICY, OTHER
from tests.chromium import launch
from tests.live_site import live_site

PASSWORD = "correct horse battery"
MAKE_USERS = f"""
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
password = make_password("{PASSWORD}")  # slow by intention
for name in ("Editors", "Publishers", "CRM officers", "CRM managers"):
    user = get_user_model().objects.create(username=name.lower().replace(" ", "-"), password=password)
    user.groups.add(Group.objects.get(name=name))
"""


LANGUAGES = (("", "zh-hans"), ("/en", "en"))
FIND_ADDRESSES = """
import json
from policies.models import PolicyPage
from wagtail.models import Page
from base.visibility import visible
pages, policies = {}, []
for p in visible(Page.objects.filter(depth__gt=1)).specific().order_by("path"):
    pages.setdefault(f"{type(p).__name__} {p.locale.language_code}", p.url)
for code in ("zh-hans", "en"):
    first = PolicyPage.objects.live().filter(locale__language_code=code).order_by("path").first()
    policies.append(first.pk)
print(json.dumps([pages, policies]))
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    # A visitor of the tests writes faster than a person, and more often from one address.
    with live_site(tmp_path_factory.mktemp("site"), INQUIRIES_PER_HOUR="0") as running:
        running.manage("shell", "-v0", "-c", MAKE_USERS)
        yield running


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(chromium, site):
    """What the browser of a user who has signed in keeps: `signed_in("editors")`. Once for each."""

    @functools.cache
    def state(user: str) -> dict:
        with contextlib.closing(chromium.new_context(base_url=site.base_url)) as context:
            page = context.new_page()
            page.goto("/admin/login/?next=/healthz/")  # the lightest of all
            page.fill("input[name=username]", user)
            page.fill("input[name=password]", PASSWORD)
            page.click("button[type=submit]")
            page.wait_for_url("**/healthz/")
            return context.storage_state()

    return state


@pytest.fixture
def open_page(chromium, site, signed_in):
    """Open an address in a window of its own: `open_page("/", width=390, scheme="dark")`."""
    with contextlib.ExitStack() as stack:

        def opener(address="/", *, width=1440, scheme="light", javascript=True, user=None):
            context = chromium.new_context(
                base_url=site.base_url,
                viewport={"width": width, "height": 900},
                color_scheme=scheme,
                java_script_enabled=javascript,
                storage_state=signed_in(user) if user else None,
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(address)
            return page

        yield opener


@pytest.fixture(scope="session")
def addresses(site) -> dict[str, str]:
    """One address of each page type in each language, and of the other views."""
    found, policies = json.loads(site.manage("shell", "-v0", "-c", FIND_ADDRESSES))
    for (prefix, language), pk in zip(LANGUAGES, policies, strict=True):
        found |= {f"{kind} {language}": path.format(prefix) for kind, path in OTHER.items()}
        found |= {
            f"{kind} {language}": path.format(prefix, pk) for kind, path in OF_A_POLICY.items()
        }
        del found[f"empty search {language}"]
    for prefix, language in LANGUAGES:
        found[f"search {language}"] = f"{prefix}/search/?q=a"
        found[f"site map {language}"] = f"{prefix}/sitemap/"
        found[f"not found {language}"] = f"{prefix}/nowhere/"
    return found


@pytest.fixture(scope="module")
def window(chromium, site):
    """One window for all screens: styles and drawings are fetched once, as by a visitor who reads on,
    here one who has chosen the large type."""
    context = chromium.new_context(base_url=site.base_url, reduced_motion="reduce")
    context.add_cookies([{"name": "type", "value": "large", "url": site.base_url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


@pytest.fixture
def heard(window):
    """What the window asks for and complains of during one test."""
    requests, complaints = [], []
    listeners = {
        "request": lambda request: requests.append(request.url),
        "console": lambda said: said.type == "error" and complaints.append(said.text),
        "pageerror": lambda error: complaints.append(str(error)),
    }
    for event, listener in listeners.items():
        window.on(event, listener)
    yield requests, complaints
    for event, listener in listeners.items():
        window.remove_listener(event, listener)
