"""Two languages, and the way to a third."""

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from base.catalogues import compile_catalogues
from home.models import StandardPage
from tests.live_site import copy_of_filled_site

ROOT = Path(__file__).resolve().parents[2]

THIRD = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
call_command("compile_catalogues")
call_command("load_content", verbosity=0)
from wagtail.models import Locale
from home.models import HomePage
page = HomePage.objects.get(locale__language_code="zh-hans")
page.copy_for_translation(Locale.objects.get(language_code="ja")).save_revision().publish()
client = Client()
home = client.get("/ja/")
search = client.get("/ja/search/")
chinese = client.get("/")
print(json.dumps({
    "home": home.status_code, "lang": "<html lang=\\"ja\\"" in home.content.decode(),
    "word": "検索の試し" in search.content.decode(),
    "switch": "日本語" in chinese.content.decode(),
    "hreflang": 'hreflang="ja"' in chinese.content.decode(),
}))
"""


@pytest.mark.slow
@pytest.mark.engine_free
def test_a_third_language_is_one_setting_and_one_catalogue(tmp_path):
    """`LANGUAGES` with one code more and one catalogue: a site of two languages stands at /ja/ in Japanese."""
    var = copy_of_filled_site(tmp_path)
    folder = tmp_path / "locale" / "ja" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Language": "ja",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    catalogue.append(polib.POEntry(msgid="Search", msgstr="検索の試し"))
    catalogue.save(str(folder / "django.po"))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "LANGUAGES": "zh-hans,en,ja",
        "EXTRA_LOCALE_PATHS": str(tmp_path / "locale"),
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var / 'db.sqlite3'}",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", THIRD],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    import json

    assert json.loads(done.stdout.splitlines()[-1]) == {
        "home": 200,
        "lang": True,
        "word": True,
        "switch": True,
        "hreflang": True,
    }


@pytest.mark.django_db
def test_accept_language_does_not_redirect(client):
    response = client.get("/", headers={"accept-language": "en"})
    assert response.status_code == 200
    assert '<html lang="zh-Hans"' in response.content.decode()


@pytest.mark.django_db
def test_the_admin_is_chinese_by_default(client, make_user):
    assert "登录" in client.get("/admin/login/", headers={"accept-language": "en"}).content.decode()
    client.force_login(make_user("Editors"))
    text = client.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "页面" in text


@pytest.mark.django_db
def test_a_page_is_translated_in_the_editor_and_read_in_both_languages(
    client, home, admin_client, django_capture_on_commit_callbacks
):
    """The whole way of an editor: publish in Chinese, submit for translation, translate, publish."""
    page = home.add_child(
        instance=StandardPage(
            title="新到的一页", slug="just-in", summary="一句话。", search_description="说明。",
            source_name="本站", live=False,
        )
    )  # fmt: skip
    page.body = StandardPage._meta.get_field("body").to_python(
        [
            {
                "type": "text",
                "value": "<p>正文在此。</p>",
                "id": "0c7f6f5e-0000-4000-8000-000000000001",
            }
        ]
    )
    page.save_revision().publish()
    assert client.get("/just-in/").status_code == 200
    assert client.get("/en/just-in/").status_code == 404

    english = Locale.objects.get(language_code="en")
    admin_client.post(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
        {"locales": [english.pk]},
    )
    # Submitting alone publishes nothing untranslated.
    assert client.get("/en/just-in/").status_code == 404

    source = TranslationSource.objects.get_for_instance(page)
    translation = Translation.objects.get(source=source, target_locale=english)
    words = {"新到的一页": "Just in", "一句话。": "One line.", "说明。": "What it says.",
             "本站": "This site", "正文在此。": "Here is the text."}  # fmt: skip
    for segment in source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=english,
            context=segment.context,
            data=words[segment.string.data],
        )
    target = translation.get_target_instance()
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(
            reverse("wagtailadmin_pages:edit", args=[target.pk]), {"action": "publish"}
        )
    text = client.get("/en/just-in/").content.decode()
    assert "Just in" in text
    assert "Here is the text." in text
    # And the rest of the English tree still answers (wagtail-localize issue 773).
    assert client.get("/en/culture/yincheng/").status_code == 200


@pytest.mark.django_db
def test_seed_pages_are_tied_to_their_translations(page_at):
    """The translator's editor knows both sides of nearly every page of the seed."""
    pages = Page.objects.filter(locale__language_code="zh-hans", depth__gt=1)
    tied = sum(
        Translation.objects.filter(source__object_id=page.translation_key).exists()
        for page in pages
    )
    assert tied / pages.count() > 0.95


@pytest.mark.django_db
def test_publishing_a_translation_keeps_the_tree_whole(page_at, admin_client, client):
    english = page_at("culture", "en")
    Page.objects.filter(pk=english.pk).update(numchild=0)
    child = page_at("culture/yincheng", "en")
    child.save_revision().publish()
    english.refresh_from_db()
    assert english.numchild == Page.objects.child_of(english).count() > 0


def test_who_compiles_a_catalogue_reads_it_at_once(tmp_path):
    """As the first `make run` does, which fills the database and its index in the same process."""
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "django.po").write_text(f'{words}msgid "A word of nobody"\nmsgstr "无人之词"\n')
    with override_settings(LOCALE_PATHS=[tmp_path]), translation.override("zh-hans"):
        assert translation.gettext("A word of nobody") == "A word of nobody"
        assert compile_catalogues([tmp_path]) == 1
        with translation.override("zh-hans"):
            assert translation.gettext("A word of nobody") == "无人之词"
        assert compile_catalogues([tmp_path]) == 0
