"""How an answer is shown, and what page types tell about themselves."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from search.addresses import address
from search.facets import FACETS
from search.presentation import FOLDED_FROM, SEEN, Shown
from search.results import Choice, FacetShown, Hit, Question, Results

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free]


def above(shown: Shown) -> str:
    return render_to_string("search/parts/above.html", {"shown": shown})


def test_a_correction_is_said_and_can_be_refused():
    question = Question(query="中小启业", filters={"kind": ("policy",)})
    shown = Shown(question, Results(asked="中小启业", shown="中小企业", total=3), "/search/")
    text = above(shown)
    assert "中小企业" in text
    assert shown.literally in unescape(text)
    assert shown.literally == address(
        Question(query="中小启业", filters={"kind": ("policy",)}, literal=True), "/search/"
    )


def test_other_words_are_offered():
    results = Results(asked="招商", shown="招商", total=3, did_you_mean=["招商引资"])
    shown = Shown(Question(query="招商", literal=True), results, "/search/")
    (link,) = shown.did_you_mean
    assert link.url == address(Question(query="招商引资"), "/search/")
    assert link.url in above(shown)


def test_results_in_other_languages_lead_to_that_languages_search():
    results = Results(asked="招商", shown="招商", total=1, elsewhere={"en": 3})
    shown = Shown(Question(query="招商", kinds=("policy",)), results, "/policies/")
    (link,) = shown.elsewhere
    expected = address(Question(query="招商", filters={"kind": ("policy",)}), "/en/search/")
    assert (link.count, link.url) == (3, expected)


def facet(name: str, number: int, chosen: int | None = None) -> FacetShown:
    return FacetShown(name, name, [Choice(str(n), str(n), n, n == chosen) for n in range(number)])


def test_long_facets_are_folded_and_open_when_something_in_them_is_chosen():
    facets = [facet("issuer", FOLDED_FROM + 1, FOLDED_FROM), facet("topic", FOLDED_FROM)]
    question = Question(filters={"issuer": (str(FOLDED_FROM),)})
    shown = Shown(question, Results("", "", facets=facets, total=99), "/search/")
    groups = {group.name: group for group in shown.groups}
    assert len(groups["issuer"].seen) == SEEN
    assert groups["issuer"].size == FOLDED_FROM + 1
    assert groups["issuer"].is_open
    assert groups["issuer"].fold_is_open
    assert groups["topic"].folded == []


def test_a_value_that_narrows_nothing_is_not_offered_but_a_chosen_one_stays():
    one = FacetShown("level", "Level", [Choice("nation", "National", 7)])
    assert Shown(Question(), Results("", "", facets=[one], total=7), "/search/").groups == []
    question = Question(filters={"level": ("city",)})
    (group,) = Shown(question, Results("", "", total=0), "/search/").groups
    assert [(c.code, c.count, c.chosen) for c in group.seen] == [("city", 0, True)]


def test_promoted_results_stand_first_and_once(page_at):
    def hit(path, **more):
        page = page_at(path)
        return Hit(page, page.title, "", "culture", page.kind_label, **more)

    ordinary = [hit("culture/history"), hit("culture/yincheng")]
    promoted = [hit("culture/yincheng", promoted=True)]
    results = Results("a", "a", hits=ordinary, total=2, promoted=promoted)
    shown = Shown(Question(query="a"), results, "/search/")
    assert [(h.page.slug, h.promoted) for h in shown.hits] == [
        ("yincheng", True),
        ("history", False),
    ]
    results.page = 2
    assert [h.promoted for h in shown.__class__(Question(), results, "/").hits] == [False, False]


def test_a_result_shows_its_marks(page_at):
    page = page_at("policies/coal-law")
    found = Hit(
        page,
        page.title,
        "",
        "policy",
        page.kind_label,
        date(2016, 11, 7),
        "abolished",
        "废止",
        valid=False,
        attachment="附表.pdf",
    )
    text = render_to_string("search/parts/hit.html", {"hit": found})
    for words in (
        "result--void",
        "废止",
        "附表.pdf",
        "2016 年 11 月 7 日",
        page.get_level_display(),
    ):
        assert words in text


# --- What page types tell ------------------------------------------------------------------------


def test_page_types_tell_kind_facets_and_status(page_at):
    culture, chain = page_at("culture/yincheng"), page_at("invest/industries/coal")
    enclave = page_at("enclaves/shenzhen")
    told = {
        page: (page.search_kind(), page.search_facets(), page.search_status[0])
        for page in (page_at("policies"), culture, chain, enclave)
    }
    assert told == {
        page_at("policies"): ("section", {}, ""),
        culture: ("culture", {"topic": [culture.kind]}, ""),
        chain: ("industry", {"industry": ["coal"]}, ""),
        enclave: ("enclave", {"status": [enclave.state]}, enclave.state),
    }
    for kind, facets, _status in told.values():
        assert kind in FACETS["kind"].labels
        for name, codes in facets.items():
            assert set(codes) <= set(FACETS[name].labels)


def test_a_policy_tells_what_it_is_filtered_by(page_at):
    page = page_at("policies/coal-law")
    page.issuing_body = "国家发展改革委、财政部，National Energy Administration, Beijing"
    page.subject = "煤炭、能源"
    page.adopted_on, page.published_on = None, date(2024, 5, 1)
    assert page.search_facets() == {
        "level": ["nation"],
        "subject": ["resources", "resources.coal"],
        "topic": ["煤炭", "能源"],
        "issuer": ["国家发展改革委", "财政部", "National Energy Administration, Beijing"],
        "place": ["全国"],
        "status": ["in_force"],
        "year": ["2024"],
    }
    assert (page.search_date, page.search_rank) == (date(2024, 5, 1), 3)
    page.level, page.place_name = "city", "青岛市"
    assert page.search_rank == 1
    page.place_name = "长治市"
    assert page.search_rank == 3


def test_a_policy_past_its_end_is_void(page_at):
    page = page_at("policies/coal-law")
    page.in_force_until = timezone.localdate()
    assert page.search_status == ("in_force", "有效", True)
    page.in_force_until = timezone.localdate() - timedelta(days=1)
    assert page.search_status == ("void", "失效", False)
    assert page.search_facets()["status"] == ["void"]
    page.validity = "abolished"
    assert page.search_status == ("abolished", "废止", False)


def test_an_event_is_dated_by_its_beginning(db):
    from events.models import EventPage

    event = EventPage.objects.first()
    assert event.search_facets() == {"year": [str(event.search_date.year)]}
    assert event.search_date == event.starts_at.astimezone().date()


def test_labels_follow_the_language():
    assert FACETS["level"].label_of("nation") == "国家"
    with translation.override("en"):
        assert FACETS["level"].label_of("nation") == "National"
    assert FACETS["topic"].label_of("中小企业") == "中小企业"


def test_boxes_are_safe_and_can_be_told_apart():
    from search.templatetags.search_tags import choice_boxes

    choices = [Choice('a"b', "<b>&", 0, True), Choice("c", "c", 3)]
    text = choice_boxes("issuer", choices, "more-")
    assert '<div class="choice choice--none"><input' in text
    assert 'id="issuer-more-1" name="issuer" value="a&quot;b" checked>' in text
    assert '<label for="issuer-more-1">&lt;b&gt;&amp; <span class="num">0</span>' in text
    assert 'id="issuer-more-2" name="issuer" value="c">' in text
