"""Debian's Chromium for playwright and Lighthouse: no download, no talk with other hosts."""

import os

from playwright.sync_api import Browser, Playwright

PATH = os.environ.get("CHROME_PATH", "/usr/bin/chromium")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
if os.getuid() == 0:
    FLAGS.append("--no-sandbox")  # the sandbox refuses to be root


def launch(playwright: Playwright) -> Browser:
    # One process draws all windows: a new one costs more than most pages.
    flags = [*FLAGS, "--renderer-process-limit=1"]
    return playwright.chromium.launch(executable_path=PATH, args=flags)
