"""No string of the admin is left in English.

The packages' Chinese catalogues have gaps; site/admin_locale fills them. Both sides are
read from what is installed, so an upgrade that adds strings fails here with their list.
"""

import importlib.util
import re
from pathlib import Path

import polib
import pytest

pytestmark = pytest.mark.engine_free
CATALOGUES = Path(__file__).parents[1] / "site/admin_locale/zh_Hans/LC_MESSAGES"
# What an editor meets. Not django.contrib.admin: no address leads to it. axes and
# modelsearch ship no English catalogue yet; they count as soon as they do.
PACKAGES = (
    "wagtail",
    "wagtail_localize",
    "wagtail_2fa",
    "axes",
    "modelsearch",
    "django.conf",
    "django.contrib.auth",
)
DOMAINS = ("django", "djangojs")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|{\w*}|<[^>]+>")


def key(entry):
    """What gettext looks an entry up by: a plural entry is another one than a singular."""
    return entry.msgctxt, entry.msgid, bool(entry.msgid_plural)


def english_catalogues(domain):
    """The English catalogue of every installed package, found without importing it."""
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec:
            root = Path(spec.origin).parent
            yield from sorted(root.glob(f"**/locale/en/LC_MESSAGES/{domain}.po"))


def english_entries(domain):
    for path in english_catalogues(domain):
        for entry in polib.pofile(str(path)):
            if not entry.obsolete:
                yield path, entry


def package_translations(english_path):
    """The package's own Chinese, from the compiled file: Django loads that one, and it
    holds finished translations only."""
    path = english_path.parents[2] / "zh_Hans/LC_MESSAGES" / f"{english_path.stem}.mo"
    if not path.exists():
        return set()
    return {key(entry) for entry in polib.mofile(str(path))}


def supplement(domain):
    return polib.pofile(str(CATALOGUES / f"{domain}.po"), check_for_duplicates=True)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_admin_string_has_chinese(domain):
    ours = {key(entry) for entry in supplement(domain) if entry.translated()}
    done = {path: package_translations(path) | ours for path in english_catalogues(domain)}
    assert done, "no English catalogue found: has the packages' layout changed?"
    missing = [
        f"{path.parents[3]}: {entry.msgid!r}"
        for path, entry in english_entries(domain)
        if key(entry) not in done[path]
    ]
    assert not missing, "add to site/admin_locale:\n" + "\n".join(missing)


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_entry_outlives_its_string(domain):
    known = {key(entry) for _, entry in english_entries(domain)}
    stale = [entry.msgid for entry in supplement(domain) if key(entry) not in known]
    assert not stale, "no package uses these any more:\n" + "\n".join(stale)


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_and_markup_survive(domain):
    wrong = []
    for entry in supplement(domain):
        # Chinese has one form, used for every number: it follows the English plural.
        source = entry.msgid_plural or entry.msgid
        text = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(text)):
            wrong.append(f"{source!r}\n    {text!r}")
    assert not wrong, "placeholders differ:\n" + "\n".join(wrong)


@pytest.mark.parametrize("domain", DOMAINS)
def test_supplement_compiles_with_one_plural_form(domain):
    catalogue = supplement(domain)
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert catalogue.metadata["Language"] == "zh_Hans"
    assert all(set(e.msgstr_plural) == {0} for e in catalogue if e.msgid_plural)
    assert catalogue.to_binary()
