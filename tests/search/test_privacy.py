"""What nobody may read is found nowhere: no result, number, filter, passage, suggestion or correction."""

import json
import re
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction
from wagtail.search.backends import get_search_backend

from base.models import CustomDocument
from home.models import StandardPage
from policies.models import PolicyPage
from search import health, vocabulary
from search.api import search
from search.completions import suggest
from search.matching import Scope
from search.models import Term
from search.reading import make
from search.results import Question
from search.state import current

TITLE = "饕餮炉渣利用办法"
TITLE_ENGLISH = "Gorgonsmelt slag measures"
PHRASE = "鸑鷟试点企业可以申请炉渣补贴"
ISSUER = "饕餮管理局"
IN_FILE = "罍簋附件目录"
# Any of these gives the page away.
SECRETS = ("饕餮", "鸑鷟", "罍簋", "gorgonsmelt", "1987")
# What a reader may type: the words, parts of them, their sounds, and misspellings of them.
PROBES = (
    "饕餮",
    "饕",
    "饕餮炉渣",
    TITLE,
    "饕贴炉渣利用办法",
    "taotie",
    "taotieluzha",
    "ttlz",
    "炉渣",
    "炉渣利用",
    "鸑鷟",
    "yuezhuo",
    PHRASE,
    ISSUER,
    "饕政发〔1987〕77号",
    "(1987) 77",
    "罍簋",
    "罍簋附件",
    "Gorgonsmelt",
    "Gorgonsmelts slag",
    "gorgonsmolt",
    "gorg",
)


# One of each kind: engines differ in how they find, not in what is typed.
FEWER = (
    "饕餮",
    "饕",
    TITLE,
    "饕贴炉渣利用办法",
    "taotie",
    "ttlz",
    "炉渣",
    PHRASE,
    "饕政发〔1987〕77号",
    "罍簋附件",
    "Gorgonsmelts slag",
)


@pytest.fixture
def changing(indexed, django_capture_on_commit_callbacks):
    """Change pages as the site does, with what waits for the commit; the engine is told afterwards."""

    @contextmanager
    def change(tell: bool = True):
        with django_capture_on_commit_callbacks(execute=True):
            yield
        if tell:
            indexed()

    return change


@pytest.fixture
def closed_section(home, changing):
    """A private page that others may be moved below."""
    page = StandardPage(title="内部栏目", slug="closed-section")
    with changing():
        home.add_child(instance=page)
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    return page


@pytest.fixture
def file(changing):
    with changing():
        return CustomDocument.objects.create(
            title="目录", file=ContentFile(IN_FILE.encode(), name="list.txt")
        )


def body(*blocks: dict):
    return PolicyPage._meta.get_field("body").to_python(
        [{"type": "text", "value": f"<p>{PHRASE}。</p>"}, *blocks]
    )


def add_policy(parent: Page, slug: str, file: CustomDocument, in_english: bool = True) -> Page:
    """A policy with words that no other page has, found by its title in English, too."""
    made = PolicyPage(
        title=TITLE,
        slug=slug,
        summary=PHRASE,
        level="park",
        issuing_body=ISSUER,
        document_number="饕政发〔1987〕77号",
        subject="饕餮事务",
        adopted_on=date(1987, 7, 7),
    )
    items = [{"type": "item", "id": "f1", "value": {"document": file.pk, "note": ""}}]
    made.body = body({"type": "documents", "value": items})
    parent.add_child(instance=made)
    if in_english:
        publish_in_english(made, TITLE_ENGLISH)
    return PolicyPage.objects.get(pk=made.pk)


def publish_in_english(page: Page, title: str) -> None:
    english = page.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title, english.live = title, True
    english.save_revision().publish()


@pytest.fixture
def page(page_at, file, changing):
    """A policy in two languages, all its words in the vocabulary."""
    with changing():
        page = add_policy(page_at("policies"), "slag", file)
    vocabulary.rebuild()
    return page


# Those that are typed into the pages, too.
TYPED = ("饕餮", "饕贴炉渣利用办法", "taotie", "炉渣", "鸑鷟", "(1987) 77", "Gorgonsmelts slag")


def mentioned(probe: str, said: object) -> list[str]:
    """The secrets in an answer, but for those that the reader typed."""
    text = json.dumps(said, ensure_ascii=False, default=str).lower()
    return [secret for secret in SECRETS if secret in text and secret not in probe.lower()]


def elsewhere() -> bool:
    """Whether another run looks through everything on SQLite."""
    return connection.vendor == "postgresql" or health.configured()


def whose(text: str) -> list[str]:
    """The pages that a text leads to: their slugs say how they were closed."""
    return sorted({*re.findall(r"/(slag[a-z-]*)/", text)})


def told(client, pages: dict[int, str], probes: tuple[str, ...] = ()) -> list[tuple]:
    """Everything that any surface gives away of the pages; without a client the views are left out.

    `pages`: how each of them was closed, for what is said of it.
    """
    found = []
    probes = probes or (FEWER if elsewhere() else PROBES)
    for code, start in (("zh-hans", ""), ("en", "/en")):
        # What an engine finds is looked at once more before it is shown: numbers alone name no page.
        state = current()
        counted = get_search_backend().find(make("", state, 1), Scope(code, stop=1000), state).part
        if given := [pages[pk] for pk in counted if pk in pages]:
            found.append((code, "counted", given))
        for probe in probes:
            answer = search(Question(probe, locale=code, per_page=200))
            hits = [*answer.hits, *answer.promoted]
            given = [pages[hit.page.pk] for hit in hits if hit.page.pk in pages]
            shown = [(hit.page.slug, hit.title, hit.snippet, hit.attachment) for hit in hits]
            said = [
                *(hit for hit in shown if mentioned(probe, hit)),
                answer.did_you_mean,
                [(f.name, c.code, c.label) for f in answer.facets for c in f.choices],
                answer.shown if answer.corrected else "",
            ]
            if given or mentioned(probe, said):
                found.append((code, probe, given, mentioned(probe, said), said))
            if len(answer.hits) != min(answer.total, 200):
                found.append((code, probe, "counted", answer.total, len(answer.hits)))
            offered = [(one.text, one.url) for one in suggest(probe, code)]
            # The reader's own words are said again only when there is something to find.
            if any(secret in str(offered).lower() for secret in SECRETS):
                found.append((code, probe, "suggested", offered))
            for path in (
                ("/search/", "/search/suggest/", "/policies/") if client and probe in TYPED else ()
            ):
                response = client.get(start + path, {"q": probe})
                text = response.content.decode()
                # A whole library that is private asks its reader to log in.
                if response.status_code not in (200, 302) or whose(text):
                    found.append((code, probe, path, response.status_code, whose(text)))
                if response.status_code == 200 and mentioned(probe, text):
                    found.append((code, probe, path, mentioned(probe, text)))
        everything = search(Question(locale=code, per_page=500))
        given = [pages[hit.page.pk] for hit in everything.hits if hit.page.pk in pages]
        if given or mentioned("", everything.facets):
            found.append((code, "", given, mentioned("", everything.facets)))
        for filters in ({"issuer": (ISSUER,)}, {"year": ("1987",)}, {"topic": ("饕餮事务",)}):
            answer = search(Question(locale=code, filters=filters))
            if answer.total or answer.hits or answer.elsewhere:
                given = [hit.page.slug for hit in answer.hits]
                found.append((code, filters, answer.total, given))
    return found


def counts(code: str) -> tuple[int, dict]:
    answer = search(Question(locale=code))
    return answer.total, {f.name: {c.code: c.count for c in f.choices} for f in answer.facets}


def found_by(probe: str, code: str = "zh-hans") -> set[int]:
    return {hit.page.pk for hit in search(Question(probe, locale=code, per_page=200)).hits}


def are_found(pages: set[int]) -> bool:
    return all(found_by(probe) == pages for probe in ("饕餮", "鸑鷟", "（1987）77", "罍簋附件"))


# --- Ways of closing a page, and of opening it again ----------------------------------------


def unpublish(page, _section):
    page.unpublish()
    return lambda: page.save_revision().publish()


def unpublish_as_plain_page(page, _section):
    Page.objects.get(pk=page.pk).unpublish()
    return lambda: PolicyPage.objects.get(pk=page.pk).save_revision().publish()


def expire(page, _section):
    page.expire_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(hours=1))
    call_command("publish_scheduled", verbosity=0)

    def again():
        fresh = PolicyPage.objects.get(pk=page.pk)
        fresh.expire_at, fresh.expired = None, False
        fresh.save_revision().publish()

    return again


def schedule(page, _section):
    page.unpublish()
    fresh = PolicyPage.objects.get(pk=page.pk)
    fresh.go_live_at = timezone.now() + timedelta(hours=1)
    fresh.save_revision().publish()
    assert not PolicyPage.objects.get(pk=page.pk).live

    def again():
        fresh = PolicyPage.objects.get(pk=page.pk)
        fresh.go_live_at = None
        fresh.save_revision().publish()

    return again


def restrict(page, _section):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    return restriction.delete


def restrict_by_password(page, _section):
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type="password", password="open sesame"
    )
    return restriction.delete


def restrict_above(page, _section):
    restriction = PageViewRestriction.objects.create(
        page=page.get_parent(), restriction_type="login"
    )
    return restriction.delete


def restrict_the_translation(page, _section):
    other = page.get_translations().get()
    restriction = PageViewRestriction.objects.create(page=other, restriction_type="login")
    return restriction.delete


def restrict_above_the_translation(page, _section):
    other = page.get_translations().get().get_parent()
    restriction = PageViewRestriction.objects.create(page=other, restriction_type="login")
    return restriction.delete


def move_below_a_private_page(page, section):
    parent = page.get_parent()
    page.move(Page.objects.get(pk=section.pk), pos="last-child")

    def back():
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=parent.pk), pos="last-child")

    return back


BOTH = [
    restrict,
    restrict_by_password,
    restrict_above,
    restrict_the_translation,
    restrict_above_the_translation,
]
ONE = [unpublish, unpublish_as_plain_page, expire, schedule, move_below_a_private_page]


def slug_of(way) -> str:
    return f"slag-{way.__name__}".replace("_", "-")


@pytest.fixture
def closing(page_at, home, file, changing):
    """A page for each way of closing one, below a section of its own where that is closed."""
    pages = {}
    with changing():
        for way in [*BOTH, *ONE]:
            parent = page_at("policies")
            if "above" in way.__name__:
                parent = StandardPage(title="窑炉栏目", slug=f"section-{slug_of(way)}")
                home.add_child(instance=parent)
                publish_in_english(parent, "Kiln section")
            # Where only one language is closed, there is no other: it would be another page.
            pages[way] = add_policy(parent, slug_of(way), file, in_english=way in BOTH)
    return pages


@pytest.fixture
def make_drafts(page_at):
    """What was never published: a page, and other words for a live one. Published by the answer."""

    def make():
        draft = PolicyPage(title=TITLE, slug="slag-draft", issuing_body=ISSUER, level="park")
        draft.live, draft.body, draft.adopted_on = False, body(), date(1987, 7, 7)
        page_at("policies").add_child(instance=draft)
        draft.save_revision()
        live = page_at("about")
        live.title, live.summary = TITLE, PHRASE
        live.save_revision()
        live.refresh_from_db()
        type(live).objects.get(pk=live.pk).save()  # something else has it indexed again
        return draft, live

    return make


def test_closed_pages_are_found_nowhere_until_they_are_opened(
    client, page_at, closing, closed_section, file, make_drafts, changing, indexed
):
    """All ways at once, for each must give nothing away: what is said of a page names its way.

    The vocabulary still knows the words of all of them, as it does for a while on a site.
    """
    with changing():
        gone = add_policy(page_at("policies"), "slag-deleted", file)
        alias = closing[restrict].create_alias(parent=page_at("policies"), update_slug="slag-alias")
    vocabulary.rebuild()
    ids = {page.pk for page in closing.values()} | {alias.pk}
    assert are_found(ids | {gone.pk})
    names = {
        one.pk: way.__name__
        for way, page in closing.items()
        for one in page.get_translations(inclusive=True)
    }
    names |= {one.pk: "deleted" for one in gone.get_translations(inclusive=True)}
    names[alias.pk] = "alias"
    with changing(tell=False):
        gone.get_translations().get().delete()
        Page.objects.get(pk=gone.pk).delete()
    before = counts("zh-hans"), counts("en")
    with changing(tell=False):
        draft, live = make_drafts()
        again = [close(page, closed_section) for close, page in closing.items()]
    names[draft.pk] = "draft"
    # Wagtail asks the reader of an alias for what its source asks, wherever the alias stands.
    assert client.get(alias.url).status_code != 200
    assert told(client, names) == []
    if health.configured():
        indexed()  # what was left out before is out of the index now
        assert told(None, names, TYPED) == []
    vocabulary.rebuild()
    kept = Term.objects.values_list("text", flat=True)
    assert [text for text in kept if mentioned("", text)] == []
    with changing():
        for reopen in again:
            reopen()
    vocabulary.rebuild()
    assert are_found(ids)
    in_english = {closing[way].get_translations().get().pk for way in BOTH}
    assert found_by("Gorgonsmelt", "en") == in_english
    assert (counts("zh-hans"), counts("en")) == before
    assert suggest("taotie", "zh-hans") != []
    with changing():
        draft.save_revision().publish()
        live.get_latest_revision().publish()
    assert found_by("鸑鷟") == ids | {draft.pk, live.pk}
    assert counts("zh-hans")[0] == before[0][0] + 1


def test_closed_library_is_found_nowhere_until_it_is_opened(client, page, page_at, changing):
    english = page.get_translations().get()
    before = counts("zh-hans"), counts("en")
    with changing():
        restriction = PageViewRestriction.objects.create(
            page=page_at("policies"), restriction_type="login"
        )
    assert client.get("/policies/").status_code == 302
    assert told(client, {page.pk: "page", english.pk: "in English"}, TYPED) == []
    with changing():
        restriction.delete()
    assert are_found({page.pk})
    assert (counts("zh-hans"), counts("en")) == before


def test_unpublished_translation_is_not_found_by_its_title(page, changing):
    """A Chinese page is found by the title of its translation only as long as that is public."""

    def found() -> list[int]:
        return [hit.page.pk for hit in search(Question("Gorgonsmelt")).hits]

    english = page.get_translations().get()
    assert found() == [page.pk]
    with changing():
        english.unpublish()
    assert found() == []
    assert suggest("gorgon", "zh-hans") == []
    with changing():
        english.specific.save_revision().publish()
    assert found() == [page.pk]
    with changing():
        Page.objects.get(pk=english.pk).delete()
    assert found() == []


def test_published_translation_is_found_by_its_title(home, changing):
    page = StandardPage(title="窑火夜话", slug="talk")
    with changing():
        home.add_child(instance=page)
        page.save_revision().publish()
    with changing():
        english = page.copy_for_translation(Locale.objects.get(language_code="en"))
        english.title, english.live = "Gorgonsmelt talk", True
        english.save_revision().publish()
    assert [hit.page.pk for hit in search(Question("Gorgonsmelt")).hits] == [page.pk]
    with changing():
        english.title = "Kiln talk"
        english.save_revision().publish()
    assert search(Question("Gorgonsmelt", literal=True)).total == 0


def test_other_languages_do_not_count_what_is_closed(page, changing):
    english = page.get_translations().get()
    with changing():
        page.unpublish()
    assert search(Question("鸑鷟", locale="en")).elsewhere == {}
    assert search(Question("Gorgonsmelt", locale="zh-hans")).elsewhere == {"en": 1}
    with changing():
        PageViewRestriction.objects.create(page=english, restriction_type="login")
    assert search(Question("Gorgonsmelt", locale="zh-hans")).elsewhere == {}


def test_promoted_page_is_not_shown_when_it_is_closed(client, page, changing):
    SearchPromotion.objects.create(
        query=Query.get("推荐的窑"), page_id=page.pk, description="看 鸑鷟"
    )
    assert [hit.page.pk for hit in search(Question("推荐的窑")).promoted] == [page.pk]
    assert "/slag/" in client.get("/search/", {"q": "推荐的窑"}).content.decode()
    with changing():
        PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert search(Question("推荐的窑")).promoted == []
    text = client.get("/search/", {"q": "推荐的窑"}).content.decode()
    assert "/slag/" not in text
    assert mentioned("", text) == []


def test_closed_attachment_is_not_found(client, page, changing):
    english = page.get_translations().get()
    closed = Collection.get_first_root_node().add_child(name="内部")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    assert [hit.page.pk for hit in search(Question("罍簋附件")).hits] == [page.pk]
    [document] = CustomDocument.objects.filter(title="目录")
    document.collection = closed
    with changing():
        document.save()
    for code in ("zh-hans", "en"):
        answer = search(Question("罍簋", locale=code))
        assert {hit.page.pk for hit in answer.hits} & {page.pk, english.pk} == set()
        assert answer.elsewhere == {}
        assert "罍簋" not in str([answer.did_you_mean, suggest("罍", code)])
    assert [hit.page.pk for hit in search(Question("饕餮")).hits] == [page.pk]
    document.collection = Collection.get_first_root_node()
    with changing():
        document.save()
    assert [hit.page.pk for hit in search(Question("罍簋附件")).hits] == [page.pk]


def test_words_side_by_side_in_a_closed_title_are_not_suggested(home, changing):
    """A public title with the same pairs of characters is no reason to say the closed one."""
    secret = StandardPage(title="云梦泽国", slug="secret")
    public = StandardPage(title="云梦与梦泽，泽国", slug="public")
    with changing():
        home.add_child(instance=secret)
        home.add_child(instance=public)
    vocabulary.rebuild()
    assert "云梦泽国" in str(suggest("云梦", "zh-hans"))
    with changing():
        secret.unpublish()
    assert "云梦泽" not in str(suggest("云梦", "zh-hans"))


def test_the_root_and_the_tree_above_the_site_are_not_found(db):
    root = Page.objects.get(depth=1)
    for query in ("", "Root"):
        answer = search(Question(query, locale="en", per_page=500))
        assert root.pk not in {hit.page.pk for hit in answer.hits}
