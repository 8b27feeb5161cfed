"""The seed is loaded once and respects what editors did; the samples go away whole."""

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from content import files
from content.loader import Loader, remove_samples
from content.models import SeedRecord

pytestmark = pytest.mark.django_db


@pytest.mark.engine_free
def test_a_second_run_changes_nothing(page_at):
    before = list(Page.objects.order_by("path").values_list("pk", "title", "path"))
    result = Loader("seed").load()
    assert result.created == 0
    assert result.kept > 60
    assert list(Page.objects.order_by("path").values_list("pk", "title", "path")) == before


def test_what_an_editor_changed_or_deleted_stays_so(page_at):
    changed = page_at("culture/yincheng")
    changed.title = "改过的题目"
    changed.save_revision().publish()
    page_at("culture/hills").delete()
    Loader("seed").load()
    assert page_at("culture/yincheng").title == "改过的题目"
    assert not Page.objects.filter(url_path__endswith="/culture/hills/", locale_id=1).exists()


def test_a_page_lost_from_the_records_is_made_anew(page_at):
    for code in ("zh-hans", "en"):
        page_at("culture/hills", code).delete()
    SeedRecord.objects.filter(key="culture/hills").delete()
    assert Loader("seed").load().created == 2
    assert page_at("culture/hills").live
    assert page_at("culture/hills", "en").live


@pytest.mark.engine_free
def test_samples_are_marked_and_go_away_whole(client, page_at):
    call_command("remove_samples", verbosity=0)
    from crm.models import Lead

    assert not Lead.objects.filter(is_sample=True).exists()
    assert remove_samples() == 0
    for address in ("/", "/invest/sites/", "/events/", "/sitemap/", "/en/events/"):
        text = client.get(address).content.decode()
        assert 'class="sample"' not in text


@pytest.mark.engine_free
def test_samples_come_back_only_when_that_is_asked():
    remove_samples()
    before = Page.objects.count()
    call_command("load_samples", verbosity=0)
    assert Page.objects.count() == before
    call_command("load_samples", "--again", verbosity=0)
    assert Page.objects.count() > before + 20


@pytest.mark.engine_free
def test_every_sample_page_carries_its_mark(client):
    for file in files.read_collection("samples"):
        for prefix, word in (("", "示例"), ("/en", "Sample")):
            text = client.get(f"{prefix}/{file.path}/").content.decode()
            assert 'class="sample"' in text, file.path
            assert word in text


@override_settings(SAMPLES_ALLOWED=False)
def test_samples_are_refused_where_settings_say_so():
    with pytest.raises(CommandError):
        call_command("load_samples")


def test_a_broken_file_loads_nothing(monkeypatch, tmp_path):
    (tmp_path / "seed").mkdir()
    (tmp_path / "seed" / "x.yaml").write_text(
        "type: home.StandardPage\nparent: about\nslug: x\nzh: {title: 甲, nonsense: 乙}\n"
    )
    monkeypatch.setattr(files, "DATA", tmp_path)
    before = Page.objects.count()
    with pytest.raises(files.ContentFileError, match="no field 'nonsense'"):
        Loader("seed").load()
    assert Page.objects.count() == before


@pytest.mark.engine_free
@pytest.mark.parametrize(
    "file", files.read_collection("seed") + files.read_collection("samples"), ids=lambda f: f.path
)
def test_both_languages_have_the_same_build(file):
    assert set(file.texts) == {"zh-hans", "en"}
    kinds = [
        [next(iter(block)) for block in texts.get("body", [])] for texts in file.texts.values()
    ]
    assert kinds[0] == kinds[1]


def test_no_officials_and_no_promises():
    """Names of the plan's annex and promises of advantage have no place in the content."""
    text = "\n".join(
        file.file.read_text(encoding="utf-8")
        for collection in ("seed", "samples")
        for file in files.read_collection(collection)
    )
    for name in (
        "冯丽华",
        "石玉",
        "巩志岗",
        "段晋伟",
        "董卫勤",
        "李鸿飞",
        "侯建霞",
        "申国强",
        "王泽强",
        "宋福忠",
        "毕永刚",
    ):
        assert name not in text


def test_every_seed_translation_can_be_published_by_its_editor(db):
    """Links of a translated text must stand in its source too: wagtail-localize takes them from there."""
    segments = {
        (segment.source_id, segment.context_id, segment.string_id): set(
            json.loads(segment.attrs or "{}") or {}
        )
        for segment in StringSegment.objects.all()
    }
    sources = dict(Translation.objects.values_list("source__object_id", "source_id"))
    wrong = [
        translation.data
        for translation in StringTranslation.objects.select_related("context")
        if set(re.findall(r'<a id="(\w+)"', translation.data))
        - segments[
            sources[translation.context.object_id],
            translation.context_id,
            translation.translation_of_id,
        ]
    ]
    assert StringTranslation.objects.count() > 1000
    assert wrong == []
