"""axe over every address of the site map: both languages, both schemes, phone and desktop.

Exit code 1 when there is a violation. WIDTHS=390 takes one width alone, URLS=types one page of
each type and language.
"""

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests import chromium
from tests.bench.inventory import OTHER, inventory, one_of_each
from tests.bench.report import table
from tests.bench.sitemap import addresses_of
from tests.live_site import live_site

WIDTHS = [int(width) for width in os.environ.get("WIDTHS", "390,1440").split(",")]
SCHEMES = ["light", "dark"]


def main() -> int:
    with tempfile.TemporaryDirectory() as name, live_site(Path(name), worker=False) as site:
        if os.environ.get("URLS") == "types":
            paths = [address.path for address in one_of_each(inventory(site))]
        else:
            paths = addresses_of(site.base_url)
            paths += [p.format(prefix) for p in OTHER.values() for prefix in ("", "/en")]
        runs, found = check(site.base_url, paths)
    rows = [[key[0], key[1], count, *found[key]] for key, count in sorted(runs.items())]
    print(
        table(
            f"axe: {len(paths)} addresses",
            ["scheme", "width", "pages", "violations", "pages with"],
            rows,
        )
    )
    return 1 if any(sum(pair) for pair in found.values()) else 0


def check(base_url: str, paths: list[str]) -> tuple[Counter, dict]:
    """Per (scheme, width): pages seen; and (violations, pages with some). Prints each violation."""
    runs, found, axe = Counter(), {(s, w): [0, 0] for s in SCHEMES for w in WIDTHS}, Axe()
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page(reduced_motion="reduce")
        for path in paths:
            # One load for all four looks: scheme and width follow the media queries.
            response = page.goto(base_url + path)
            for key in found:
                page.emulate_media(color_scheme=key[0])
                page.set_viewport_size({"width": key[1], "height": 900})
                results = axe.run(page)
                runs[key] += 1
                problems = results.response["violations"]
                found[key][0] += len(problems)
                found[key][1] += bool(problems)
                if problems:
                    print(f"\n{path} ({key[0]}, {key[1]})\n{results.generate_report()}")
            if response is None or response.status != 200:
                raise SystemExit(f"{path}: status {response and response.status}")
        browser.close()
    return runs, found


if __name__ == "__main__":
    sys.exit(main())
