"""The public addresses that the figures are taken from, with the type of each page.

`python -m tests.bench.inventory` prints them as JSON lines, for the site that the environment
names; the others call `inventory(site)` for a live one.
"""

import json
import os
from dataclasses import asdict, dataclass
from urllib.parse import quote

from tests.live_site import LiveSite, run_python

# Addresses that are no page of the tree; `{}` is the language's prefix.
OTHER = {
    "search": f"{{}}/search/?q={quote('投资')}",
    "empty search": "{}/search/",
    "site map": "{}/sitemap/",
    "matching": "{}/policies/match/?step=3",
    "matching result": "{}/policies/match/result/?place=140404&industry=C27",
    "matching sent": "{}/policies/match/send/?place=140404&industry=C27",
    "clauses": "{}/policy-clauses/",
    "alerts": "{}/alerts/?level=nation",
    "alerts asked for": "{}/alerts/sent/",
    "alerts ended": "{}/alerts/ended/",
    "interfaces": "{}/api/",
}
# What is made of one policy; `{}` are the language's prefix and the number of its page.
OF_A_POLICY = {
    "official layout": "{}/policy-record/{}/official/",
    "versions": "{}/policy-record/{}/versions/",
    "comparison": "{}/policy-record/{}/compare/",
}


@dataclass(frozen=True)
class Address:
    kind: str
    language: str
    path: str


def inventory(site: LiveSite) -> list[Address]:
    printed = run_python(site.environment, "-m", "tests.bench.inventory")
    return [Address(**json.loads(line)) for line in printed.splitlines()]


def one_of_each(addresses: list[Address], languages: set[str] | None = None) -> list[Address]:
    """The first page of every type (and language)."""
    found: dict[tuple, Address] = {}
    for address in addresses:
        if languages is None or address.language in languages:
            found.setdefault((address.kind, address.language), address)
    return list(found.values())


def collect() -> list[Address]:
    """From the database, in this process: needs Django set up."""
    from django.conf import settings
    from wagtail.models import Page, Site

    from policies.models import PolicyPage

    root = Site.objects.get(is_default_site=True).root_page
    homes = root.get_translations(inclusive=True).live().select_related("locale")
    found = []
    for home in sorted(homes, key=lambda home: home.locale.language_code != settings.LANGUAGE_CODE):
        language = home.locale.language_code
        prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
        for page in Page.objects.descendant_of(home, inclusive=True).live().public().specific():
            found.append(Address(page._meta.object_name, language, page.get_url()))
        found += [Address(kind, language, path.format(prefix)) for kind, path in OTHER.items()]
        policy = PolicyPage.objects.descendant_of(home).live().public().order_by("path").first()
        if policy is not None:
            found += [
                Address(kind, language, path.format(prefix, policy.pk))
                for kind, path in OF_A_POLICY.items()
            ]
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()
    for address in collect():
        print(json.dumps(asdict(address), ensure_ascii=False))
