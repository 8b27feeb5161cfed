"""Every text of the interface is translated, in every catalogue that the site ships."""

import shutil

import polib
import pytest

from deploy import messages

pytestmark = pytest.mark.engine_free


@pytest.fixture(scope="module")
def template():
    if not shutil.which("xgettext"):
        pytest.fail("xgettext is missing: please install it with 'apt-get install gettext'.")
    return messages.extract()


def test_catalogues_of_both_languages_are_there():
    assert {"en", "zh_Hans"} <= set(messages.catalogues())


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_catalogue_is_complete(template, language):
    catalogue = polib.pofile(str(messages.catalogues()[language]))
    assert messages.problems(template, catalogue) == []


def test_texts_are_found_in_code_and_templates(tmp_path):
    room = tmp_path / "room"
    (room / "templates").mkdir(parents=True)
    (room / "migrations").mkdir()
    (tmp_path / "site").mkdir()
    (room / "__init__.py").write_text("from x import gettext as _\n_('From code')\n")
    (room / "migrations" / "a.py").write_text("_('From a migration')\n")
    (room / "templates" / "a.html").write_text(
        "{% load i18n %}{% translate 'From a template' %}"
        "{% blocktranslate count n=n %}{{ n }} site{% plural %}{{ n }} sites{% endblocktranslate %}"
    )
    found = {(entry.msgid, entry.msgid_plural) for entry in messages.extract(tmp_path)}
    assert found == {("From code", ""), ("From a template", ""), ("%(n)s site", "%(n)s sites")}


@pytest.mark.parametrize(
    ("translated", "complaint"),
    [
        ({}, "missing"),
        ({"msgstr": ""}, "not translated"),
        ({"msgstr": "%(count)s 家", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgstr": "%(number)s 家"}, "other placeholders"),
        ({"msgstr": "家"}, "other placeholders"),
    ],
)
def test_incomplete_entry_is_reported(translated, complaint):
    template, catalogue = polib.POFile(), polib.POFile()
    catalogue.metadata = {"Plural-Forms": "nplurals=1; plural=0;"}
    template.append(polib.POEntry(msgid="%(count)s firms"))
    if translated:
        catalogue.append(polib.POEntry(msgid="%(count)s firms", **translated))
    [line] = messages.problems(template, catalogue)
    assert line.startswith(complaint)


def test_update_keeps_translations_and_drops_what_the_code_no_longer_says(tmp_path):
    template, old = polib.POFile(), polib.POFile()
    old.metadata = {"Plural-Forms": "nplurals=1; plural=0;"}
    old.append(polib.POEntry(msgid="Kept", msgstr="保留"))
    old.append(polib.POEntry(msgid="Gone", msgstr="已去"))
    old.save(str(tmp_path / "django.po"))
    template.append(polib.POEntry(msgid="Kept", occurrences=[("room/a.py", "3")]))
    template.append(polib.POEntry(msgid="New"))
    messages.update(template, tmp_path / "django.po", "zh_Hans")
    written = polib.pofile(str(tmp_path / "django.po"))
    assert {entry.msgid: entry.msgstr for entry in written} == {"Kept": "保留", "New": ""}
