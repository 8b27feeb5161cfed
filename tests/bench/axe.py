"""axe over every address of the site map: both languages, both schemes, phone and desktop.

Exit code 1 when there is a violation. WIDTHS=390 takes one width alone, URLS=types one page of
each type and language.
"""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.bench.inventory import OTHER, inventory, one_of_each
from tests.bench.report import table
from tests.bench.sitemap import addresses_of
from tests.live_site import live_site

WIDTHS = [int(width) for width in os.environ.get("WIDTHS", "390,1440").split(",")]
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in WIDTHS]


def main() -> int:
    with tempfile.TemporaryDirectory() as name, live_site(Path(name), worker=False) as site:
        if os.environ.get("URLS") == "types":
            paths = [address.path for address in one_of_each(inventory(site))]
        else:
            paths = addresses_of(site.base_url)
            paths += [path.format(prefix) for path in OTHER.values() for prefix in ("", "/en")]
        found = check(site.base_url, paths)
    for (path, rule, target), looks in found.items():
        print(f"{path}\n    {rule}\n    at {target} ({', '.join(looks)})")
    rows = []
    for look in LOOKS:
        here = [key for key, looks in found.items() if name_of(look) in looks]
        rows.append([*look, len(paths), len(here), len({path for path, _, _ in here})])
    columns = ["scheme", "width", "pages", "violations", "pages with one"]
    print(table("axe (at most 0 violations)", columns, rows))
    return 1 if found else 0


def check(base_url: str, paths: list[str]) -> dict[tuple[str, str, str], list[str]]:
    """The looks in which each violation shows, by path, rule and the element it is at."""
    found = defaultdict(list)
    axe = Axe()
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(reduced_motion="reduce")
        for number, path in enumerate(paths, 1):
            response = page.goto(base_url + path)
            if response is None or response.status != 200:
                raise SystemExit(f"{path}: status {response and response.status}")
            # One load for all looks: scheme and width follow the media queries.
            for scheme, width in LOOKS:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                for violation in axe.run(page).response["violations"]:
                    for node in violation["nodes"]:
                        key = (path, f"{violation['id']}: {violation['help']}", str(node["target"]))
                        found[key].append(name_of((scheme, width)))
            if number % 20 == 0:
                print(f"{number} of {len(paths)} addresses", flush=True)
        browser.close()
    return found


def name_of(look: tuple[str, int]) -> str:
    return "{} {}".format(*look)


if __name__ == "__main__":
    sys.exit(main())
