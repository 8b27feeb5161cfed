"""Ties a page and its translation together for wagtail-localize, so that its editor shows them side by side."""

from collections import defaultdict

from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from base.models import BasePage


def link_translation(source_page: BasePage, target_page: BasePage) -> bool:
    """Record the texts of `target_page` as the translation of those of `source_page`.

    Texts are paired by their place. Returns False, and records nothing, when a text has no pair:
    the page then stays an ordinary page with an editor of its own.
    """
    pairs = _pairs(source_page, target_page)
    if pairs is None:
        return False
    source, _created = TranslationSource.get_or_create_from_instance(source_page)
    translation, _created = Translation.objects.get_or_create(
        source=source, target_locale=target_page.locale, defaults={"enabled": True}
    )
    segments = StringSegment.objects.filter(source=source).select_related("context", "string")
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of=segment.string,
                locale=target_page.locale,
                context=segment.context,
                data=pairs[segment.context.path, segment.string.data],
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for segment in segments
            if (segment.context.path, segment.string.data) in pairs
        ],
        ignore_conflicts=True,
    )
    return True


def _pairs(source_page: BasePage, target_page: BasePage) -> dict[tuple[str, str], str] | None:
    """{(path, source text): target text}, or None when the two pages differ in build."""
    source, target = _strings(source_page), _strings(target_page)
    if {path: len(s) for path, s in source.items()} != {p: len(t) for p, t in target.items()}:
        return None
    return {
        (path, text): target[path][i]
        for path, texts in source.items()
        for i, text in enumerate(texts)
    }


def _strings(page: BasePage) -> dict[str, list[str]]:
    by_path: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue):
            by_path[segment.path].append((segment.order, segment.string.data))
    return {path: [text for _order, text in sorted(items)] for path, items in by_path.items()}
